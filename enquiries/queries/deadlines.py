"""The clocks of one case in words, for those who work on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import BigIntegerField

from accounts.permissions import Viewer
from core.statements import Given, Objects, objects
from enquiries.clocks import ROUND_THE_CLOCK, Calendar
from enquiries.lifecycle import CLOCK_WORDS, ClockKind, ClockState
from enquiries.models import Clock, Enquiry
from enquiries.queries import destinations, timeleft

_ORDER = {kind.value: number for number, kind in enumerate(ClockKind)}
_STATES = {
    ClockState.MET.value: "Met",
    ClockState.VOID.value: "Ended without a result",
    ClockState.PAUSED.value: "Stands still until they answer",
}


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock: what it measures, whose it is, how it stands.

    `state` is ok, soon or late while it runs, else met, missed, paused or void.
    """

    words: str
    whose: str
    standing: str
    state: str
    due_at: datetime | None


def rows_of(viewer: Viewer, enquiry: Enquiry) -> list[Clock]:
    """Every clock of a case for the hub; for others those of their own. One statement."""
    of = None if viewer.is_hub else viewer.organisation_id or 0
    rows = _rows(is_of_one=of is not None).rows(enquiry=enquiry.pk, of=of)
    return sorted(rows, key=lambda row: (_ORDER[row.kind], row.starts_at, row.pk))


@cache
def _rows(*, is_of_one: bool) -> Objects[Clock]:
    rows = Clock.objects.filter(enquiry_id=Given("enquiry", BigIntegerField()))
    if is_of_one:
        rows = rows.filter(referral__organisation_id=Given("of", BigIntegerField()))
    return objects(
        rows.select_related("organisation", "team", "referral").order_by(), prepared=True
    )


def in_words(rows: Iterable[Clock], *, now: datetime) -> list[ClockLine]:
    """Clocks as those who work on the case read them."""
    return [_line(row, now) for row in rows]


def of_case(viewer: Viewer, enquiry: Enquiry, *, now: datetime) -> list[ClockLine]:
    """The clocks of a case, read and said."""
    return in_words(rows_of(viewer, enquiry), now=now)


def hours_of(row: Clock) -> Calendar:
    """In whose hours a clock counts."""
    return ROUND_THE_CLOCK if row.elapsed else destinations.calendar_of(row.organisation, row.team)


def _line(row: Clock, now: datetime) -> ClockLine:
    due_at = _binding(row)
    standing, state = _standing(row, due_at, now)
    words = CLOCK_WORDS[ClockKind(row.kind)]
    return ClockLine(words, row.organisation.short_name, standing, state, due_at)


def _binding(row: Clock) -> datetime | None:
    """When the clock runs out, but never after what the citizen was promised while it runs.

    The queues of the body that works say the same moment.
    """
    if row.kind != ClockKind.WORK.value or row.stopped_at or row.due_at is None or not row.referral:
        return row.due_at
    return min(row.due_at, row.referral.work_due_at or row.due_at)


def _standing(row: Clock, due_at: datetime | None, now: datetime) -> tuple[str, str]:
    if row.state in _STATES:
        return _STATES[row.state], row.state
    calendar = hours_of(row)
    if row.stopped_at is not None:
        late = timeleft.left(due_at, row.stopped_at, calendar)
        return f"Missed. {late.words}", ClockState.MISSED.value
    left = timeleft.left(due_at, now, calendar)
    return left.words, left.state
