"""Finds services and answers in the words that people use, however they spell them (ADR 0016)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts import areas
from core import privacy, references
from kb import search_reading, search_solved, search_words
from kb.search_ranking import Candidate, Hit, rank, weight
from kb.search_reading import Read
from kb.search_words import Concept

# Entries that are looked at for one search: enough to hold the best, few enough to be quick.
EXACT, NAMED, SAID, WEIGHED = 30, 1_000, 250, 30
# A word that more entries have than this is looked for in names only; one that still more have
# in names that have the other such words too.
COMMON, COMMON_NAMES = 250, 1_500
# So many of the rarest words are looked for in whole texts.
RAREST = 3
LONGEST_KEY = 120


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
    read = search_reading.read(search_words.telling(words), typing=typing)
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
    read: Read, solved: Mapping[str, float], kind: str
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
    return found, _weights(sorted(stems), read.total) if stems else {}


def _weights(stems: list[str], total: int) -> dict[str, float]:
    with connection.cursor() as cursor:
        cursor.execute(_WEIGHTS, [stems])
        return {stem: weight(int(entries), total) for stem, entries in cursor.fetchall()}


def _places(found: Any) -> Mapping[str, str]:
    if isinstance(found, str):
        return dict(json.loads(found))
    return found or {}
