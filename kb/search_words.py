"""Reads the words of a search: what counts, what was meant, how far two words are apart. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

LONGEST_TEXT = 200
MOST_WORDS = 12
LONGEST_WORD = 40
# Shorter words are other words, not slips of the finger ("tip" is no "top").
SHORTEST_SLIP = 4
# From so many letters on two of them may be wrong, and then three.
TWO_SLIPS, THREE_SLIPS = 6, 9
# Slips are looked for in so many letters; the rest is compared when a word is found.
BEGINNING = 7
# "pot whole" is read as one word where the two together are nearly one of ours.
SHORTEST_JOINED = 7
SHORTEST_PART = 3

# Sounds as people write who go by the ear, and as they are written; and at the beginning.
_SOUNDS = (
    ("ite", "ight"),
    ("yte", "ight"),
    ("f", "ph"),
    ("shun", "tion"),
    ("cks", "x"),
    ("ks", "x"),
    ("kw", "qu"),
)
_FIRST_SOUNDS = (("n", "kn"), ("r", "wr"))
MOST_SPELLINGS = 6

_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_PERSONAL = re.compile(r"\[(?:email|phone|query|secret)\]|\d[\d ]{4,}")
# Letters that are no letter with a mark, and are written without it all the same.
_MARKED = str.maketrans("łøđ", "lod")
_BREAKS = re.compile(r"[^\w]+|_+")
# What people say on the way to what they mean; PostgreSQL's own list leaves these in, because
# the apostrophe has gone or because they say something elsewhere.
CHATTER = frozenset(
    [
        "arent",
        "aint",
        "cant",
        "couldnt",
        "didnt",
        "doesnt",
        "dont",
        "hadnt",
        "hasnt",
        "havent",
        "hed",
        "hes",
        "id",
        "ill",
        "im",
        "isnt",
        "ive",
        "its",
        "lets",
        "need",
        "needs",
        "needing",
        "shouldnt",
        "somebody",
        "thats",
        "theres",
        "theyre",
        "want",
        "wants",
        "wanted",
        "wasnt",
        "were",
        "weren",
        "whats",
        "wheres",
        "whos",
        "wont",
        "wouldnt",
        "youre",
        "get",
        "getting",
        "got",
        "go",
        "going",
        "please",
        "help",
        "hi",
        "hello",
        "tell",
        "do",
        "one",
        "would",
        "could",
        "should",
    ]
)


@dataclass(frozen=True, slots=True)
class Meant:
    """One stem that a word may stand for, and how surely (0 to 1)."""

    stem: str
    surely: float = 1.0


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a search names: what may be meant, best first, and how telling it is."""

    said: str
    meant: tuple[Meant, ...]
    weight: float
    entries: int = 0


def impersonal(text: str) -> str:
    """A text without the marks of what was taken out of it, and without long numbers."""
    return _PERSONAL.sub(" ", text)


def folded(text: str) -> str:
    """A text in lower case without its accents, as people type who have no keys for them."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_MARKED)


def tokens(text: str) -> list[str]:
    """The words of a text in their order: lower case, no accents, no apostrophes, not too many."""
    plain = _BREAKS.sub(" ", _APOSTROPHES.sub("", folded(text[:LONGEST_TEXT])))
    return [word[:LONGEST_WORD] for word in plain.split()][:MOST_WORDS]


def telling(words: list[str]) -> list[str]:
    """The words without chatter; all of them where nothing else was said."""
    return [word for word in words if word not in CHATTER] or words


def pairs(words: list[str]) -> list[str]:
    """Neighbours written as one word."""
    return [one + two for one, two in pairwise(words)]


def splits(word: str) -> list[tuple[str, str]]:
    """Every way to read a word as two."""
    return [(word[:at], word[at:]) for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]


def respelled(word: str) -> list[str]:
    """A word as it may be written that sounds so: "streetlight" for "streetlite"."""
    found = [
        written + word[len(heard) :] for heard, written in _FIRST_SOUNDS if word.startswith(heard)
    ]
    for heard, written in _SOUNDS:
        found += [
            word[: at.start()] + written + word[at.end() :] for at in re.finditer(heard, word)
        ]
    return list(dict.fromkeys(found))[:MOST_SPELLINGS]


def slips_allowed(word: str) -> int:
    """How many letters of a word may be wrong before it is another word."""
    if len(word) < SHORTEST_SLIP:
        return 0
    return 1 if len(word) < TWO_SLIPS else 2 if len(word) < THREE_SLIPS else 3


def slips(word: str) -> list[str]:
    """The beginning of a word, and what is left of it when a letter or two are dropped.

    Two words that are so many letters apart have one of these in common; kb.search_index keeps
    them for each of our words.
    """
    left, found = {word[:BEGINNING]}, {word[:BEGINNING]}
    for _ in range(min(2, slips_allowed(word))):
        left = {one[:at] + one[at + 1 :] for one in left for at in range(len(one))}
        found |= left
    return sorted(found)


def apart(one: str, two: str, most: int) -> int:
    """Letters to change, add, drop or swap to make one word of the other; most + 1 when more."""
    if abs(len(one) - len(two)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        above, before, row = before, row, [i] + [0] * len(two)
        for j, b in enumerate(two, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], above[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
