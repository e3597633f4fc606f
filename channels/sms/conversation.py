"""Answers one text: reads it, decides, does it once, and says the same again to a repeat."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

import accounts.queries
import kb.queries
import kb.queries_articles
import notifications.queries
from channels.sms import (
    apart,
    classing,
    deciding,
    mms,
    opening,
    parsing,
    replies,
    saying,
    started,
    talking,
    whereabouts,
)
from channels.sms import dialog as states
from channels.sms.classing import Classed
from channels.sms.deciding import Decision, Known, Step
from channels.sms.dialog import Dialog, Turn
from channels.sms.parsing import Kind, Reading, Text
from channels.sms.saying import Caller, say
from channels.sms.turns import Act, Move
from channels.sms.whereabouts import Where
from enquiries import intake
from enquiries.actions import dialogs, telling_texts
from enquiries.actions.dialogs import Kept
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import LANGUAGE, InboundContact, Need, Received, Sender
from enquiries.lifecycle import Status
from enquiries.queries import texting
from kb import dangers, tongues

# What is answered for itself, whatever is being asked.
_APART = frozenset({Kind.STOP, Kind.START, Kind.HELP, Kind.STATUS})


def answer(text: Text, *, opt_out_type: str, by: str | None = None, now: datetime) -> str:
    """The words to answer a text with, "" for none. A text that came before gets its first answer.

    Everything that it changes is committed when this returns. Where no request waits, `by` is the
    carrier that brought it ("": ours): then the message that answers it is committed with it, and
    there are no words. A text that came before has been answered.
    """
    said = _answer(text, opt_out_type=opt_out_type, by=by, now=now)
    # What has no number, or a short one, is a machine: it would answer our answer.
    return said if text.phone else ""


def _answer(text: Text, *, opt_out_type: str, by: str | None, now: datetime) -> str:
    before = _said_before(text)
    if before is not None:
        return "" if by is not None else before
    thread = saying.thread_of(saying.phone_of(text), text.line)
    try:
        with transaction.atomic(durable=True):
            dialogs.serialise(thread or text.sid)
            before = _said_before(text)
            if before is not None:
                return "" if by is not None else before
            mms.expect(text, now=now)
            said = _heard(text, opt_out_type, now=now)
            return saying.answered(text, said, by=by, now=now)
    except intake.SameKeyOtherBody:
        # The same text arrived with other words, and the first ones have been taken.
        return "" if by is not None else _said_before(text) or ""


def _said_before(text: Text) -> str | None:
    said = notifications.queries.answer_given(saying.key(text))
    if said is not None:
        return said
    taken = intake.known(Channel.SMS, text.sid)
    return _first_answer(taken) if taken else None


def _first_answer(taken: Received) -> str:
    return telling_texts.answer_of(taken.enquiries[0].enquiry_id) or ""


def open_silent(thread: str, *, now: datetime) -> bool:
    """Makes an enquiry of a conversation from which no answer came, once; whether it was one."""
    with transaction.atomic(durable=True):
        dialogs.serialise(thread)
        kept = dialogs.of(thread)
        if kept is not None and not kept.body:
            dialogs.lost(thread)
        if kept is None or not dialogs.is_silent(kept, now=now):
            return False
        talking.silence(kept, now=now)
        return True


def _heard(text: Text, opt_out_type: str, *, now: datetime) -> str:
    phone = saying.phone_of(text)
    kept = dialogs.of(saying.thread_of(phone, text.line)) if phone else None
    if kept is not None and kept.is_open and now - kept.touched_at >= dialogs.SESSION:
        talking.silence(kept, now=now)
        kept = dialogs.of(kept.phone_hash)
    named, words = parsing.language(text.words)
    reading = _told_by_provider(opt_out_type, parsing.read(words), words, kept)
    spoken = reading.language or named or (kept.language if kept else "")
    language = spoken or texting.language_of(phone) or LANGUAGE
    caller = Caller(replace(text, words=words), phone, language, now)
    with translation.override(language):
        if reading.kind in _APART:
            return apart.answer(caller, reading, kept, by_provider=bool(opt_out_type))
        if kept is not None and kept.body:
            said = _within(caller, reading, kept)
            if said is not None:
                return said
        return _first(caller, reading, by_provider=bool(opt_out_type))


def _told_by_provider(
    opt_out_type: str, reading: Reading, words: str, kept: Kept | None
) -> Reading:
    """With its own opt-out words a provider says what it took a text for, and has answered it.

    "Yes" is one of them; to who is asked something it is an answer.
    """
    known = {kind.value: kind for kind in (Kind.STOP, Kind.START, Kind.HELP)}
    is_answer = kept is not None and kept.is_open and replies.plain(words) in replies.YES
    if opt_out_type not in known or (opt_out_type == Kind.START.value and is_answer):
        return reading
    return Reading(known[opt_out_type])


# -- A conversation that is open ---------------------------------------------------------------


def _within(caller: Caller, reading: Reading, kept: Kept) -> str | None:
    """What a text is answered in its conversation; None where it is about something else."""
    quoted = _quoted(caller, reading)
    if quoted is not None:
        return None
    if not kept.is_open:
        return _late(caller, reading, kept)
    dialog = states.read(kept.body)
    danger = _danger(caller.text, dialog.journey.service or None)
    if danger:
        heard = dialog.heard(caller.text.words, caller.at)
        heard = replace(heard, words=(*heard.words, caller.text.words))
        return talking.send(caller, heard, danger=danger)
    found = talking.go_on(caller, dialog, reading)
    if isinstance(found, str):
        return found
    said = talking.follow(caller, found)
    return said if said is not None else _settled(caller, found)


def _quoted(caller: Caller, reading: Reading) -> texting.TextedCase | None:
    if not reading.reference:
        return None
    return texting.by_reference(reading.reference, caller.phone, caller.line)


def _settled(caller: Caller, move: Move) -> str:
    """Words of which they have said now whether they are about a case or something new."""
    dialog = move.dialog
    held = "\n".join(dialog.held or dialog.words)
    # Said when it was said, not when they told us what it is about.
    own = replace(caller, text=replace(caller.text, words=held, received_at=dialog.began))
    _close(dialog, caller)
    reading = parsing.read(held)
    if move.act is Act.ADD:
        case = texting.by_reference(dialog.about, caller.phone, caller.line)
        if case is not None and case.status is not Status.CLOSED:
            return _add(own, deciding.about(own.text, reading, case, deciding.SAME_THREAD))
    if dialog.turn is Turn.WHICH:
        return _new(own, reading, Decision(Step.NEW), whereabouts.read(reading))
    # It is about none of what we thought: a person says what it is.
    unclear = replace(dialog, journey=dialog.journey.about("", ""))
    return talking.send(caller, unclear, why=opening.ABOUT_ELSE)


def _close(dialog: Dialog, caller: Caller) -> None:
    dialogs.keep(
        caller.thread, body={}, token="", language=caller.language, is_open=False,
        enquiry_id=None, now=caller.now,
    )  # fmt: skip


def _late(caller: Caller, reading: Reading, kept: Kept) -> str | None:
    """An answer to what silence left open is added to what it became, for a day."""
    reference = telling_texts.reference_of(kept.enquiry_id)
    if reading.kind is not Kind.WORDS or caller.now - kept.touched_at >= dialogs.SESSION:
        return None
    said = talking.late(caller, kept) if reference else ""
    if not said:
        return None
    decision = Decision(
        Step.ITEM, about=reference, kind=ItemKind.NEW_INFORMATION,
        evidence=(deciding.SAME_THREAD,),
    )  # fmt: skip
    return _add(replace(caller, text=replace(caller.text, words=said)), decision)


# -- A text by itself ----------------------------------------------------------------------------


def _first(caller: Caller, reading: Reading, *, by_provider: bool) -> str:
    if reading.kind is Kind.WORDS:
        said = started.reply(caller, danger=_danger(caller.text, None))
        if said is not None:
            return said
    where = whereabouts.read(reading)
    known = _known(caller, reading, where)
    decision = deciding.decide(caller.text, reading, known)
    if decision.step is Step.NEW:
        return _new(caller, reading, decision, where, known)
    if decision.step is Step.WHICH and known.latest is not None:
        if _danger(caller.text, known.service):
            return _new(caller, reading, Decision(Step.NEW), where, known)
        return talking.which(caller, caller.text.words, known.latest)
    if decision.step is Step.ITEM:
        return _add(caller, decision)
    if decision.step is Step.EMPTY:
        return say(caller, "sms_empty", pictures="yes" if caller.text.pictures else "")
    if reading.kind is Kind.LANGUAGE and caller.thread:
        dialogs.keep(
            caller.thread, body={}, token="", language=caller.language, is_open=False,
            enquiry_id=None, now=caller.now,
        )  # fmt: skip
    return say(caller, "sms_silence" if by_provider else "sms_help")


def _known(caller: Caller, reading: Reading, where: Where) -> Known:
    if reading.kind not in {Kind.ABOUT, Kind.AGENT, Kind.THANKS, Kind.WORDS}:
        return Known()
    text, phone = caller.text, caller.phone
    is_words = reading.kind is Kind.WORDS
    found = _classed(caller, where) if is_words else Classed()
    return Known(
        quoted=_quoted(caller, reading),
        written=texting.written_to(phone, caller.line, now=caller.now) if is_words else None,
        latest=texting.latest(phone, caller.line, now=caller.now),
        service=found.service,
        offered=found.offered,
        answer=_known_already(text, reading, found, where) if is_words else "",
        district_codes=where.district_codes,
        now=caller.now,
    )


def _classed(caller: Caller, where: Where, *, is_apart: bool = False) -> Classed:
    history = () if is_apart else texting.open_services(caller.phone, caller.line)
    return classing.classed(
        caller.text.words, history=history, districts=where.district_codes, now=caller.now
    )


def _known_already(text: Text, reading: Reading, found: Classed, where: Where) -> str:
    """What answers a question at once, or belongs to a service that informs; "" for a report."""
    slug = found.service or next((slug for slug, _name in found.offered), "")
    service = kb.queries.service(slug) if slug else None
    informs = service is not None and service.resolution_class == "INFORM"
    if not (reading.asks or informs):
        return ""
    codes = where.district_codes
    area = next(iter(codes)) if len(codes) == 1 else ""
    match = kb.queries.match_service(text.words)
    return kb.queries_articles.short_answer(text.words, match, area)


def _danger(text: Text, service_slug: str | None) -> str:
    """What is said before all else where the words may mean danger."""
    danger = dangers.said_in(text.words)
    if danger is None:
        return ""
    line = str(tongues.said(danger.say))
    service = kb.queries.service(service_slug) if service_slug else None
    phone = dangers.phone_of(service)
    if not phone or phone in danger.say or phone == "999":
        return line
    about = _("About this, ring %(phone)s now.") % {"phone": phone}
    return f"{line} {about}"


def _new(
    caller: Caller,
    reading: Reading,
    decision: Decision,
    where: Where,
    known: Known | None = None,
) -> str:
    """Something new: asked what its service asks, where it asks something; else taken at once.
    Without `known` they have said that it is new, so what they have open says nothing of it.

    Words of danger, and a question that we have the answer of, are not kept waiting.
    """
    text = caller.text
    found = (
        Classed(known.service, known.offered) if known else _classed(caller, where, is_apart=True)
    )
    wants_person = reading.kind is Kind.AGENT
    service, short = found.service, known.answer if known is not None else ""
    danger = _danger(text, service)
    if caller.thread and not (danger or short or decision.about):
        asked = _asked(caller, found, where)
        if asked is not None:
            return asked
    need = Need(
        description=text.words,
        service=service,
        place=where.place,
        about=decision.about,
        evidence=decision.evidence,
        send_to=accounts.queries.hub().slug if wants_person else None,
        read_first=opening.ASKED if wants_person else "",
        is_apart=known is None,
    )
    received = intake.receive_within(_inbound(caller, need), now=caller.now)
    if received.replayed:
        return _first_answer(received)
    return saying.taken(
        caller,
        received.enquiries[0].reference,
        hint=where.hint,
        short=short,
        danger=danger,
        is_read_first=wants_person,
    )


def _asked(caller: Caller, found: Classed, where: Where) -> str | None:
    """The first question of a new matter; None where there is none to ask."""
    words = caller.text.words
    if found.service is None:
        return talking.offer(caller, words, found.offered) if found.offered else None
    begun = talking.begin(talking.fresh(caller, words), found.service, where.place)
    return talking.ask(caller, begun) if begun is not None else None


def _inbound(caller: Caller, need: Need) -> InboundContact:
    return InboundContact(
        channel=Channel.SMS,
        external_id=caller.text.sid,
        received_at=caller.at,
        needs=(need,),
        sender=Sender(phone=caller.phone),
        thread=caller.thread,
        tell_by="sms",
        language=caller.language,
    )


def _add(caller: Caller, decision: Decision) -> str:
    text = caller.text
    need = Need(
        description=text.words,
        kind=decision.kind.value,
        about=decision.about,
        evidence=decision.evidence,
    )
    intake.receive_within(_inbound(caller, need), now=caller.now)
    reference = decision.about or ""
    if decision.kind is ItemKind.THANKS:
        return say(caller, "sms_thanks", about=reference, reference=reference)
    return say(
        caller, "sms_added", about=reference, reference=reference, kind=decision.kind.value,
        danger=_danger(text, None),
    )  # fmt: skip
