"""One enquiry as the rules see it: first contact, window, promise, holder, outcomes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from enquiries import clocks
from metrics import left_forms
from metrics.facts import INFORM, STAGED, Event, Item, Ledger, Service
from metrics.letters import EMAIL
from metrics.promised import Promise, Promises, deadline, window_end
from metrics.sittings import Sitting, Sittings

LEAVES = frozenset({"rejected", "returned", "expired", "offer_withdrawn"})


@dataclass(frozen=True, slots=True)
class Case:
    """What is needed to judge one enquiry; `window_end` is None for STAGED.

    `ended` is the end of the first contact, to which W is anchored (R22). `opened` is from when a
    contact is one that came back: the same, for an e-mail the citizen's last message (R12).
    """

    id: str
    service: Service | None
    klass: str
    owner: str | None
    first: Sitting
    opening: Item
    opened: datetime
    ended: datetime
    received: datetime
    window_end: datetime | None
    promise: Promise | None
    events: tuple[Event, ...]
    roles: Mapping[str, str] = field(default_factory=dict)
    _within: tuple[Event, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        end = self.window_end
        inside = self.events if end is None else tuple(e for e in self.events if e.at <= end)
        object.__setattr__(self, "_within", inside)  # asked for again and again

    def within(self) -> tuple[Event, ...]:
        """Events that the verdict may depend on (R32)."""
        return self._within

    def outcome(self, by: datetime) -> Event | None:
        """The latest outcome at or before a moment."""
        return next((e for e in reversed(self.events) if e.is_outcome and e.at <= by), None)

    @property
    def service_id(self) -> str:
        """Its service; empty where nobody has named one."""
        return self.service.id if self.service else ""

    @property
    def family(self) -> str:
        """The family of its service; empty where it has none."""
        return self.service.family if self.service else ""

    @property
    def is_unsent(self) -> bool:
        """Data was entered and not sent, and no staff were there: the first contact of R8, R9."""
        return self.first.is_alone and left_forms.was_entered(self.first.signals, self.within())

    @property
    def is_abandoned(self) -> bool:
        """Silent, or given up before anybody served them."""
        events = self.within()
        if any(event.is_outcome for event in events):
            return False
        return (self.first.abandoned and not self.is_unsent) or any(
            event.name == "silent" or (event.name == "abandoned" and not left_forms.is_left(event))
            for event in events
        )

    def holder(self, at: datetime) -> str | None:
        """The partner that holds the referral at a moment (R26, R57)."""
        return self._held(at)[0]

    def is_accepted(self, at: datetime) -> bool:
        """Whether whoever holds it at a moment has said that they will do it (R31)."""
        return self._held(at)[1]

    def _held(self, at: datetime) -> tuple[str | None, bool]:
        held: tuple[str | None, bool] = (None, False)
        for event in self.events:
            if event.at > at:
                break
            if event.name == "referred":
                held = event.text("to") or event.org, False
            elif event.name == "accepted":
                held = event.org or held[0], True
            elif event.is_outcome or (event.name in LEAVES and self._concerns(event, held[0])):
                held = None, False
        return held

    def _concerns(self, event: Event, partner: str | None) -> bool:
        """Whether an answer to an offer is about this partner's; we may have said it for them."""
        said = event.text("to") or event.org
        return said in (None, partner) or self.roles.get(said or "") == "front_door"

    def covers(self, at: datetime) -> bool:
        """Whether a recontact that starts at a moment lies in the window (R3)."""
        return self.window_end is not None and self.opened < at <= self.window_end


def build(ledger: Ledger, sittings: Sittings) -> dict[str, Case]:
    """A case for each enquiry that has a first contact."""
    cases, promises = {}, Promises(ledger)
    roles = {key: org.role for key, org in ledger.orgs.items()}
    for enquiry, opening in _openings(ledger, sittings).items():
        first = sittings.of(opening.contact)
        if first is not None and enquiry in ledger.enquiries:
            cases[enquiry] = _case(ledger, promises, roles, opening, first)
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


def _case(
    ledger: Ledger, promises: Promises, roles: Mapping[str, str], opening: Item, first: Sitting
) -> Case:
    enquiry = opening.enquiry
    service = ledger.service_of(enquiry)
    # Not yet placed in the catalogue: it may still become anything, so the longest kind of wait.
    klass = service.klass if service else "REQUEST"
    calendar = promises.calendar(enquiry)
    events = _as_it_stands(ledger.events.get(enquiry, ()))
    ended = first.closes
    if klass == INFORM:
        events = _with_yes(enquiry, first, events)
    is_email = first.channel == EMAIL
    # An e-mail ends with our answer: it was received with its first message (R55).
    at_latest = first.start if is_email else ended
    received = next((e.at for e in events if e.name == "received"), at_latest)

    def closed(on: date | None) -> datetime | None:
        return None if klass == STAGED else window_end(klass, ended, on, calendar)

    promised_on = promises.on(enquiry, events, received, closed)
    return Case(
        id=enquiry,
        service=service,
        klass=klass,
        owner=ledger.owner_of(enquiry),
        first=first,
        opening=opening,
        opened=first.last if is_email else ended,
        ended=ended,
        received=received,
        window_end=closed(promised_on),
        promise=(
            None
            if promised_on is None
            else Promise(promised_on, deadline(promised_on, received, events, calendar))
        ),
        events=events,
        roles=roles,
    )


def _with_yes(enquiry: str, first: Sitting, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """ "Yes, that answered it" is an answer where the ledger has no other in W (R38, R32)."""
    yes = "article_yes" in first.signals and "article_no" not in first.signals
    end = clocks.window_end(INFORM, first.closes, None, clocks.OFFICE)
    if not yes or any(event.is_outcome and event.at <= end for event in events):
        return events
    answered = Event(enquiry, "answered", first.closes, first.closes)
    return tuple(sorted((*events, answered), key=lambda event: event.at))


_TAKEN_BACK = {"spam": ("not_spam", "reopened"), "test": ("not_test",)}


def _as_it_stands(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Without what was taken back: spam that was none after all, as we or its citizen said, and
    tests that were none, as we said."""
    for name, back in _TAKEN_BACK.items():
        undone = max((at for at, event in enumerate(events) if event.name in back), default=-1)
        events = tuple(e for at, e in enumerate(events) if e.name != name or at > undone)
    return events
