"""What managers say of figures: what happened on a day, what is aimed at, between what it stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

import accounts.queries
from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from metrics import bands
from metrics.models import Annotation, Band

LONGEST = 60


class TargetRefused(DomainError):
    code = "target_refused"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is aimed at, and the two ends of a band; in hundredths, or in contacts for `cpr`."""

    target: Decimal | None
    low: Decimal | None
    high: Decimal | None


@transaction.atomic
def annotate(
    *,
    organisation: str,
    day: date,
    until: date | None,
    words: str,
    viewer: Viewer,
    now: datetime,
) -> None:
    """Something happened on a day, or from a day until another (included). Raises TargetRefused.

    `organisation` "" is everybody's, which the hub alone says. The same again is once.
    """
    whose = _whose(organisation, viewer)
    words = " ".join(words.split())
    if not words or len(words) > LONGEST:
        raise TargetRefused(f"Say what happened in {LONGEST} characters or fewer")
    if until is not None and until < day:
        raise TargetRefused("The last day must not be before the first one")
    _, is_new = Annotation.objects.get_or_create(
        **whose,
        day=day,
        until=until,
        words=words,
        defaults={"entered_by": viewer.name[:120], "entered_at": now},
    )
    if is_new:
        _note("figures.annotated", organisation, viewer, now, day=str(day), words=words)


@transaction.atomic
def take_away(*, annotation: int, viewer: Viewer, now: datetime) -> None:
    """It did not happen, or says it wrongly: one's own, the hub anybody's. Raises TargetRefused."""
    rows = Annotation.objects.select_related("organisation").filter(pk=annotation)
    if not viewer.is_hub:
        rows = rows.filter(organisation__slug=viewer.organisation_slug)
    row = rows.first()
    if row is None or not viewer.may(Permission.SET_TARGETS):
        raise TargetRefused("That is not there any more")
    slug = row.organisation.slug if row.organisation else ""
    _note("figures.annotation_removed", slug, viewer, now, day=str(row.day), words=row.words)
    row.delete()


@transaction.atomic
def aim(*, figure: str, organisation: str, bounds: Bounds, viewer: Viewer, now: datetime) -> None:
    """What a figure should be, and stay between; who says so is told when it leaves.

    Said again it is mended and looked at anew; with nothing said it is taken away. Raises
    TargetRefused.
    """
    whose = _whose(organisation, viewer)
    if figure not in bands.FIGURES:
        raise TargetRefused("Choose a figure from the list")
    if viewer.id is None:
        raise TargetRefused("Somebody has to be told")
    _check(figure, bounds)
    said = {"target": bounds.target, "low": bounds.low, "high": bounds.high}
    if all(one is None for one in said.values()):
        Band.objects.filter(figure=figure, **whose).delete()
    else:
        Band.objects.update_or_create(
            figure=figure,
            **whose,
            defaults={
                **said,
                "tells_id": viewer.id,
                "entered_by": viewer.name[:120],
                "entered_at": now,
                "compared_on": None,
                "outside_since": None,
            },
        )
    told = {name: str(one) for name, one in said.items() if one is not None}
    _note("figures.aimed", organisation, viewer, now, figure=figure, **told)


def _check(figure: str, bounds: Bounds) -> None:
    most = 100 if bands.FIGURES[figure].is_share else 1000
    for one in (bounds.target, bounds.low, bounds.high):
        if one is not None and not (one.is_finite() and 0 <= one <= most):
            raise TargetRefused(f"Enter numbers from 0 to {most}")
    if bounds.low is not None and bounds.high is not None and bounds.low > bounds.high:
        raise TargetRefused("The lower end must not be above the upper one")


def _whose(organisation: str, viewer: Viewer) -> dict[str, Any]:
    """The organisation as rows name it; none is everybody. A partner says its own alone."""
    if not viewer.may(Permission.SET_TARGETS):
        raise TargetRefused("Only managers say what figures should be")
    if not organisation and viewer.is_hub:
        return {"organisation_id": None}
    body = accounts.queries.organisation(organisation)
    if body is None or not (viewer.is_hub or viewer.organisation_slug == organisation):
        raise TargetRefused("Choose your own organisation")
    return {"organisation_id": body.pk}


def _note(what: str, organisation: str, viewer: Viewer, now: datetime, **data: object) -> None:
    target = f"organisation:{organisation}" if organisation else "partnership"
    audit.record(what, actor=viewer.actor, target=target, at=now, data=data)
