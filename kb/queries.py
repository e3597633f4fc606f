"""Finds services and answers in the words that people use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from core.statements import Statement, statement
from kb import dangers, queries_notices, triage
from kb.forms import reading
from kb.forms.schema import Question
from kb.models import Article, FormState, FormVersion, Service
from kb.search import find
from kb.search_ranking import Hit
from kb.triage import Suggestion
from kb.triage_lexicon import lexicon

# Below this certainty a person decides what a text is about.
SURE = 0.35
# Two services as near to a text as this are a question for a person.
CLEAR = 0.05


@dataclass(frozen=True, slots=True)
class Match:
    """What a text seems to be about, how sure that is (0–1), and why in words."""

    service_slug: str | None
    certainty: float
    reason: str


def services(*, ended: bool = False) -> Sequence[Service]:
    """Every live service by name; with `ended` those that are offered no more as well."""
    return list(Service.objects.all() if ended else Service.objects.filter(is_active=True))


@dataclass(frozen=True, slots=True)
class ServiceName:
    """What a list has to know of a service."""

    pk: int
    slug: str
    name: str
    is_sensitive: bool
    is_active: bool


def service_names() -> list[ServiceName]:
    """Every service by name, those that are offered no more among them."""
    return [ServiceName(*row) for row in _service_names().rows()]


@cache
def _service_names() -> Statement:
    return statement(
        Service.objects.values_list("pk", "slug", "name", "sensitive", "is_active"), prepared=True
    )


def service(slug: str) -> Service | None:
    """One live service; None for what is no service's name."""
    if "\x00" in slug:
        return None
    return Service.objects.filter(slug=slug, is_active=True).first()


def services_named(slugs: Sequence[str]) -> dict[str, Service]:
    """Live services by their slugs."""
    rows = Service.objects.filter(slug__in=slugs, is_active=True)
    return {row.slug: row for row in rows}


def every_question() -> list[tuple[str, Question]]:
    """The own questions of all services by slug, in the order in which they are put."""
    live = FormVersion.objects.filter(state=FormState.LIVE).select_related("service")
    return [
        (one.service.slug, question)
        for one in live.order_by("service__slug")
        for question in reading.form(one.data).own
    ]


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


def search(text: str, limit: int = 10) -> list[Hit]:
    """Services and answers that fit the words, best first. Typos are forgiven."""
    return list(find(text, limit=limit).hits)


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


def suggest_service(
    words: str, *, history: Sequence[str] = (), district: str = "", now: datetime | None = None
) -> Suggestion:
    """The service that a text is about, with how surely and why; none is set by it.

    `history` are the services of open cases of who wrote, newest first; `district` the code of
    where they are: what is told there by notices is likelier. At or above HUB_TRIAGE_BAR it may be
    taken without a person. Words of danger are about themselves, and about no case that is open.
    """
    told = _told(district, now or timezone.now()) if district else frozenset()
    if history and dangers.said_in(words) is not None:
        history = ()
    return triage.suggest(words, lexicon(), history=history, told=told)


def is_sure(suggestion: Suggestion) -> bool:
    """Whether a suggestion is sure enough to be taken without a person."""
    bar: int = settings.HUB_TRIAGE_BAR
    return suggestion.service_slug is not None and round(suggestion.certainty * 100) >= bar


def _told(district: str, now: datetime) -> frozenset[str]:
    """Services of notices that hold in a district."""
    rows = queries_notices.in_force(now).filter(
        Q(everywhere=True) | Q(area_codes__contains=[district])
    )
    return frozenset(slug for slug in rows.values_list("services__slug", flat=True) if slug)
