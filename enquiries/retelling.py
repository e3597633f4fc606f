"""Retells a history as rows, by the rules that hold for what comes in today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.audit import SYSTEM, Actor
from enquiries import clocks, events, lifecycle, retold_clocks
from enquiries.channels import CHANNEL_WORDS, KIND_WORDS, Channel, ItemKind
from enquiries.histories import History
from enquiries.lifecycle import OUTCOME_WORDS, Status
from enquiries.models import Clock, Contact, ContactItem, Enquiry, Referral, ReferralStatus
from enquiries.queries.book import Book
from enquiries.vocabulary import EventType

if TYPE_CHECKING:
    from accounts.models import Organisation, Team


@dataclass(slots=True)
class LedgerLine:
    """A row of EnquiryEvent by its columns: there are many, and making models of them is slow."""

    type: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    organisation_id: int | None
    data: dict[str, Any]
    id: int | None = None
    enquiry_id: int = 0
    sequence: int = 0
    recorded_at: datetime | None = None


@dataclass(slots=True)
class Told:
    """The rows of one history, without the keys that tie them together."""

    history: History
    contact: Contact
    later_contacts: list[Contact]
    enquiry: Enquiry
    items: list[ContactItem]
    referral: Referral | None
    events: list[LedgerLine]
    clocks: list[Clock]


@dataclass(frozen=True, slots=True)
class _Placed:
    """Who had it, and why. `named_team` is the one that a rule names: its hours count."""

    owner: Organisation
    team: Team | None
    reason: str
    named_team: Team | None = None


def retell(history: History, *, book: Book, now: datetime) -> Told:
    """The rows that this history leaves by now. Raises KeyError for a service nobody knows."""
    history = history.up_to(now)
    service = book.services[history.service] if history.service else None
    placed = _placed(history, book)
    promise = book.promise(service, placed.owner, placed.named_team, history.received_at)
    contact = _first_contact(history, book)
    enquiry = Enquiry(
        service=service,
        description=history.description,
        person_id=history.person_id,
        received_at=history.received_at,
        promised_on=promise.on if promise else None,
        due_at=promise.due_at if promise else None,
        status=Status.NEW.value,
        **history.place.columns(),
    )
    told = Told(history, contact, [], enquiry, [_first_item(history)], None, [], [])
    _received(told)
    if history.answered:
        _end(told, placed, book, now)
    else:
        _place(told, placed, book)
        _work(told, placed, book, now)
    _come_back(told)
    told.clocks += retold_clocks.of(
        enquiry, told.referral, promise, placed.owner, placed.named_team, book=book
    )
    return told


def _first_contact(history: History, book: Book) -> Contact:
    ended_at = history.ended_at or history.received_at
    return Contact(
        channel=history.channel.value,
        started_at=history.started_at or history.received_at,
        # An e-mail contact is open until we answer (measures.md R11).
        ended_at=None if history.channel is Channel.EMAIL else ended_at,
        person_id=history.person_id,
        address_hash=history.address_hash,
        site_id=book.sites.get(history.site),
        agent_id=history.agent_id,
        thread=history.thread,
        digest=history.fingerprint,
    )


def _first_item(history: History) -> ContactItem:
    return ContactItem(kind=ItemKind.NEW.value, words=history.description, at=history.received_at)


def _line(told: Told, event: EventType, actor: Actor, at: datetime, /, **data: Any) -> None:
    told.events.append(
        LedgerLine(
            type=event.value,
            at=at,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name[:120],
            organisation_id=actor.organisation_id,
            data=data,
        )
    )


def _move(
    told: Told, target: Status, kind: EventType, actor: Actor, at: datetime, **data: Any
) -> None:
    chosen = lifecycle.Outcome(data["outcome"]) if "outcome" in data else None
    events.step(told.enquiry, target, at=at, outcome=chosen)
    _line(told, kind, actor, at, **data)


def _received(told: Told) -> None:
    history, promised_on = told.history, told.enquiry.promised_on
    words = CHANNEL_WORDS[history.channel].lower()
    # `contact` is filled in when the contact has its key.
    _line(told, EventType.RECEIVED, history.actor, history.received_at, channel=words, contact=None)
    if promised_on is not None:
        date = promised_on.isoformat()
        _line(told, EventType.PROMISE_SET, SYSTEM, history.received_at, date=date)


def _placed(history: History, book: Book) -> _Placed:
    service = book.services[history.service] if history.service else None
    found = book.destination(service, history.place, clocks.london_date(history.received_at))
    owner = book.by_id[found.organisation_id] if found.organisation_id else None
    reason = found.reason
    if owner is None and history.otherwise in book.bodies:
        owner = book.bodies[history.otherwise]
        reason = f"{owner.name} had it in the system that it comes from"
    owner = owner or book.hub
    named = book.teams.get(found.team_id or 0)
    return _Placed(owner, named or book.default_teams.get(owner.pk), reason[:300], named)


def _place(told: Told, placed: _Placed, book: Book) -> None:
    enquiry, at = told.enquiry, told.history.received_at
    enquiry.owner, enquiry.team, enquiry.routing_reason = placed.owner, placed.team, placed.reason
    if placed.owner.is_hub:
        words = "In the hub's own queue"
        _move(told, Status.OPEN, EventType.TRIAGED, SYSTEM, at, found=words, reason=placed.reason)
        return
    told.referral = Referral(
        organisation=placed.owner,
        team=placed.team,
        reason=placed.reason,
        offered_at=at,
        work_due_at=enquiry.due_at,
    )
    _move(
        told,
        Status.REFERRED,
        EventType.REFERRED,
        SYSTEM,
        at,
        to=placed.owner.slug,
        organisation=placed.owner.name,
        team=placed.team.name if placed.team else "",
        reason=placed.reason,
    )


def _by(told: Told, placed: _Placed) -> Actor:
    """Who did the owner's work: as named, in the owner's name."""
    by = told.history.entered_by
    return Actor(by.kind, by.id, told.history.worked.accepted_by or by.name, placed.owner.pk)


def _work(told: Told, placed: _Placed, book: Book, now: datetime) -> None:
    worked, referral, actor = told.history.worked, told.referral, _by(told, placed)
    if worked.accepted_at is not None and referral is not None:
        referral.status = ReferralStatus.ACCEPTED.value
        referral.accepted_at, referral.accepted_by = worked.accepted_at, worked.accepted_by
        told.enquiry.responded_at = worked.accepted_at
        _move(
            told,
            Status.IN_PROGRESS,
            EventType.ACCEPTED,
            actor,
            worked.accepted_at,
            organisation=placed.owner.name,
        )
    if worked.resolved_at is None:
        return
    if referral is not None:
        referral.status, referral.settled_at = ReferralStatus.COMPLETED.value, worked.resolved_at
        referral.outcome, referral.public_words = worked.outcome.value, worked.words
    _end(told, placed, book, now)


def _end(told: Told, placed: _Placed, book: Book, now: datetime) -> None:
    enquiry, worked, contact = told.enquiry, told.history.worked, told.contact
    at = told.history.received_at if told.history.answered else worked.resolved_at
    if at is None:
        return
    enquiry.outcome, enquiry.public_words, enquiry.resolved_at = worked.outcome, worked.words, at
    enquiry.responded_at = enquiry.responded_at or at
    actor = told.history.actor if told.history.answered else _by(told, placed)
    data: dict[str, Any] = {"outcome_words": OUTCOME_WORDS[worked.outcome], "words": worked.words}
    if worked.outcome is lifecycle.Outcome.DECIDED_NO:
        data |= {"reason": worked.words, "next_step": worked.words}
    if worked.outcome is lifecycle.Outcome.WITHDRAWN:
        data |= {"by": "citizen"}  # in which contact, other systems do not say (R34)
    if told.referral is not None:
        data |= {"organisation": placed.owner.name, "parts": 1}
    outcome = worked.outcome.value
    _move(told, Status.RESOLVED, EventType.RESOLVED, actor, at, **data, outcome=outcome)
    window = clocks.window_end(
        enquiry.service.resolution_class if enquiry.service else "REQUEST",
        contact.ended_at or contact.started_at,
        enquiry.promised_on,
        book.calendar(enquiry.owner),
    )
    enquiry.closes_at = max(window, clocks.plus_days(at, 7))
    if enquiry.closes_at <= now:
        enquiry.closed_at = enquiry.closes_at
        _move(told, Status.CLOSED, EventType.CLOSED, SYSTEM, enquiry.closes_at)


def _come_back(told: Told) -> None:
    """Later contacts, as items and as lines of the ledger at their own times."""
    history = told.history
    for one in sorted(history.later, key=lambda later: later.at):
        told.later_contacts.append(
            Contact(
                channel=one.channel.value,
                started_at=one.at,
                ended_at=None if one.channel is Channel.EMAIL else one.at,
                person_id=history.person_id,
                address_hash=history.address_hash,
            )
        )
        told.items.append(
            ContactItem(
                kind=one.kind.value,
                avoidable=one.avoidable,
                evidence=["agent_chose"],
                words=one.words,
                at=one.at,
            )
        )
        _line(
            told,
            EventType.CONTACTED,
            history.actor,
            one.at,
            kind=one.kind.value,
            kind_words=KIND_WORDS[one.kind].lower(),
            words=one.words,
            contact=None,
        )
    # sorted() keeps the order of equal times, so that an answer follows its question.
    told.events.sort(key=lambda event: event.at)
