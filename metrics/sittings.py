"""Raw contacts folded into contacts as the definition means them. Pure.

R8 and R56 (forms taken up again), R10 (texts), R11 and R12 (e-mails), R38, R40, R41.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from metrics import left_forms, letters
from metrics.facts import Contact, Item, Ledger
from metrics.left_forms import SELF_SERVICE

REDIAL = timedelta(hours=2)
RESUBMISSION = timedelta(minutes=10)
SILENCE = timedelta(hours=24)
# Looking is traffic; these make a contact.
INTENT = frozenset({"submitted", "answer_entered", "article_yes", "article_no", "help_pressed"})


@dataclass(frozen=True, slots=True)
class Sitting:
    """One contact: one sitting on one channel, with every raw leg that belongs to it.

    `last` is when the citizen was last heard in it. `end` is None while a leg still runs; an
    e-mail ends with our answer, later than it was last heard. `hashes` are its own and, of people
    who are known, all of theirs (R18). `assists` names what staff in it helped with.
    """

    id: str
    channel: str
    start: datetime
    last: datetime
    end: datetime | None
    legs: tuple[str, ...]
    persons: frozenset[str]
    addresses: frozenset[str]
    hashes: frozenset[str]
    site: str | None
    abandoned: bool
    assists: frozenset[str] = frozenset()
    signals: frozenset[str] = frozenset()

    @property
    def closes(self) -> datetime:
        """Its end, or when it was last heard of where it has none yet."""
        return self.end if self.end is not None else self.last

    @property
    def assisted(self) -> bool:
        """Whether staff helped in it (R46)."""
        return bool(self.assists)

    @property
    def is_alone(self) -> bool:
        """Whether a citizen was at a page or a kiosk without staff: self-service (R46)."""
        return self.channel in SELF_SERVICE and not self.assisted

    @property
    def is_linkable(self) -> bool:
        """Whether it shows who it was from: a person or a keyed hash (R45)."""
        return bool(self.persons or self.addresses)

    def same_party(self, other: "Sitting") -> bool:
        """Whether anything shows that both are from one party: a person or a hash (R20)."""
        return bool(self.persons & other.persons or self.hashes & other.hashes)


@dataclass(frozen=True, slots=True)
class Sittings:
    """All sittings, which one each raw contact went into, and which raw contacts were absorbed."""

    by_id: Mapping[str, Sitting]
    of_contact: Mapping[str, str]
    absorbed: frozenset[str]

    def of(self, contact: str) -> Sitting | None:
        """The sitting that a raw contact belongs to; none if it was only traffic."""
        key = self.of_contact.get(contact)
        return None if key is None else self.by_id[key]


class _Groups:
    """Union of raw contacts; the first one of a group names it."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._up = {key: key for key in ids}

    def find(self, key: str) -> str:
        while self._up[key] != key:
            self._up[key] = self._up[self._up[key]]
            key = self._up[key]
        return key

    def join(self, first: str, later: str) -> None:
        self._up[self.find(later)] = self.find(first)


def fold(ledger: Ledger) -> Sittings:
    """Every contact of the ledger in the sitting that it is part of."""
    contacts = sorted(
        (contact for contact in ledger.contacts.values() if not _only_traffic(contact)),
        key=lambda contact: (contact.start, contact.id),
    )
    items = letters.items_of(ledger)
    groups = _Groups(contact.id for contact in contacts)
    absorbed: set[str] = set()
    _join_legs(ledger, contacts, items, groups)
    _join_redials(contacts, groups, absorbed)
    _join_resubmissions(contacts, groups, absorbed)
    for before, after, is_told_anew in left_forms.resumed(ledger, contacts, items):
        groups.join(before.id, after.id)
        if is_told_anew:
            absorbed.add(before.id)
    _join_conversations(ledger, contacts, groups)
    ends: dict[str, datetime] = {}
    for letter in letters.fold(ledger, contacts, items):
        for leg in letter.legs:
            groups.join(letter.legs[0].id, leg.id)
            ends[leg.id] = letter.ends
    members: dict[str, list[Contact]] = {}
    for contact in contacts:
        members.setdefault(groups.find(contact.id), []).append(contact)
    by_id = {legs[0].id: _sitting(legs, ledger, ends) for legs in members.values()}
    of_contact = {leg: key for key, sitting in by_id.items() for leg in sitting.legs}
    return Sittings(by_id, of_contact, frozenset(absorbed))


def _only_traffic(contact: Contact) -> bool:
    return bool(contact.signals) and not INTENT.intersection(contact.signals)


def _join_legs(
    ledger: Ledger,
    contacts: list[Contact],
    items: Mapping[str, list[Item]],
    groups: _Groups,
) -> None:
    known = {contact.id: contact for contact in contacts}
    named = {
        event.text("to_contact"): is_warm(event.fields)
        for events in ledger.events.values()
        for event in events
        if event.name == "transferred"
    }
    for contact in contacts:
        first = known.get(contact.leg_of or "")
        if first is not None and named.get(contact.id, _was_warm(ledger, first, contact, items)):
            groups.join(first.id, contact.id)
        helped = known.get(contact.assists or "")
        if helped is not None and helped.site == contact.site:
            groups.join(helped.id, contact.id)


def _was_warm(
    ledger: Ledger, first: Contact, leg: Contact, items: Mapping[str, list[Item]]
) -> bool:
    """How a leg came about that no transfer names: by the last one of what they spoke of."""
    moves = [
        event
        for enquiry in {item.enquiry for one in (first, leg) for item in items.get(one.id, ())}
        for event in ledger.events.get(enquiry, ())
        if event.name == "transferred"
        and event.text("mode")
        and not event.text("to_contact")
        and first.start <= event.at <= leg.start
    ]
    last = max(moves, key=lambda event: (event.at, not is_warm(event.fields)), default=None)
    return last is None or is_warm(last.fields)


def is_warm(fields: Mapping[str, object]) -> bool:
    """A transfer in one sitting, with what was said carried over (R41)."""
    return (
        fields.get("mode") == "warm"
        and bool(fields.get("same_sitting"))
        and bool(fields.get("context_carried"))
    )


def _party(contact: Contact) -> list[str]:
    keys = (("person", contact.person), ("address", contact.address), ("session", contact.session))
    return [f"{kind}:{value}" for kind, value in keys if value]


def _join_redials(contacts: list[Contact], groups: _Groups, absorbed: set[str]) -> None:
    abandoned: dict[str, Contact] = {}
    for contact in contacts:
        if contact.channel != "phone":
            continue
        keys = [key for key in _party(contact) if not key.startswith("session:")]
        for key in keys:
            before = abandoned.get(key)
            if before is None:
                continue
            if contact.start - before.closes <= REDIAL:
                groups.join(before.id, contact.id)
                absorbed.add(before.id)
            # The next call is the redial, or there is none.
            for other in _party(before):
                abandoned.pop(other, None)
        if contact.abandoned:
            abandoned.update((key, contact) for key in keys)


def _join_resubmissions(contacts: list[Contact], groups: _Groups, absorbed: set[str]) -> None:
    last: dict[tuple[str, str, str], Contact] = {}
    for contact in contacts:
        if not contact.submission:
            continue
        for party in _party(contact):
            key = (contact.channel, contact.submission, party)
            before = last.get(key)
            if before is not None and contact.start - before.closes <= RESUBMISSION:
                groups.join(before.id, contact.id)
                absorbed.add(contact.id)
            last[key] = contact


def _join_conversations(ledger: Ledger, contacts: list[Contact], groups: _Groups) -> None:
    ours: dict[str, list[datetime]] = {}
    for message in ledger.outbound:
        if message.channel == "sms":
            ours.setdefault(message.address, []).append(message.at)
    last: dict[str, Contact] = {}
    for contact in contacts:
        key = contact.thread or contact.address
        if contact.channel != "sms" or not key:
            continue
        before = last.get(key)
        if before is not None and _no_silence(before, contact, ours.get(contact.address, [])):
            groups.join(before.id, contact.id)
        if before is None or contact.closes >= before.closes:
            last[key] = contact


def _no_silence(before: Contact, after: Contact, ours: list[datetime]) -> bool:
    between = sorted(at for at in ours if before.closes < at < after.start)
    moments = [before.closes, *between, after.start]
    return all(later - earlier < SILENCE for earlier, later in pairwise(moments))


def _sitting(legs: list[Contact], ledger: Ledger, answered: Mapping[str, datetime]) -> Sitting:
    ends = [answered.get(leg.id, leg.end) for leg in legs]
    ended = [end for end in ends if end is not None]
    persons = frozenset(leg.person for leg in legs if leg.person)
    addresses = frozenset(leg.address for leg in legs if leg.address)
    theirs = (ledger.persons.get(person, frozenset()) for person in persons)
    return Sitting(
        id=legs[0].id,
        channel=legs[0].channel,
        start=legs[0].start,
        last=max(leg.start if leg.id in answered else leg.closes for leg in legs),
        end=max(ended) if len(ended) == len(legs) else None,
        legs=tuple(leg.id for leg in legs),
        persons=persons,
        addresses=addresses,
        hashes=addresses.union(*theirs),
        site=next((leg.site for leg in legs if leg.site), None),
        abandoned=legs[-1].abandoned,
        assists=frozenset(leg.assists for leg in legs if leg.assists),
        signals=frozenset(signal for leg in legs for signal in leg.signals),
    )
