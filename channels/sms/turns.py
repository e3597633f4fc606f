"""One turn of a conversation: what a text does to it, and what comes next. Pure.

Where a place is, and whether words are about another service, is looked up by others (`Ask`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _

from channels.asking import questions
from channels.asking.questions import Asking
from channels.sms import replies
from channels.sms.dialog import Dialog, Turn
from kb.forms import standard
from kb.forms.schema import End, EndKind, Kind, Question

# So often may one question be answered with what is no answer; then a person reads it.
TRIES: Final = 2
# Fewer words than these in answer to an open question are about nothing else.
ANOTHER_MATTER: Final = 4
# What answered nothing stays with what they told us where it is so many words.
TOLD: Final = 2
_FREE = frozenset({Kind.TEXT, Kind.WORDS})
_WORD = re.compile(r"[^\W\d_]{2,}")


class Act(StrEnum):
    """What comes of a text: the conversation goes on, or it becomes something."""

    SAY = "say"
    SEND = "send"
    PERSON = "person"
    ENDED = "ended"
    ADD = "add"
    NEW = "new"
    BEGIN = "begin"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Move:
    """An act with the conversation as it stands then. `note` is said before the next question,
    `choice` is the service that was chosen.
    """

    act: Act
    dialog: Dialog
    note: str = ""
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Located:
    """What words say of a place: the fields of the question's answer, or what is asked then.

    `house` says that the postcode is known and the house is not; `offered` are addresses to choose.
    """

    data: Mapping[str, Any] | None = None
    house: bool = False
    postcode: str = ""
    offered: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a turn asks the outside: where words say that something is, whether they are clearly
    about another service (its slug), and whether a file came with the form."""

    place: Callable[[Asking, Question, str, Dialog], Located]
    other: Callable[[str], str]
    files: Callable[[], bool]


def numbered(asking: Asking) -> list[Question]:
    """The questions of a conversation, as their numbers count them: not who asks."""
    return [one for one in asking.questions if not _is_ours(one)]


def _is_ours(question: Question) -> bool:
    """Whether the text itself answers it: who asks, and a photo that nobody must send."""
    return questions.role(question) == questions.YOU or question == standard.PHOTOS


def prepared(asking: Asking) -> Asking:
    """The form as a text has answered it: who asks, and no photo that the catalogue asks for."""
    journey = asking.journey
    for one in asking.questions:
        if one.key in journey.done:
            continue
        if questions.role(one) == questions.YOU:
            journey = replace(journey, tell_by="sms").answered(one.key)
        elif one == standard.PHOTOS:
            journey = journey.answered(one.key)
    return replace(asking, journey=journey)


def onward(dialog: Dialog, asking: Asking) -> Dialog:
    """The conversation at what its answers lead to: an end, the next question, the check."""
    asking = prepared(asking)
    dialog = replace(dialog, journey=asking.journey)
    end = asking.end
    if end is not None:
        return dialog.at(Turn.END, end.key)
    turn = asking.first_open
    if turn is None:
        return dialog.at(Turn.SUMMARY)
    # A postcode alone was said already: which house is what is left of the question.
    is_half = questions.role(turn) == questions.WHERE and bool(asking.journey.postcode)
    return dialog.at(Turn.HOUSE if is_half else Turn.QUESTION, turn.key)


def end_of(dialog: Dialog, asking: Asking) -> End | None:
    """The end at which a conversation stands."""
    return next((one for one in asking.form.ends if one.key == dialog.key), None)


def take(dialog: Dialog, asking: Asking, words: str, ask: Ask) -> Move:
    """What a text does that answers this turn."""
    if dialog.turn is Turn.WHICH:
        return _which(dialog, asking, words, ask)
    if dialog.turn is Turn.SERVICE:
        return _service(dialog, words)
    if dialog.turn is Turn.NEARBY:
        said = _nearby(dialog, asking, words)
        if said is not None:
            return said
    moved = _moved_back(dialog, asking, words)
    if moved is not None:
        return moved
    dialog = replace(dialog, is_first=dialog.is_first and replies.is_more(words))
    if dialog.turn is Turn.END:
        return _end(dialog, asking, words, ask)
    if dialog.turn is Turn.NEARBY:
        return _unread(dialog, words, ask)
    if dialog.turn is Turn.SUMMARY:
        return Move(Act.SEND, dialog) if replies.is_send(words) else _unread(dialog, words, ask)
    return _of_form(dialog, asking, words, ask)


def _of_form(dialog: Dialog, asking: Asking, words: str, ask: Ask) -> Move:
    question = asking.question(dialog.key)
    if question is None:
        # Another answer has taken it away since.
        return Move(Act.SAY, onward(dialog, asking))
    if dialog.turn is Turn.HOUSE or questions.role(question) == questions.WHERE:
        return _place(dialog, asking, question, words, ask)
    if questions.role(question) == questions.FILES:
        return _file(dialog, asking, question, words, ask)
    return _answer(dialog, asking, question, words, ask)


def _moved_back(dialog: Dialog, asking: Asking, words: str) -> Move | None:
    """A correction goes to the question that it names, from wherever it is said."""
    rows = numbered(asking)
    if replies.is_other(words) and (dialog.is_first or not _is_a_line(dialog, asking, words)):
        return Move(Act.NEW, dialog, choice="")
    wrong = replies.wrong(words)
    if not wrong and dialog.turn is Turn.SUMMARY:
        chosen = replies.number(words) or 0
        wrong = chosen if chosen > 1 else 0
    if wrong and wrong <= len(rows) and rows[wrong - 1].key in asking.journey.done:
        return Move(Act.SAY, dialog.at(Turn.QUESTION, rows[wrong - 1].key))
    if replies.is_back(words):
        order = [one.key for one in rows]
        at = order.index(dialog.key) if dialog.key in order else len(order)
        if at:
            return Move(Act.SAY, dialog.at(Turn.QUESTION, order[at - 1]))
    return None


def _is_a_line(dialog: Dialog, asking: Asking, words: str) -> bool:
    """Whether OTHER is a line of the list that is shown."""
    question = asking.question(dialog.key) if dialog.turn is Turn.QUESTION else None
    if question is None or not question.choices:
        return False
    try:
        replies.answer(question, words, today=asking.today)
    except replies.NotRead:
        return False
    return True


def _answer(dialog: Dialog, asking: Asking, question: Question, words: str, ask: Ask) -> Move:
    if question.choices and replies.is_more(words):
        return Move(Act.SAY, replace(dialog, start=more(dialog, question)))
    if not question.required and replies.is_skip(words):
        return _answered(dialog, asking, question, {_field(question): ""})
    if question.kind in _FREE:
        about = ask.other(words) if len(words.split()) >= ANOTHER_MATTER else ""
        if about:
            return _asked_which(dialog, words)
    try:
        given = replies.answer(question, words, today=asking.today)
    except replies.NotRead as error:
        return _unread(dialog, words, ask, note=str(error))
    return _answered(dialog, asking, question, {_field(question): given})


def _field(question: Question) -> str:
    return questions.WHAT if questions.role(question) == questions.WHAT else "answer"


def _answered(dialog: Dialog, asking: Asking, question: Question, data: Mapping[str, Any]) -> Move:
    answered = replace(asking, journey=asking.answered(question, data))
    told = tuple(one for one in dialog.stray if len(_WORD.findall(one)) >= TOLD)
    kept = replace(dialog, stray=(), words=(*dialog.words, *told))
    return Move(Act.SAY, onward(kept, answered))


def more(dialog: Dialog, question: Question) -> int:
    """Where the rest of a list begins; at its end, from its start."""
    shown = dialog.start + dialog.shown
    return shown if shown < len(question.choices) else 0


def _place(dialog: Dialog, asking: Asking, question: Question, words: str, ask: Ask) -> Move:
    if replies.is_link(words):
        return Move(Act.LINK, dialog)
    found = ask.place(asking, question, words, dialog)
    if found.data is not None:
        return _answered(dialog, asking, question, found.data)
    if found.house or found.offered:
        waits = dialog.at(Turn.HOUSE, question.key, offered=found.offered)
        postcode = found.postcode or dialog.journey.postcode
        return Move(Act.SAY, replace(waits, journey=replace(waits.journey, postcode=postcode)))
    return _unread(dialog, words, ask, note=found.note)


def _file(dialog: Dialog, asking: Asking, question: Question, words: str, ask: Ask) -> Move:
    is_done = replies.number(words) == 1 or replies.is_skip(words)
    if dialog.has_media or (is_done and (not question.required or ask.files())):
        return _answered(dialog, asking, question, {})
    if replies.is_link(words):
        return Move(Act.LINK, dialog)
    return _unread(dialog, words, ask, note=no_photo() if is_done else "")


def no_photo() -> str:
    """What is said where a photo has to be added and none was."""
    return _("There is no photo yet.")


def _end(dialog: Dialog, asking: Asking, words: str, ask: Ask) -> Move:
    end = end_of(dialog, asking)
    if end is None:
        return Move(Act.SAY, onward(dialog, asking))
    chosen = replies.number(words)
    if chosen == 1:
        gone_on = replace(asking, journey=asking.journey.gone_on(end.key))
        return Move(Act.SAY, onward(dialog, gone_on))
    if chosen == 2 and end.kind is not EndKind.EMERGENCY:
        return Move(Act.ENDED, dialog)
    return _unread(dialog, words, ask)


def _nearby(dialog: Dialog, asking: Asking, words: str) -> Move | None:
    """Whether it is what others told us: then theirs ends in that one, as on the website. What was
    offered is that report, sealed, and what stands for the place; None where nothing was said."""
    if len(dialog.offered) < 2:
        return None
    (_facts, token), (_place, mark) = dialog.offered
    read, text = replies.one_of(2, words), replies.plain(words)
    is_same, is_another = text in replies.YES, text in replies.NO or replies.is_other(words)
    if read is None and not (is_same or is_another):
        return None
    journey = replace(
        dialog.journey, revision=dialog.journey.revision + 1, nearby_for=mark, joins="", notice=""
    )
    if read == 0 or is_same:
        return Move(Act.SEND, replace(dialog, journey=replace(journey, joins=token)))
    gone_on = replace(dialog, journey=journey, is_first=False)
    return Move(Act.SAY, onward(gone_on, replace(asking, journey=journey)))


def _service(dialog: Dialog, words: str) -> Move:
    if replies.is_more(words) or replies.is_other(words):
        return Move(Act.NEW, dialog)
    chosen = replies.one_of(len(dialog.offered), words)
    if chosen is None:
        named = [
            slug for slug, name in dialog.offered if replies.plain(name) == replies.plain(words)
        ]
        if len(named) != 1:
            return _not_read(replace(dialog, words=(*dialog.words, words)), "")
        return Move(Act.BEGIN, dialog, choice=named[0])
    return Move(Act.BEGIN, dialog, choice=dialog.offered[chosen][0])


def _asked_which(dialog: Dialog, words: str) -> Move:
    """Asked, not guessed: about this, or something new. The words are kept."""
    waits = dialog.at(Turn.WHICH, dialog.key, held=(words,), before=(dialog.turn.value, dialog.key))
    return Move(Act.SAY, waits)


def _which(dialog: Dialog, asking: Asking, words: str, ask: Ask) -> Move:
    chosen = 1 if replies.is_other(words) else replies.one_of(2, words)
    if dialog.about:
        acts = {0: Act.ADD, 1: Act.NEW}
        if chosen is not None:
            return Move(acts[chosen], dialog)
        return _not_read(replace(dialog, held=(*dialog.held, words)), "")
    turn, key = dialog.before
    back = dialog.at(Turn(turn), key, before=("", ""))
    if chosen == 1:
        waits = replace(back, held=(), later=(*dialog.later, *dialog.held))
        return Move(Act.SAY, waits, note=_("We ask about that next. First this one:"))
    if chosen == 0:
        own = replace(back, held=(), words=(*dialog.words, *dialog.held))
        question = asking.question(key)
        if question is not None and question.kind in _FREE and back.turn is not Turn.NEARBY:
            # What was asked is answered by it, too.
            sure = replace(ask, other=lambda _words: "")
            return take(replace(back, held=()), asking, "\n".join(dialog.held), sure)
        return Move(Act.SAY, own)
    return _not_read(replace(dialog, held=(*dialog.held, words)), "")


def _unread(dialog: Dialog, words: str, ask: Ask, note: str = "") -> Move:
    if ask.other(words):
        return _asked_which(dialog, words)
    return _not_read(dialog, words, note)


def _not_read(dialog: Dialog, words: str, note: str = "") -> Move:
    """Said once more; the second time a person reads it."""
    stray = (*dialog.stray, words) if words else dialog.stray
    tried = replace(dialog, tries=dialog.tries + 1, stray=stray)
    if tried.tries >= TRIES:
        return Move(Act.PERSON, tried)
    return Move(Act.SAY, tried, note=note or _("We could not read that as an answer."))
