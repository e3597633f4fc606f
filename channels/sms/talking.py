"""A conversation by text: begun, gone on with, and made an enquiry, each in the transaction of the
text that did it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

import kb.queries
import notifications.actions
from channels.asking import questions
from channels.asking.journey import Journey
from channels.asking.questions import Asking
from channels.sms import classing, locating, nearness, opening, saying, turns, wording
from channels.sms import dialog as states
from channels.sms.dialog import Dialog, Turn
from channels.sms.parsing import Kind, Reading
from channels.sms.saying import Caller
from channels.sms.turns import Act, Move
from customers.queries_telling import texts_stopped
from enquiries.actions import dialogs, telling_texts
from enquiries.actions.dialogs import Kept
from enquiries.inbound import Place, Taken
from enquiries.queries import uploads
from kb.forms.schema import Question

if TYPE_CHECKING:
    from enquiries.queries.texting import TextedCase


def fresh(caller: Caller, words: str) -> Dialog:
    """A conversation that begins with a text."""
    at = caller.at.isoformat()
    journey = Journey(id=secrets.token_urlsafe(12), phone=caller.phone, tell_by="sms")
    return Dialog(
        phone=caller.phone,
        sender=caller.text.sender,
        first_at=at,
        last_at=at,
        token=dialogs.new_token(),
        journey=journey,
        said=(words,),
        words=(words,),
        has_media=bool(caller.text.pictures),
        line=caller.line,
    )


def begin(dialog: Dialog, slug: str, place: Place | None) -> Dialog | None:
    """The conversation about a service, at its first question; None where it has none to ask."""
    service = kb.queries.service(slug)
    version = questions.version_of(service)
    if service is None or not version:
        return None
    journey = dialog.journey.about(slug, service.name, version)
    asking = questions.of(journey, service)
    what, where = asking.part(questions.WHAT), asking.part(questions.WHERE)
    if what is not None:
        journey = journey.answered(what.key, description="\n".join(dialog.words))
    if where is not None and place is not None and place.postcode:
        found = locating.at_postcode(asking, where, place.postcode)
        journey = replace(journey, postcode=place.postcode)
        if found.data is not None:
            journey = replace(asking, journey=journey).answered(where, found.data)
    asked = turns.onward(replace(dialog, journey=journey), questions.of(journey, service))
    asked = nearness.due(asked, asking_of(asked), now=timezone.now())
    return asked if asked.turn is not Turn.SUMMARY else None


def offer(caller: Caller, words: str, offered: tuple[tuple[str, str], ...]) -> str:
    """Asks which of some services words are about."""
    dialog = replace(fresh(caller, words), turn=Turn.SERVICE, offered=offered)
    return ask(caller, dialog)


def which(caller: Caller, words: str, case: TextedCase) -> str:
    """Asks whether words are about a case, or something new; they are kept meanwhile."""
    dialog = replace(
        fresh(caller, words),
        turn=Turn.WHICH,
        about=case.reference,
        about_name=case.service_name,
        held=(words,),
        words=(),
        is_first=False,
    )
    return ask(caller, dialog)


def ask(caller: Caller, dialog: Dialog, *, note: str = "") -> str:
    """Says what a turn asks, and keeps the conversation."""
    dialog = nearness.due(dialog, asking_of(dialog), now=caller.now)
    asking = asking_of(dialog)
    asked = replace(dialog, shown=wording.shown(dialog, asking, note=note))
    return _say(caller, asked, wording.says(dialog, asking, note=note))


def _say(caller: Caller, dialog: Dialog, said: str) -> str:
    keep(dialog, language=caller.language, is_open=True, now=caller.now)
    about = dialogs.about(dialog.journey.id)
    return saying.say(caller, "sms_turn", about=about, says=said)


def keep(
    dialog: Dialog, *, language: str, is_open: bool, now: datetime, enquiry_id: int | None = None
) -> int:
    """Keeps a conversation as it stands; its revision."""
    return dialogs.keep(
        saying.thread_of(dialog.phone, dialog.line),
        body=dialog.stored(),
        token=dialog.token if is_open else "",
        language=language,
        is_open=is_open,
        enquiry_id=enquiry_id,
        now=now,
    )


def asking_of(dialog: Dialog) -> Asking:
    """The form of a conversation, as its answers lead through it."""
    return turns.prepared(questions.of(dialog.journey))


def go_on(caller: Caller, dialog: Dialog, reading: Reading) -> Move | str:
    """What a text does within a conversation: the words of its answer, or what becomes of it."""
    words = caller.text.words
    dialog = dialog.heard(words, caller.at)
    if caller.text.pictures:
        dialog = replace(dialog, has_media=True)
    asking = asking_of(dialog)
    if reading.kind is Kind.AGENT:
        return Move(Act.PERSON, dialog)
    if reading.kind is Kind.LANGUAGE:
        return ask(caller, dialog)
    if reading.kind is Kind.EMPTY and caller.text.pictures:
        question = asking.question(dialog.key)
        is_of_files = question is not None and questions.role(question) == questions.FILES
        if is_of_files and dialog.turn is not Turn.NEARBY:
            words = "1"
        else:
            return ask(caller, dialog, note=wording.photo_taken())
    elif reading.kind is Kind.THANKS and not _is_answer(dialog, asking, words):
        return ask(caller, dialog)
    return turns.take(dialog, asking, words, _outside(dialog))


def _is_answer(dialog: Dialog, asking: Asking, words: str) -> bool:
    """Whether what only thanks answers this turn all the same: "ok" to the check."""
    sure = replace(_outside(dialog), other=lambda _words: "")
    free = asking.question(dialog.key)
    if dialog.turn in (Turn.QUESTION, Turn.HOUSE) and (free is None or not free.choices):
        return False
    return turns.take(replace(dialog, tries=0), asking, words, sure).dialog.tries == 0


def _outside(dialog: Dialog) -> turns.Ask:
    def other(words: str) -> str:
        slug = classing.surely(words, now=timezone.now())
        return slug if slug != dialog.journey.service else ""

    return turns.Ask(
        place=locating.place,
        other=other,
        files=lambda: bool(uploads.of_journey(dialog.journey.id)),
    )


def follow(caller: Caller, move: Move) -> str | None:
    """Does what a text calls for; None where its words begin something of their own."""
    dialog = move.dialog
    if move.act is Act.SAY:
        return ask(caller, dialog, note=move.note)
    if move.act is Act.LINK:
        return _say(caller, dialog, wording.link(page_of(dialog)))
    if move.act is Act.SEND:
        return send(caller, dialog)
    if move.act is Act.PERSON:
        why = opening.UNREAD if dialog.tries >= turns.TRIES else opening.ASKED
        return send(caller, dialog, why=why)
    if move.act is Act.ENDED:
        return _end(caller, dialog)
    if move.act is Act.BEGIN:
        begun = begin(dialog, move.choice, None)
        if begun is not None:
            return ask(caller, begun)
        chosen = kb.queries.service(move.choice)
        name = chosen.name if chosen is not None else ""
        journey = dialog.journey.about(move.choice if chosen is not None else "", name)
        return send(caller, replace(dialog, journey=journey))
    return None


def send(caller: Caller, dialog: Dialog, *, why: str = "", danger: str = "") -> str:
    """Makes the enquiry of a conversation, and says its reference. `why` is why a person reads it
    first, "" where none does."""
    asking = asking_of(dialog)
    taken = opening.open_(
        dialog,
        asking,
        sid=caller.text.sid,
        language=caller.language,
        why=why,
        now=caller.now,
    )
    hint = "" if why else _photo_hint(asking, taken)
    joined = saying.joined(caller, taken) if dialog.journey.joins else ""
    said = joined or saying.taken(
        caller, taken.reference, hint=hint, danger=danger, is_read_first=bool(why)
    )
    _over(dialog, taken, language=caller.language, now=caller.now)
    return said


def _photo_hint(asking: Asking, taken: Taken) -> str:
    """How to add a photo, where it is of something that can be seen."""
    if asking.service is None or asking.service.location != "map":
        return ""
    link = f"{settings.HUB_BASE_URL}/track/{taken.reference}/{taken.secret}/"
    return _("A photo helps: reply with it, or add it here: %(link)s") % {"link": link}


def _end(caller: Caller, dialog: Dialog) -> str:
    asking = asking_of(dialog)
    end = turns.end_of(dialog, asking)
    if end is None:
        return send(caller, dialog, why=opening.UNREAD)
    taken = opening.ended(
        dialog, asking, end, sid=caller.text.sid, language=caller.language, now=caller.now
    )
    _over(dialog, taken, language=caller.language, now=caller.now)
    said = _("We stop here. Text us again whenever you need us.")
    return saying.say(caller, "sms_turn", about=taken.reference, says=said)


def _over(dialog: Dialog, taken: Taken, *, language: str, now: datetime) -> None:
    """The conversation is an enquiry; what waited for its end begins."""
    thread = saying.thread_of(dialog.phone, dialog.line)
    dialogs.keep(
        thread,
        body={},
        token="",
        language=language,
        is_open=False,
        enquiry_id=taken.enquiry_id,
        now=now,
    )
    _next(dialog, language=language, now=now)


def _next(dialog: Dialog, *, language: str, now: datetime, asks: bool = True) -> None:
    """What else they told us of while this was asked: its first question is sent by itself.

    Who has not answered for long is asked nothing more (`asks`): it is taken as it stands.
    """
    if not dialog.later:
        return
    words, rest = dialog.later[0], dialog.later[1:]
    where = _postcode(words)
    service = classing.surely(words, now=now)
    journey = Journey(id=secrets.token_urlsafe(12), phone=dialog.phone, tell_by="sms")
    waits = Dialog(
        phone=dialog.phone,
        sender=dialog.sender,
        first_at=dialog.last_at,
        last_at=dialog.last_at,
        token=dialogs.new_token(),
        journey=journey,
        said=(words,),
        words=(words,),
        later=rest,
        line=dialog.line,
    )
    begun = begin(waits, service, where) if asks and service else None
    if begun is None:
        named = replace(waits, journey=journey.about(service, "")) if service else waits
        opening.open_(
            named,
            asking_of(named),
            sid=f"sms:{journey.id}",
            language=language,
            why="",
            now=now,
        )
        _next(named, language=language, now=now, asks=asks)
        return
    send_turn(begun, language=language, now=now)


def _postcode(words: str) -> Place | None:
    postcode = locating.postcode_in(words)
    return Place(postcode=postcode) if postcode else None


def send_turn(dialog: Dialog, *, language: str, now: datetime) -> None:
    """Keeps a conversation that goes on by itself, and sends what it asks: to nobody who stopped
    texts. START goes on with it, and without that silence sends what is there."""
    dialog = nearness.due(dialog, asking_of(dialog), now=now)
    asking = asking_of(dialog)
    dialog = replace(dialog, shown=wording.shown(dialog, asking))
    revision = keep(dialog, language=language, is_open=True, now=now)
    if texts_stopped(dialog.phone):
        return
    notifications.actions.send(
        key=f"sms_turn:{dialog.journey.id}:{revision}",
        event="sms_turn",
        medium="sms",
        to=dialog.phone,
        context={"says": wording.says(dialog, asking)},
        about=dialogs.about(dialog.journey.id),
        organisation=dialog.line,
        language=language,
        now=now,
    )


def page_of(dialog: Dialog) -> str:
    """The page on which a place can be pointed at, or a photo added."""
    return f"{settings.HUB_BASE_URL}{reverse('sms-page', args=[dialog.token])}"


def silence(kept: Kept, *, now: datetime) -> None:
    """No answer came: what is there becomes an enquiry, and its reference is said once."""
    dialog = states.read(kept.body)
    with translation.override(kept.language):
        asking = asking_of(dialog)
        sid = f"sms:{dialog.journey.id}"
        end = turns.end_of(dialog, asking) if dialog.turn is Turn.END else None
        if end is not None and not asking.is_urgent:
            taken = opening.ended(dialog, asking, end, sid=sid, language=kept.language, now=now)
            _over(dialog, taken, language=kept.language, now=now)
            return
        # What waited was told too, and nobody will say any more which it is about.
        is_whole = dialog.turn is Turn.NEARBY and not dialog.key
        why = "" if dialog.turn is Turn.SUMMARY or is_whole else opening.SILENT
        taken = opening.open_(dialog, asking, sid=sid, language=kept.language, why=why, now=now)
        telling_texts.opened_unanswered(taken.reference, is_read_first=bool(why), now=now)
        over = replace(dialog, turn=Turn.OVER, before=(dialog.turn.value, dialog.key))
        keep(over, language=kept.language, is_open=False, enquiry_id=taken.enquiry_id, now=now)
        _next(dialog, language=kept.language, now=now, asks=False)


def late(caller: Caller, kept: Kept) -> str:
    """What a text answers of the question that silence left open, in words; "" for nothing."""
    dialog = states.read(kept.body)
    turn, key = dialog.before
    asking = asking_of(dialog)
    question = asking.question(key)
    if turn not in (Turn.QUESTION, Turn.HOUSE) or question is None:
        return ""
    again = replace(dialog.at(Turn(turn), key), is_first=False)
    move = turns.take(again, asking, caller.text.words, _outside(again))
    if move.act is not Act.SAY or move.dialog.tries or move.dialog.journey == again.journey:
        return ""
    return f"{question.words} {_in_words(move.dialog, question)}".strip()


def _in_words(dialog: Dialog, question: Question) -> str:
    return wording.answer(asking_of(dialog), question)
