"""A contact as a whole: what it may be about, how it ends, who goes on with it. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

import accounts.colleagues
import accounts.queries
import inbox.queries_calls
from accounts.areas import compact, spaced
from accounts.permissions import Permission, Viewer
from customers.contact import shown
from desk import callers
from desk.forms_sitting import HandOverForm, RingBackForm, WrapUpForm
from enquiries.actions import callbacks, wrapping_up
from enquiries.channels import CONTACT_OUTCOME_WORDS, Channel
from enquiries.lifecycle import ENDED
from enquiries.queries import about_this
from enquiries.queries import contacts as reading
from enquiries.queries.about_this import Candidate
from enquiries.queries.contacts import OpenContact, Unfinished
from teamwork import queries_drafts, queries_skills
from teamwork.queries_scripts import Row as Script


@dataclass(frozen=True, slots=True)
class Row:
    """One enquiry that it may be about, with the key of its form and the key that links it."""

    one: Candidate
    key: UUID
    number: int


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a contact ends; `is_likely` is the one that the page proposes."""

    value: str
    words: str
    number: int
    is_likely: bool


def candidates(
    who: Viewer, contact: OpenContact, *, postcode: str, service: str, now: datetime
) -> list[Row]:
    """What this contact may be about and has not been said to be, or not to be, about."""
    if contact.ended_at is not None:
        return []
    known = {item.enquiry.reference for item in contact.items}
    found = about_this.candidates(
        who,
        person_id=contact.person.id if contact.person else None,
        theirs={one.reference for one in contact.earlier},
        address_hash=contact.address_hash,
        postcode=_stored(postcode),
        service=service,
        without=known | contact.refused,
        now=now,
    )
    return [Row(one, uuid4(), number) for number, one in enumerate(found, 1)]


def _stored(postcode: str) -> str:
    """A postcode as enquiries have it; "" for what is none."""
    plain = compact(postcode) if postcode.strip() else ""
    return spaced(plain) if 5 <= len(plain) <= 7 else ""


def about(
    who: Viewer, contact: OpenContact, *, postcode: str, service: str, now: datetime
) -> dict[str, object]:
    """What "is it about this?" shows."""
    rows = candidates(who, contact, postcode=postcode, service=service, now=now)
    return {
        "may_be": rows,
        "offered": [f"{row.one.reference}:{row.one.because}" for row in rows],
        "said_none": bool(contact.refused),
        "covered": about_this.covered(who, address_hash=contact.address_hash, now=now)
        if contact.person is None
        else 0,
    }


def rung_at(contact: OpenContact) -> datetime | None:
    """When somebody rings them, as this contact asked for."""
    return inbox.queries_calls.asked_in(contact.public_id)


def end(contact: OpenContact, form: object | None, *, now: datetime) -> dict[str, object]:
    """How the contact ends: proposed where it is clear."""
    rung = rung_at(contact)
    likely = wrapping_up.likely_outcome(contact.items, is_rung_back=rung is not None)
    reason = wrapping_up.likely_reason(contact.items)
    initial = {"outcome": likely.value, "avoidable": reason}
    return {
        "wrap_form": form or WrapUpForm(initial=initial, auto_id="wrap_%s"),
        "likely": CONTACT_OUTCOME_WORDS[likely],
        "may_be_avoidable": bool(contact.items),
        "ways": [
            Way(value, words, number, value == likely)
            for number, (value, words) in enumerate(CONTACT_OUTCOME_WORDS.items(), 1)
        ],
        "rung_at": rung,
        "hung_up": inbox.queries_calls.ended_at(contact.public_id),
    }


def hand_form(who: Viewer, data: Mapping[str, object] | None = None) -> HandOverForm:
    """The form by which a colleague goes on."""
    away = queries_skills.away(on=timezone.localdate())
    speak = [one for one in accounts.colleagues.who_speak() if one.pk not in away]
    people = [(str(one.pk), one.name) for one in speak]
    return HandOverForm(
        data,
        auto_id="hand_%s",
        people=[one for one in people if one[0] != str(who.id)],
        teams=[(str(row.pk), row.name) for row in accounts.queries.teams(who.organisation_slug)],
    )


def ring_form(
    contact: OpenContact, number: str, data: Mapping[str, object] | None = None, *, now: datetime
) -> RingBackForm:
    """The form by which somebody is rung at a time that they choose."""
    known = number or (contact.person.phones[0] if contact.person and contact.person.phones else "")
    return RingBackForm(
        data,
        initial={"phone": shown(known) if known else ""},
        auto_id="ring_%s",
        days=callbacks.days(now=now),
    )


@dataclass(frozen=True, slots=True)
class Waits:
    """A contact that is not wrapped up, with how long that has been."""

    one: Unfinished
    age: str
    is_chased: bool


def waits(rows: list[Unfinished], *, now: datetime) -> list[Waits]:
    """How long each has waited, in words."""
    return [
        Waits(
            one,
            callers.in_words(_whole_minutes(now - (one.parked_at or one.started_at))),
            one.chases > 0,
        )
        for one in rows
    ]


def _whole_minutes(span: timedelta) -> timedelta:
    return timedelta(minutes=max(0, span // timedelta(minutes=1)))


def others(who: Viewer, contact: OpenContact, *, now: datetime) -> list[Waits]:
    """What else the viewer has not wrapped up, while they are on this one."""
    rows = [one for one in reading.unfinished(who) if one.public_id != contact.public_id]
    return waits(rows, now=now)


# What somebody may have been writing in a contact, by the last part of its draft's name.
_WRITING = {
    "raise": "what you wrote about a need",
    "about": "what you wrote about an earlier enquiry",
    "hand-over": "what you wrote for a colleague",
}


def unsent(who: Viewer, contact: OpenContact, scripts: Sequence[Script]) -> list[str]:
    """What was begun in a contact and not sent: told before it is wrapped up, and never in the
    way of it. One statement."""
    begun = queries_drafts.begun(who, f"contact:{contact.public_id}:")
    told = [
        f"{one.name or 'a script'}, {one.answered} answer{'' if one.answered == 1 else 's'}"
        for one in scripts
    ]
    return told + [words for name, words in _WRITING.items() if name in begun]


def facts(contact: OpenContact, *, now: datetime) -> dict[str, object]:
    """What stands above a contact: its clock, and who has it."""
    is_over = contact.ended_at or contact.parked_at
    return {
        "waited": callers.in_words(timedelta(seconds=contact.queue_wait))
        if contact.queue_wait is not None
        else "",
        "is_call": contact.channel == Channel.PHONE.value,
        "seconds": int(((is_over or now) - contact.started_at).total_seconds()),
        "answered_now": sum(item.enquiry.status in ENDED for item in contact.items),
    }


def leads(who: Viewer) -> bool:
    """Whether the viewer sees what colleagues have not wrapped up."""
    sees = who.may(Permission.SEE_PERFORMANCE) or who.may(Permission.ADMINISTER)
    return who.is_hub and sees
