"""Raw contacts folded into contacts as the definition means them. Pure (R10, R38, R40, R41)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from metrics.facts import Contact, Ledger

REDIAL = timedelta(hours=2)
RESUBMISSION = timedelta(minutes=10)
SILENCE = timedelta(hours=24)
# Looking is traffic; these make a contact.
INTENT = frozenset({"submitted", "answer_entered", "article_yes", "article_no", "help_pressed"})


@dataclass(frozen=True, slots=True)
class Sitting:
    """One contact: one sitting on one channel, with every raw leg that belongs to it."""

    id: str
    channel: str
    start: datetime
    end: datetime | None
    legs: tuple[str, ...]
    persons: frozenset[str]
    addresses: frozenset[str]
    sessions: frozenset[str]
    site: str | None
    abandoned: bool
    assisted: bool
    signals: frozenset[str] = frozenset()

    @property
    def closes(self) -> datetime:
        """Its end, or its start where the channel records none."""
        return self.end if self.end is not None else self.start

    @property
    def is_linkable(self) -> bool:
        """Whether it shows who it was from: a person or a keyed hash (R45)."""
        return bool(self.persons or self.addresses)

    def same_party(self, other: "Sitting") -> bool:
        """Whether anything shows that both are from one party."""
        return bool(self.persons & other.persons or self.addresses & other.addresses)


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
    groups = _Groups(contact.id for contact in contacts)
    absorbed: set[str] = set()
    known = {contact.id: contact for contact in contacts}
    _join_legs(ledger, contacts, known, groups)
    _join_redials(contacts, groups, absorbed)
    _join_resubmissions(contacts, groups, absorbed)
    _join_conversations(ledger, contacts, groups)
    members: dict[str, list[Contact]] = {}
    for contact in contacts:
        members.setdefault(groups.find(contact.id), []).append(contact)
    by_id = {legs[0].id: _sitting(legs) for legs in members.values()}
    of_contact = {leg: key for key, sitting in by_id.items() for leg in sitting.legs}
    return Sittings(by_id, of_contact, frozenset(absorbed))


def _only_traffic(contact: Contact) -> bool:
    return bool(contact.signals) and not INTENT.intersection(contact.signals)


def _join_legs(
    ledger: Ledger, contacts: list[Contact], known: Mapping[str, Contact], groups: _Groups
) -> None:
    cold = {
        event.text("to_contact")
        for events in ledger.events.values()
        for event in events
        if event.name == "transferred" and not is_warm(event.fields)
    }
    for contact in contacts:
        first = known.get(contact.leg_of or "")
        if first is not None and contact.id not in cold:
            groups.join(first.id, contact.id)
        helped = known.get(contact.assists or "")
        if helped is not None and helped.site == contact.site:
            groups.join(helped.id, contact.id)


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
            before = abandoned.pop(key, None)
            if before is not None and contact.start - before.closes <= REDIAL:
                groups.join(before.id, contact.id)
                absorbed.add(before.id)
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


def _sitting(legs: list[Contact]) -> Sitting:
    ends = [leg.end for leg in legs if leg.end is not None]
    return Sitting(
        id=legs[0].id,
        channel=legs[0].channel,
        start=legs[0].start,
        end=max(ends) if len(ends) == len(legs) else None,
        legs=tuple(leg.id for leg in legs),
        persons=frozenset(leg.person for leg in legs if leg.person),
        addresses=frozenset(leg.address for leg in legs if leg.address),
        sessions=frozenset(leg.session for leg in legs if leg.session),
        site=next((leg.site for leg in legs if leg.site), None),
        abandoned=legs[-1].abandoned,
        assisted=any(leg.assists for leg in legs),
        signals=frozenset(signal for leg in legs for signal in leg.signals),
    )
