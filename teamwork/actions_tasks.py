"""Tasks of cases, added, done and taken back; and the lists that services have."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

import kb.queries
from accounts.colleagues import at_the_desk
from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from core.sealing import seal
from enquiries.queries.access import NoSuchCase
from enquiries.queries.desk import Case
from teamwork.models import Checklist, Task
from teamwork.queries_tasks import PURPOSE, Line, lines, may

MOST_WORDS, MOST_LINES, MOST_DAYS = 200, 20, 365
MOST_OF_A_CASE = 50


class TaskRefused(DomainError):
    """A task or a list cannot be kept as it was written."""

    code = "task_refused"


class NoSuchTask(NoSuchCase):
    """Not there, or of a case that is not the viewer's: it reads the same."""

    code = "no_such_task"


def _may(case: Case) -> None:
    if case.is_hidden or not may(case.viewer):
        raise NoSuchTask("There is no enquiry with that reference")


@transaction.atomic
def add(
    *, case: Case, words: str, due_on: date | None, staff_id: int | None, now: datetime
) -> None:
    """One more thing to do. Raises NoSuchTask, TaskRefused."""
    _may(case)
    words = _checked(words)
    if staff_id is not None and staff_id not in at_the_desk():
        raise TaskRefused("Choose somebody who works at the desk", field="who")
    if Task.objects.filter(enquiry=case.enquiry).count() >= MOST_OF_A_CASE:
        raise TaskRefused(f"A case has {MOST_OF_A_CASE} tasks at most", field="words")
    Task.objects.create(
        enquiry=case.enquiry,
        sealed=seal(words, purpose=PURPOSE),
        due_on=due_on,
        staff_id=staff_id,
        made_at=now,
        made_by=case.viewer.name[:120],
    )


def _checked(words: str) -> str:
    words = " ".join(words.replace("\x00", "").split())
    if not words:
        raise TaskRefused("Write what is to be done", field="words")
    if len(words) > MOST_WORDS:
        raise TaskRefused(f"A task must be {MOST_WORDS} characters or fewer", field="words")
    return words


@transaction.atomic
def take_list(*, case: Case, now: datetime) -> int:
    """The list of the case's service as tasks, each once however often asked. How many are new."""
    _may(case)
    found = Checklist.objects.filter(service_id=case.enquiry.service_id or 0).first()
    if found is None:
        return 0
    today = timezone.localdate(now)
    before = Task.objects.filter(enquiry=case.enquiry).exclude(source="").count()
    Task.objects.bulk_create(
        [
            Task(
                enquiry=case.enquiry,
                sealed=seal(one.words, purpose=PURPOSE),
                due_on=today + timedelta(days=one.days) if one.days else None,
                staff_id=case.enquiry.assignee_id,
                source=f"{found.pk}:{found.version}:{number}",
                made_at=now,
                made_by=case.viewer.name[:120],
            )
            for number, one in enumerate(lines(found.lines))
        ],
        ignore_conflicts=True,
    )
    return Task.objects.filter(enquiry=case.enquiry).exclude(source="").count() - before


@transaction.atomic
def done(*, case: Case, task: uuid.UUID, now: datetime) -> None:
    """It is done; the same again changes nothing. Raises NoSuchTask."""
    row = _held(case, task)
    if row.done_at is None:
        row.done_at, row.done_by = now, case.viewer.name[:120]
        row.save(update_fields=["done_at", "done_by"])


@transaction.atomic
def undone(*, case: Case, task: uuid.UUID) -> None:
    """It is still to be done. Raises NoSuchTask."""
    row = _held(case, task)
    row.done_at, row.done_by = None, ""
    row.save(update_fields=["done_at", "done_by"])


def _held(case: Case, task: uuid.UUID) -> Task:
    _may(case)
    rows = Task.objects.select_for_update(no_key=True)
    found = rows.filter(public_id=task, enquiry=case.enquiry).first()
    if found is None:
        raise NoSuchTask("There is no such task")
    return found


@transaction.atomic
def write_list(
    *, viewer: Viewer, service: str, seen: int, wanted: Iterable[Line], now: datetime
) -> None:
    """What is to be done about each case of a service; no lines: nothing. Tasks that were made of
    the list before stay as they are. Raises NoSuchTask, TaskRefused."""
    about = kb.queries.service(service)
    if about is None or not (viewer.is_hub and viewer.may(Permission.WRITE_RULES)):
        raise NoSuchTask("There is no such service")
    kept = [{"words": _checked(one.words), "days": one.days} for one in wanted]
    if len(kept) > MOST_LINES:
        raise TaskRefused(f"A list has {MOST_LINES} lines at most", field="lines")
    row, is_new = Checklist.objects.select_for_update().get_or_create(
        service_id=about.pk, defaults={"changed_at": now, "version": 0}
    )
    if not is_new and row.version != seen:
        raise TaskRefused("Somebody changed this meanwhile. Read how it is now, and change that")
    row.lines, row.version = kept, row.version + 1
    row.changed_at, row.changed_by = now, viewer.name[:120]
    row.save()
    audit.record(
        "checklist.written", actor=viewer.actor, target=f"service:{service}", at=now,
        data={"lines": len(kept)},
    )  # fmt: skip
