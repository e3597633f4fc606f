"""Reads the words of a text as people send them: short forms, slips, words written as one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb import search_words
from kb.triage_common import COMMON, SHORT, SHORT_PAIRS, STREETS

LONGEST = 1_500
MOST_WORDS = 160
# Only so many words of a text are compared with all of ours, to see what they are slips for.
MOST_SLIPS = 12
# A number with a street behind it names a place, not a matter: its words count so much.
OF_A_STREET = 0.3
# What a slip, an ending or a part of a joined word is worth beside the word itself.
SLIP, ENDING, PART = 0.8, 0.85, 0.9
_LONG_ENDING = 5
# Only so long words are read as several, of at most so many parts, and so few of a text.
SHORTEST_JOINED, LONGEST_JOINED, MOST_PARTS, MOST_PARTINGS = 6, 24, 2, 4

_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?(?:\s*\d[a-z]{2})?\b")
_LINKED = re.compile(r"https?://\S+|\S+@\S+|\+?\d[\d ]{6,}\d")
_APART = re.compile(r"[^\w%£]+|_+")
# "A TEN" is a temporary event notice, "ten days" are days.
_EVENT = re.compile(r"\bTENs?\b")
_HEAD = re.compile(r"\d+[a-z]?")

# So long a word may have two letters wrong; in shorter ones "filled" would be "fallen".
_TWO_SLIPS = 8


def _slips_allowed(word: str) -> int:
    least = 1 if len(word) >= search_words.SHORTEST_SLIP else 0
    return 2 if len(word) >= _TWO_SLIPS else least


_VOWEL = re.compile("[aeiouy]")


def stem(word: str) -> str:
    """A word without its ending, so that "emptied", "empties" and "empty" are one."""
    if len(word) < 4 or not word.isalpha():
        return word
    word = _singular(word)
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3 and _VOWEL.search(root):
            word = root[:-1] if root[-1] == root[-2] and root[-1] not in "lsz" else root
            break
    if len(word) >= 8 and word.endswith(("sion", "tion")):
        word = word[:-3]
    word = word.removesuffix("e") if len(word) > 4 else word
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def _singular(word: str) -> str:
    if word.endswith(("ies", "ied")) and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: as it was said, and what it may mean with how surely (0 to 1)."""

    said: str
    meant: tuple[tuple[str, float], ...]


def plain(text: str) -> list[str]:
    """The words of a text in order, as we would write them; no postcodes, numbers to ring, links.

    Words of a street behind a house number are marked by a leading "#".
    """
    text = _EVENT.sub(" temporary event notice ", text)
    kept = search_words.folded(text[:LONGEST].replace("\x00", " "))
    for mark in "'\u2018\u2019\u02bc`\u00b4":
        kept = kept.replace(mark, "")
    kept = _LINKED.sub(" ", _POSTCODE.sub(" ", kept)).replace("-", " ")
    words = [word[:40] for word in _APART.sub(" ", kept).split()][:MOST_WORDS]
    return _long(_streets(words))


def _streets(words: list[str]) -> list[str]:
    """The same with the words of streets behind a number marked: "#mill #lane"."""
    marked = list(words)
    for at, word in enumerate(words):
        for end in (at + 2, at + 3):
            name = words[at + 1 : end]
            if (
                _HEAD.fullmatch(word)
                and end < len(words)
                and words[end] in STREETS
                and not COMMON.intersection(name)
            ):
                marked[at + 1 : end + 1] = [f"#{one}" for one in words[at + 1 : end + 1]]
                break
    return marked


def _long(words: list[str]) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(words):
        pair = SHORT_PAIRS.get((words[at], words[at + 1])) if at + 1 < len(words) else None
        if pair is not None:
            found += pair.split()
            at += 2
            continue
        found += SHORT.get(words[at], words[at]).split()
        at += 1
    return found


def phrase(text: str) -> tuple[str, ...]:
    """The stems of a phrase of ours, each once, in their order."""
    return tuple(dict.fromkeys(stem(word.lstrip("#")) for word in plain(text)))


class Book:
    """Our own words, for telling what somebody's are slips for."""

    def __init__(self, words: Iterable[str]) -> None:
        self.stems = {word: stem(word) for word in words}
        self._spelt: dict[str, str] = {}
        for word in sorted(self.stems, key=lambda one: (len(one), one)):
            self._spelt.setdefault(self.stems[word], word)
        self.known = frozenset(self.stems.values())
        self._by_letter: dict[str, list[str]] = {}
        for word in sorted(self.stems):
            if len(word) >= search_words.SHORTEST_SLIP and word not in COMMON:
                self._by_letter.setdefault(word[0], []).append(word)

    def spelt(self, root: str) -> str:
        """A stem as one of our own words."""
        return self._spelt.get(root, root)

    def tokens(self, words: Sequence[str]) -> list[Token]:
        """Each word with what it may mean; nothing where it is none of ours."""
        strange = 0
        found = []
        for word, after in pairwise([*words, ""]):
            bare = word.lstrip("#")
            meant = self._own(bare)
            if not (meant and self._own(after)):
                found.append(Token(bare, tuple(self._together(bare, after))))
            if not meant and bare not in COMMON and bare.isalpha() and strange < MOST_SLIPS:
                strange += 1
                meant = self._meant(bare, parts=strange <= MOST_PARTINGS)
            least = OF_A_STREET if word.startswith("#") else 1.0
            found.append(Token(bare, tuple((one, surely * least) for one, surely in meant)))
        return [one for one in found if one.meant]

    def _meant(self, word: str, *, parts: bool) -> list[tuple[str, float]]:
        """What a word that is none of ours may stand for."""
        return (
            self._heard(word)
            or self._slips(word, _slips_allowed(word))
            or (self._parts(word) if parts else [])
            or self._endings(word)
        )

    def _own(self, word: str) -> list[tuple[str, float]]:
        root = stem(word)
        return [(root, 1.0)] if root in self.known else []

    def _parts(self, word: str, most: int = MOST_PARTS) -> list[tuple[str, float]]:
        """Ours that were written as one, one of two perhaps misspelt: "blubadge"."""
        if not SHORTEST_JOINED <= len(word) <= LONGEST_JOINED or not most:
            return []
        splits = search_words.splits(word)
        for one, two in splits:
            if one in self.stems and two in self.stems:
                return [(self.stems[one], PART), (self.stems[two], PART)]
        for one, two in splits:
            near = self._slips(two, 1) if one in self.stems and len(two) > 3 else []
            if near:
                return [(self.stems[one], PART), *near]
            near = self._slips(one, 1) if two in self.stems else []
            if near:
                return [*near, (self.stems[two], PART)]
        for one, two in splits:
            rest = self._parts(two, most - 1) if one in self.stems else []
            if rest:
                return [(self.stems[one], PART), *rest]
        return []

    def _slips(self, word: str, most: int) -> list[tuple[str, float]]:
        """Ours with at most so many letters wrong that begin alike; the nearest."""
        best, found = most + 1, dict[str, float]()
        if not most:
            return []
        for ours in self._by_letter.get(word[0], ()):
            if abs(len(ours) - len(word)) <= min(best, most):
                far = search_words.apart(word, ours, min(best, most))
                if far < best:
                    best, found = far, {}
                if far == best <= most:
                    found[self.stems[ours]] = SLIP
        return list(found.items())[:3]

    def _together(self, one: str, two: str) -> list[tuple[str, float]]:
        """One of ours that was written as two, perhaps misspelt: "pot holles"."""
        both = one + two
        if not two or len(both) < search_words.SHORTEST_JOINED or one in COMMON or two in COMMON:
            return []
        return self._own(both) or self._slips(both, 1)

    def _endings(self, word: str) -> list[tuple[str, float]]:
        """Ours that begin alike and end otherwise."""
        if len(word) <= _LONG_ENDING:
            return []
        begin = word[: max(_LONG_ENDING, len(word) - 3)]
        alike = (ours for ours in self._by_letter.get(word[0], ()) if ours.startswith(begin))
        return [(self.stems[one], ENDING) for one in alike if abs(len(one) - len(word)) <= 3][:3]

    def _heard(self, word: str) -> list[tuple[str, float]]:
        """Ours that sound like it: "lite" for "light"."""
        roots = (stem(one) for one in search_words.respelled(word))
        return [(root, SLIP) for root in roots if root in self.known][:1]
