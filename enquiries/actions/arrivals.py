"""Writes what came in: the contact, its items, new enquiries and words about old ones."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import accounts.queries
import customers.queries
import kb.queries
import kb.questions
from core.audit import SYSTEM, Actor
from core.errors import DomainError
from enquiries import clocks, events
from enquiries.actions import (
    contacts,
    deadlines,
    hand_overs,
    links,
    reading,
    resolutions,
    telling,
    unsent,
    withdrawals,
)
from enquiries.channels import CHANNEL_WORDS, KIND_WORDS, Channel, ItemKind
from enquiries.events import EventType
from enquiries.inbound import InboundContact, Located, Need
from enquiries.lifecycle import LinkKind, Outcome, Status
from enquiries.models import Contact, ContactItem, Enquiry, EnquiryLink, ReferralStatus
from enquiries.models.referrals import LIVE_REFERRAL
from enquiries.queries import destinations, of_kiosks
from enquiries.queries import links as standing

if TYPE_CHECKING:
    from kb.models import Service

# A text conversation ends when a day has passed without a message (R10).
SILENCE = timedelta(hours=24)
# Evidence that somebody came by the secret link of an enquiry.
TRACKING_LINK = "tracking_link"


class UnknownService(DomainError):
    code = "service_unknown"


class NoSuchEnquiry(DomainError):
    code = "enquiry_unknown"


def by_references(found: Sequence[str]) -> list[Enquiry]:
    """Enquiries in the order of their references."""
    rows = {row.reference: row for row in Enquiry.objects.filter(reference__in=found)}
    return [rows[reference] for reference in found]


def contact_for(
    inbound: InboundContact, *, person_id: int | None, digest: str, now: datetime
) -> Contact:
    """The sitting this belongs to: the desk's open one, a running conversation, or a new one.
    Raises ContactClosed."""
    ended_at = inbound.ended_at or inbound.received_at
    if inbound.contact_id is not None:
        held = Contact.objects.select_for_update(of=("self",), no_key=True)
        contact = held.get(pk=inbound.contact_id)
        if contact.ended_at is not None:
            raise contacts.ContactClosed("This contact has been wrapped up. Open a new one")
        return contacts.with_person(contact, inbound, person_id)
    if inbound.thread:
        running = (
            Contact.objects.select_for_update(of=("self",), no_key=True)
            .filter(
                channel=inbound.channel.value,
                thread=inbound.thread,
                ended_at__gt=inbound.received_at - SILENCE,
            )
            .order_by("-ended_at", "-pk")
            .first()
        )
        if running is not None:
            running.ended_at = max(running.ended_at or ended_at, ended_at)
            running.save(update_fields=["ended_at"])
            return running
    visit = reading.running(inbound, ended_at=ended_at)
    if visit is not None:
        return contacts.helped(contacts.with_person(visit, inbound, person_id), inbound)
    site = accounts.queries.site(inbound.site) if inbound.site else None
    made = Contact.objects.create(
        channel=inbound.channel.value,
        started_at=inbound.started_at or inbound.received_at,
        ended_at=None if inbound.channel is Channel.EMAIL else ended_at,
        recorded_at=now,
        person_id=person_id,
        address_hash=contacts.hash_of(inbound, person_id),
        given=contacts.given_in(inbound),
        site=site,
        agent_id=inbound.agent.id if inbound.agent else None,
        thread=inbound.thread,
        session=inbound.session,
        signals=list(inbound.signals),
        digest=digest,
    )
    return contacts.helped(made, inbound)


def take(
    need: Need,
    place: Located,
    *,
    inbound: InboundContact,
    contact: Contact,
    person_id: int | None,
    now: datetime,
) -> Enquiry:
    """One need of a contact, written. Raises UnknownService or NoSuchEnquiry.

    The same problem again, when the time for questions is over, is a new enquiry that follows the
    old one: on a closed case nobody would see it. What is said about a report that was merged is
    said about the one that goes on for it.
    """
    named = need.about
    if named and need.kind != ItemKind.NEW.value:
        need = replace(need, about=standing.stands_for(named))
    spoken_of = _held(need.about) if need.about else None
    closed = spoken_of.if_closed if spoken_of else None
    if closed is not None and need.kind == ItemKind.REPEAT.value:
        if person_id is None and TRACKING_LINK in need.evidence and closed.reference == named:
            person_id, inbound = _known_by_link(closed, contact, inbound)
        need, place = _same_again(need, place, closed)
    elif closed is not None and person_id is not None and closed.person_id == person_id:
        need, place = _same_again(need, place, closed)
    if need.kind == ItemKind.NEW.value:
        return _open(need, place, inbound=inbound, contact=contact, person_id=person_id, now=now)
    if spoken_of is None:
        raise NoSuchEnquiry("There is no enquiry with that reference")
    return _about_an_earlier(need, spoken_of, inbound=inbound, contact=contact)


@dataclass(frozen=True, slots=True)
class _SpokenOf:
    """An enquiry that somebody speaks of, and the one that its report was linked to; both held."""

    enquiry: Enquiry
    target: Enquiry | None

    @property
    def if_closed(self) -> Enquiry | None:
        return self.enquiry if self.enquiry.status == Status.CLOSED.value else None


def _held(reference: str) -> _SpokenOf | None:
    """What a need is about, held before anything is decided on how it stands: it may be closed in
    the very moment in which its citizen says that it is not solved."""
    found = Enquiry.objects.filter(reference=reference).values_list("pk", flat=True).first()
    return _SpokenOf(*links.held_with_target(found)) if found is not None else None


def _same_again(need: Need, place: Located, closed: Enquiry) -> tuple[Need, Located]:
    """What comes after a closed enquiry: where and about what that was, unless they say otherwise.

    Thanks and news about it stay with it.
    """
    if need.kind not in (ItemKind.REPEAT.value, ItemKind.NEW.value):
        return need, place
    if need.place is None:
        place = Located(**{name: getattr(closed, name) for name in Located().columns()})
    service = closed.service
    # One that has ended since is nobody's any more: somebody says what it is about now.
    slug = service.slug if service is not None and service.is_active else None
    return replace(need, kind=ItemKind.NEW.value, service=need.service or slug), place


def _known_by_link(
    closed: Enquiry, contact: Contact, inbound: InboundContact
) -> tuple[int | None, InboundContact]:
    """Who comes by the secret link of an enquiry is its citizen, and is told as they chose then."""
    if closed.person_id is not None:
        contact.person_id = closed.person_id
        before = closed.first_contact
        contact.address_hash, contact.given = before.address_hash, before.given
        contact.save(update_fields=["person", "address_hash", "given"])
    return closed.person_id, replace(inbound, tell_by=closed.tell_by, language=closed.language)


def _service(slug: str | None) -> Service | None:
    if slug is None:
        return None
    service = kb.queries.service(slug)
    if service is None:
        raise UnknownService("We do not know that service. Choose one from the list")
    return service


def _open(
    need: Need,
    place: Located,
    *,
    inbound: InboundContact,
    contact: Contact,
    person_id: int | None,
    now: datetime,
) -> Enquiry:
    service = _service(need.service)
    form_id = kb.questions.version_kept(service, need.form_id, need.answers)
    at, today = inbound.received_at, clocks.london_date(inbound.received_at)
    whose = _likely_owner(need, service, place, inbound, person_id, at)
    promise = destinations.promise(service, whose, at) if whose else None
    enquiry = Enquiry.objects.create(
        reference=of_kiosks.given_or_fresh(inbound.reference),
        secret=secrets.token_urlsafe(16),
        service=service,
        article=need.article,
        owner_id=reading.owner_of(need),
        description=need.description,
        answers=kb.questions.checked(service, need.answers, version_id=form_id, today=today),
        form_id=form_id,
        priority=need.priority,
        person_id=person_id,
        first_contact=contact,
        tell_by=inbound.tell_by,
        language=inbound.language,
        received_at=at,
        promised_on=promise.on if promise else None,
        due_at=promise.due_at if promise else None,
        first_response_due_at=destinations.first_response_due(service, whose, at)
        if whose
        else None,
        version=1 if promise is None else 2,
        **place.columns(),
    )
    about = Enquiry.objects.filter(reference=need.about).first() if need.about else None
    _write_item(need, enquiry, contact, about, at=at)
    _record_arrival(need, enquiry, contact, inbound, at=at)
    if about is not None and about.status == Status.CLOSED.value:
        _follow(enquiry, about, actor=inbound.actor, at=at)
    if whose is not None:
        deadlines.started(enquiry, promise, whose)
    hand_overs.carried(enquiry, contact, actor=inbound.actor, at=at)
    _end_at_once(need, enquiry, actor=inbound.actor, at=at)
    return enquiry


def _end_at_once(need: Need, enquiry: Enquiry, *, actor: Actor, at: datetime) -> None:
    if need.left_at:
        unsent.end(enquiry, last_question=need.left_at, at=at)
    elif need.answer is not None:
        outcome = Outcome(need.outcome)
        more: dict[str, Any] = {"inside": need.inside} if outcome is Outcome.SIGNPOSTED else {}
        resolutions.settle(enquiry, outcome=outcome, words=need.answer, actor=actor, now=at, **more)


def _write_item(
    need: Need, enquiry: Enquiry, contact: Contact, about: Enquiry | None, *, at: datetime
) -> None:
    """What the contact said of the new enquiry, and which earlier one its evidence names."""
    ContactItem.objects.create(
        contact=contact,
        enquiry=enquiry,
        kind=need.kind,
        evidence=list(need.evidence),
        about=about,
        avoidable=need.avoidable,
        words=need.said or need.description,
        desk_answer=need.desk_answer,
        at=at,
    )


def _follow(enquiry: Enquiry, closed: Enquiry, *, actor: Actor, at: datetime) -> None:
    """Ties a new enquiry to the closed one that it comes after (measures.md "Clocks": reopen)."""
    EnquiryLink.objects.create(
        kind=LinkKind.FOLLOWS.value,
        enquiry=enquiry,
        target=closed,
        made_at=at,
        made_by=actor.name[:120],
    )
    events.record(
        enquiry,
        EventType.FOLLOWS,
        actor=actor,
        at=at,
        target=closed.pk,
        reference=closed.reference,
    )


def _record_arrival(
    need: Need, enquiry: Enquiry, contact: Contact, inbound: InboundContact, *, at: datetime
) -> None:
    came = {"channel": CHANNEL_WORDS[inbound.channel].lower(), "contact": contact.pk}
    if need.place is not None and need.place.latitude is not None:
        came["pointed"] = True  # the metres are those of a point, not of a postcode
    if inbound.came_at is not None:
        came["came_at"] = inbound.came_at.isoformat()
    if inbound.helped_unknown:
        came["helped_unknown"] = True
    lines = [events.First(EventType.RECEIVED, inbound.actor, came)]
    if enquiry.promised_on is not None:
        promised = {"date": enquiry.promised_on.isoformat()}
        lines.append(events.First(EventType.PROMISE_SET, SYSTEM, promised))
    events.begin(enquiry, lines, at=at)


def _likely_owner(
    need: Need,
    service: Service | None,
    place: Located,
    inbound: InboundContact,
    person_id: int | None,
    at: datetime,
) -> destinations.Whose | None:
    """Whose calendar the promise rests on: the agent's choice, else what the rules say.

    None while nobody has said which service it is, and where the rules name a body outside: for
    others we promise nothing. Nor to who has read an answer: they have it, or it did not help.
    """
    if service is None or need.article or need.left_at:
        return None
    on = clocks.london_date(at)
    percent = destinations.percent(
        service.pk,
        need.priority,
        is_vulnerable=person_id is not None and customers.queries.is_vulnerable(person_id, on=on),
    )
    if need.send_to:
        owner = accounts.queries.organisation(need.send_to)
        return destinations.whose(owner, percent=percent)
    situation = destinations.Situation(need.answers, need.priority, inbound.channel.value)
    found = destinations.destination(service, place, on, situation)
    if found.outside is not None:
        return None
    return destinations.whose(
        accounts.queries.organisation_by_id(found.organisation_id),
        accounts.queries.team(found.team_id),
        percent=percent,
    )


def _about_an_earlier(
    need: Need, spoken_of: _SpokenOf, *, inbound: InboundContact, contact: Contact
) -> Enquiry:
    enquiry, target = spoken_of.enquiry, spoken_of.target
    kind, at = ItemKind(need.kind), inbound.received_at
    ContactItem.objects.create(
        contact=contact,
        enquiry=enquiry,
        kind=kind.value,
        evidence=list(need.evidence),
        avoidable=need.avoidable,
        words=need.description,
        desk_answer=need.desk_answer,
        at=at,
    )
    events.record(
        enquiry,
        EventType.CONTACTED,
        actor=inbound.actor,
        at=at,
        kind=kind.value,
        kind_words=KIND_WORDS[kind].lower(),
        words=need.description,
        contact=contact.pk,
    )
    if need.act:
        withdrawals.do(enquiry, need.act, words=need.description, actor=inbound.actor, now=at)
    elif target is not None and kind is ItemKind.REPEAT:
        links.come_back(enquiry, target, words=need.description, actor=inbound.actor, now=at)
    else:
        _answer_to_what_they_said(enquiry, kind, need.description, actor=inbound.actor, at=at)
    return enquiry


def _answer_to_what_they_said(
    enquiry: Enquiry, kind: ItemKind, words: str, *, actor: Actor, at: datetime
) -> None:
    """An answer to our question wakes a waiting case; the same problem again reopens a done one."""
    status = Status(enquiry.status)
    if status is Status.WAITING and kind in (ItemKind.REPLY_TO_US, ItemKind.NEW_INFORMATION):
        target = _who_has_it(enquiry)
        events.move(enquiry, target, EventType.INFO_RECEIVED, actor=actor, at=at, words=words)
        deadlines.turned(enquiry, at=at)
        telling.answered(enquiry, now=at)
    elif status is Status.RESOLVED and kind is ItemKind.REPEAT:
        resolutions.open_again(enquiry, words=words, actor=actor, now=at)


def _who_has_it(enquiry: Enquiry) -> Status:
    """Where a case goes on that waited for its citizen: with the partner that has it, or here."""
    live = enquiry.referrals.filter(status__in=LIVE_REFERRAL).values_list("status", flat=True)
    held = set(live)
    if ReferralStatus.ACCEPTED.value in held:
        return Status.IN_PROGRESS
    return Status.REFERRED if held else Status.OPEN
