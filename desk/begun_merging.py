"""Two went on with one form: what each of them answered since they parted. Pure but for its seal.

An agent's page carries, sealed, what the form said when they opened it. What only one of the two
changed since is that one's; what both changed is theirs to choose between.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core import sealing

_PURPOSE: Final = "begun form at the desk"


@dataclass(frozen=True, slots=True)
class Seen:
    """A form as an agent's page showed it; of no revision where nobody knows what it showed."""

    revision: int = -1
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One field that was answered elsewhere meanwhile. `is_mine_too` says that both changed it."""

    name: str
    newest: Any
    mine: Any
    is_mine_too: bool


def seal(key: str, seen: Seen) -> str:
    """What a page showed, for its hidden field; opens only with the form that it is of."""
    body = {"key": key, "revision": seen.revision, "said": dict(seen.said)}
    return sealing.seal(json.dumps(body), purpose=_PURPOSE)


def opened(key: str, sealed: str) -> Seen:
    """What a page showed. One that does not say so has shown nothing of the form."""
    try:
        body = json.loads(sealing.unseal(sealed, purpose=_PURPOSE))
    except (sealing.SealBroken, ValueError):
        return Seen()
    return Seen(body["revision"], body["said"]) if body["key"] == key else Seen()


def changes(
    seen: Seen, mine: Mapping[str, Any], newest: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Change]]:
    """What stands where nobody has to choose, and what was answered elsewhere meanwhile. Pure.

    `mine` is what the page sends; a field that it did not have is nobody's but the newest's.
    """
    together: dict[str, Any] = {}
    found = []
    for name, now in newest.items():
        before = seen.said.get(name)
        my_own = mine.get(name) if name in seen.said or seen.revision < 0 else now
        together[name] = my_own
        if not (_same(now, my_own) or _same(now, before)):
            found.append(Change(name, now, my_own, is_mine_too=not _same(my_own, before)))
    return together, found


def _same(one: Any, other: Any) -> bool:
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    """An answer without what a browser does to it: its line ends, its edges, how it says none."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return value or ""
