"""Writes what search reads: an entry for each live service and published answer, and the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from kb.search_words import BEGINNING, SHORTEST_SLIP, TWO_SLIPS

# The phrases of an entry are kept as their stems, in the order of the alphabet: "bin empti".
_STEMS = """(SELECT coalesce(array_agg(DISTINCT stems) FILTER (WHERE stems <> ''), '{{}}')
    FROM regexp_split_to_table({phrases}, '[,;\n]') AS phrase,
    LATERAL array_to_string(
        tsvector_to_array(to_tsvector('english', translate(phrase, '-', ' '))), ' ') AS stems)"""


def _vector(columns: str, weight: str) -> str:
    return f"setweight(to_tsvector('english', translate({columns}, '-', ' ')), '{weight}')"


# A text in all the languages that we have it in, without accents, as searches are read.
_TOLD = """(SELECT coalesce(string_agg(translate(regexp_replace(normalize(lower(w.text), NFKD),
        '[\\u0300-\\u036f]', '', 'g'), 'łøđ', 'lod'), ', '), '')
    FROM kb_contentwords AS w WHERE w.key = encode(sha256(convert_to({text}, 'UTF8')), 'hex'))"""
# What people call a service in another language stands beside its name (kb.tongues.called).
_CALLED = _TOLD.format(text="s.name || ': what people call it'")
_NAMED, _TOLD_OF = _TOLD.format(text="s.name"), _TOLD.format(text="s.summary")
_TITLED, _TOLD_IN = _TOLD.format(text="a.title"), _TOLD.format(text="a.summary")

_SERVICES = f"""
SELECT 'service' AS kind, s.slug, s.name AS title, s.summary, s.slug AS service_slug,
    {_STEMS.format(phrases="s.name || ',' || s.synonyms || ',' || told.names")} AS phrases,
    {_vector("s.name || ' ' || s.synonyms || ' ' || told.names", "A")} AS names,
    {_vector("s.name || ' ' || s.synonyms || ' ' || told.names", "A")}
        || {_vector("s.summary || ' ' || s.label || ' ' || told.words", "B")}
        || {_vector('s."group"', "C")} || {_vector("s.prompt", "D")} AS document,
    concat_ws(' ', s.name, s.synonyms, s.summary, told.names, told.words) AS words
FROM kb_service AS s, LATERAL (
    SELECT concat_ws(', ', {_NAMED}, {_CALLED}) AS names, {_TOLD_OF} AS words) AS told
WHERE s.is_active"""  # noqa: S608 - no value from outside is in it

_ANSWERS = f"""
SELECT 'answer' AS kind, a.slug, a.title, a.summary, coalesce(s.slug, '') AS service_slug,
    {_STEMS.format(phrases="a.title || ',' || told.names")} AS phrases,
    {_vector("a.title || ' ' || told.names", "A")} AS names,
    {_vector("a.title || ' ' || told.names", "A")}
        || {_vector("a.summary || ' ' || told.words", "B")}
        || {_vector("a.short", "C")} || {_vector("a.body", "D")} AS document,
    concat_ws(' ', a.title, a.summary, a.short, a.body, told.names, told.words) AS words
FROM kb_article AS a LEFT JOIN kb_service AS s ON s.id = a.service_id,
    LATERAL (SELECT {_TITLED} AS names, {_TOLD_IN} AS words) AS told
WHERE a.is_published"""  # noqa: S608 - no value from outside is in it

_ALL = f"SELECT * FROM ({_SERVICES} UNION ALL {_ANSWERS}) AS each_one"  # noqa: S608
_SOME = f"{_ALL} WHERE kind = %(kind)s AND slug = ANY(%(slugs)s)"

_ENTRIES = """
INSERT INTO kb_entry (kind, slug, title, summary, service_slug, phrases, names, document)
SELECT kind, slug, title, summary, service_slug, phrases, names, document FROM ({rows}) AS now
ON CONFLICT (kind, slug) DO UPDATE SET title = EXCLUDED.title, summary = EXCLUDED.summary,
    service_slug = EXCLUDED.service_slug, phrases = EXCLUDED.phrases,
    names = EXCLUDED.names, document = EXCLUDED.document"""

_GONE = """
DELETE FROM kb_entry AS e WHERE (%(kind)s = '' OR e.kind = %(kind)s AND e.slug = ANY(%(slugs)s))
AND NOT EXISTS (SELECT FROM kb_service AS s
    WHERE e.kind = 'service' AND s.slug = e.slug AND s.is_active)
AND NOT EXISTS (SELECT FROM kb_article AS a
    WHERE e.kind = 'answer' AND a.slug = e.slug AND a.is_published)"""

# Each word with its stem; words that say nothing ("the") have none.
_WORDS = """
INSERT INTO kb_word (word, stem, entries, slips)
SELECT word, (ts_lexize('english_stem', word))[1], 1, {slips} FROM {words}
WHERE word ~ '^[a-z0-9]{{2,40}}$' AND (ts_lexize('english_stem', word))[1] IS NOT NULL
ORDER BY word ON CONFLICT (word) DO NOTHING"""

# As kb.search_words.slips says it: the beginning, and what is left when letters are dropped.
_SLIPS = f"""(SELECT array_agg(DISTINCT rest) FROM (
    SELECT left(word, {BEGINNING}) AS rest
    UNION SELECT overlay(left(word, {BEGINNING}) PLACING '' FROM i FOR 1)
        FROM generate_series(1, least(length(word), {BEGINNING})) AS i
        WHERE length(word) >= {SHORTEST_SLIP}
    UNION SELECT overlay(overlay(left(word, {BEGINNING}) PLACING '' FROM i FOR 1)
            PLACING '' FROM j FOR 1)
        FROM generate_series(1, least(length(word), {BEGINNING})) AS i,
            generate_series(i, least(length(word), {BEGINNING}) - 1) AS j
        WHERE length(word) >= {TWO_SLIPS}) AS dropped)"""  # noqa: S608

_SIMPLE = "to_tsvector('simple', translate(words, '-', ' '))"
_EVERY_WORD = _WORDS.format(
    slips=_SLIPS,
    words=f"ts_stat($$SELECT {_SIMPLE} FROM ({_ALL}) AS now$$)",  # noqa: S608
)
_SOME_WORDS = _WORDS.format(
    slips=_SLIPS,
    words=f"(SELECT DISTINCT unnest(tsvector_to_array({_SIMPLE})) AS word"  # noqa: S608
    f" FROM ({_SOME}) AS now) AS said",
)

_COUNTED = """
UPDATE kb_word AS w SET entries = counted.ndoc
FROM ts_stat('SELECT document FROM kb_entry') AS counted
WHERE w.stem = counted.word AND w.entries <> counted.ndoc"""


# What was written just now waits in a list that each search reads from end to end, until it is
# sorted in.
_SORTED_IN = """
SELECT gin_clean_pending_list(name::regclass)
FROM unnest(ARRAY['entry_document', 'entry_names', 'entry_phrases', 'word_slips']) AS name"""

_UNUSED = """
DELETE FROM kb_word WHERE stem NOT IN (SELECT word FROM ts_stat('SELECT document FROM kb_entry'))"""


@transaction.atomic
def write_all() -> None:
    """Writes every entry and every word anew; for imports, which change many."""
    with connection.cursor() as cursor:
        cursor.execute(_GONE, {"kind": "", "slugs": []})
        cursor.execute(_ENTRIES.format(rows=_ALL))
        cursor.execute("DELETE FROM kb_word")
        cursor.execute(_EVERY_WORD)
        cursor.execute(_COUNTED)
        cursor.execute(_SORTED_IN)


@transaction.atomic
def write(kind: str, slugs: Sequence[str]) -> None:
    """Writes the entries of some services or answers anew, and takes out those that are gone.

    How many entries have a word is counted anew by the nightly job alone.
    """
    about: dict[str, Any] = {"kind": kind, "slugs": list(slugs)}
    with connection.cursor() as cursor:
        cursor.execute(_GONE, about)
        cursor.execute(_ENTRIES.format(rows=_SOME), about)
        cursor.execute(_SOME_WORDS, about)
        cursor.execute(_SORTED_IN)


def count() -> None:
    """Counts how many entries have each word; words that none has any more are dropped."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED)
        cursor.execute(_UNUSED)
