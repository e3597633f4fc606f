"""The clocks of a case: started, paused, moved and decided. The only writer of `Clock`.

Every function takes a locked enquiry (or a referral of one) inside the caller's transaction.
What a clock measures stands in measures.md, "Clocks".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache

from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    F,
    Q,
    QuerySet,
    Value,
    When,
)

from core.statements import Change, Given, change
from enquiries import clocks
from enquiries.lifecycle import ClockKind, ClockState, Status
from enquiries.models import Clock, Enquiry, Referral
from enquiries.models.referrals import LIVE_REFERRAL
from enquiries.promises import Promised
from enquiries.queries import destinations, waiting
from enquiries.queries.promise_hours import OF_CITIZEN
from enquiries.turns import Waits

OPEN = [ClockState.RUNNING.value, ClockState.PAUSED.value]
NO_WAITS: Waits = []


def started(
    enquiry: Enquiry,
    promise: Promised | None,
    whose: destinations.Whose,
    *,
    responds: bool = True,
) -> None:
    """The citizen's clocks, from receipt (R55): the promise and, if `responds`, first response.

    One that starts later knows what was before it: an answer, waits, an end and its reopening.
    """
    rows: list[Clock] = []
    is_late = enquiry.status != Status.NEW.value
    pauses = waiting.over(waiting.pauses(enquiry, with_ends=True)) if is_late else []
    hours = enquiry.service.first_response_wh if enquiry.service else None
    if responds and hours is not None:
        # R49: on the calendar of the service's owner at receipt, through all transfers.
        budget = destinations.first_response_budget(hours, whose)
        kind = ClockKind.FIRST_RESPONSE
        row = _clock(enquiry, kind, enquiry.received_at, budget, whose, pauses=pauses)
        rows.append(_responded_before(row, enquiry.responded_at))
    if promise is not None:
        rows.append(
            _clock(
                enquiry,
                ClockKind.RESOLUTION,
                enquiry.received_at,
                promise.budget,
                whose,
                elapsed=promise.elapsed,
                pauses=pauses,
            )
        )
    Clock.objects.bulk_create(rows)
    if pauses:
        show(enquiry, rows)


def _responded_before(row: Clock, at: datetime | None) -> Clock:
    """Decided at once where the first answer was given before the clock was started."""
    if at is None:
        return row
    late = row.due_at is not None and row.due_at < at
    row.stopped_at, row.missed_at = at, row.due_at if late else None
    row.state = (ClockState.MISSED if late else ClockState.MET).value
    return row


def _clock(
    enquiry: Enquiry,
    kind: ClockKind,
    starts_at: datetime,
    budget: timedelta,
    whose: destinations.Whose,
    *,
    elapsed: bool = False,
    referral: Referral | None = None,
    pauses: Waits = NO_WAITS,
) -> Clock:
    """A clock that runs, or stands still with all others while it is the citizen's turn."""
    waits = enquiry.status == Status.WAITING.value
    return Clock(
        enquiry=enquiry,
        referral=referral,
        kind=kind.value,
        organisation_id=whose.organisation_id,
        team_id=whose.team_id,
        starts_at=starts_at,
        budget=budget,
        elapsed=elapsed,
        due_at=clocks.clock_due(starts_at, budget, whose.calendar, pauses, elapsed=elapsed),
        warn_at=clocks.warn_at(starts_at, budget, whose.calendar, pauses, elapsed=elapsed),
        state=(ClockState.PAUSED if waits else ClockState.RUNNING).value,
    )


def offered(referral: Referral, *, now: datetime) -> None:
    """Writes a new referral with the clock of its answer; it lapses when as long again has gone."""
    enquiry = referral.enquiry
    whose = destinations.whose(referral.organisation, referral.team)
    agreed = destinations.agreed_for(enquiry.service, referral.organisation)
    budget = agreed.accept_budget(destinations.percent_for(enquiry))
    row = _clock(
        enquiry, ClockKind.ACCEPT, now, budget, whose, elapsed=agreed.elapsed, referral=referral
    )
    referral.accept_due_at = row.due_at
    referral.expires_at = clocks.clock_due(now, budget * 2, whose.calendar, elapsed=agreed.elapsed)
    referral.work_due_at = enquiry.due_at
    referral.save(force_insert=True)
    row.referral = referral
    row.save(force_insert=True)


def accepted(referral: Referral, *, now: datetime) -> None:
    """The offer is answered; the clock of the work starts."""
    _stop(referral.enquiry, [ClockKind.ACCEPT], at=now, referral=referral)
    enquiry = referral.enquiry
    whose = destinations.whose(referral.organisation, referral.team)
    agreed = destinations.agreed_for(enquiry.service, referral.organisation)
    percent = destinations.percent_for(enquiry)
    budget = agreed.work_budget(now, whose.calendar, percent)
    row = _clock(
        enquiry, ClockKind.WORK, now, budget, whose, elapsed=agreed.elapsed, referral=referral
    )
    row.save(force_insert=True)
    # What the citizen was promised binds the work, too.
    dues = [moment for moment in (row.due_at, enquiry.due_at) if moment is not None]
    referral.work_due_at = min(dues, default=None)


def answered(referral: Referral, *, now: datetime) -> None:
    """Rejected or returned: an answer to the offer; work that had begun is no longer theirs."""
    _stop(referral.enquiry, [ClockKind.ACCEPT], at=now, referral=referral)
    _stop(referral.enquiry, [ClockKind.WORK], at=now, referral=referral, otherwise=ClockState.VOID)


def taken_back(referral: Referral, *, now: datetime) -> None:
    """Withdrawn: neither met nor missed, unless missed already."""
    kinds = [ClockKind.ACCEPT, ClockKind.WORK]
    _stop(referral.enquiry, kinds, at=now, referral=referral, otherwise=ClockState.VOID)


def completed(referral: Referral, *, now: datetime) -> None:
    """The work is done."""
    _stop(referral.enquiry, [ClockKind.WORK], at=now, referral=referral)


def responded(enquiry: Enquiry, *, at: datetime) -> None:
    """The first answer by a person, or one with substance: an acknowledgement is none (R49)."""
    if enquiry.responded_at is None:
        enquiry.responded_at = at
        enquiry.save(update_fields=["responded_at"])
    _stop(enquiry, [ClockKind.FIRST_RESPONSE], at=at)


def ended(enquiry: Enquiry, *, at: datetime, is_void: bool = False) -> None:
    """The case has its outcome. `is_void`: it was withdrawn, another's, or somebody else's."""
    kinds = [ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION, ClockKind.FINAL]
    _stop(enquiry, kinds, at=at, otherwise=ClockState.VOID if is_void else ClockState.MET)


def _stop(
    enquiry: Enquiry,
    kinds: Sequence[ClockKind],
    *,
    at: datetime,
    referral: Referral | None = None,
    otherwise: ClockState = ClockState.MET,
) -> None:
    """Decides open clocks in one statement: missed when their due date had passed (R49).

    What was missed before learns when it stopped.
    """
    stops = _stops(tuple(kinds), otherwise, of_one=referral is not None)
    stops.run(enquiry=enquiry.pk, referral=referral and referral.pk, at=at)


@cache
def _stops(kinds: tuple[ClockKind, ...], otherwise: ClockState, *, of_one: bool) -> Change:
    rows = Clock.objects.filter(
        enquiry_id=Given("enquiry", BigIntegerField()),
        kind__in=[kind.value for kind in kinds],
        stopped_at=None,
    )
    if of_one:
        rows = rows.filter(referral_id=Given("referral", BigIntegerField()))
    at = Given("at", DateTimeField())
    late = Q(state=ClockState.RUNNING.value, due_at__lt=at)
    missed = late | Q(state=ClockState.MISSED.value)
    return change(
        rows,
        missed_at=Case(When(late, then=F("due_at")), default=F("missed_at")),
        state=Case(
            When(missed, then=Value(ClockState.MISSED.value)), default=Value(otherwise.value)
        ),
        stopped_at=at,
    )


def restored(enquiry: Enquiry, *, ended_at: datetime, waits: bool) -> None:
    """The end at that moment was a mistake: its clocks go on as if it had not been.

    `waits`: it was the citizen's turn, and is again.
    """
    rows = Clock.objects.filter(enquiry=enquiry, referral=None, stopped_at=ended_at)
    state = ClockState.PAUSED if waits else ClockState.RUNNING
    rows.filter(state=ClockState.VOID.value).update(state=state.value, stopped_at=None)
    rows.filter(state=ClockState.MISSED.value).update(stopped_at=None)


def turned(enquiry: Enquiry, *, at: datetime) -> None:
    """Whose turn it is has changed: clocks stand still in the citizen's, and then go on.

    To be called when the change stands in the ledger; changes nothing where nothing has changed.
    """
    running = Clock.objects.filter(enquiry=enquiry, state=ClockState.RUNNING.value)
    if enquiry.status == Status.WAITING.value:
        # What had run out before is missed: the job that decides it tells those who must know.
        running.exclude(due_at__lt=at).update(state=ClockState.PAUSED.value)
        return
    rows = _read(Clock.objects.filter(enquiry=enquiry, state=ClockState.PAUSED.value))
    if not rows:
        return
    # What had ended before a clock was started gives it nothing: no clock is open over an end.
    pauses = waiting.pauses(enquiry, with_ends=True)
    for row in rows:
        row.state = ClockState.RUNNING.value
        _walk(row, pauses)
    Clock.objects.bulk_update(rows, ["state", "due_at", "warn_at"])
    show(enquiry, rows)


def open_of(enquiry: Enquiry) -> list[Clock]:
    """The clocks of an enquiry that are not decided, with whose calendars they run on."""
    return _read(Clock.objects.filter(enquiry=enquiry, state__in=OPEN))


def budget_of(enquiry: Enquiry, row: Clock, whose: destinations.Whose) -> tuple[timedelta, bool]:
    """What a clock's budget would be by the calendar and the rules of now; whether it is elapsed.

    Where nothing says otherwise any more, it is what it was.
    """
    service, referral = enquiry.service, row.referral
    if row.kind == ClockKind.FIRST_RESPONSE.value:
        hours = service.first_response_wh if service else None
        if hours is not None:
            return destinations.first_response_budget(hours, whose), False
    elif row.kind in OF_CITIZEN:
        promise = destinations.promise(service, whose, row.starts_at)
        if promise is not None:
            return promise.budget, promise.elapsed
    elif referral is not None:
        agreed = destinations.agreed_for(service, referral.organisation)
        if row.kind == ClockKind.ACCEPT.value:
            return agreed.accept_budget(whose.percent), agreed.elapsed
        budget = agreed.work_budget(row.starts_at, whose.calendar, whose.percent)
        return budget, agreed.elapsed
    return row.budget, row.elapsed


def _read(rows: QuerySet[Clock]) -> list[Clock]:
    return list(rows.select_related("organisation", "team", "referral__organisation"))


def _walk(row: Clock, pauses: Waits, first: Clock | None = None) -> None:
    """Its due date on its own calendar; a pause never makes it earlier.

    A citizen's moves by the time of the pause that has just ended and no further: what has closed
    since moves no promise (R7). `first` is the clock that this one goes on from.
    """
    calendar = destinations.calendar_of(row.organisation, row.team)
    before, warned = row.due_at, row.warn_at
    due = clocks.clock_due(row.starts_at, row.budget, calendar, pauses, elapsed=row.elapsed)
    warn = clocks.warn_at(row.starts_at, row.budget, calendar, pauses, elapsed=row.elapsed)
    if row.referral_id is None:
        of = first if first is not None and before is None else row
        due, warn = (
            clocks.no_later(walked, stood, calendar, pauses, elapsed=row.elapsed)
            for walked, stood in ((due, of.due_at), (warn, of.warn_at))
        )
    row.due_at = max((one for one in (before, due) if one is not None), default=None)
    row.warn_at = warn if warn is not None else warned


def show(enquiry: Enquiry, rows: Iterable[Clock]) -> None:
    """Carries due dates to where queues are sorted by them."""
    of_citizen = [row for row in rows if row.kind in OF_CITIZEN and row.due_at is not None]
    newest = max(of_citizen, key=lambda row: row.kind == ClockKind.FINAL.value, default=None)
    if newest is not None and newest.due_at != enquiry.due_at:
        enquiry.due_at = newest.due_at
        enquiry.save(update_fields=["due_at"])
        # Work that has no clock of its own is due when the promise is, and none after it.
        enquiry.referrals.filter(
            ~Q(clocks__kind=ClockKind.WORK.value) | Q(work_due_at__gt=newest.due_at),
            status__in=LIVE_REFERRAL,
        ).update(work_due_at=newest.due_at)
    for row in rows:
        if row.referral is None or row.due_at is None:
            continue
        if row.kind == ClockKind.WORK.value:
            dues = [moment for moment in (row.due_at, enquiry.due_at) if moment is not None]
            row.referral.work_due_at = min(dues)
            row.referral.save(update_fields=["work_due_at"])
        elif row.kind == ClockKind.ACCEPT.value:
            row.referral.accept_due_at = row.due_at
            calendar = destinations.calendar_of(row.organisation, row.team)
            row.referral.expires_at = clocks.clock_due(
                row.due_at, row.budget, calendar, elapsed=row.elapsed
            )
            row.referral.save(update_fields=["accept_due_at", "expires_at"])


def reopened(enquiry: Enquiry, *, now: datetime) -> None:
    """The first clock keeps its result; another with its budget goes on from where it stood (R48).

    To be called when the reopening stands in the ledger.
    """
    rows = {row.kind: row for row in _read(Clock.objects.filter(enquiry=enquiry, referral=None))}
    first = rows.get(ClockKind.RESOLUTION.value)
    if first is None:
        return
    final = rows.get(ClockKind.FINAL.value) or Clock(
        enquiry=enquiry,
        kind=ClockKind.FINAL.value,
        organisation=first.organisation,
        team=first.team,
        starts_at=first.starts_at,
        budget=first.budget,
        elapsed=first.elapsed,
    )
    if final.state == ClockState.MISSED.value:
        return
    final.state, final.stopped_at, final.warned_at = ClockState.RUNNING.value, None, None
    _walk(final, waiting.pauses(enquiry, with_ends=True), first)
    final.save()
    show(enquiry, [final])
