"""The clocks of a history, as `actions.deadlines` would have left them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from enquiries import clocks
from enquiries.lifecycle import NOT_OUR_WORK, ClockKind, ClockState
from enquiries.models import Clock, Enquiry, Referral, ReferralStatus
from enquiries.promises import Promised
from enquiries.queries.book import Book

if TYPE_CHECKING:
    from accounts.models import Organisation, Team


def of(
    enquiry: Enquiry,
    referral: Referral | None,
    promise: Promised | None,
    owner: Organisation,
    team: Team | None,
    *,
    book: Book,
) -> Iterator[Clock]:
    """The clocks of an enquiry whose dates are set; sets those of its referral, too."""
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
        _walk(row, promise.budget, book, owner, team)
        yield _decided(row, enquiry.resolved_at, void=void)
    if referral is not None:
        yield from _of_referral(enquiry, referral, book)


def _of_referral(enquiry: Enquiry, referral: Referral, book: Book) -> Iterator[Clock]:
    owner, team = referral.organisation, referral.team
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
    yield _decided(row, answered)
    if referral.accepted_at is None:
        return
    row = _clock(ClockKind.WORK, referral.accepted_at, owner, team, book, referral)
    row.elapsed = agreed.elapsed
    _walk(row, agreed.work_budget(referral.accepted_at, calendar), book, owner, team)
    dues = [moment for moment in (row.due_at, enquiry.due_at) if moment is not None]
    referral.work_due_at = min(dues, default=None)
    done = referral.status == ReferralStatus.COMPLETED.value
    yield _decided(row, referral.settled_at if done else None)


def _clock(
    kind: ClockKind,
    starts_at: datetime,
    owner: Organisation,
    team: Team | None,
    book: Book,
    referral: Referral | None = None,
) -> Clock:
    return Clock(
        kind=kind.value,
        organisation_id=(owner or book.hub).pk,
        team_id=team.pk if team else None,
        starts_at=starts_at,
        referral=referral,
        state=ClockState.RUNNING.value,
    )


def _walk(
    row: Clock, budget: timedelta, book: Book, owner: Organisation, team: Team | None
) -> None:
    calendar = book.calendar(owner, team)
    row.budget = budget
    row.due_at = clocks.clock_due(row.starts_at, budget, calendar, elapsed=row.elapsed)
    row.warn_at = clocks.warn_at(row.starts_at, budget, calendar, elapsed=row.elapsed)


def _decided(row: Clock, at: datetime | None, *, void: bool = False) -> Clock:
    """The clock as it stood when it was stopped; running where nothing stopped it."""
    if at is None:
        return row
    late = row.due_at is not None and row.due_at < at
    row.stopped_at = at
    row.missed_at = row.due_at if late else None
    row.state = (ClockState.MISSED if late else ClockState.VOID if void else ClockState.MET).value
    return row
