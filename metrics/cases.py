"""One enquiry as the rules see it: first contact, window, promise, holder, outcomes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from enquiries import clocks, turns
from metrics.facts import STAGED, Event, Item, Ledger, Service
from metrics.sittings import Sitting, Sittings

LEAVES = frozenset({"rejected", "returned", "expired", "offer_withdrawn"})
EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Promise:
    """The date that lateness is measured by, and until when that is (R28, R30)."""

    on: date
    deadline: datetime | None  # None while a pause runs: nothing is due then


@dataclass(frozen=True, slots=True)
class Case:
    """What is needed to judge one enquiry; `window_end` is None for STAGED."""

    id: str
    service: Service | None
    klass: str
    owner: str | None
    first: Sitting
    opening: Item
    opened: datetime
    received: datetime
    window_end: datetime | None
    promise: Promise | None
    events: tuple[Event, ...]
    roles: Mapping[str, str] = field(default_factory=dict)

    def within(self) -> tuple[Event, ...]:
        """Events that the verdict may depend on (R32)."""
        end = self.window_end
        return self.events if end is None else tuple(e for e in self.events if e.at <= end)

    def outcome(self, by: datetime) -> Event | None:
        """The latest outcome at or before a moment."""
        return next((e for e in reversed(self.events) if e.is_outcome and e.at <= by), None)

    def holder(self, at: datetime) -> str | None:
        """The partner that holds the referral at a moment (R26, R57)."""
        held: str | None = None
        for event in self.events:
            if event.at > at:
                break
            if event.name == "referred":
                held = event.text("to") or event.org
            elif event.name == "accepted":
                held = event.org or held
            elif event.is_outcome or (event.name in LEAVES and self._concerns(event, held)):
                held = None
        return held

    def _concerns(self, event: Event, partner: str | None) -> bool:
        """Whether an answer to an offer is about this partner's; we may have said it for them."""
        said = event.text("to") or event.org
        return said in (None, partner) or self.roles.get(said or "") == "front_door"

    def covers(self, at: datetime) -> bool:
        """Whether a recontact that starts at a moment lies in the window (R3)."""
        return self.window_end is not None and self.opened < at <= self.window_end


def build(ledger: Ledger, sittings: Sittings, calendars: "Calendars") -> dict[str, Case]:
    """A case for each enquiry that has a first contact."""
    cases = {}
    for enquiry, opening in _openings(ledger, sittings).items():
        first = sittings.of(opening.contact)
        if first is not None and enquiry in ledger.enquiries:
            cases[enquiry] = _case(ledger, calendars, opening, first)
    return cases


def _openings(ledger: Ledger, sittings: Sittings) -> dict[str, Item]:
    """The earliest item of each enquiry: the one in its first contact."""
    openings: dict[str, tuple[tuple[datetime, datetime, str], Item]] = {}
    for item in ledger.items:
        sitting = sittings.of(item.contact)
        if sitting is None:
            continue
        key = (sitting.start, ledger.contacts[item.contact].start, item.id)
        if item.enquiry not in openings or key < openings[item.enquiry][0]:
            openings[item.enquiry] = (key, item)
    return {enquiry: item for enquiry, (_, item) in openings.items()}


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


def _case(ledger: Ledger, calendars: Calendars, opening: Item, first: Sitting) -> Case:
    enquiry = opening.enquiry
    service = ledger.service_of(enquiry)
    # Not yet placed in the catalogue: it may still become anything, so the longest kind of wait.
    klass = service.klass if service else "REQUEST"
    owner = ledger.owner_of(enquiry)
    calendar = calendars.of(owner)
    events = _as_it_stands(ledger.events.get(enquiry, ()))
    received = next((e.at for e in events if e.name == "received"), first.closes)
    promised_on = _promised_on(events, service, received, calendar)
    promise = (
        None
        if promised_on is None
        else Promise(promised_on, _deadline(promised_on, received, events, calendar))
    )
    closed = _first_contact_end(first, events, klass, received, promised_on)
    return Case(
        id=enquiry,
        service=service,
        klass=klass,
        owner=owner,
        first=first,
        opening=opening,
        opened=closed,
        received=received,
        window_end=(
            None if klass == STAGED else clocks.window_end(klass, closed, promised_on, calendar)
        ),
        promise=promise,
        events=events,
        roles={key: org.role for key, org in ledger.orgs.items()},
    )


def _as_it_stands(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Without what was taken back: spam that was none after all, as we or its citizen said."""
    back = ("not_spam", "reopened")
    undone = max((at for at, event in enumerate(events) if event.name in back), default=-1)
    if undone < 0:
        return events
    return tuple(e for at, e in enumerate(events) if not (e.name == "spam" and at < undone))


def _promised_on(
    events: Iterable[Event],
    service: Service | None,
    received: datetime,
    calendar: clocks.Calendar,
) -> date | None:
    """The first date told to the citizen, else the computed one (R6, R30)."""
    told = next((e for e in events if e.name == "promise_set" and e.text("date")), None)
    if told is not None:
        return date.fromisoformat(told.text("date")[:10])
    if service is None or service.promise_wd is None:
        return None
    return clocks.promised_date(received, service.promise_wd, calendar)


def _deadline(
    promised_on: date, received: datetime, events: Iterable[Event], calendar: clocks.Calendar
) -> datetime | None:
    """The last moment of the promised date, moved by pauses (R7, R28); none while one runs."""
    pauses = _pauses(events)
    closing = clocks.closing_time(promised_on, calendar)
    if not pauses or pauses[0][0] >= closing:
        return clocks.end_of_day(promised_on)
    budget = clocks.working_time(received, closing, calendar)
    due = clocks.add_working_time(received, budget, calendar, pauses)
    return None if due is None else clocks.end_of_day(clocks.london_date(due))


def _pauses(events: Iterable[Event]) -> turns.Waits:
    """When it was the citizen's turn: from our question until it was somebody else's."""
    return turns.waits(
        (event.name, event.at, event.is_outcome) for event in events if not event.flag("waits")
    )


def _first_contact_end(
    first: Sitting,
    events: Iterable[Event],
    klass: str,
    received: datetime,
    promised_on: date | None,
) -> datetime:
    """When the first contact ended; for an e-mail when we answered in substance (R11)."""
    if first.end is not None:
        return first.end
    if first.channel != EMAIL:
        return first.start
    latest = (
        clocks.end_of_day(promised_on)
        if promised_on is not None
        else clocks.window_end(klass, received, None, clocks.OFFICE)
    )
    answered = next(
        (e.at for e in events if e.is_outcome or e.name in ("replied", "info_requested")), latest
    )
    return min(answered, latest)
