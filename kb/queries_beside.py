"""What an agent can say at once, found in the words of the caller while they are typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from accounts.permissions import Viewer
from kb import article_content, markdown, queries_articles
from kb.article_content import Start
from kb.models import Article, Service
from kb.search import Found, find
from kb.search_ranking import Hit

MOST_SERVICES, MOST_ANSWERS = 6, 5


# Finds the areas of a place, the smallest first; None where nobody knows the place.
Codes = Callable[[], Sequence[str] | None]


def nowhere() -> None:
    """The areas of a place that nobody knows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A published answer beside a contact or a case.

    `say` are the words to read aloud, plain, as its editors wrote them for agents; "" where they
    wrote none: what a page is about is no answer.
    `body` is what readers of the place have; `starts` are its buttons that are still offered.
    """

    slug: str
    title: str
    say: str
    body: str
    owner: str
    service: str
    service_name: str
    reviewed_on: date
    review_by: date | None
    is_overdue: bool
    # Whether it says something else elsewhere, and nobody knows yet where this is.
    differs: bool
    starts: tuple[Start, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """Services and answers that fit. `found` is what the search read in the words."""

    services: tuple[Hit, ...] = ()
    answers: tuple[Answer, ...] = ()
    found: Found = field(default_factory=Found)


def beside(
    viewer: Viewer,
    text: str,
    *,
    service: str = "",
    codes: Codes = nowhere,
    most: int = MOST_ANSWERS,
    today: date,
) -> Beside:
    """What fits the words, best first, and then what is written about a service.

    `codes` finds the areas of the place, as far as it is known, where words differ by it. The last
    word may be the beginning of one: it is asked while somebody types.
    """
    found = find(text, limit=12, typing=True) if text.strip() else Found()
    slugs = [one.slug for one in found.hits if one.kind == "answer"]
    rows = {row.slug: row for row in _published().filter(slug__in=slugs)} if slugs else {}
    chosen = [rows[slug] for slug in slugs if slug in rows]
    if service and len(chosen) < most:
        about = queries_articles.about(service, most)
        chosen += [row for row in about if row.slug not in rows]
    chosen = chosen[:most]
    return Beside(
        services=tuple(one for one in found.hits if one.kind == "service")[:MOST_SERVICES],
        answers=_answers(viewer, chosen, codes, today),
        found=found,
    )


def one(viewer: Viewer, slug: str, *, codes: Codes = nowhere, today: date) -> Answer | None:
    """One published answer as it stands beside a contact; None for none."""
    if "\x00" in slug:
        return None
    return next(iter(_answers(viewer, list(_published().filter(slug=slug)), codes, today)), None)


def _published() -> QuerySet[Article]:
    return Article.objects.filter(is_published=True).select_related("service", "organisation")


def _answers(
    viewer: Viewer, rows: Sequence[Article], codes: Codes, today: date
) -> tuple[Answer, ...]:
    there = codes() if any(row.areas for row in rows) else None
    lists = {row.slug: article_content.lists_of(row) for row in rows}
    wanted = {start.service for known in lists.values() for start in known["start"]}
    offered: set[str] = set()
    if wanted:
        live = Service.objects.filter(slug__in=wanted, is_active=True)
        offered = set(live.values_list("slug", flat=True))
    found = []
    for row in rows:
        known = lists[row.slug]
        # What one's agents are to say is their organisation's and the hub's.
        mine = viewer.is_hub or row.organisation_id in (None, viewer.organisation_id)
        parts = article_content.for_area(row.body, known["areas"], there)
        here = "" if there is None else "\n\n".join(part.words for part in parts.areas)
        found.append(
            Answer(
                slug=row.slug,
                title=row.title,
                say=markdown.plain(row.say) if mine else "",
                body="\n\n".join(filter(None, (parts.body, here))),
                owner=row.organisation.name if row.organisation else "The hub",
                service=row.service.slug if row.service and row.service.is_active else "",
                service_name=row.service.name if row.service else "",
                reviewed_on=row.reviewed_on,
                review_by=row.review_by,
                is_overdue=row.review_by is not None and row.review_by < today,
                differs=bool(row.areas) and there is None,
                starts=tuple(one for one in known["start"] if one.service in offered),
            )
        )
    return tuple(found)
