"""Views of one thing beside each other, as templates/components/sub_navigation.html shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tab:
    """One view; `count` is how many are in it."""

    text: str
    href: str
    current: bool
    count: int | None = None
