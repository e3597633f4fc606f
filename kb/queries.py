"""Finds services and answers in the words that people use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db import connection
from django.db.models import F, FloatField, Q, TextField, Value
from django.db.models.functions import Cast, Concat, Greatest

from kb.models import Article, Question, Service

# Below this likeness two words are different words rather than a slip of the finger.
LIKE = 0.45
# Below this certainty a person decides what a text is about.
SURE = 0.35
# What scores less than this share of the best hit only looks like it ("birth" for "bin").
NEAR = 0.3
# Two services as near to a text as this are a question for a person.
CLEAR = 0.05


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: a `service` or an `answer`."""

    kind: str
    slug: str
    title: str
    summary: str
    score: float
    service_slug: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a text seems to be about, how sure that is (0–1), and why in words."""

    service_slug: str | None
    certainty: float
    reason: str


def services(*, ended: bool = False) -> Sequence[Service]:
    """Every live service by name; with `ended` those that are offered no more as well."""
    return list(Service.objects.all() if ended else Service.objects.filter(is_active=True))


def service(slug: str) -> Service | None:
    """One live service; None for what is no service's name."""
    if "\x00" in slug:
        return None
    return Service.objects.filter(slug=slug, is_active=True).first()


def every_question() -> Sequence[Question]:
    """The questions of all services, each with its service, in the order in which they are put."""
    return list(Question.objects.select_related("service"))


def article(slug: str) -> Article | None:
    """One published answer with its service."""
    return Article.objects.filter(slug=slug, is_published=True).select_related("service").first()


def articles_about(service_slug: str) -> Sequence[Article]:
    """Published answers about a service."""
    return list(Article.objects.filter(service__slug=service_slug, is_published=True))


def a_to_z() -> list[tuple[str, list[Service]]]:
    """Services under their first letter."""
    ordered = sorted(services(), key=lambda row: row.name.casefold())
    return [
        (letter, list(rows))
        for letter, rows in groupby(ordered, key=lambda row: row.name[0].upper())
    ]


def by_group() -> list[tuple[str, list[Service]]]:
    """Services under their group."""
    ordered = sorted(services(), key=lambda row: (row.group, row.name))
    return [(group, list(rows)) for group, rows in groupby(ordered, key=lambda row: row.group)]


def _words(text: str) -> SearchQuery | None:
    words = [word for word in "".join(c if c.isalnum() else " " for c in text).split() if word][:40]
    return (
        SearchQuery(" or ".join(words), search_type="websearch", config="english")
        if words
        else None
    )


def _scored_services(text: str, query: SearchQuery) -> list[tuple[Service, float]]:
    rank = SearchRank(F("document"), query)
    phrase = Concat(F("name"), Value(" "), F("synonyms"), output_field=TextField())
    likeness = TrigramWordSimilarity(text[:200], phrase)
    rows = (
        Service.objects.filter(is_active=True)
        .annotate(rank=rank, likeness=Cast(likeness, FloatField()))
        .annotate(score=Greatest(F("rank"), F("likeness") * 0.9, output_field=FloatField()))
        .filter(Q(document=query) | Q(likeness__gte=LIKE))
        .order_by("-score", "name", "pk")
    )
    return [(row, float(row.rank + row.likeness * 0.6)) for row in rows[:20]]


def search(text: str, limit: int = 10) -> list[Hit]:
    """Services and answers that fit the words, best first. Typos are forgiven."""
    query = _words(text)
    if query is None:
        return []
    hits = [
        Hit("service", row.slug, row.name, row.summary, score, row.slug)
        for row, score in _scored_services(text, query)
    ]
    answers = (
        Article.objects.filter(is_published=True)
        .annotate(
            rank=SearchRank(F("document"), query),
            likeness=Cast(TrigramWordSimilarity(text[:200], "title"), FloatField()),
        )
        .filter(Q(document=query) | Q(likeness__gte=LIKE))
        .select_related("service")
        .order_by("-rank", "title", "pk")[:20]
    )
    hits += [
        Hit(
            "answer",
            row.slug,
            row.title,
            row.summary,
            float(row.rank + row.likeness * 0.6),
            row.service.slug if row.service else "",
        )
        for row in answers
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.kind != "service", hit.title))
    return [hit for hit in hits if hit.score >= hits[0].score * NEAR][:limit]


# How much of a phrase that people use stands in a text: each phrase's share of stems found,
# worth more the longer the phrase is.
_PHRASES = """
WITH said AS (SELECT tsvector_to_array(to_tsvector('english', %s)) AS stems),
phrases AS (
    SELECT s.slug, s.name, tsvector_to_array(to_tsvector('english', phrase)) AS stems
    FROM kb_service AS s
    CROSS JOIN LATERAL regexp_split_to_table(s.name || ',' || s.synonyms, '[,;]') AS phrase
    WHERE s.is_active),
found AS (
    SELECT slug, name, cardinality(p.stems) AS wanted,
           (SELECT count(*) FROM unnest(p.stems) AS stem WHERE stem = ANY (said.stems)) AS got
    FROM phrases AS p, said WHERE p.stems && said.stems)
SELECT slug, name, max(got::float / wanted * (1 - power(0.5, got))) AS score
FROM found GROUP BY slug, name ORDER BY score DESC, slug LIMIT 2"""


def match_service(text: str) -> Match:
    """The service that a text is about, or none when the words do not decide it."""
    with connection.cursor() as cursor:
        cursor.execute(_PHRASES, [text.replace("\x00", "")[:4_000]])
        found = cursor.fetchall()
    if not found:
        return Match(None, 0.0, "No service has these words")
    slug, name, score = found[0]
    lead = score - (found[1][2] if len(found) > 1 else 0.0)
    certainty = float(score if lead > CLEAR else score * 0.7)
    if certainty < SURE:
        return Match(None, certainty, f"Might be {name}, but the words do not decide it")
    return Match(slug, certainty, f"The words fit {name}")
