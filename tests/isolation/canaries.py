"""Words that stand for somebody's secret: wherever one turns up, it says whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache

_TOKENS = re.compile(
    r"zq[a-z0-9]+qz"  # words of ours
    r"|\b[0-9a-z]{3}-[0-9a-z]{4}-[0-9a-z]{2}\b"  # references
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # ids
    r"|\bwr\d{1,2} ?\d[a-z]{2}\b"  # postcodes
    r"|(?:\+44|0)7[\d ]{8,11}\d"  # telephones
    r"|(?<=/)[\w-]{22,}(?=/)"  # secrets of tracking links
)


def mark(key: str, what: str) -> str:
    """A word for one field of one thing, in letters that any field takes."""
    return f"zq{re.sub('[^a-z0-9]', '', f'{key}{what}'.lower())}qz"


class Canaries:
    """Every secret of the scene by its text; each has a name like `a.accepted.phone`."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def add(self, name: str, *texts: str) -> str:
        """Remembers whose the texts are; returns the first."""
        for text in texts:
            same = self._names.setdefault(_plain(text), name)
            if same != name:
                raise ValueError(f"{text} is {same} already, and cannot be {name}")
        return texts[0]

    def names(self) -> set[str]:
        """Of every secret."""
        return set(self._names.values())

    def among(self, text: str) -> set[str]:
        """The names of all that stands in a text, however it is written there."""
        found = (_plain(token) for token in _TOKENS.findall(text.lower()))
        return {self._names[token] for token in found if token in self._names}


def _plain(text: str) -> str:
    text = text.lower().replace(" ", "")
    return f"0{text[3:]}" if text.startswith("+44") else text


@lru_cache(maxsize=1_000)
def spelt_out(pattern: str) -> tuple[str, ...]:
    """`a.{offered,done}.*` as the two patterns that it stands for."""
    found = re.search(r"\{([^{}]*)\}", pattern)
    if found is None:
        return (pattern,)
    before, after = pattern[: found.start()], pattern[found.end() :]
    return tuple(one for word in found[1].split(",") for one in spelt_out(f"{before}{word}{after}"))


def outside(names: Iterable[str], patterns: Iterable[str]) -> set[str]:
    """Those names that no pattern allows. One that begins with `-` forbids again."""
    known = frozenset(names)
    return set(known - _allowed(known, tuple(patterns)))


@lru_cache(maxsize=1_000)
def _allowed(names: frozenset[str], patterns: tuple[str, ...]) -> frozenset[str]:
    allowed: list[str] = []
    forbidden: list[str] = []
    for pattern in patterns:
        side = forbidden if pattern.startswith("-") else allowed
        side += spelt_out(pattern.removeprefix("-"))
    return frozenset(
        name
        for name in names
        if any(fnmatchcase(name, one) for one in allowed)
        and not any(fnmatchcase(name, one) for one in forbidden)
    )
