"""What is to be done about a case, what somebody is to do, and the lists of services."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db.models import BigIntegerField, F, Q, QuerySet
from django.utils import timezone

from accounts.permissions import Permission, Viewer
from core.sealing import SealBroken, unseal
from core.statements import Given, Objects, objects
from enquiries.queries import holders
from enquiries.queries.desk import Case
from teamwork.models import Checklist, Task

PURPOSE = "task"
# Of one's own as many as anybody reads.
_MOST = 100


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as staff read it. `state` is late, today, open or done."""

    public_id: uuid.UUID
    words: str
    due_on: date | None
    state: str
    who: str
    is_mine: bool
    made_at: datetime
    made_by: str
    done_at: datetime | None
    done_by: str
    reference: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a checklist: what is to be done, and after how many days (0: no day)."""

    words: str
    days: int


@dataclass(frozen=True, slots=True)
class ListRow:
    """A service with its list."""

    slug: str
    name: str
    lines: tuple[Line, ...]
    version: int
    changed_at: datetime | None
    changed_by: str


def may(viewer: Viewer) -> bool:
    """Whether the viewer has tasks at all: who works at the hub's desk."""
    return viewer.is_hub and viewer.may(Permission.TRIAGE)


def of_case(case: Case) -> list[TaskRow]:
    """The tasks of a case that the viewer reads, what is open first. One statement."""
    if case.is_hidden or not case.viewer.is_hub:
        return []
    return _rows(case.viewer, _about().rows(enquiry=case.enquiry.pk))


@cache
def _about() -> Objects[Task]:
    rows = Task.objects.filter(enquiry_id=Given("enquiry", BigIntegerField()))
    order = (F("done_at").desc(nulls_first=True), "due_on", "pk")
    return objects(rows.select_related("staff").order_by(*order), prepared=True)


def mine(viewer: Viewer) -> list[TaskRow]:
    """What the viewer is to do, due first. Two statements."""
    if not may(viewer):
        return []
    rows = _mine(viewer).select_related("staff", "enquiry__service")
    if not viewer.reads_sensitive:
        rows = rows.exclude(enquiry__service__sensitive=True)
    return _rows(viewer, rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:_MOST], named=True)


def due(viewer: Viewer) -> int:
    """How many of them are due today, or were before. Two statements."""
    if not may(viewer):
        return 0
    rows = _mine(viewer).filter(due_on__lte=timezone.localdate())
    return len(rows.values_list("pk", flat=True)[:_MOST])


def _mine(viewer: Viewer) -> QuerySet[Task]:
    """What they are to do by name, and what nobody is of the cases that they have in hand."""
    anybody = Q(staff=None, enquiry__in=holders.in_hand(viewer))
    return Task.objects.filter(Q(staff_id=viewer.id or 0) | anybody, done_at=None)


def _rows(viewer: Viewer, rows: Iterable[Task], *, named: bool = False) -> list[TaskRow]:
    today = timezone.localdate()
    return [_row(viewer, row, today, named=named) for row in rows]


def _row(viewer: Viewer, row: Task, today: date, *, named: bool) -> TaskRow:
    try:
        words = unseal(row.sealed, purpose=PURPOSE)
    except SealBroken:
        words = "Its words cannot be read any more"
    service = row.enquiry.service if named else None
    return TaskRow(
        public_id=row.public_id,
        words=words,
        due_on=row.due_on,
        state=_state(row, today),
        who=str(row.staff) if row.staff else "",
        is_mine=row.staff_id is not None and row.staff_id == viewer.id,
        made_at=row.made_at,
        made_by=row.made_by,
        done_at=row.done_at,
        done_by=row.done_by,
        reference=row.enquiry.reference if named else "",
        service=service.name if service else "",
    )


def _state(row: Task, today: date) -> str:
    if row.done_at is not None:
        return "done"
    if row.due_on is None or row.due_on > today:
        return "open"
    return "today" if row.due_on == today else "late"


def list_of(service_id: int | None) -> tuple[Line, ...]:
    """The checklist of a service; () where nobody wrote one."""
    found = Checklist.objects.filter(service_id=service_id or 0).first()
    return lines(found.lines) if found is not None else ()


def lines(kept: Iterable[dict[str, object]]) -> tuple[Line, ...]:
    """Lines as they are kept."""
    return tuple(Line(str(one["words"]), int(str(one.get("days") or 0))) for one in kept)


def lists() -> dict[int, Checklist]:
    """Every list by the key of its service."""
    return {one.service_id: one for one in Checklist.objects.all()}
