"""What changes a due date besides time: a calendar, a priority, somebody's vulnerability.

Towards citizens a date only ever moves nearer; whatever moves says so in the ledger.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

import customers.actions
import customers.actions_lives
from accounts.permissions import Viewer
from core.audit import SYSTEM, Actor
from customers.actions_lives import Warned
from enquiries import clocks, events
from enquiries.actions import deadlines, telling
from enquiries.actions.resolutions import checked_words
from enquiries.events import EventType
from enquiries.lifecycle import (
    CLOCK_WORDS,
    ENDED,
    LIVE,
    PRIORITY_WORDS,
    ClockKind,
    ClockState,
    NotNow,
    Priority,
)
from enquiries.models import Clock, Enquiry
from enquiries.queries import destinations, waiting
from enquiries.queries.access import for_desk

BATCH = 200


def recount(*, organisation_id: int, now: datetime) -> int:
    """Counts every open clock on an organisation's calendars again; returns how many moved.

    An enquiry at a time, each in its own transaction: killed half way, it is run again.
    """
    moved, last = 0, 0
    while True:
        ids = list(
            Clock.objects.filter(
                organisation_id=organisation_id, state__in=deadlines.OPEN, enquiry_id__gt=last
            )
            .order_by("enquiry_id")
            .values_list("enquiry_id", flat=True)
            .distinct()[:BATCH]
        )
        if not ids:
            return moved
        for enquiry_id in ids:
            moved += _recount(enquiry_id, "the working hours changed", actor=SYSTEM, now=now)
        last = ids[-1]


@transaction.atomic
def _recount(enquiry_id: int, reason: str, *, actor: Actor, now: datetime) -> int:
    enquiry = events.locked(enquiry_id)
    return shorten(enquiry, reason, actor=actor, now=now)


def shorten(enquiry: Enquiry, reason: str, *, actor: Actor, now: datetime) -> int:
    """Counts the open clocks of a locked enquiry again; returns how many moved.

    The citizen's go nearer or stay. A partner's follow the calendar either way, but never beyond
    the promise.
    """
    moved = []
    for row in deadlines.open_of(enquiry):
        before = row.due_at
        _count(enquiry, row, now)
        if row.due_at != before and row.due_at is not None:
            moved.append(row)
    Clock.objects.bulk_update(moved, ["budget", "elapsed", "due_at", "warn_at"])
    deadlines.show(enquiry, moved)
    for row in moved:
        what = CLOCK_WORDS[ClockKind(row.kind)]
        events.record(
            enquiry,
            EventType.DUE_MOVED,
            actor=actor,
            at=now,
            clock=row.kind,
            clock_words=what,
            due=row.due_at.isoformat() if row.due_at else "",
            due_words=telling.moment_words(row.due_at) if row.due_at else "",
            reason=reason,
        )
    return len(moved)


def _count(enquiry: Enquiry, row: Clock, now: datetime) -> None:
    percent = destinations.percent_for(enquiry)
    whose = destinations.whose(row.organisation, row.team, percent=percent)
    pauses = waiting.pauses(enquiry, with_ends=True)
    if row.state == ClockState.PAUSED.value:
        # The wait of now is added when it ends; the budget may change before.
        pauses = waiting.over(pauses)
    budget, elapsed = deadlines.budget_of(enquiry, row, whose)
    due = clocks.clock_due(row.starts_at, budget, whose.calendar, pauses, elapsed=elapsed)
    if due is None:
        return  # it ran out before it became the citizen's turn: about to be decided
    if row.referral_id is None and row.due_at is not None:
        if due >= row.due_at:
            return
        # Nobody misses a date before it was set.
        due = max(due, min(now, row.due_at))
    row.budget, row.elapsed, row.due_at = budget, elapsed, due
    row.warn_at = clocks.warn_at(row.starts_at, budget, whose.calendar, pauses, elapsed=elapsed)


@transaction.atomic
def set_priority(
    *, reference: str, viewer: Viewer, priority: Priority, words: str, now: datetime
) -> None:
    """Says how much a case presses; more shortens its clocks by rule, less gives no time back.

    Raises NoSuchCase, NotNow, WordsMissing.
    """
    words = checked_words(words)
    enquiry = for_desk(viewer, reference)
    if enquiry.status in ENDED:
        raise NotNow("This enquiry has ended. Open it again before you change its priority")
    if enquiry.priority == priority.value:
        return
    enquiry.priority = priority.value
    enquiry.save(update_fields=["priority"])
    events.record(
        enquiry,
        EventType.PRIORITY_SET,
        actor=viewer.actor,
        at=now,
        priority=priority.value,
        priority_words=PRIORITY_WORDS[priority].lower(),
        words=words,
    )
    shorten(enquiry, f"priority {priority.value}", actor=viewer.actor, now=now)


@transaction.atomic
def set_vulnerable(
    *,
    person_id: int,
    viewer: Viewer,
    is_vulnerable: bool,
    why: str,
    now: datetime,
) -> None:
    """Flags a person, or takes the flag away; the clocks of what they have open are shortened.

    Who sees people may do so; it is written down in the audit. Raises WordsMissing.
    """
    why = checked_words(why)
    changed = customers.actions.set_vulnerable(
        person_id=person_id, is_vulnerable=is_vulnerable, why=why, actor=viewer.actor, now=now
    )
    if changed and is_vulnerable:
        _sooner(person_id, viewer, now)


@transaction.atomic
def record_alert(*, viewer: Viewer, person: uuid.UUID, alert: Warned, now: datetime) -> None:
    """Writes an alert down; the clocks of what somebody has open are shortened where it says that
    they are vulnerable. Raises NoSuchPerson, NotSo."""
    person_id = customers.actions_lives.record_alert(
        viewer=viewer, person=person, alert=alert, now=now
    )
    if person_id is not None:
        _sooner(person_id, viewer, now)


def _sooner(person_id: int, viewer: Viewer, now: datetime) -> None:
    open_ids = Enquiry.objects.filter(
        person_id=person_id, status__in=[status.value for status in LIVE]
    ).values_list("pk", flat=True)
    for enquiry_id in list(open_ids.order_by("pk")):
        enquiry = events.locked(enquiry_id)
        shorten(enquiry, "somebody who needs it sooner", actor=viewer.actor, now=now)
