"""What people ask for most: offered before they have said anything. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kb.models import Service

OFTEN: Final = (
    "missed-bin",
    "pothole",
    "fly-tipping",
    "council-tax-account",
    "blue-badge",
    "housing-register",
    "street-light",
    "register-birth",
)


def first(services: Iterable[Service]) -> list[Service]:
    """What is asked for most before the rest; the rest in the order in which it came."""
    places = {slug: place for place, slug in enumerate(OFTEN)}
    return sorted(services, key=lambda one: places.get(one.slug, len(OFTEN)))
