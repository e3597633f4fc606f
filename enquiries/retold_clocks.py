"""The clocks of a history, as `actions.deadlines` would have left them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from enquiries import clocks
from enquiries.lifecycle import NOT_OUR_WORK, ClockKind, ClockState, ReferralStatus
from enquiries.models import Referral
from enquiries.promises import Promised
from enquiries.queries.book import Book
from enquiries.retold import Placed, Told
from enquiries.retold_rows import ClockRow
from enquiries.turns import Waits

if TYPE_CHECKING:
    from accounts.models import Organisation, Team

NO_WAITS: Waits = []


def of(told: Told, placed: Placed, promise: Promised | None, *, book: Book) -> Iterator[ClockRow]:
    """The clocks of an enquiry whose dates are set; sets those of its referrals, too.

    `placed` is who had it at receipt: the citizen's clocks run on their hours (R49).
    """
    enquiry, owner, team = told.enquiry, placed.owner, placed.named_team
    void = enquiry.outcome in NOT_OUR_WORK
    hours = enquiry.service.first_response_wh if enquiry.service else None
    if hours is not None:
        row = _clock(ClockKind.FIRST_RESPONSE, enquiry.received_at, owner, team, book)
        _walk(row, timedelta(hours=hours), book, owner, team)
        enquiry.first_response_due_at = row.due_at
        yield _decided(row, enquiry.responded_at, void=void and enquiry.responded_at is None)
    if promise is not None:
        row = _clock(ClockKind.RESOLUTION, enquiry.received_at, owner, team, book)
        row.elapsed = promise.elapsed
        _walk(row, promise.budget, book, owner, team, told.waits)
        enquiry.due_at = row.due_at or enquiry.due_at
        yield _decided(row, told.first_end, void=void)
        if told.first_end is not None and told.reopened is not None:
            between = (told.first_end, told.reopened)
            yield _final(told, promise, row, placed, [*told.waits, between], book)
    for referral in told.referrals:
        yield from _of_referral(told, referral, book)


def _final(
    told: Told, promise: Promised, first: ClockRow, placed: Placed, waits: Waits, book: Book
) -> ClockRow:
    """The clock after a reopening: the same budget, without the time between (R48)."""
    owner, team, enquiry = placed.owner, placed.named_team, told.enquiry
    row = _clock(ClockKind.FINAL, enquiry.received_at, owner, team, book)
    row.elapsed = promise.elapsed
    _walk(row, promise.budget, book, owner, team, waits)
    enquiry.due_at = row.due_at or first.due_at
    return _decided(row, enquiry.resolved_at)


def _of_referral(told: Told, referral: Referral, book: Book) -> Iterator[ClockRow]:
    enquiry, owner, team = told.enquiry, referral.organisation, referral.team
    agreed = book.agreed_for(enquiry.service, owner)
    row = _clock(ClockKind.ACCEPT, referral.offered_at, owner, team, book, referral)
    row.elapsed = agreed.elapsed
    _walk(row, agreed.accept_budget(), book, owner, team)
    referral.accept_due_at = row.due_at
    calendar = book.calendar(owner, team)
    referral.expires_at = clocks.clock_due(
        row.starts_at, row.budget * 2, calendar, elapsed=agreed.elapsed
    )
    answered = referral.accepted_at or referral.settled_at
    withdrawn = referral.status == ReferralStatus.WITHDRAWN.value
    yield _decided(row, answered, void=withdrawn and referral.accepted_at is None)
    if referral.accepted_at is None:
        return
    row = _clock(ClockKind.WORK, referral.accepted_at, owner, team, book, referral)
    row.elapsed = agreed.elapsed
    # Only waits while it was theirs: before they had it, nobody of theirs waited.
    waits = [one for one in told.waits if one[0] >= referral.accepted_at]
    _walk(row, agreed.work_budget(referral.accepted_at, calendar), book, owner, team, waits)
    dues = [moment for moment in (row.due_at, enquiry.due_at) if moment is not None]
    referral.work_due_at = min(dues, default=None)
    done = referral.status == ReferralStatus.COMPLETED.value
    yield _decided(row, referral.settled_at, void=not done)


def _clock(
    kind: ClockKind,
    starts_at: datetime,
    owner: Organisation,
    team: Team | None,
    book: Book,
    referral: Referral | None = None,
) -> ClockRow:
    return ClockRow(
        kind=kind.value,
        organisation_id=(owner or book.hub).pk,
        team_id=team.pk if team else None,
        starts_at=starts_at,
        referral=referral,
    )


def _walk(
    row: ClockRow,
    budget: timedelta,
    book: Book,
    owner: Organisation,
    team: Team | None,
    waits: Waits = NO_WAITS,
) -> None:
    calendar = book.calendar(owner, team)
    row.budget = budget
    row.due_at = clocks.clock_due(row.starts_at, budget, calendar, waits, elapsed=row.elapsed)
    row.warn_at = clocks.warn_at(row.starts_at, budget, calendar, waits, elapsed=row.elapsed)
    if row.due_at is None:
        row.state = ClockState.PAUSED.value  # it is the citizen's turn


def _decided(row: ClockRow, at: datetime | None, *, void: bool = False) -> ClockRow:
    """The clock as it stood when it was stopped; running where nothing stopped it."""
    if at is None:
        return row
    late = row.due_at is not None and row.due_at < at
    row.stopped_at = at
    row.missed_at = row.due_at if late else None
    row.state = (ClockState.MISSED if late else ClockState.VOID if void else ClockState.MET).value
    return row
