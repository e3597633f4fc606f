"""Reads what a search means: its words as ours, however they are spelt, joined or parted."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db import connection

from kb import search_words
from kb.search_ranking import weight
from kb.search_words import Concept, Meant

# Neighbours are read as one word, misspelt, where so few words were said.
MOST_TOGETHER = 5
# In a word as long as this the first letter may be the wrong one.
LONG = 7
# Only so many misspelt words of one search are put right, and so many ways looked at to part them.
MOST_SLIPS, MOST_PARTINGS = 4, 6
# Words that begin as the one that is still being typed.
MOST_ENDINGS = 8


@dataclass(frozen=True, slots=True)
class Read:
    """The words of a search as concepts, and which were taken for others."""

    concepts: tuple[Concept, ...]
    total: int
    read_as: tuple[tuple[str, str], ...] = ()


# The stem of each word, how many entries have it, and whether the word itself is one of ours.
_KNOWN = """
SELECT word, stem, (SELECT max(w.entries) FROM kb_word AS w WHERE w.stem = said.stem),
       EXISTS (SELECT FROM kb_word AS w WHERE w.word = said.word)
FROM (SELECT word, (ts_lexize('english_stem', word))[1] AS stem
      FROM unnest(%s::text[]) AS word) AS said"""

# How many entries there are, as the planner knows it; counted while they are few.
_TOTAL = """
SELECT CASE WHEN reltuples >= 1000 THEN reltuples::bigint ELSE (SELECT count(*) FROM kb_entry) END
FROM pg_class WHERE oid = 'kb_entry'::regclass"""

# Our words that may be near to each: they have in common what is left when letters are dropped.
LIKE = """
SELECT said, near.word, near.stem, near.entries
FROM jsonb_to_recordset(%s::jsonb) AS slip (said text, slips text[]), LATERAL (
    SELECT w.word, w.stem, w.entries FROM kb_word AS w WHERE w.slips && slip.slips
        AND length(w.word) BETWEEN length(said) - 3 AND length(said) + 3 LIMIT 400) AS near"""

_BEGIN = """
SELECT stem, max(entries) FROM (
    SELECT stem, entries FROM kb_word WHERE word LIKE %s LIMIT 400) AS begun
GROUP BY stem ORDER BY 2 DESC, 1 LIMIT %s"""


class Known(NamedTuple):
    """A word that is one of ours, or was a slip for one: how far it is, and who has it."""

    far: int
    word: str
    stem: str
    entries: int


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def read(words: list[str], *, typing: bool) -> Read:
    """What the words mean: each one's stem, or what it was a slip for."""
    if not words:
        return Read((), 0)
    total = int(_rows(_TOTAL, [])[0][0])
    joined = search_words.pairs(words)
    book = _Book.of([*words, *joined])
    said = [word for word in words if word in book.stems]
    strange = [word for word in said if word not in book.known][:MOST_SLIPS]
    last = words[-1] if typing else ""
    slips = [w for w in strange if len(w) >= search_words.SHORTEST_SLIP and w != last]
    together: list[str] = []
    if len(said) <= MOST_TOGETHER:
        long = [w for w in joined if len(w) >= search_words.SHORTEST_JOINED]
        together = [w for w in long if w not in book.whole]
    book = book.looked_up(strange, slips, together)
    concepts: list[Concept] = []
    read_as: list[tuple[str, str]] = []
    for at, word in enumerate(words):
        if word in book.stems:
            meant, for_what = _concepts(word, book, total, ends=word == last)
            concepts += meant
            if for_what:
                read_as.append((word, for_what))
        both = _joined(word + words[at + 1], book, total) if at + 1 < len(words) else None
        if both is not None:
            concepts.append(both)
    return Read(tuple(_once(concepts)), total, tuple(read_as))


@dataclass(frozen=True, slots=True)
class _Book:
    """What our words are: stems of what was said, entries by stem, and ours that were meant.

    `sounds` are words as ours are written that sound so, `parts` words that are several of ours
    written as one, `near` ours that a word may be a slip for.
    """

    stems: Mapping[str, str]
    known: Mapping[str, Known]
    whole: Collection[str]
    sounds: Mapping[str, Known] = field(default_factory=dict)
    parts: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)
    near: Mapping[str, list[Known]] = field(default_factory=dict)

    def apart(self, word: str) -> tuple[Known, ...]:
        """The words of ours that one was written together of; none where it is rather one alone."""
        parts = self.parts.get(word, ())
        # With a part that is wrong it is a guess, and whole words that are near are better ones.
        guessed = any(one.far for one in parts)
        return () if guessed and (word in self.sounds or word in self.near) else parts

    @classmethod
    def of(cls, words: Iterable[str]) -> _Book:
        """What is known of some words. A word without a stem says nothing: "the"."""
        rows = _rows(_KNOWN, [list(dict.fromkeys(words))])
        return cls(
            stems={word: stem for word, stem, _, _ in rows if stem},
            known={word: Known(0, word, stem, int(n)) for word, stem, n, _ in rows if stem and n},
            whole={word for word, _, _, is_whole in rows if is_whole},
        )

    def looked_up(self, strange: list[str], slips: list[str], together: list[str]) -> _Book:
        """The same with what strange words, and neighbours read as one, may have been meant for."""
        heard = {word: search_words.respelled(word) for word in (*strange, *together)}
        parted = {word: search_words.splits(word) for word in strange}
        asked = [one for words in heard.values() for one in words]
        asked += [part for pairs in parted.values() for pair in pairs for part in pair]
        more = _Book.of(asked).known if asked else {}
        sounds = {word: more[one] for word, words in heard.items() for one in words if one in more}
        left = [word for word in slips if word not in sounds]
        partings = [one for word in left for one in _partings(word, parted[word], more)]
        near, nearly = _near(
            [*left, *(word for word in together if word not in sounds)],
            [one.strange for one in partings[:MOST_PARTINGS]],
        )
        parts: dict[str, tuple[Known, ...]] = {}
        for word, pairs in parted.items():
            exact = [pair for pair in pairs if pair[0] in more and pair[1] in more]
            if exact:
                best = max(exact, key=lambda pair: min(len(pair[0]), len(pair[1])))
                parts[word] = (more[best[0]], more[best[1]])
        for one in partings[:MOST_PARTINGS]:
            if one.strange in nearly:
                whole = (*one.before, nearly[one.strange], *one.after)
                parts.setdefault(one.word, whole)
        return replace(self, sounds=sounds, parts=parts, near=near)


class _Parting(NamedTuple):
    """A word of which a part is not ours, and the parts around it that are."""

    word: str
    before: tuple[Known, ...]
    strange: str
    after: tuple[Known, ...]


def _partings(
    word: str, pairs: list[tuple[str, str]], known: Mapping[str, Known]
) -> list[_Parting]:
    """Ways to part a word of which one part is a slip, or lies between two: the shortest first."""
    if any(one in known and two in known for one, two in pairs):
        return []
    begins = [one for one, _ in pairs if one in known]
    ends = [two for _, two in pairs if two in known]
    found = [
        _Parting(word, (known[one],), word[len(one) :], ())
        for one in begins
        if len(word) - len(one) >= search_words.SHORTEST_SLIP
    ]
    found += [_Parting(word, (), word[: -len(two)], (known[two],)) for two in ends]
    for one in begins:
        for two in ends:
            middle = word[len(one) : -len(two)] if len(one) + len(two) < len(word) else ""
            if len(middle) >= search_words.SHORTEST_PART:
                found.append(_Parting(word, (known[one],), middle, (known[two],)))
    return sorted(found, key=lambda parting: len(parting.strange))


def _once(concepts: Iterable[Concept]) -> list[Concept]:
    """Each thing once, however often it was said."""
    kept: dict[tuple[str, ...], Concept] = {}
    for one in concepts:
        kept.setdefault(tuple(m.stem for m in one.meant) or (one.said,), one)
    return list(kept.values())


def _near(slips: list[str], parts: list[str]) -> tuple[dict[str, list[Known]], dict[str, Known]]:
    """For words that are not ours those that are near, the nearest first; for parts the nearest."""
    near: dict[str, list[Known]] = {}
    nearly: dict[str, Known] = {}
    both = dict.fromkeys([*slips, *parts])
    asked = json.dumps([{"said": word, "slips": search_words.slips(word)} for word in both])
    for said, word, stem, entries in _rows(LIKE, [asked]) if both else ():
        most = search_words.slips_allowed(said)
        far = search_words.apart(said, word, max(1, most))
        # Who mistypes seldom mistypes the first letter: "night" is no "light".
        is_near = said[0] == word[0] or (far == 1 and len(said) >= LONG)
        if said in slips and far <= most and is_near:
            near.setdefault(said, []).append(Known(far, word, stem, entries))
        # A part is seldom wrong in more than a letter; a short one misses its last: "blubadge".
        if said in parts and far <= 1 and (said[0] == word[0] if most else word.startswith(said)):
            one = Known(far, word, stem, entries)
            nearly[said] = min(one, nearly.get(said, one), key=_nearest)
    for rows in near.values():
        rows.sort(key=_nearest)
    return near, nearly


def _nearest(one: Known) -> tuple[int, int, str]:
    return one.far, -one.entries, one.word


def _concepts(word: str, book: _Book, total: int, *, ends: bool) -> tuple[list[Concept], str]:
    """One word as what it may mean, and the words it was taken for when it was none of ours."""
    begun = _rows(_BEGIN, [f"{word}%", MOST_ENDINGS]) if ends and _may_begin(word) else []
    parts = book.apart(word) if not begun else ()
    if parts:
        return [_part(one, total) for one in parts], " ".join(one.word for one in parts)
    meant, entries, for_what = _meant(word, book)
    taken = {one.stem for one in meant}
    meant += [Meant(stem, 0.8) for stem, _ in begun if stem not in taken]
    entries = entries or sum(int(count) for _, count in begun)
    # A word that nobody wrote here tells less than the rarest that somebody did.
    heavy = weight(entries, total) if entries else 0.5 * weight(0, total)
    return [Concept(word, tuple(meant), heavy, entries)], for_what if meant else ""


def _may_begin(word: str) -> bool:
    return len(word) >= 2 and word.isalnum()


def _part(one: Known, total: int) -> Concept:
    surely = 0.9 - 0.12 * one.far
    return Concept(one.word, (Meant(one.stem, surely),), weight(one.entries, total), one.entries)


def _meant(word: str, book: _Book) -> tuple[list[Meant], int, str]:
    """The stems that one word may stand for, how many entries have them, and what it was for."""
    if word in book.known:
        return [Meant(book.known[word].stem)], book.known[word].entries, ""
    if word in book.sounds:
        ours = book.sounds[word]
        return [Meant(ours.stem, 0.9)], ours.entries, ours.word
    nearest = book.near.get(word, [])
    chosen = [one for one in nearest[:3] if one.far == nearest[0].far]
    meant = [Meant(one.stem, 1 - 0.12 * one.far) for one in chosen]
    return meant, sum(one.entries for one in chosen), chosen[0].word if chosen else ""


def _joined(both: str, book: _Book, total: int) -> Concept | None:
    """One of our words written as two: "stair lift", "pot whole"."""
    if both in book.whole and both in book.known:
        ours, surely = book.known[both], 1.0
    elif both in book.sounds:
        ours, surely = book.sounds[both], 0.9
    elif both in book.near and book.near[both][0].far <= 1:
        ours, surely = book.near[both][0], 0.9
    else:
        return None
    return Concept(both, (Meant(ours.stem, surely),), weight(ours.entries, total), ours.entries)
