"""Everything at once that somebody can be asked or told: for a device that works by itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from kb import dangers, search_words, tongues
from kb.models import Article, Notice, Word

# Differs when any of it has changed, come or gone. No time of a change is asked for: one that was
# begun earlier may be committed later.
_MARK = """
SELECT concat_ws(' ', {each})"""
_ROWS = (
    ("s", "kb_service AS s WHERE s.is_active"),
    ("f", "kb_formversion AS f WHERE f.state = 'live'"),
    ("a", "kb_article AS a WHERE a.is_published"),
    ("n", "kb_notice AS n WHERE n.published_at IS NOT NULL AND n.ended_at IS NULL"),
    ("o", "kb_notice_services AS o"),
    ("d", "kb_danger AS d"),
    ("w", "kb_contentwords AS w"),
)


def mark() -> str:
    """A mark of all that is here: one statement over a few hundred rows."""
    count = "count(*) || ':' || coalesce(sum(hashtextextended({}::text, 0)), 0)"
    each = ", ".join(f"(SELECT {count.format(one)} FROM {rows})" for one, rows in _ROWS)  # noqa: S608 - no value from outside is in it
    with connection.cursor() as cursor:
        cursor.execute(_MARK.format(each=each))
        return str(cursor.fetchone()[0])


def answers() -> Sequence[Article]:
    """Every published answer with its service and its owner."""
    rows = Article.objects.filter(is_published=True)
    return list(rows.select_related("service", "organisation").order_by("slug"))


def notices(now: datetime) -> Sequence[Notice]:
    """What holds now and what will, the newest first."""
    rows = Notice.objects.filter(published_at__lte=now, ended_at=None)
    rows = rows.exclude(ends_itself=True, expected_end_at__lte=now)
    found = rows.select_related("organisation").prefetch_related("services")
    return list(found.order_by("-starts_at", "-pk"))


def danger_phrases() -> list[tuple[str, list[str]]]:
    """What is said first, and the words that may mean that danger, in English and the language of
    the moment; in the order in which they are looked for.
    """
    found = []
    for one in dangers.every():
        phrases = f"{one.words},{tongues.said(one.words)}".split(",")
        read = (" ".join(dangers.words_of(phrase)) for phrase in phrases)
        found.append((one.say, list(dict.fromkeys(phrase for phrase in read if phrase))))
    return found


@dataclass(frozen=True, slots=True)
class Book:
    """What a search reads, small enough to be carried: stems are named by their numbers.

    `entries` are (kind, slug, names as numbers of stems, numbers by where they stand best).
    """

    total: int
    stems: Sequence[tuple[str, int]]
    words: Mapping[str, int]
    entries: Sequence[tuple[str, str, list[list[int]], dict[str, list[int]]]]
    # What people say on the way to what they mean.
    chatter: Sequence[str]


_ENTRIES = """
SELECT e.kind, e.slug, e.phrases,
    (SELECT jsonb_object_agg(u.lexeme, (SELECT min(w) FROM unnest(u.weights) AS w))
     FROM unnest(e.document) AS u)
FROM kb_entry AS e ORDER BY e.kind, e.slug"""


def book() -> Book:
    """The entries of a search and its words."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES)
        rows = cursor.fetchall()
    placed = [dict(json.loads(row[3])) if isinstance(row[3], str) else row[3] or {} for row in rows]
    counted = Counter(stem for places in placed for stem in places)
    numbers = {stem: number for number, stem in enumerate(sorted(counted))}
    words = {
        word: numbers[stem]
        for word, stem in Word.objects.order_by("word").values_list("word", "stem")
        if stem in numbers
    }
    entries = [
        (kind, slug, _phrases(phrases, numbers), _places(places, numbers))
        for (kind, slug, phrases, _), places in zip(rows, placed, strict=True)
    ]
    return Book(len(rows), sorted(counted.items()), words, entries, sorted(search_words.CHATTER))


def _phrases(phrases: Sequence[str], numbers: Mapping[str, int]) -> list[list[int]]:
    """What it is called, each name as the numbers of its stems."""
    return [[numbers[stem] for stem in phrase.split() if stem in numbers] for phrase in phrases]


def _places(places: Mapping[str, str], numbers: Mapping[str, int]) -> dict[str, list[int]]:
    """Which stems stand where: A is its name, D far down in its text."""
    found: dict[str, list[int]] = {}
    for stem, place in sorted(places.items()):
        found.setdefault(place, []).append(numbers[stem])
    return found
