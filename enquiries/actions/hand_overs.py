"""A contact goes on with a colleague, in the same sitting, with what was said; or is put through.

Warm, it stays one contact with one clock, and each of its enquiries has a line that says so: one
stop, and no resolution at first contact (measures.md S2, R41). Put through without waiting it is a
cold transfer. What is only finished after they have gone is neither: they made no effort.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

import accounts.colleagues
import accounts.queries
import inbox.actions_wanted
import inbox.queries_calls
from accounts.permissions import Viewer
from core import audit, live, sealing
from core.audit import Actor
from core.errors import DomainError
from enquiries import events
from enquiries.actions import contacts
from enquiries.events import EventType
from enquiries.models import Contact, ContactItem, Enquiry, HandOver
from enquiries.queries.contacts import PURPOSE

MAX_WORDS = 500


class NobodyChosen(DomainError):
    code = "hand_over_to_nobody"
    field = "to"


class WordsMissing(DomainError):
    code = "hand_over_words"
    field = "words"


class NoSuchHandOver(DomainError):
    code = "no_such_hand_over"


class HandOverOver(DomainError):
    """Somebody else took it, or it was taken back."""

    code = "hand_over_over"


@transaction.atomic
def offer(
    *,
    public_id: uuid.UUID,
    viewer: Viewer,
    to: str,
    words: str,
    is_cold: bool = False,
    now: datetime,
) -> uuid.UUID:
    """Offers a contact to `person:ID` or `team:ID`. Again is another offer in the place of the
    first. Raises NoSuchContact, ContactClosed, NobodyChosen, WordsMissing."""
    contact = contacts.held(viewer, public_id)
    user_id, team_id = _whom(to, viewer)
    words = words.replace("\x00", "").strip()[:MAX_WORDS]
    if not words:
        raise WordsMissing("Say what it is about, so that they need not ask again")
    _open(contact).update(answered_at=now, answer="taken_back", sealed="")
    made = HandOver.objects.create(
        contact=contact,
        from_user_id=viewer.id,
        to_user_id=user_id,
        to_team_id=team_id,
        sealed=sealing.seal(words, purpose=PURPOSE),
        is_cold=is_cold,
        offered_at=now,
    )
    if is_cold and _is_there(contact):
        _say(contact, viewer.actor, to=_name(made), mode="cold", now=now)
        # They are with somebody else now: this sitting is over, what is left is its wrap-up.
        contact.parked_at = contact.parked_at or now
        contact.save(update_fields=["parked_at"])
    _write_down("contact.offered", contact, viewer, now=now)
    for colleague in told(made):
        live.say(f"staff:{colleague}", {"what": "offered"})
    return made.public_id


def told(one: HandOver) -> list[int]:
    """Whose open pages hear of an offer at once."""
    if one.to_user_id is not None:
        return [one.to_user_id]
    speak = accounts.colleagues.who_speak()
    return [
        each.pk for each in speak if one.to_team_id in each.team_ids and each.pk != one.from_user_id
    ]


def _whom(to: str, viewer: Viewer) -> tuple[int | None, int | None]:
    kind, _colon, key = to.partition(":")
    number = int(key) if key.isdecimal() and len(key) < 10 else 0
    if kind == "person" and number != viewer.id:
        known = {one.pk for one in accounts.colleagues.who_speak()}
        if number in known:
            return number, None
    if kind == "team":
        team = accounts.queries.team(number)
        if team is not None and team.organisation_id == viewer.organisation_id:
            return None, team.pk
    raise NobodyChosen("Choose a colleague or a team of ours")


def _open(contact: Contact) -> QuerySet[HandOver]:
    return HandOver.objects.filter(contact=contact, answered_at=None)


def _name(one: HandOver) -> str:
    if one.to_team is not None:
        return one.to_team.name
    return str(one.to_user) if one.to_user is not None else "a colleague"


def _is_there(contact: Contact) -> bool:
    """Whether they are still in touch: nobody has hung up, nor is anybody else served."""
    hung_up = inbox.queries_calls.ended_at(contact.public_id)
    return contact.ended_at is None and contact.parked_at is None and hung_up is None


@transaction.atomic
def accept(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> uuid.UUID:
    """The viewer goes on with the contact. The first who accepts has it; returns its id.

    Raises NoSuchHandOver, HandOverOver, NoSuchContact, ContactClosed.
    """
    contact, one = _for(viewer, public_id)
    if one.answer == "accepted" and contact.agent_id == viewer.id:
        return contact.public_id
    _standing(one)
    was_there = _is_there(contact)
    one.answered_at, one.answer = now, "accepted"
    one.save(update_fields=["answered_at", "answer"])
    _write_down("contact.accepted", contact, viewer, now=now)
    live.say(f"contact:{contact.public_id}", {"what": "handed"})
    contacts.told()
    if one.is_cold:
        return _second_leg(contact, one, viewer, now=now).public_id
    _goes_on(contact, viewer, was_there=was_there, now=now)
    return contact.public_id


@transaction.atomic
def take_over(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """The viewer goes on with a colleague's contact without being asked to; the colleague hears
    so. Twice changes nothing. Raises NoSuchContact, ContactClosed."""
    contact = contacts.held(viewer, public_id)
    whose = contact.agent_id
    if whose == viewer.id:
        return
    was_there = _is_there(contact)
    # Who was put through still waits to be answered elsewhere.
    _open(contact).filter(is_cold=False).update(answered_at=now, answer="over", sealed="")
    _write_down("contact.taken_over", contact, viewer, now=now)
    _goes_on(contact, viewer, was_there=was_there, now=now)
    live.say(f"contact:{contact.public_id}", {"what": "handed"})
    if whose is not None:
        live.say(f"staff:{whose}", {"what": "taken_over"})
    contacts.told()


def _goes_on(contact: Contact, viewer: Viewer, *, was_there: bool, now: datetime) -> None:
    """The contact is the viewer's; where somebody is still on the line, in the same sitting."""
    contacts.park_others(viewer, but=contact.pk, now=now)
    contact.agent_id, contact.parked_at, contact.chased_at, contact.chases = (
        viewer.id,
        None,
        None,
        0,
    )
    if was_there:
        contact.handed_at = now
        _say(contact, viewer.actor, to=viewer.name, mode="warm", now=now)
    contact.save(update_fields=["agent", "parked_at", "chased_at", "chases", "handed_at"])
    inbox.actions_wanted.pass_on(contact.public_id, viewer=viewer)


def _second_leg(contact: Contact, one: HandOver, viewer: Viewer, *, now: datetime) -> Contact:
    """Who was put through and is answered now is in touch anew (R41)."""
    contacts.park_others(viewer, but=None, now=now)
    made = Contact.objects.create(
        channel=contact.channel,
        started_at=now,
        recorded_at=now,
        queue_wait=max(0, int((now - one.offered_at).total_seconds())),
        person_id=contact.person_id,
        address_hash=contact.address_hash,
        given=contact.given,
        agent_id=viewer.id,
        site_id=viewer.site_id,
    )
    HandOver.objects.filter(pk=one.pk).update(contact=made)
    return made


@transaction.atomic
def refuse(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """The viewer cannot take it; who offered it reads so. Of a team, each may only pass."""
    contact, one = _for(viewer, public_id)
    if one.to_user_id != viewer.id or one.answered_at is not None:
        return
    one.answered_at, one.answer = now, "refused"
    one.save(update_fields=["answered_at", "answer"])
    live.say(f"contact:{contact.public_id}", {"what": "refused"})


@transaction.atomic
def take_back(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """Who offered it goes on themselves. `public_id` is the contact's. Raises HandOverOver."""
    contact = contacts.held(viewer, public_id, still_open=False)
    rows = _open(contact).filter(from_user_id=viewer.id)
    if not rows.update(answered_at=now, answer="taken_back", sealed=""):
        raise HandOverOver("Somebody has taken it already")


def _for(viewer: Viewer, public_id: uuid.UUID) -> tuple[Contact, HandOver]:
    """A hand-over that is for this viewer, with its contact; the contact is locked first."""
    found = (
        HandOver.objects.filter(public_id=public_id)
        .values_list("contact__public_id", "to_user_id", "to_team_id")
        .first()
    )
    if found is None or not (found[1] == viewer.id or found[2] in viewer.team_ids):
        raise NoSuchHandOver("There is nothing to take over")
    contact = contacts.held(viewer, found[0], still_open=False)
    rows = HandOver.objects.select_for_update(of=("self",), no_key=True)
    return contact, rows.get(public_id=public_id)


def _standing(one: HandOver) -> None:
    if one.answered_at is not None:
        raise HandOverOver("Somebody else has taken it, or it was taken back")


def carried(enquiry: Enquiry, contact: Contact, *, actor: Actor, at: datetime) -> None:
    """What is raised after a colleague took the sitting over was transferred with it."""
    if contact.handed_at is not None:
        _line(enquiry, actor, to=actor.name, mode="warm", now=at)


def _say(contact: Contact, actor: Actor, *, to: str, mode: str, now: datetime) -> None:
    ids = ContactItem.objects.filter(contact=contact).values_list("enquiry_id", flat=True)
    for pk in sorted(set(ids)):
        _line(events.locked(pk), actor, to=to, mode=mode, now=now)


def _line(enquiry: Enquiry, actor: Actor, *, to: str, mode: str, now: datetime) -> None:
    warm = mode == "warm"
    events.record(
        enquiry,
        EventType.TRANSFERRED,
        actor=actor,
        at=now,
        mode=mode,
        same_sitting=warm,
        context_carried=True,
        to=accounts.queries.hub().slug,
        name=to,
    )


def over(contact: Contact, *, now: datetime) -> None:
    """The contact is wrapped up: nobody takes it over any more, and what was said is forgotten."""
    # Who was put through still waits to be answered elsewhere.
    waits = Q(is_cold=True, answered_at=None)
    HandOver.objects.filter(contact=contact).exclude(waits).exclude(sealed="").update(sealed="")
    _open(contact).exclude(waits).update(answered_at=now, answer="over")


def _write_down(action: str, contact: Contact, viewer: Viewer, *, now: datetime) -> None:
    audit.record(action, actor=viewer.actor, target=f"contact:{contact.public_id}", at=now)
