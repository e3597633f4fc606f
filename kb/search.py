"""Finds services and answers in the words that people use, however they spell them (ADR 0016)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts import areas
from core import privacy, references
from kb import search_solved, search_words
from kb.search_ranking import Candidate, Hit, rank, weight
from kb.search_words import Concept, Meant

# Entries that are looked at for one search: enough to hold the best, few enough to be quick.
EXACT, NAMED, SAID, WEIGHED = 30, 1_000, 250, 30
# A word that more entries have than this is looked for in names only; one that still more have
# in names that have the other such words too.
COMMON, COMMON_NAMES = 250, 1_500
# So many of the rarest words are looked for in whole texts.
RAREST = 3
# Neighbours are read as one word, misspelt, where so few words were said.
MOST_TOGETHER = 5
# In a word as long as this the first letter may be the wrong one.
LONG = 7
# Only so many misspelt words of one search are put right.
MOST_SLIPS = 4
LONGEST_KEY = 120
# Words that begin as the one that is still being typed.
MOST_ENDINGS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, and what was seen in its words.

    `words` is what it asked for as a key: stems in order, without postcodes, references, and
    whatever else is somebody's; `said` is the same as it was written. `read_as` are the words that
    were taken for others: ("counsil", "council").
    """

    hits: tuple[Hit, ...] = ()
    postcode: str = ""
    reference: str = ""
    words: str = ""
    said: str = ""
    is_known: bool = False
    read_as: tuple[tuple[str, str], ...] = ()


def find(text: str, *, limit: int = 10, typing: bool = False, kind: str = "") -> Found:
    """Services and answers that fit the words, best first. Typos are forgiven.

    `typing` takes the last word for the beginning of one; `kind` finds services or answers alone.
    """
    text = text.replace("\x00", " ")[: search_words.LONGEST_TEXT]
    text, reference = _without_reference(text)
    text, postcode = _without_postcode(text)
    words = search_words.tokens(search_words.impersonal(privacy.redact_text(text)))
    read = _read(search_words.telling(words), typing=typing)
    key = " ".join(sorted({one.meant[0].stem if one.meant else one.said for one in read.concepts}))
    found = Found(
        postcode=postcode,
        reference=reference,
        words=key[:LONGEST_KEY],
        said=" ".join(words)[: search_words.LONGEST_TEXT],
        is_known=bool(read.concepts) and all(one.entries for one in read.concepts),
        read_as=read.read_as,
    )
    if not any(one.meant for one in read.concepts):
        return found
    solved = search_solved.of(found.words, now=timezone.now())
    candidates, weights = _candidates(read, solved, kind)
    hits = rank(candidates, read.concepts, weights, solved)
    return replace(found, hits=tuple(hits[:limit]))


def _without_reference(text: str) -> tuple[str, str]:
    """The text without the first of our references in it, and that reference."""
    found = references.find(text)
    if not found:
        return text, ""
    gone = "".join(c for c in found[0] if c.isalnum())
    kept, letters = [], 0
    # Letters of the reference go, whatever stands between them.
    upper = text.upper()
    start = _start_of(upper, gone)
    for at, c in enumerate(text):
        inside = at >= start and letters < len(gone)
        letters += inside and c.isalnum()
        kept.append(" " if inside else c)
    return "".join(kept), found[0]


def _start_of(upper: str, gone: str) -> int:
    """Where the reference begins: its letters follow, whatever stands between them."""
    for start in range(len(upper)):
        rest = "".join(c for c in upper[start:] if c.isalnum())
        if upper[start].isalnum() and rest[:2] == gone[:2]:
            try:
                if references.parse(rest[: len(gone)]).replace("-", "") == gone:
                    return start
            except references.BadReference:
                continue
    return len(upper)


def _without_postcode(text: str) -> tuple[str, str]:
    """The text without the first postcode in it, and that postcode as it is written."""
    found = areas.IN_TEXT.search(text)
    if found is None:
        return text, ""
    postcode = areas.spaced(areas.compact(found.group()))
    return f"{text[: found.start()]} {text[found.end() :]}", postcode


@dataclass(frozen=True, slots=True)
class _Read:
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
_LIKE = """
SELECT said, near.word, near.stem, near.entries
FROM jsonb_to_recordset(%s::jsonb) AS slip (said text, slips text[]), LATERAL (
    SELECT w.word, w.stem, w.entries FROM kb_word AS w WHERE w.slips && slip.slips
        AND length(w.word) BETWEEN length(said) - 3 AND length(said) + 3 LIMIT 400) AS near"""

_BEGIN = """
SELECT stem, max(entries) FROM (
    SELECT stem, entries FROM kb_word WHERE word LIKE %s LIMIT 400) AS begun
GROUP BY stem ORDER BY 2 DESC, 1 LIMIT %s"""

Known = Mapping[str, tuple[str, int]]


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _read(words: list[str], *, typing: bool) -> _Read:
    """What the words mean: each one's stem, or what it was a slip for."""
    if not words:
        return _Read((), 0)
    total = int(_rows(_TOTAL, [])[0][0])
    joined = search_words.pairs(words)
    book = _Book.of([*words, *joined])
    said = [word for word in words if word in book.stems]
    strange = [word for word in said if word not in book.known][:MOST_SLIPS]
    last = words[-1] if typing else ""
    slips = [w for w in strange if len(w) >= search_words.SHORTEST_SLIP and w != last]
    if len(said) <= MOST_TOGETHER:
        long = [w for w in joined if len(w) >= search_words.SHORTEST_JOINED]
        slips += [w for w in long if w not in book.whole]
    book = book.with_slips(strange, slips)
    concepts: list[Concept] = []
    read_as: list[tuple[str, str]] = []
    for at, word in enumerate(words):
        if word in book.stems:
            concept, for_what = _concept(word, book, total, ends=word == last)
            concepts.append(concept)
            if for_what:
                read_as.append((word, for_what))
        both = _joined(word + words[at + 1], book, total) if at + 1 < len(words) else None
        if both is not None:
            concepts.append(both)
    return _Read(tuple(_once(concepts)), total, tuple(read_as))


Near = tuple[int, str, str, int]


@dataclass(frozen=True, slots=True)
class _Book:
    """What our words are: stems of what was said, entries by stem, and ours near to slips."""

    stems: Mapping[str, str]
    known: Known
    whole: Collection[str]
    near: Mapping[str, list[Near]]

    @classmethod
    def of(cls, words: list[str]) -> _Book:
        """What is known of some words. A word without a stem says nothing: "the"."""
        rows = _rows(_KNOWN, [list(dict.fromkeys(words))])
        return cls(
            stems={word: stem for word, stem, _, _ in rows if stem},
            known={word: (stem, int(n)) for word, stem, n, _ in rows if stem and n},
            whole={word for word, _, _, is_whole in rows if is_whole},
            near={},
        )

    def with_slips(self, strange: list[str], slips: list[str]) -> _Book:
        """The same with the parts of strange words, and with our words near to slips."""
        parts = [part for word in strange for pair in search_words.splits(word) for part in pair]
        more = _Book.of(parts) if parts else self
        return _Book(self.stems, {**more.known, **self.known}, self.whole, _near(slips))


def _once(concepts: Iterable[Concept]) -> list[Concept]:
    """Each thing once, however often it was said."""
    kept: dict[tuple[str, ...], Concept] = {}
    for one in concepts:
        kept.setdefault(tuple(m.stem for m in one.meant) or (one.said,), one)
    return list(kept.values())


def _near(slips: list[str]) -> dict[str, list[Near]]:
    """For each word that is not ours, ours that are near it: how far, word, stem, entries."""
    found: dict[str, list[Near]] = {}
    asked = json.dumps([{"said": word, "slips": search_words.slips(word)} for word in slips])
    for said, word, stem, entries in _rows(_LIKE, [asked]) if slips else ():
        most = search_words.slips_allowed(said)
        far = search_words.apart(said, word, most)
        # Who mistypes seldom mistypes the first letter: "night" is no "light".
        if far <= most and (said[0] == word[0] or (far == 1 and len(said) >= LONG)):
            found.setdefault(said, []).append((far, word, stem, entries))
    for rows in found.values():
        rows.sort(key=lambda row: (row[0], -row[3], row[1]))
    return found


def _concept(word: str, book: _Book, total: int, *, ends: bool) -> tuple[Concept, str]:
    """One word as what it may mean, and the word it was taken for when it was none of ours."""
    meant: list[Meant] = []
    entries, for_what = 0, ""
    if word in book.known:
        stem, entries = book.known[word]
        meant.append(Meant(stem))
    elif split := _split(word, book.known):
        meant += [Meant(book.known[part][0], 0.9) for part in split]
        entries, for_what = min(book.known[part][1] for part in split), " ".join(split)
    else:
        nearest = book.near.get(word, [])
        for far, other, stem, count in nearest[:3]:
            if far == nearest[0][0]:
                meant.append(Meant(stem, 1 - 0.12 * far))
                entries, for_what = entries + count, for_what or other
    if ends and len(word) >= 2 and word.isalnum():
        taken = {one.stem for one in meant}
        begun = _rows(_BEGIN, [f"{word}%", MOST_ENDINGS])
        meant += [Meant(stem, 0.8) for stem, _ in begun if stem not in taken]
        entries = entries or sum(int(count) for _, count in begun)
    # A word that nobody wrote here tells less than the rarest that somebody did.
    heavy = weight(entries, total) if entries else 0.5 * weight(0, total)
    return Concept(word, tuple(meant), heavy, entries), for_what if meant else ""


def _split(word: str, known: Known) -> tuple[str, str] | None:
    """Two of our words written as one: "bedbugs"."""
    found = [pair for pair in search_words.splits(word) if pair[0] in known and pair[1] in known]
    return max(found, key=lambda pair: min(len(pair[0]), len(pair[1])), default=None)


def _joined(both: str, book: _Book, total: int) -> Concept | None:
    """One of our words written as two: "stair lift", "pot whole"."""
    if both in book.whole and both in book.known:
        stem, entries = book.known[both]
        return Concept(both, (Meant(stem),), weight(entries, total), entries)
    for far, _, stem, entries in book.near.get(both, ()):
        if far <= 1:
            return Concept(both, (Meant(stem, 0.9),), weight(entries, total), entries)
    return None


# Four ways to come into question, each bounded: it is called just this; others were helped by
# it; its names have the words; it has the rarer words somewhere. Entries are found by an index
# before any is read: without MATERIALIZED a limit would tempt the planner to read them all.
# `places` is where each asked stem stands best (A before D).
_CANDIDATES = """
WITH named AS MATERIALIZED (SELECT id FROM kb_entry WHERE names @@ %(any)s::tsquery AND {kind}),
said AS MATERIALIZED (SELECT id FROM kb_entry WHERE document @@ %(some)s::tsquery AND {kind}),
chosen AS (
    (SELECT id FROM kb_entry WHERE phrases && %(exact)s AND {kind} LIMIT %(most_exact)s)
    UNION (SELECT id FROM kb_entry WHERE slug = ANY(%(solved)s) AND {kind})
    UNION (SELECT id FROM kb_entry WHERE id = ANY(ARRAY(SELECT id FROM named LIMIT %(most_named)s))
        ORDER BY ts_rank(names, %(any)s::tsquery, 1) DESC, id LIMIT %(most_weighed)s)
    UNION (SELECT id FROM kb_entry WHERE id = ANY(ARRAY(SELECT id FROM said LIMIT %(most_said)s))
        ORDER BY ts_rank('{{0.1,0.2,0.4,1}}', document, %(some)s::tsquery) DESC, id
        LIMIT %(most_weighed)s))
SELECT e.kind, e.slug, e.title, e.summary, e.service_slug, e.phrases,
    (SELECT jsonb_object_agg(u.lexeme, (SELECT min(w) FROM unnest(u.weights) AS w))
     FROM unnest(e.document) AS u WHERE u.lexeme = ANY(%(stems)s))
FROM kb_entry AS e WHERE e.id = ANY(ARRAY(SELECT id FROM chosen))"""

_WEIGHTS = "SELECT stem, max(entries) FROM kb_word WHERE stem = ANY(%s) GROUP BY stem"


def _quoted(stem: str) -> str:
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"


def _any(one: Concept) -> str:
    return "(" + " | ".join(_quoted(m.stem) for m in one.meant) + ")"


def statement(kind: str = "") -> str:
    """What is asked of the database for the entries of a search; for tests that explain it."""
    return _CANDIDATES.format(kind="kind = %(kind)s" if kind else "true")


def values(
    concepts: Sequence[Concept], solved: Mapping[str, float], kind: str = ""
) -> dict[str, Any]:
    """What is filled into it."""
    asked = [one for one in concepts if one.meant]
    rare = sorted((one for one in asked if one.entries <= COMMON), key=lambda one: one.entries)
    # Words that very many have are looked for in names together, beside those that few have.
    telling = [one for one in asked if one.entries <= COMMON_NAMES]
    common = [one for one in asked if one.entries > COMMON_NAMES]
    named = [_any(one) for one in telling]
    if common:
        named.append("(" + " & ".join(_any(one) for one in common) + ")")
    best = sorted({one.meant[0].stem for one in asked})
    return {
        "exact": [" ".join(best), *(m.stem for one in asked for m in one.meant)],
        "solved": [entry.partition("/")[2] for entry in solved],
        "any": " | ".join(named),
        "some": " | ".join(_any(one) for one in rare[:RAREST]),
        "stems": [m.stem for one in asked for m in one.meant],
        "kind": kind,
        "most_exact": EXACT,
        "most_named": NAMED,
        "most_said": SAID,
        "most_weighed": WEIGHED,
    }


def _candidates(
    read: _Read, solved: Mapping[str, float], kind: str
) -> tuple[list[Candidate], dict[str, float]]:
    """The entries that come into question, and how telling each word of their phrases is."""
    with connection.cursor() as cursor:
        cursor.execute(statement(kind), values(read.concepts, solved, kind))
        rows = cursor.fetchall()
    found = [
        Candidate(kind, slug, title, summary, service, phrases, _places(places))
        for kind, slug, title, summary, service, phrases, places in rows
    ]
    asked = {m.stem for one in read.concepts for m in one.meant}
    parted = [phrase.split() for one in found for phrase in one.phrases]
    stems = {stem for parts in parted if not asked.isdisjoint(parts) for stem in parts}
    counted = _rows(_WEIGHTS, [sorted(stems)]) if stems else []
    return found, {stem: weight(int(entries), read.total) for stem, entries in counted}


def _places(found: Any) -> Mapping[str, str]:
    if isinstance(found, str):
        return dict(json.loads(found))
    return found or {}
