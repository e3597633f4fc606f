"""The date that lateness is measured by: the first told, else the computed one. Pure.

R6 (working days), R7 and R28 (pauses, the whole date), R30 (which date), R50 (agreements).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from enquiries import clocks, promises, turns
from enquiries.clocks import NoWorkingTime
from metrics.facts import Agreement, Event, Ledger

# What no calendar can keep, or no date can say, is no date (a fold never dies of one enquiry).
IMPOSSIBLE = (NoWorkingTime, OverflowError)


@dataclass(frozen=True, slots=True)
class Promise:
    """The date that lateness is measured by, and until when that is (R28, R30)."""

    on: date
    deadline: datetime | None  # None while a pause runs: nothing is due then


class Calendars:
    """Each organisation's working calendar, read once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._read: dict[str, clocks.Calendar] = {}

    def of(self, org: str | None) -> clocks.Calendar:
        """Its calendar; office hours where it has none."""
        key = org or ""
        if key not in self._read:
            known = self._ledger.orgs.get(key)
            given = known.calendar if known else {}
            hours = {day: _listed(given.get(day)) for day in clocks.DAYS}
            closed = {"closed": _listed(given.get("closed"))}
            self._read[key] = (
                clocks.Calendar.from_json({**hours, **closed})
                if any(hours.values())
                else clocks.OFFICE
            )
        return self._read[key]


def _listed(value: object) -> list[object]:
    """The spans of a day, or the closed days; nothing where neither is written."""
    return list(value) if isinstance(value, list | tuple) else []


class Promises:
    """What the ledger promised about each enquiry."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.calendars = Calendars(ledger)
        self._agreed: dict[str, list[Agreement]] = defaultdict(list)
        for line in ledger.agreements:
            self._agreed[line.service].append(line)

    def calendar(self, enquiry: str) -> clocks.Calendar:
        """The working calendar of the organisation that owns it."""
        return self.calendars.of(self._ledger.owner_of(enquiry))

    def on(
        self,
        enquiry: str,
        events: Iterable[Event],
        received: datetime,
        closed: Callable[[date | None], datetime | None],
    ) -> date | None:
        """The first date told to the citizen, else the computed one (R30).

        `closed` says until when a date can be told, given the computed one (R32); None: always.
        """
        computed = self._computed(enquiry, received)
        latest = closed(computed)
        told = next(
            (
                event.text("date")
                for event in events
                if event.name == "promise_set"
                and event.text("date")
                and (latest is None or event.at <= latest)
            ),
            None,
        )
        return computed if told is None else date.fromisoformat(told[:10])

    def _computed(self, enquiry: str, received: datetime) -> date | None:
        """The sooner of the service's promise and the agreements, one after the other (R6, R50)."""
        service = self._ledger.service_of(enquiry)
        if service is None:
            return None
        calendar, days = self.calendar(enquiry), service.promise_wd
        agreed = self._agreements(enquiry, service.id)
        dates = []
        with suppress(*IMPOSSIBLE):
            if days is not None:
                dates.append(clocks.promised_date(received, days, calendar))
        with suppress(*IMPOSSIBLE):
            if agreed:
                dates.append(promises.agreed_by(received, [self._step(one) for one in agreed]))
        return min(dates, default=None)

    def _agreements(self, enquiry: str, service: str) -> list[Agreement]:
        """Those of everybody through whose hands it goes, in the ledger's order.

        Where an enquiry names its own owner, as where each place has another, theirs alone.
        """
        agreed = self._agreed.get(service, [])
        owner = self._ledger.enquiries[enquiry].owner
        return [one for one in agreed if one.to == owner] or agreed

    def _step(self, agreed: Agreement) -> promises.AgreedStep:
        terms = promises.Agreed(agreed.accept_wh, agreed.work_wd, agreed.elapsed)
        return terms.step(self.calendars.of(agreed.to))


def window_end(klass: str, ended: datetime, on: date | None, calendar: clocks.Calendar) -> datetime:
    """When W closes (R3); after a date that no calendar comes to, as without one."""
    try:
        return clocks.window_end(klass, ended, on, calendar)
    except IMPOSSIBLE:
        return clocks.window_end(klass, ended, None, calendar)


def deadline(
    promised_on: date, received: datetime, events: Iterable[Event], calendar: clocks.Calendar
) -> datetime | None:
    """The last moment of the promised date, moved by pauses (R7, R28); none while one runs, or
    where no calendar comes to it."""
    try:
        return _moved(promised_on, received, _pauses(events), calendar)
    except IMPOSSIBLE:
        return None


def _moved(
    promised_on: date, received: datetime, pauses: turns.Waits, calendar: clocks.Calendar
) -> datetime | None:
    closing = clocks.closing_time(promised_on, calendar)
    last = clocks.end_of_day(promised_on)
    if not pauses or pauses[0][0] >= closing:
        return last
    budget = clocks.working_time(received, closing, calendar)
    due = clocks.add_working_time(received, budget, calendar, pauses)
    # A date told for a closed day is kept whole: a pause never makes anything due earlier.
    return None if due is None else max(last, clocks.end_of_day(clocks.london_date(due)))


def _pauses(events: Iterable[Event]) -> turns.Waits:
    """When it was the citizen's turn: from our question until it was somebody else's."""
    return turns.waits(
        (event.name, event.at, event.is_outcome) for event in events if not event.flag("waits")
    )
