"""Finds services and answers in the words that people use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import Cast, Concat, Greatest

from kb.models import Article, Service

# Below this likeness two words are different words rather than a slip of the finger.
LIKE = 0.45
# Below this certainty a person decides what a text is about.
SURE = 0.35


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


def services() -> Sequence[Service]:
    """Every live service by name."""
    return list(Service.objects.filter(is_active=True))


def service(slug: str) -> Service | None:
    """One live service."""
    return Service.objects.filter(slug=slug, is_active=True).first()


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
    phrase = Concat(F("name"), Value(" "), F("synonyms"))
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
    return sorted(hits, key=lambda hit: (-hit.score, hit.kind != "service", hit.title))[:limit]


def match_service(text: str) -> Match:
    """The service that a text is about, or none when the words do not decide it."""
    query = _words(text)
    if query is None:
        return Match(None, 0.0, "No words to go by")
    # A message says "black bin missed at no. 4 WR1": score word by word, so that the
    # words that name no service do not drown the ones that do.
    found = sorted(_scored_services(text, query), key=lambda pair: (-pair[1], pair[0].pk))
    if not found:
        return Match(None, 0.0, "No service has these words")
    best, score = found[0]
    runner_up = found[1][1] if len(found) > 1 else 0.0
    lead = score - runner_up
    certainty = min(1.0, score) * (1.0 if lead > 0.05 else 0.7)
    if certainty < SURE:
        return Match(None, certainty, f"Might be {best.name}, but the words do not decide it")
    return Match(best.slug, certainty, f"The words fit {best.name}")
