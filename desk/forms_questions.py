"""The questions of a service as fields for staff: of every kind, and each may be left open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils import timezone

import kb.questions
from desk.forms import KeyedForm
from kb.forms import answers as reader
from kb.forms import conditions, explained, path, words
from kb.forms.answers import NotAnAnswer
from kb.forms.schema import Answer, End, EndKind, Form, Kind, Question

if TYPE_CHECKING:
    from kb.models import Service

_PREFIX = "own-"
NOT_ASKED = "Not asked"
_UK_DAY = re.compile(r"([0-9]{1,2})[ /.-]([0-9]{1,2})[ /.-]([0-9]{4})")


class OwnField(forms.CharField):
    """One line, several lines, a number or a date, read as the form's engine reads it."""

    def __init__(self, question: Question, **more: Any) -> None:
        super().__init__(required=False, strip=True, **more)
        # What is required is so for citizens: an agent leaves open what nobody could say.
        self.question = replace(question, required=False)

    def clean(self, value: Any) -> Any:
        """The answer as it is kept; "" for none."""
        text = super().clean(value)
        if not text:
            return ""
        if self.question.kind is Kind.DATE and (day := _UK_DAY.fullmatch(text)):
            text = f"{day[3]}-{int(day[2]):02d}-{int(day[1]):02d}"
        return _read(self.question, text)


class OwnSeveral(forms.MultipleChoiceField):
    """Some of a list."""

    def __init__(self, question: Question, **more: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **more)
        self.question = replace(question, required=False)

    def clean(self, value: Any) -> Any:
        """The choices in the order of the list."""
        chosen = super().clean(value)
        return _read(self.question, chosen) if chosen else []


def _read(question: Question, value: Any) -> Answer:
    try:
        return reader.read(question, value, today=timezone.localdate())
    except NotAnAnswer as error:
        raise ValidationError(error.message) from error


def _field(question: Question, form: Form) -> forms.Field:
    when = explained.when(form, question.when)
    help_text = " ".join(filter(None, (f"Only if {when}." if when else "", question.hint)))
    said: dict[str, Any] = {"label": question.words, "help_text": help_text}
    if question.kind is Kind.SEVERAL:
        wrong = {"invalid_choice": "Choose from the list"}
        choices = kb.questions.choices(question)
        return OwnSeveral(question, choices=choices, error_messages=wrong, **said)
    if question.choices:
        return forms.ChoiceField(
            required=False,
            choices=[("", NOT_ASKED), *kb.questions.choices(question)],
            error_messages={"invalid_choice": "Choose one from the list"},
            **said,
        )
    if question.unit:
        said["label"] = f"{question.words} ({question.unit})"
    return OwnField(question, widget=_widget(question), max_length=_longest(question), **said)


def _longest(question: Question) -> int:
    return question.longest or reader.LONGEST.get(question.kind, 40)


def _widget(question: Question) -> forms.Widget:
    if question.kind is Kind.WORDS:
        return forms.Textarea(attrs={"data-rows": "3"})
    attrs = {"autocomplete": "off"}
    if question.kind is Kind.DATE:
        attrs |= {"type": "date", "class": "govuk-input--width-10"}
    elif question.kind is Kind.NUMBER:
        attrs |= {"inputmode": "decimal", "class": "govuk-input--width-5"}
    return forms.TextInput(attrs=attrs)


def add(form: forms.Form, service: Service | None, form_id: int | None = None) -> None:
    """Gives a form one field for each question of a service: of a version, else of the live one."""
    own = kb.questions.asked(service, form_id).form
    for question in own.own:
        name = f"{_PREFIX}{question.key}"
        form.fields[name] = _field(question, own)
        if question.kind is Kind.SEVERAL and isinstance(form.initial.get(name), str):
            form.initial[name] = [form.initial[name]]


def fields(form: forms.Form) -> list[BoundField]:
    """The fields of a form, to be drawn where it suits."""
    return [form[name] for name in form.fields if name.startswith(_PREFIX)]


@dataclass(frozen=True, slots=True)
class Laid:
    """The fields that apply to what was answered, and those that do not, or not yet."""

    asked: list[BoundField]
    folded: list[BoundField]


def laid(form: forms.Form, service: Service | None, given: Mapping[str, Any]) -> Laid:
    """The fields as a page shows them. What was refused is never folded away."""
    own = kb.questions.own_form(service)
    keys = {one.key for one in path.asked(own, given, today=timezone.localdate())}
    asked: list[BoundField] = []
    folded: list[BoundField] = []
    for field in fields(form):
        is_asked = field.name.removeprefix(_PREFIX) in keys or bool(field.errors)
        (asked if is_asked else folded).append(field)
    return Laid(asked, folded)


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a citizen's form would end early: when, and what an agent says then."""

    end: End
    when: str
    is_reached: bool

    @property
    def is_emergency(self) -> bool:
        """Whether somebody has to be rung first."""
        return self.end.kind is EndKind.EMERGENCY


def stops(service: Service | None, given: Mapping[str, Any]) -> list[Stop]:
    """The ends of a service's form; those that the answers lead to first, then emergencies."""
    own, today = kb.questions.own_form(service), timezone.localdate()
    counting = path.counting(own, given, today=today)
    found = [
        Stop(one, explained.when(own, one.when), conditions.holds(one.when, counting, today=today))
        for one in own.ends
    ]
    return sorted(found, key=lambda one: (not one.is_reached, not one.is_emergency))


def answers(data: Mapping[str, Any], service: Service | None = None) -> dict[str, Any]:
    """What was answered, by the keys of the questions.

    With the service only what counts: an answer to a question that the other answers do not lead
    to is left out.
    """
    given = {
        name.removeprefix(_PREFIX): value
        for name, value in data.items()
        if name.startswith(_PREFIX) and value
    }
    if service is None:
        return given
    return path.counting(kb.questions.own_form(service), given, today=timezone.localdate())


def typed(data: Mapping[str, Any], service: Service | None) -> dict[str, Any]:
    """What stands in a form that was not checked: a list where there may be several."""
    found: dict[str, Any] = {}
    for question in kb.questions.of(service):
        name = f"{_PREFIX}{question.key}"
        several = question.kind is Kind.SEVERAL and hasattr(data, "getlist")
        value = data.getlist(name) if several else data.get(name)  # type: ignore[attr-defined]
        if value:
            found[question.key] = value
    return found


def described(service: Service | None, given: Mapping[str, Any]) -> str:
    """The enquiry's own words where a form can do without them; "" where it cannot."""
    own = kb.questions.own_form(service)
    return "" if own.needs_words else words.described(own, given)


def initial(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers of before as the fields show them."""
    return {f"{_PREFIX}{key}": value for key, value in answers.items()}


class AnswersForm(KeyedForm):
    """What a service asks, answered later."""

    def __init__(self, *args: Any, service: Service | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.service = service
        add(self, service)

    def clean(self) -> dict[str, Any]:
        """One answer at least; what the other answers do not lead to is left out."""
        mine = fields(self)
        if not mine or self.errors:
            return self.cleaned_data
        counting = answers(self.cleaned_data, self.service)
        if not counting:
            self.add_error(mine[0].name, "Choose an answer")
        for field in mine:
            if field.name.removeprefix(_PREFIX) not in counting:
                self.cleaned_data.pop(field.name, None)
        return self.cleaned_data
