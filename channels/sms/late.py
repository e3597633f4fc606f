"""A text that reaches us hours after it was sent: nobody waits for a question any more.

It is taken as it stands, for a person to read, and its sender is told so in plain words. STOP and
START count however late they come.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

import notifications.actions
import notifications.queries
from accounts import areas
from channels.sms import classing, conversation, parsing, saying
from channels.sms.parsing import Kind, Reading, Text
from core.errors import DomainError
from customers.contact import NotAPhoneNumber, read_phone
from customers.queries_telling import texts_stopped
from enquiries import intake
from enquiries.actions import dialogs, telling
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need, Place, Sender
from enquiries.lifecycle import Status
from enquiries.queries import texting
from kb import dangers

# What has an answer of its own, however late it comes.
_NO_ENQUIRY = frozenset({Kind.STOP, Kind.START, Kind.HELP, Kind.STATUS, Kind.THANKS, Kind.EMPTY})


def is_late(text: Text, *, now: datetime) -> bool:
    """Whether it came so long ago that its sender has put the telephone away."""
    came = text.received_at
    return came is not None and now - came > timedelta(hours=settings.SMS_LATE_HOURS)


def answer(text: Text, *, opt_out_type: str, by: str | None = None, now: datetime) -> str:
    """Like `conversation.answer`, without a question at its end. Commits what it changes."""
    reading = parsing.read(text.words)
    if not (opt_out_type or reading.kind in _NO_ENQUIRY):
        thread = texting.thread_of(_phone(text), text.line)
        with transaction.atomic(durable=True):
            # It may be coming by its own way at this moment.
            dialogs.serialise(thread or text.sid)
            if not was_answered(text.sid):
                said = _take(text, reading, now=now)
                return saying.answered(text, said, by=by, now=now)
    return conversation.answer(text, opt_out_type=opt_out_type, by=by, now=now)


def was_answered(sid: str) -> bool:
    """Whether the text with this id was taken before, by whichever way it came."""
    if notifications.queries.answer_given(f"sms:{sid}") is not None:
        return True
    return intake.known(Channel.SMS, sid) is not None


def _take(text: Text, reading: Reading, *, now: datetime) -> str:
    phone = _phone(text)
    case = _about(reading, phone, text.line, now=now)
    came = text.received_at or now
    need = Need(
        description=text.words,
        service=None if case else classing.surely(text.words, now=now) or None,
        place=None if case else _place(reading),
        kind=_kind(case, reading).value,
        about=case.reference if case else None,
        evidence=("reference_quoted" if reading.reference else "same_thread",) if case else (),
    )
    inbound = InboundContact(
        channel=Channel.SMS,
        external_id=text.sid,
        received_at=came,
        needs=(need,),
        sender=Sender(phone=phone),
        thread=texting.thread_of(phone, text.line),
        tell_by="sms",
    )
    received = intake.receive_within(inbound, now=now)
    taken = received.enquiries[0]
    # Under the key of "we have it", so that triage does not say it again.
    key = f"sms:{text.sid}" if case else f"received:{taken.enquiry_id}"
    danger = dangers.said_in(text.words)
    return notifications.actions.answer(
        key=key,
        event="sms_late_danger" if danger else "sms_late",
        to=text.sender,
        context={
            "reference": taken.reference,
            "came": telling.moment_words(came),
            "added": "yes" if case else "",
            "danger": danger.say if danger else "",
            "stopped": "yes" if phone and texts_stopped(phone) else "",
        },
        about=taken.reference,
        now=now,
    )


def _about(reading: Reading, phone: str, line: str, *, now: datetime) -> texting.TextedCase | None:
    """The case that the words name, or that waits for an answer from this telephone."""
    if reading.reference:
        quoted = texting.by_reference(reading.reference, phone, line)
        return quoted if quoted and quoted.status is not Status.CLOSED else None
    latest = texting.latest(phone, line, now=now)
    return latest if latest and latest.status is Status.WAITING else None


def _kind(case: texting.TextedCase | None, reading: Reading) -> ItemKind:
    if case is None:
        return ItemKind.NEW
    if case.status is Status.WAITING:
        return ItemKind.REPLY_TO_US
    if case.status is Status.RESOLVED:
        return ItemKind.REPEAT if reading.complains else ItemKind.NEW_INFORMATION
    return ItemKind.CHASE if reading.chases else ItemKind.NEW_INFORMATION


def _place(reading: Reading) -> Place | None:
    """The one place that it names; a person asks where there are two, or none."""
    found = set()
    for postcode in reading.postcodes:
        try:
            found.add(areas.lookup(postcode).postcode)
        except DomainError:
            continue
    return Place(postcode=found.pop()) if len(found) == 1 else None


def _phone(text: Text) -> str:
    try:
        return read_phone(text.phone) if text.phone else ""
    except NotAPhoneNumber:
        return ""
