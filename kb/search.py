"""Finds services and answers in the words that people use, however they spell them (ADR 0016)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts import areas
from core import references
from kb import search_solved, search_words
from kb.search_ranking import Candidate, Hit, rank, weight
from kb.search_words import Concept, Meant

# Entries that are looked at for one search: enough to hold the best, few enough to be quick.
EXACT, TOGETHER, APART, WEIGHED = 40, 300, 900, 80
# A word that more entries have than this is looked for in names only.
COMMON = 600
# Only so many misspelt words of one search are put right.
MOST_SLIPS = 4
# Words that begin as the one that is still being typed.
MOST_ENDINGS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, and what was seen in its words.

    `words` is what it asked for as a key: stems in order, without postcodes and references.
    `read_as` are the words that were taken for others: ("counsil", "council").
    """

    hits: tuple[Hit, ...] = ()
    postcode: str = ""
    reference: str = ""
    words: str = ""
    is_known: bool = False
    read_as: tuple[tuple[str, str], ...] = ()


def find(text: str, *, limit: int = 10, typing: bool = False, kind: str = "") -> Found:
    """Services and answers that fit the words, best first. Typos are forgiven.

    `typing` takes the last word for the beginning of one; `kind` finds services or answers alone.
    """
    text = text.replace("\x00", " ")[: search_words.LONGEST_TEXT]
    text, reference = _without_reference(text)
    text, postcode = _without_postcode(text)
    read = _read(search_words.telling(search_words.tokens(text)), typing=typing)
    key = " ".join(sorted({one.meant[0].stem if one.meant else one.said for one in read.concepts}))
    found = Found(
        postcode=postcode,
        reference=reference,
        words=key,
        is_known=bool(read.concepts) and all(one.entries for one in read.concepts),
        read_as=read.read_as,
    )
    if not any(one.meant for one in read.concepts):
        return found
    solved = search_solved.of(key, now=timezone.now())
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


# The stem of each word, and how many entries have it. A number is its own stem.
_KNOWN = """
SELECT word, stem, (SELECT sum(w.entries) FROM kb_word AS w WHERE w.stem = said.stem),
       (SELECT count(*) FROM kb_entry), EXISTS (SELECT FROM kb_word AS w WHERE w.word = said.word)
FROM (SELECT word, (ts_lexize('english_stem', word))[1] AS stem
      FROM unnest(%s::text[]) AS word) AS said"""

# The likest words to each; pg_trgm compares threes of letters, so that the index finds them.
_LIKE = """
SELECT said, near.word, near.stem, near.entries FROM unnest(%s::text[]) AS said, LATERAL (
    SELECT w.word, w.stem, w.entries FROM kb_word AS w WHERE w.word %% said
    ORDER BY similarity(w.word, said) DESC, w.entries DESC, w.word LIMIT 12) AS near"""

_BEGIN = """
SELECT stem, sum(entries) FROM (
    SELECT stem, entries FROM kb_word WHERE word LIKE %s LIMIT 200) AS begun
GROUP BY stem ORDER BY 2 DESC, 1 LIMIT %s"""

Known = Mapping[str, tuple[str, int]]


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _read(words: list[str], *, typing: bool) -> _Read:
    """What the words mean: each one's stem, or what it was a slip for."""
    if not words:
        return _Read((), 0)
    parts = [part for word in words for pair in search_words.splits(word) for part in pair]
    joined = search_words.pairs(words)
    rows = _rows(_KNOWN, [list(dict.fromkeys([*words, *joined, *parts]))])
    total = rows[0][3]
    # A word without a stem says nothing: "the".
    stems = {word: stem for word, stem, *_ in rows if stem}
    known = {word: (stem, int(n)) for word, stem, n, *_ in rows if stem and n}
    whole = {word for word, *_, is_whole in rows if is_whole}
    said = [word for word in words if word in stems]
    strange = [word for word in said if word not in known][:MOST_SLIPS]
    slips = [*(w for w in strange if len(w) >= search_words.SHORTEST_SLIP)]
    slips += [w for w in joined if w not in whole and len(w) >= search_words.SHORTEST_JOINED]
    near = _near(slips)
    concepts: list[Concept] = []
    read_as: list[tuple[str, str]] = []
    last = words[-1] if typing else ""
    for at, word in enumerate(said):
        concept, for_what = _concept(word, stems, known, near, total, ends=word == last)
        following = said[at + 1] if at + 1 < len(said) else ""
        both = _joined(word, following, known, whole, near, total)
        if for_what:
            read_as.append((word, for_what))
        concepts.append(concept)
        if both is not None:
            concepts.append(both)
    return _Read(tuple(_once(concepts)), total, tuple(read_as))


def _once(concepts: Iterable[Concept]) -> list[Concept]:
    """Each thing once, however often it was said."""
    kept: dict[tuple[str, ...], Concept] = {}
    for one in concepts:
        kept.setdefault(tuple(m.stem for m in one.meant) or (one.said,), one)
    return list(kept.values())


def _near(slips: list[str]) -> dict[str, list[tuple[int, str, str, int]]]:
    """For each word that is not ours, ours that are near it: how far, word, stem, entries."""
    found: dict[str, list[tuple[int, str, str, int]]] = {}
    for said, word, stem, entries in _rows(_LIKE, [slips]) if slips else ():
        most = search_words.slips_allowed(said)
        far = search_words.apart(said, word, most)
        if far <= most:
            found.setdefault(said, []).append((far, word, stem, entries))
    for rows in found.values():
        rows.sort(key=lambda row: (row[0], -row[3], row[1]))
    return found


def _concept(
    word: str,
    stems: Mapping[str, str],
    known: Known,
    near: Mapping[str, list[tuple[int, str, str, int]]],
    total: int,
    *,
    ends: bool,
) -> tuple[Concept, str]:
    """One word as what it may mean, and the word it was taken for when it was none of ours."""
    meant: list[Meant] = []
    entries, for_what = 0, ""
    if word in known:
        stem, entries = known[word]
        meant.append(Meant(stem))
    elif split := _split(word, known):
        meant += [Meant(known[part][0], 0.9) for part in split]
        entries, for_what = min(known[part][1] for part in split), " ".join(split)
    else:
        nearest = near.get(word, [])
        for far, other, stem, count in nearest[:3]:
            if far == nearest[0][0]:
                meant.append(Meant(stem, 1 - 0.12 * far))
                entries, for_what = entries + count, for_what or other
    if ends and len(word) >= 2:
        begun = _rows(_BEGIN, [f"{word}%", MOST_ENDINGS]) if word.isalnum() else []
        taken = {one.stem for one in meant}
        meant += [Meant(stem, 0.8) for stem, _ in begun if stem not in taken]
        entries = entries or sum(int(count) for _, count in begun)
    # A word that nobody wrote here tells less than the rarest that somebody did.
    heavy = weight(entries, total) if entries else 0.5 * weight(0, total)
    return Concept(word, tuple(meant) or (), heavy, entries), for_what if meant else ""


def _split(word: str, known: Known) -> tuple[str, str] | None:
    """Two of our words written as one: "bedbugs"."""
    found = [pair for pair in search_words.splits(word) if pair[0] in known and pair[1] in known]
    return max(found, key=lambda pair: min(len(pair[0]), len(pair[1])), default=None)


def _joined(
    word: str,
    following: str,
    known: Known,
    whole: Collection[str],
    near: Mapping[str, list[tuple[int, str, str, int]]],
    total: int,
) -> Concept | None:
    """One of our words written as two: "stair lift", "pot whole"."""
    both = word + following
    if not following:
        return None
    if both in whole and both in known:
        stem, entries = known[both]
        return Concept(both, (Meant(stem),), weight(entries, total), entries)
    for far, _, stem, entries in near.get(both, ()):
        if far <= 1:
            return Concept(both, (Meant(stem, 0.9),), weight(entries, total), entries)
    return None


# Three ways to be looked at, each bounded by itself: what people call it is just this; it has all
# the words; or it has the rarer ones. `places` is where each asked stem stands best (A before D).
_CANDIDATES = """
WITH chosen AS (
    (SELECT id FROM kb_entry WHERE phrases && %(exact)s AND {kind} LIMIT %(most_exact)s)
    UNION (SELECT id FROM kb_entry WHERE (kind || '/' || slug) = ANY(%(solved)s) AND {kind})
    UNION (SELECT id FROM (
        SELECT id, ts_rank('{{0.1,0.2,0.4,1}}', document, %(every)s::tsquery) AS near FROM (
            SELECT id, document FROM kb_entry
            WHERE document @@ %(every)s::tsquery AND {kind} LIMIT %(most_together)s) AS those
        ORDER BY near DESC, id LIMIT %(most_weighed)s) AS together)
    UNION (SELECT id FROM (
        SELECT id, ts_rank('{{0.1,0.2,0.4,1}}', document, %(some)s::tsquery) AS near FROM (
            SELECT id, document FROM kb_entry
            WHERE document @@ %(some)s::tsquery AND {kind} LIMIT %(most_apart)s) AS those
        ORDER BY near DESC, id LIMIT %(most_weighed)s) AS apart))
SELECT e.kind, e.slug, e.title, e.summary, e.service_slug, e.phrases,
    (SELECT jsonb_object_agg(u.lexeme, (SELECT min(w) FROM unnest(u.weights) AS w))
     FROM unnest(e.document) AS u WHERE u.lexeme = ANY(%(stems)s))
FROM kb_entry AS e JOIN chosen USING (id)"""

_WEIGHTS = "SELECT stem, sum(entries) FROM kb_word WHERE stem = ANY(%s) GROUP BY stem"


def _quoted(stem: str) -> str:
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"


def _any(one: Concept, mark: str = "") -> str:
    return "(" + " | ".join(f"{_quoted(m.stem)}{mark}" for m in one.meant) + ")"


def statement(kind: str = "") -> str:
    """What is asked of the database for the entries of a search; for tests that explain it."""
    return _CANDIDATES.format(kind="kind = %(kind)s" if kind else "true")


def values(
    concepts: Sequence[Concept], solved: Mapping[str, float], kind: str = ""
) -> dict[str, Any]:
    """What is filled into it."""
    asked = [one for one in concepts if one.meant]
    rare = [one for one in asked if one.entries <= COMMON]
    every = " & ".join(_any(one) for one in asked)
    # Where each word is common, they are looked for together, in what things are called.
    some = " | ".join(_any(one) for one in rare) if rare else _of_names(asked)
    best = sorted({one.meant[0].stem for one in asked})
    return {
        "exact": [" ".join(best), *(m.stem for one in asked for m in one.meant)],
        "solved": list(solved),
        "every": every if rare else _of_names(asked),
        "some": some,
        "stems": [m.stem for one in asked for m in one.meant],
        "kind": kind,
        "most_exact": EXACT,
        "most_together": TOGETHER,
        "most_apart": APART,
        "most_weighed": WEIGHED,
    }


def _of_names(asked: Sequence[Concept]) -> str:
    return " & ".join(_any(one, ":A") for one in asked)


def _candidates(
    read: _Read, solved: Mapping[str, float], kind: str
) -> tuple[list[Candidate], dict[str, float]]:
    """The entries that come into question, and how telling each word of their phrases is."""
    with connection.cursor() as cursor:
        cursor.execute(statement(kind), values(read.concepts, solved, kind))
        rows = cursor.fetchall()
    found = [Candidate(*row[:6], places=_places(row[6])) for row in rows]
    stems = {stem for one in found for phrase in one.phrases for stem in phrase.split()}
    counted = _rows(_WEIGHTS, [sorted(stems)]) if stems else []
    return found, {stem: weight(int(entries), read.total) for stem, entries in counted}


def _places(found: Any) -> Mapping[str, str]:
    if isinstance(found, str):
        import json

        return dict(json.loads(found))
    return found or {}
