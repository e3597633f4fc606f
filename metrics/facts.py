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
    undo: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything needed to judge the enquiries in it."""

    orgs: Mapping[str, Org]
    services: Mapping[str, Service]
    contacts: Mapping[str, Contact]
    items: tuple[Item, ...]
    enquiries: Mapping[str, Enquiry]
    events: Mapping[str, tuple[Event, ...]]
    corrections: tuple[Correction, ...] = ()
    outbound: tuple[Outbound, ...] = ()
    merges: tuple[Merge, ...] = ()

    def as_of(self, moment: datetime) -> "Ledger":
        """What had been recorded by that moment, with the identities known then (R51, R55)."""
        identity = identities(tuple(merge for merge in self.merges if merge.at <= moment))
        contacts = {
            key: replace(contact, person=identity.get(contact.person or "", contact.person))
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
        )

    def service_of(self, enquiry: str) -> Service | None:
        """The catalogue's entry for an enquiry's service, if it has one."""
        return self.services.get(self.enquiries[enquiry].service or "")

    def owner_of(self, enquiry: str) -> str | None:
        """The organisation that owns the need: as taken in, else the service's."""
        service = self.service_of(enquiry)
        return self.enquiries[enquiry].owner or (service.owner if service else None)


def identities(merges: tuple[Merge, ...]) -> dict[str, str]:
    """Who each merged person is now; the last word on a pair counts."""
    kept: dict[str, str] = {}
    for merge in sorted(merges, key=lambda line: line.at):
        if merge.undo:
            kept.pop(merge.drop, None)
        elif merge.keep != merge.drop:
            kept[merge.drop] = merge.keep
    return {drop: _root(drop, kept) for drop in kept}


def _root(person: str, kept: Mapping[str, str]) -> str:
    seen = {person}
    while person in kept and kept[person] not in seen:
        person = kept[person]
        seen.add(person)
    return person
