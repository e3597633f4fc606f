"""Rounds of the sample of links: what is to be marked, what differs, and the figures."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.permissions import Permission, Viewer
from teamwork import actions_quality, quality, quality_rows
from teamwork.models import QualityMark, QualityPair, QualityRound
from teamwork.quality import MARKERS, Figures
from teamwork.quality_rows import marked


@dataclass(frozen=True, slots=True)
class Round:
    """One round. `mine` counts what the viewer may still mark, `differ` what they may decide."""

    number: int
    since: date
    until: date
    drawn_at: datetime
    drawn_by: str
    rule_version: str
    linked_total: int
    apart_total: int
    pairs: int
    mine: int
    differ: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class ToMark:
    """A pair to be marked; `answers` are what the others said, for who decides, else none."""

    public_id: uuid.UUID
    contact: int
    earlier: int
    place: int
    of: int
    answers: tuple[tuple[str, str], ...] = ()


def may(viewer: Viewer) -> bool:
    """Whether this viewer has to do with samples at all."""
    return viewer.is_hub and viewer.may(Permission.LEAD_TEAM)


def number_of(key: str) -> int | None:
    """The round that was drawn with this key; None where none was."""
    seed = actions_quality.seed_of(key)
    return QualityRound.objects.filter(seed=seed).values_list("number", flat=True).first()


def rounds(viewer: Viewer, limit: int = 12) -> list[Round]:
    """The newest rounds, for who leads a team."""
    if not may(viewer):
        return []
    return [_round(viewer, row) for row in QualityRound.objects.all()[:limit]]


def _round(viewer: Viewer, row: QualityRound) -> Round:
    pairs = list(QualityPair.objects.filter(round=row))
    marks = defaultdict(list)
    for mark in QualityMark.objects.filter(pair__round=row).order_by("at", "pk"):
        marks[mark.pair_id].append(mark)
    answers = [marked(pair, marks[pair.pk]) for pair in pairs]
    own = {key for key, found in marks.items() if any(one.staff_id == viewer.id for one in found)}
    shut = own | _private(QualityPair.objects.filter(round=row))
    open_ = [p for p, a in zip(pairs, answers, strict=True) if not a.verdict and p.pk not in shut]
    differ = {p.pk for p, a in zip(pairs, answers, strict=True) if a.differs}
    return Round(
        number=row.number,
        since=row.since,
        until=row.until,
        drawn_at=row.drawn_at,
        drawn_by=row.drawn_by,
        rule_version=row.rule_version,
        linked_total=row.linked_total,
        apart_total=row.apart_total,
        pairs=len(pairs),
        mine=sum(len(marks[pair.pk]) < MARKERS for pair in open_),
        differ=sum(pair.pk in differ for pair in open_),
        figures=quality.figures(
            answers, linked_total=row.linked_total, apart_total=row.apart_total
        ),
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """What a sample came to so far: of which days (half-open), and its figures."""

    number: int
    since: date
    until: date
    figures: Figures


def checked(viewer: Viewer) -> Checked | None:
    """The newest sample in which something is judged, for whoever sees figures; else None."""
    if not viewer.may(Permission.SEE_PERFORMANCE):
        return None
    for row in QualityRound.objects.all()[:3]:
        found = quality_rows.figures(row)
        if found.precision.n or found.missed.n:
            return Checked(row.number, row.since, row.until, found)
    return None


def next_to_mark(viewer: Viewer, number: int) -> ToMark | None:
    """The next pair that this viewer has not seen and that wants an answer.

    Not one whose contact they took themselves: nobody marks their own link. First those that one
    other has marked, so that pairs are finished.
    """
    found = _unseen(viewer, number, marks=Q(answered__lt=MARKERS)).first()
    return _to_mark(found) if found else None


def next_to_decide(viewer: Viewer, number: int) -> ToMark | None:
    """The next pair on which two others differ, with what they said and no names."""
    for row in _unseen(viewer, number, marks=Q(answered=MARKERS)):
        marks = list(QualityMark.objects.filter(pair=row).order_by("at", "pk"))
        if marked(row, marks).differs:
            return _to_mark(row, tuple((one.answer, one.words) for one in marks))
    return None


def _unseen(viewer: Viewer, number: int, *, marks: Q) -> QuerySet[QualityPair]:
    if not may(viewer):
        return QualityPair.objects.none()
    counted = (
        QualityMark.objects.filter(pair=OuterRef("pk"))
        .order_by()
        .values("pair")
        .annotate(n=Count("pk"))
        .values("n")
    )
    own = QualityMark.objects.filter(staff_id=viewer.id).values("pair_id")
    rows = QualityPair.objects.filter(round__number=number)
    return (
        rows.exclude(pk__in=own)
        .exclude(pk__in=_private(rows))
        .exclude(contact__agent_id=viewer.id)
        .annotate(answered=Coalesce(Subquery(counted), 0))
        .filter(marks)
        .order_by("-answered", "place")
    )


def _private(rows: QuerySet[QualityPair]) -> set[int]:
    """Those of which one side has come to be about a sensitive service: nobody marks them."""
    sensitive = Q(earlier__service__sensitive=True)
    sensitive |= Q(contact__items__enquiry__service__sensitive=True)
    return set(rows.filter(sensitive).order_by().values_list("pk", flat=True))


def _to_mark(row: QualityPair, answers: tuple[tuple[str, str], ...] = ()) -> ToMark:
    of = QualityPair.objects.filter(round=row.round_id).count()
    return ToMark(row.public_id, row.contact_id, row.earlier_id, row.place, of, answers)
