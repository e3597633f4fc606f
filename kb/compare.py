"""Two versions of an answer side by side, in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from kb.article_content import REPLACE, Content

SAME, GONE, NEW = "same", "gone", "new"
_WORDS = re.compile(r"\s+|[^\s]+")
# What is longer is compared by lines: by words it would take too long to be worth it.
_MOST_WORDS = 6_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and whether they are in both, only in the older, or only in the newer."""

    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """One part of an answer that differs."""

    name: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def changes(older: Content, newer: Content, names: Mapping[str, str]) -> list[Change]:
    """Every part that differs, in the order in which editors see them. `names` are of areas."""
    found = []
    for name, read in _PARTS:
        before, after = read(older, names), read(newer, names)
        if before != after:
            found.append(Change(name, *pieces(before, after)))
    return found


def _areas(content: Content, names: Mapping[str, str]) -> str:
    return "\n\n".join(
        f"{names.get(one.code, one.code)}"
        f"{' (in place of the others)' if one.mode == REPLACE else ''}: {one.words}"
        for one in content.areas
    )


def _starts(content: Content, _names: Mapping[str, str]) -> str:
    return "\n".join(
        " ".join([one.words, one.service, *(f"{k}={v}" for k, v in sorted(one.answers.items()))])
        for one in content.start
    )


_Read = Callable[[Content, Mapping[str, str]], str]
_PARTS: tuple[tuple[str, _Read], ...] = (
    ("Title", lambda c, _: c.title),
    ("Summary", lambda c, _: c.summary),
    ("Answer", lambda c, _: c.body),
    ("Words for one area", _areas),
    ("What agents say", lambda c, _: c.say),
    ("Text message", lambda c, _: c.short),
    ("Service", lambda c, _: c.service),
    ("Buttons", _starts),
    ("Related services", lambda c, _: "\n".join(c.related_services)),
    ("Related answers", lambda c, _: "\n".join(c.related_articles)),
    ("Check again by", lambda c, _: c.review_by.isoformat() if c.review_by else ""),
)


def pieces(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two texts in pieces, by words: what is in both, and what is in one alone."""
    old, new = _cut(before), _cut(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for op, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            left.append(Piece(SAME, "".join(old[i:j])))
            right.append(Piece(SAME, "".join(new[k:m])))
            continue
        if j > i:
            left.append(Piece(GONE, "".join(old[i:j])))
        if m > k:
            right.append(Piece(NEW, "".join(new[k:m])))
    return tuple(left), tuple(right)


def _cut(text: str) -> list[str]:
    words = _WORDS.findall(text)
    return words if len(words) <= _MOST_WORDS else text.splitlines(keepends=True)
