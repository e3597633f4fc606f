"""What the open ledger says, as plain values. Pure: no clock, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import hypot

OUTCOMES = frozenset({"answered", "completed", "fulfilled", "decided_no", "signposted"})

INFORM, TRANSACT, REQUEST, STAGED = "INFORM", "TRANSACT", "REQUEST", "STAGED"


@dataclass(frozen=True, slots=True)
class Org:
    """A body of the partnership; the front door is one of them."""

    id: str
    role: str = "partner"
    calendar: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Service:
    """What the catalogue says about a service."""

    id: str
    klass: str
    family: str = ""
    promise_wd: int | None = None
    owner: str | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a body agreed for a service: working hours to accept, then working days to do it.

    `elapsed` counts both by the clock, nights and holidays too (R5).
    """

    service: str
    to: str
    accept_wh: int
    work_wd: int
    elapsed: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """One raw sitting as its channel recorded it."""

    id: str
    channel: str
    start: datetime
    recorded: datetime
    end: datetime | None = None
    person: str | None = None
    address: str = ""
    site: str | None = None
    thread: str = ""
    session: str = ""
    submission: str = ""
    abandoned: bool = False
    leg_of: str | None = None
    assists: str | None = None
    signals: tuple[str, ...] = ()
    org: str | None = None
    team: str | None = None

    @property
    def closes(self) -> datetime:
        """Its end, or its start where the channel records none."""
        return self.end if self.end is not None else self.start


@dataclass(frozen=True, slots=True)
class Item:
    """What a contact was about: contact × enquiry."""

    id: str
    contact: str
    enquiry: str
    kind: str
    recorded: datetime
    avoidable: str = ""
    evidence: tuple[str, ...] = ()
    about: str | None = None
    # What the desk was told when it asked "About the earlier …?": yes, no; empty if not asked.
    desk_answer: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """Somebody said that an item belongs, or does not belong, to an earlier enquiry."""

    item: str
    earlier: str
    linked: bool
    at: datetime
    recorded: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: a property's number, or metres on the national grid, or both.

    `approx` says that the metres are those of a postcode, which many neighbours share.
    """

    uprn: str = ""
    e: float | None = None
    n: float | None = None
    approx: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it is known well enough to tell a neighbour's from one's own."""
        return bool(self.uprn) or not self.approx

    def agrees(self, other: "Place") -> bool:
        """Whether both are one place: the same UPRN where both have one, else within 50 m (R15)."""
        if self.uprn and other.uprn:
            return self.uprn == other.uprn
        if self.e is None or self.n is None or other.e is None or other.n is None:
            return False
        return hypot(self.e - other.e, self.n - other.n) <= 50.0


@dataclass(frozen=True, slots=True)
class Enquiry:
    """One need."""

    id: str
    service: str | None = None
    place: Place | None = None
    owner: str | None = None
    team: str | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an enquiry's ledger."""

    enquiry: str
    name: str
    at: datetime
    recorded: datetime
    org: str | None = None
    order: int = 0
    fields: Mapping[str, object] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A field as text, empty where it is absent."""
        value = self.fields.get(key)
        return "" if value is None else str(value)

    def flag(self, key: str) -> bool:
        """A field as yes or no; absent is no."""
        return bool(self.fields.get(key))

    @property
    def is_outcome(self) -> bool:
        """Whether it ends the enquiry with a result for the citizen."""
        return self.name in OUTCOMES


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message of ours; it keeps an SMS session alive."""

    channel: str
    address: str
    at: datetime
    recorded: datetime


@dataclass(frozen=True, slots=True)
class Merge:
    """Two people turned out to be one, or not to be one after all."""

    keep: str
    drop: str
    at: datetime
    recorded: datetime
    undo: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything needed to judge the enquiries in it. `persons` has the keyed hashes of each."""

    orgs: Mapping[str, Org]
    services: Mapping[str, Service]
    contacts: Mapping[str, Contact]
    items: tuple[Item, ...]
    enquiries: Mapping[str, Enquiry]
    events: Mapping[str, tuple[Event, ...]]
    corrections: tuple[Correction, ...] = ()
    outbound: tuple[Outbound, ...] = ()
    merges: tuple[Merge, ...] = ()
    persons: Mapping[str, frozenset[str]] = field(default_factory=dict)
    agreements: tuple[Agreement, ...] = ()

    def with_more(self, more: "Ledger") -> "Ledger":
        """Both, where each tells of other enquiries of one partnership."""
        return replace(
            self,
            contacts={**self.contacts, **more.contacts},
            items=(*self.items, *more.items),
            enquiries={**self.enquiries, **more.enquiries},
            events={**self.events, **more.events},
            corrections=(*self.corrections, *more.corrections),
            outbound=(*self.outbound, *more.outbound),
            merges=(*self.merges, *more.merges),
            persons={**self.persons, **more.persons},
        )

    def as_of(self, moment: datetime) -> "Ledger":
        """What had been recorded by that moment, with the identities known then (R51, R55)."""
        identity = identities(tuple(one for one in self.merges if one.recorded <= moment))
        contacts = {
            key: (
                replace(contact, person=identity[contact.person])
                if contact.person in identity
                else contact
            )
            for key, contact in self.contacts.items()
            if contact.recorded <= moment
        }
        return replace(
            self,
            contacts=contacts,
            items=tuple(
                item for item in self.items if item.recorded <= moment and item.contact in contacts
            ),
            events={
                key: tuple(event for event in events if event.recorded <= moment)
                for key, events in self.events.items()
            },
            corrections=tuple(line for line in self.corrections if line.recorded <= moment),
            outbound=tuple(line for line in self.outbound if line.recorded <= moment),
            persons=as_one(self.persons, identity),
        )

    def service_of(self, enquiry: str) -> Service | None:
        """The catalogue's entry for an enquiry's service, if it has one."""
        return self.services.get(self.enquiries[enquiry].service or "")

    def owner_of(self, enquiry: str) -> str | None:
        """The organisation that owns the need: as taken in, else the service's."""
        service = self.service_of(enquiry)
        return self.enquiries[enquiry].owner or (service.owner if service else None)


def identities(merges: tuple[Merge, ...]) -> dict[str, str]:
    """Who each merged person is now: all that are joined by pairs that nobody undid are one (R51).

    The last word on a pair counts, whoever of the two is kept; an undoing of the same moment
    comes after. They go by the name of one whom nobody dropped, the first in the alphabet.
    """
    pairs: dict[frozenset[str], Merge] = {}
    for merge in sorted(merges, key=lambda line: (line.at, line.recorded, line.undo, line.keep)):
        pairs[frozenset((merge.keep, merge.drop))] = merge
    stands = [merge for pair, merge in pairs.items() if not merge.undo and len(pair) > 1]
    beside: dict[str, set[str]] = {}
    for merge in stands:
        beside.setdefault(merge.keep, set()).add(merge.drop)
        beside.setdefault(merge.drop, set()).add(merge.keep)
    dropped = {merge.drop for merge in stands}
    found: dict[str, str] = {}
    for person in beside:
        if person not in found:
            them = _all_beside(person, beside)
            kept = min(them - dropped or them)
            found |= dict.fromkeys(them, kept)
    return {person: kept for person, kept in found.items() if person != kept}


def _all_beside(person: str, beside: Mapping[str, set[str]]) -> set[str]:
    """Everybody whom a chain of pairs makes the same as this one."""
    them, fresh = {person}, {person}
    while fresh:
        fresh = set[str]().union(*(beside[one] for one in fresh)) - them
        them |= fresh
    return them


def as_one(
    persons: Mapping[str, frozenset[str]], identity: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """The hashes of each person with those of everybody who turned out to be the same."""
    found: dict[str, frozenset[str]] = {}
    for key, hashes in persons.items():
        now = identity.get(key, key)
        found[now] = found.get(now, frozenset()) | hashes
    return found
