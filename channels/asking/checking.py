"""All that was answered, question by question, as the page before sending shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from channels.asking import places, questions, uploads
from channels.asking.journey import EMAIL, NOBODY, SMS, Journey
from channels.asking.questions import Asking
from customers.contact import shown
from kb import tongues
from kb.forms import words
from kb.forms.schema import Answer, Question


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was asked, what was answered, and the key of the question to change it."""

    key: str
    question: str
    answer: str
    # Whether the answer is what somebody typed.
    is_said: bool = False
    # Whether the question, and the answer, are words of a form: translated when they are shown.
    is_data: bool = False
    is_chosen: bool = False
    # What of the answer says who somebody is: not for who stands behind them.
    private: str = ""


def rows(asking: Asking) -> list[Row]:
    """What it is about, then every question that is asked, in its order."""
    current = asking.journey
    named = current.service_name if asking.service is not None else _("Not sure")
    found = [
        Row(questions.ABOUT, _("What it is about"), named, is_chosen=asking.service is not None)
    ]
    for question in asking.questions:
        found += _of(asking, question)
        if asking.takes_files(question):
            found += _files(current, question)
    return found


def _files(current: Journey, question: Question) -> list[Row]:
    names = uploads.shown(current.id).names
    is_own = questions.role(question) == questions.FILES
    if not names and not is_own:
        return []
    asked = question.words if is_own else _("Photos and files")
    return [Row(question.key, asked, names or _("None"), is_said=True, is_data=is_own)]


def _of(asking: Asking, question: Question) -> list[Row]:
    current, key = asking.journey, question.key
    part = questions.role(question)
    if part == questions.WHERE:
        return _where(current, key, is_home=questions.is_home(asking.service, question))
    if part == questions.WHAT:
        said = current.description or _("Not given")
        return [Row(key, question.words, said, is_said=True, is_data=True)]
    if part == questions.YOU:
        return _you(current, key)
    if part:
        return []
    given = current.answers.get(key)
    is_chosen = bool(given and question.choices)
    said = _answered(question, given) if given else _("Not answered")
    is_said = not question.choices
    return [Row(key, question.words, said, is_said, is_data=True, is_chosen=is_chosen)]


def _answered(question: Question, given: Answer) -> str:
    """An answer in the language of the page, where it is words of the form."""
    if question.choices:
        return tongues.joined(words.chosen(question, given))
    return words.answer(replace(question, unit=tongues.said(question.unit)), given)


def _where(current: Journey, key: str, *, is_home: bool) -> list[Row]:
    found = [
        Row(
            key,
            _("Postcode"),
            current.postcode or _("Not given"),
            private=current.postcode if is_home else "",
        ),
        Row(
            key,
            _("Place"),
            current.address or _("Not given"),
            is_said=True,
            private=current.address,
        ),
    ]
    pin = places.pinned(current)
    return [*found, Row(key, _("On the map"), pin)] if pin else found


def _you(current: Journey, key: str) -> list[Row]:
    to = {EMAIL: current.email, SMS: shown(current.phone) if current.phone else ""}
    private = to.get(current.tell_by, "")
    told = Row(key, _("We tell you by"), _told(current), is_said=True, private=private)
    if current.tell_by == NOBODY:
        return [told]
    return [told, Row(key, _("Your name"), current.name, is_said=True, private=current.name)]


def _told(current: Journey) -> str:
    if current.tell_by == NOBODY:
        return _("Nothing: you stay anonymous")
    if current.tell_by == EMAIL:
        return _("Email to %(address)s") % {"address": current.email}
    return _("Text message to %(number)s") % {"number": shown(current.phone)}
