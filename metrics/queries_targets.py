"""What managers said of figures, for whoever may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db.models import Q, QuerySet

from accounts.permissions import Viewer
from metrics.models import Annotation, Band
from metrics.queries import may_count

M = TypeVar("M", Annotation, Band)


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened on a day, or from a day until another; `organisation` "" is everybody's."""

    pk: int
    day: date
    until: date | None
    words: str
    organisation: str
    entered_by: str


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure should be, and stay between; `outside_since`: it does not."""

    figure: str
    organisation: str
    target: Decimal | None
    low: Decimal | None
    high: Decimal | None
    entered_by: str
    compared_on: date | None
    outside_since: date | None


def happened(
    viewer: Viewer, since: date | None = None, until: date | None = None, organisation: str = ""
) -> list[Happened]:
    """By day, those that touch the days (half-open). A partner reads everybody's and its own; the
    hub all, or of one organisation and everybody's."""
    rows = _theirs(Annotation.objects.all(), viewer, organisation)
    if since is not None:
        rows = rows.filter(Q(day__gte=since) | Q(until__gte=since))
    if until is not None:
        rows = rows.filter(day__lt=until)
    names = ("pk", "day", "until", "words", "organisation__slug", "entered_by")
    return [
        Happened(pk, day, last, words, slug or "", by)
        for pk, day, last, words, slug, by in rows.values_list(*names)
    ]


def aims(viewer: Viewer, organisation: str = "") -> list[Aim]:
    """What is aimed at, by figure; a partner's is its own alone beside everybody's."""
    rows = _theirs(Band.objects.all(), viewer, organisation)
    names = ("target", "low", "high", "entered_by", "compared_on", "outside_since")
    return [
        Aim(figure, slug or "", *rest)
        for figure, slug, *rest in rows.values_list("figure", "organisation__slug", *names)
    ]


def _theirs(rows: QuerySet[M], viewer: Viewer, organisation: str) -> QuerySet[M]:
    if not may_count(viewer):
        return rows.none()
    slug = organisation if viewer.is_hub else viewer.organisation_slug
    if viewer.is_hub and not slug:
        return rows
    return rows.filter(Q(organisation=None) | Q(organisation__slug=slug))
