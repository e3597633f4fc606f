"""Answers one text: reads it, decides, does it once, and says the same again to a repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

import customers.actions
import kb.queries
import kb.queries_articles
import notifications.actions
import notifications.queries
from accounts import areas
from channels.sms import deciding, parsing
from channels.sms.deciding import Decision, Known, Step
from channels.sms.parsing import Kind, Reading, Text
from core import audit
from core.errors import DomainError
from core.privacy import address_hash
from customers.contact import NotAPhoneNumber, read_phone
from enquiries import intake
from enquiries.actions import telling
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need, Place, Received, Sender
from enquiries.lifecycle import Status
from enquiries.queries import texting
from kb import dangers
from kb.queries import Match


@dataclass(frozen=True, slots=True)
class _Where:
    """The place that a text names, or what to ask because it names none that we know."""

    place: Place | None = None
    district_codes: frozenset[str] = frozenset()
    hint: str = ""


def answer(text: Text, *, opt_out_type: str, now: datetime) -> str:
    """The words to answer a text with, "" for none. A text that came before gets its first answer.

    Everything that it changes is committed when this returns.
    """
    said = _answer(text, opt_out_type=opt_out_type, now=now)
    # What has no number, or a short one, is a machine: it would answer our answer.
    return said if text.phone else ""


def _answer(text: Text, *, opt_out_type: str, now: datetime) -> str:
    before = _said_before(text)
    if before is not None:
        return before
    reading = _told_by_provider(opt_out_type, parsing.read(text.words))
    where = _where(reading)
    known = _known(text, reading, where, now=now)
    decision = deciding.decide(text, reading, known)
    try:
        with transaction.atomic(durable=True):
            return _do(
                text, reading, decision, where, known, by_provider=bool(opt_out_type), now=now
            )
    except intake.SameKeyOtherBody:
        # The same text arrived twice at once, and the other one has been taken meanwhile.
        return _said_before(text) or ""


def _told_by_provider(opt_out_type: str, reading: Reading) -> Reading:
    """With its own opt-out words a provider says what it took a text for, and has answered it."""
    known = {kind.value: kind for kind in (Kind.STOP, Kind.START, Kind.HELP)}
    return Reading(known[opt_out_type]) if opt_out_type in known else reading


def _said_before(text: Text) -> str | None:
    said = notifications.queries.answer_given(_key(text))
    if said is not None:
        return said
    taken = intake.known(Channel.SMS, text.sid)
    return _first_answer(taken) if taken else None


def _first_answer(taken: Received) -> str:
    return telling.answer_of(taken.enquiries[0].enquiry_id) or ""


def _key(text: Text) -> str:
    return f"sms:{text.sid}"


def _phone(text: Text) -> str:
    """The sender's number in E.164, or "" for what is no number that we can write to."""
    try:
        return read_phone(text.phone) if text.phone else ""
    except NotAPhoneNumber:
        return ""


def _known(text: Text, reading: Reading, where: _Where, *, now: datetime) -> Known:
    if reading.kind not in {Kind.ABOUT, Kind.THANKS, Kind.WORDS}:
        return Known()
    phone = _phone(text)
    match = kb.queries.match_service(text.words) if reading.kind is Kind.WORDS else None
    return Known(
        quoted=texting.by_reference(reading.reference, phone) if reading.reference else None,
        latest=texting.latest(phone, now=now),
        service=match.service_slug if match else None,
        answer=_known_already(text, reading, match, where) if match else "",
        district_codes=where.district_codes,
    )


def _known_already(text: Text, reading: Reading, match: Match, where: _Where) -> str:
    """What answers a question at once, or belongs to a service that informs; "" for a report."""
    service = kb.queries.service(match.service_slug) if match.service_slug else None
    informs = service is not None and service.resolution_class == "INFORM"
    if not (reading.asks or informs):
        return ""
    codes = where.district_codes
    area = next(iter(codes)) if len(codes) == 1 else ""
    return kb.queries_articles.short_answer(text.words, match, area)


def _danger(text: Text, service_slug: str | None) -> str:
    """What is said before all else where the words may mean danger."""
    danger = dangers.said_in(text.words)
    if danger is None:
        return ""
    service = kb.queries.service(service_slug) if service_slug else None
    phone = dangers.phone_of(service)
    if not phone or phone in danger.say or phone == "999":
        return danger.say
    about = _("About this, ring %(phone)s now.") % {"phone": phone}
    return f"{danger.say} {about}"


def _where(reading: Reading) -> _Where:
    """The one place that a text names. Two districts in doubt, or none that we know: ask."""
    found, trouble = [], ""
    for postcode in reading.postcodes:
        try:
            found.append(areas.lookup(postcode))
        except DomainError as error:
            trouble = trouble or f"{error}."
    districts = frozenset(place.district_code for place in found)
    if len(districts) > 1:
        named = " and ".join(f"{one.postcode} in {one.district_name}" for one in found[:3])
        hint = f"You named {named}: text us which one it is, or {areas.whom_to_ask()}."
        return _Where(district_codes=districts, hint=hint)
    if found:
        return _Where(Place(postcode=found[0].postcode), districts)
    return _Where(hint=trouble)


def _do(
    text: Text,
    reading: Reading,
    decision: Decision,
    where: _Where,
    known: Known,
    by_provider: bool,
    *,
    now: datetime,
) -> str:
    if decision.step is Step.NEW:
        return _open(text, decision, where, known, now=now)
    if decision.step is Step.ITEM:
        return _add(text, decision, now=now)
    if decision.step is Step.STATUS:
        return _status(text, decision, now=now)
    if decision.step is Step.EMPTY:
        return _say(text, "sms_empty", now=now, pictures="yes" if text.pictures else "")
    if decision.step is Step.HELP and not by_provider:
        return _say(text, "sms_help", now=now)
    _consent(text, reading, now=now)
    return _say(text, "sms_silence", now=now)


def _consent(text: Text, reading: Reading, *, now: datetime) -> None:
    """STOP and START are the citizen's word on texts. Twilio answers them itself."""
    phone = _phone(text)
    if not phone or reading.kind not in {Kind.STOP, Kind.START}:
        return
    if reading.kind is Kind.STOP:
        customers.actions.opt_out(phone=phone, now=now)
    else:
        customers.actions.opt_in(phone=phone)
    audit.record(
        f"sms.{reading.kind}", actor=audit.CITIZEN, target=address_hash("phone", phone), at=now
    )


def _inbound(text: Text, need: Need, *, now: datetime) -> InboundContact:
    phone = _phone(text)
    return InboundContact(
        channel=Channel.SMS,
        external_id=text.sid,
        received_at=text.received_at or now,
        needs=(need,),
        sender=Sender(phone=phone),
        thread=address_hash("phone", phone) if phone else "",
        tell_by="sms",
    )


def _open(text: Text, decision: Decision, where: _Where, known: Known, *, now: datetime) -> str:
    service = known.service or kb.queries.match_service(text.words).service_slug
    need = Need(
        description=text.words,
        service=service,
        place=where.place,
        about=decision.about,
        evidence=decision.evidence,
    )
    received = intake.receive_within(_inbound(text, need, now=now), now=now)
    if received.replayed:
        return _first_answer(received)
    hints = [where.hint]
    if decision.perhaps:
        hints.append(f"If it is about {decision.perhaps}, text that reference and your words.")
    if text.pictures:
        hints.append("We cannot open pictures sent by text.")
    hint = " ".join(filter(None, hints))
    return telling.answered_at_once(
        received.enquiries[0].reference,
        to=text.sender,
        hint=hint,
        short=known.answer,
        danger=_danger(text, service),
        now=now,
    )


def _add(text: Text, decision: Decision, *, now: datetime) -> str:
    need = Need(
        description=text.words,
        kind=decision.kind.value,
        about=decision.about,
        evidence=decision.evidence,
    )
    intake.receive_within(_inbound(text, need, now=now), now=now)
    reference = decision.about or ""
    if decision.kind is ItemKind.THANKS:
        return _say(text, "sms_thanks", about=reference, now=now, reference=reference)
    return _say(
        text, "sms_added", about=reference, now=now, reference=reference, kind=decision.kind.value,
        danger=_danger(text, None),
    )  # fmt: skip


def _status(text: Text, decision: Decision, *, now: datetime) -> str:
    phone = _phone(text)
    if decision.about:
        case = texting.status_by_reference(decision.about, phone)
    else:
        case = texting.latest(phone, now=now)
    if case is None:
        return _say(text, "sms_unknown", now=now, reference=decision.about or "")
    words = case.status_words
    if case.status is Status.WAITING:
        words = f"{words} Text us {case.reference} and your answer."
    return _say(
        text, "sms_status", now=now, about=case.reference, reference=case.reference,
        status_words=words, promised=telling.day_words(case.promised_on),
    )  # fmt: skip


def _say(text: Text, event: str, *, now: datetime, about: str = "", **context: str) -> str:
    return notifications.actions.answer(
        key=_key(text), event=event, to=text.sender, context=context, about=about, now=now
    )
