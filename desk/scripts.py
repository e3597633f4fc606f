"""A form, led by an agent: what is known, what to ask next, what comes of it.

The steps are the website's (kb.asking): the same questions, branches and ends. What differs is
that nobody is asked what we know, and that an agent may leave open what somebody cannot say.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

import accounts.queries
import kb.asking
import kb.questions
from accounts import areas
from accounts.areas import OutsideCounty, UnknownPostcode
from core.errors import DomainError
from enquiries.inbound import LANGUAGE, InboundContact, Need, Place, Sender
from enquiries.lifecycle import Outcome, Priority
from enquiries.queries import tracking
from enquiries.queries.contacts import OpenContact
from kb.asking import WHAT, WHERE, Asking
from kb.forms import answers as reader
from kb.forms import path
from kb.forms.schema import Answer, End, EndKind, Kind, Question
from kb.journeys import EMAIL, NOBODY, SMS, Journey
from teamwork.queries_scripts import Kept

if TYPE_CHECKING:
    from accounts.permissions import Viewer
    from kb.models import Service

OPEN = "a."
_LONGEST = 4_000
# How a need ends whose form ended before it was sent, as on the website.
_OUTCOMES: Mapping[EndKind, Outcome] = {
    EndKind.NOT_ELIGIBLE: Outcome.DECIDED_NO,
    EndKind.ANSWERED: Outcome.ANSWERED,
    EndKind.NOT_OURS: Outcome.SIGNPOSTED,
    EndKind.EMERGENCY: Outcome.SIGNPOSTED,
}


# --- How it begins -----------------------------------------------------------------------------


def begun(contact: OpenContact, service: Service | None, given: QueryDict) -> Journey:
    """A journey with all that is known: of the person, of this contact, of what was typed."""
    slug, name = (service.slug, service.name) if service else ("", "")
    fresh = Journey(id=str(uuid.uuid4())).about(slug, name, kb.asking.version_of(service))
    if written := given.get("description", "")[:_LONGEST].replace("\x00", "").strip():
        fresh = fresh.answered(WHAT, description=written)
    else:
        # What was looked for may be what they want to say: it stands there to be changed.
        asked = given.get("asked", "")[:_LONGEST].replace("\x00", "").strip()
        fresh = replace(fresh, description=asked)
    fresh = _placed(fresh, contact, service, given)
    return _answered(fresh, contact, service, given)


def _placed(
    journey: Journey, contact: OpenContact, service: Service | None, given: QueryDict
) -> Journey:
    """Where it is: as it was typed, else their home where the question is about one."""
    asking = kb.asking.of(journey, service, files=False)
    question = asking.part(WHERE)
    typed = _postcode(given.get("postcode", ""))
    address = given.get("address", "")[:300].strip()
    if question is None:
        return journey
    person = contact.person
    at_home = kb.asking.is_home(service, question)
    if not typed and at_home and person is not None:
        typed, address = _postcode(person.postcode), address or person.address
    if not typed:
        return replace(journey, address=address)
    journey = replace(journey, postcode=typed, address=address)
    is_whole = address or not (question.exact or asking.lists)
    return journey.answered(question.key) if is_whole else journey


def _answered(
    journey: Journey, contact: OpenContact, service: Service | None, given: QueryDict
) -> Journey:
    """What was answered already: on the page, by a button, else for another need of this contact
    in the very same words."""
    asking = kb.asking.of(journey, service, files=False)
    before = _in_this_contact(contact)
    known: dict[str, Answer] = {}
    for question in asking.form.own:
        values = given.getlist(f"own-{question.key}") or given.getlist(OPEN + question.key)
        answer = _read(question, values, asking.today)
        if answer is None:
            answer = before.get((question.key, question.words, question.values))
        if answer:
            known[question.key] = answer
    done = (*journey.done, *(key for key in known if key not in journey.done))
    return replace(journey, answers=known, done=done)


def _in_this_contact(contact: OpenContact) -> dict[tuple[str, str, tuple[str, ...]], Answer]:
    found: dict[tuple[str, str, tuple[str, ...]], Answer] = {}
    for item in contact.items:
        enquiry = item.enquiry
        if not enquiry.answers or enquiry.service is None:
            continue
        form = kb.questions.asked(enquiry.service, enquiry.form_id).form
        for question in form.own:
            if question.key in enquiry.answers:
                same = (question.key, question.words, question.values)
                found[same] = enquiry.answers[question.key]
    return found


def _read(question: Question, values: Sequence[str], today: date) -> Answer | None:
    values = [one for one in values if one and len(one) <= _LONGEST]
    if not values:
        return None
    try:
        return reader.read(
            question, values if question.kind is Kind.SEVERAL else values[-1], today=today
        )
    except reader.NotAnAnswer:
        return None


def _postcode(text: str) -> str:
    if text.strip():
        with suppress(DomainError):
            return areas.lookup(text.replace("\x00", "")[:30]).postcode
    return ""


# --- Where it stands ---------------------------------------------------------------------------


def asking(kept: Kept, contact: OpenContact, service: Service | None) -> Asking:
    """The script with its form: nobody is asked who they are when we know, nor again what they
    could not say."""
    found = kb.asking.of(kept.journey, service, files=False)
    form = path.without(found.form, Kind.PERSON) if contact.person is not None else found.form
    if kept.left:
        form = replace(
            form,
            questions=tuple(
                replace(one, required=False) if one.key in kept.left else one
                for one in form.questions
            ),
        )
    return replace(found, form=form)


def expected(found: Asking, now: datetime) -> tracking.Expected | None:
    """Who would deal with it, by when, as far as that can be told."""
    if not found.journey.service or not (found.answers or found.is_placed):
        return None
    with suppress(OutsideCounty, UnknownPostcode):
        where = place(found.journey)
        return tracking.expected(found.journey.service, where, now=now, answers=found.answers)
    return None


def place(journey: Journey) -> Place | None:
    """Where it is, as far as the person could say."""
    if not (journey.postcode or journey.address):
        return None
    return Place(
        postcode=journey.postcode,
        address=journey.address,
        uprn=journey.uprn,
        latitude=journey.latitude,
        longitude=journey.longitude,
    )


def taken(found: Asking, question: Question, said: Mapping[str, Any]) -> Journey:
    """The journey with an answer. An end that looks at another answer than it did is met anew."""
    is_done = question.key in found.journey.done
    if is_done and all(kb.asking.known(found.journey, question)[key] == said[key] for key in said):
        return found.journey
    return found.answered(question, said)


def replaced(found: Asking, journey: Journey) -> Asking:
    """The same form with a journey that went on."""
    return replace(found, journey=journey)


# --- What comes of it --------------------------------------------------------------------------


def whole(found: Asking, *, to_us: bool) -> Need:
    """The need as the website would send it."""
    journey = found.journey
    return Need(
        description=found.description or journey.service_name or "Led by an agent",
        service=journey.service or None,
        place=place(journey),
        answers=found.answers,
        form_id=journey.form_id,
        priority=(Priority.URGENT if found.is_urgent else Priority.NORMAL).value,
        send_to=accounts.queries.hub().slug if to_us or found.is_past_a_no else None,
    )


def ended(found: Asking, end: End) -> Need:
    """A need that the answers ended: what they were told is its answer."""
    words = "\n\n".join(part for part in (end.words, end.next_step, end.phone) if part)
    return replace(
        whole(found, to_us=False),
        send_to=None,
        answer=words[:2_000],
        outcome=_OUTCOMES[end.kind].value,
        inside=accounts.queries.is_ours(end.phone),
    )


def handed_off(found: Asking, words: str) -> Need:
    """Not ours: they were told whose it is and how to reach them."""
    return replace(
        whole(found, to_us=False),
        send_to=None,
        answer=words[:2_000],
        outcome=Outcome.SIGNPOSTED.value,
    )


def inbound(
    kept: Kept, contact: OpenContact, channel: Any, need: Need, who: Viewer, now: datetime
) -> InboundContact:
    """The contact that intake reads; a script is one need, however often it is sent."""
    journey = kept.journey
    sender, tell_by = Sender(), ""
    if contact.person is None and journey.tell_by in (EMAIL, SMS):
        sender = Sender(name=journey.name, email=journey.email, phone=journey.phone)
        tell_by = journey.tell_by
    elif contact.person is None and journey.tell_by != NOBODY:
        sender = Sender(name=journey.name, email=journey.email, phone=journey.phone)
    return InboundContact(
        channel=channel,
        external_id=f"{contact.public_id}:script:{kept.public_id}",
        received_at=now,
        started_at=contact.started_at,
        needs=(need,),
        sender=sender,
        tell_by=tell_by,
        language=LANGUAGE,
        contact_id=contact.id,
        person_id=contact.person.id if contact.person else None,
        agent=who,
        actor=who.actor,
    )
