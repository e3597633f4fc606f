"""What an agent types while they lead somebody through a form: one question, or all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField

import kb.asking
from accounts import addresses, areas
from core.errors import DomainError
from customers.contact import is_mobile, read_email, read_phone
from desk.forms import words_field
from desk.forms_questions import OwnField, OwnSeveral
from enquiries.intake import MAX_WORDS
from kb.asking import FIELDS, WHAT, WHERE, YOU, Asking
from kb.forms import answers as reader
from kb.forms.schema import Kind, Question
from kb.journeys import EMAIL, NOBODY, SMS

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "own-"
OTHER = "other"
OFF = {"autocomplete": "off"}
_NARROW = {"class": "govuk-input--width-10", "autocomplete": "off"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as an agent has it: the words to say aloud, and its fields."""

    question: Question
    say: str
    fields: tuple[BoundField, ...]
    is_choice: bool
    may_leave: bool

    @property
    def differs(self) -> bool:
        """Whether it is written in other words than it is said."""
        return self.say != self.question.words


class ScriptForm(forms.Form):
    """The questions that are put now. `must_choose`: the postcode has a list of addresses.

    What is required is so as on the website: an agent who hears "I do not know" says so by a
    button of its own (`leaving`), and then nothing is wrong with an empty answer.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        asking: Asking,
        questions: Sequence[Question],
        leaving: bool = False,
        **kwargs: Any,
    ) -> None:
        self.asking, self.questions, self.leaving = asking, tuple(questions), leaving
        self.must_choose = False
        initial = kwargs.pop("initial", {})
        super().__init__(data, initial=initial, auto_id="script_%s", **kwargs)
        for question in self.questions:
            self._add(question)

    # --- its fields ----------------------------------------------------------------------------

    def _add(self, question: Question) -> None:
        part = kb.asking.role(question)
        known = kb.asking.known(self.asking.journey, question)
        if part == WHERE:
            self._add_place(question)
        elif part == WHAT:
            self.fields["description"] = words_field(
                say(question), help_text=question.hint, limit=MAX_WORDS, required=False
            )
        elif part == YOU:
            self._add_person(question)
        else:
            self.fields[f"{PREFIX}{question.key}"] = _own(question)
            known = {f"{PREFIX}{question.key}": known["answer"]}
        self.initial.update({name: said for name, said in known.items() if name in self.fields})

    def _add_place(self, question: Question) -> None:
        self.fields["postcode"] = forms.CharField(
            label="Postcode", required=False, max_length=30, widget=forms.TextInput(_NARROW)
        )
        self.fields["address"] = forms.CharField(
            label="Where, in words", required=False, max_length=300, widget=forms.TextInput(OFF)
        )
        self.fields["uprn"] = forms.ChoiceField(
            label="Which of these?", required=False, widget=forms.RadioSelect
        )
        self.fields["listed"] = forms.CharField(required=False, widget=forms.HiddenInput)
        if not question.exact:
            words = "There is no place, or they do not know it"
            self.fields["nowhere"] = forms.BooleanField(label=words, required=False)

    def _add_person(self, question: Question) -> None:
        for name, label, most in (
            ("name", "Full name", 200),
            ("phone", "Phone", 40),
            ("email", "Email", 254),
        ):
            self.fields[name] = forms.CharField(
                label=label, required=False, max_length=most, widget=forms.TextInput(OFF)
            )
        ways = [(SMS, "Text message"), (EMAIL, "Email")]
        if question.anonymous:
            ways.append((NOBODY, "They do not want to be told, and stay anonymous"))
        self.fields["tell_by"] = forms.ChoiceField(
            label=say(question),
            choices=ways,
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": "Choose one of these ways"},
        )

    # --- what was typed ------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """Each question by its own rules."""
        found = super().clean() or {}
        for question in self.questions:
            part = kb.asking.role(question)
            if part == WHERE:
                self._place(question, found)
            elif part == YOU:
                self._person(found)
            else:
                name = "description" if part == WHAT else f"{PREFIX}{question.key}"
                if question.required and not found.get(name):
                    self._missing(name, missing(question))
        return found

    def _missing(self, name: str, words: str) -> None:
        if not self.leaving and name not in self.errors:
            self.add_error(name, words)

    def _place(self, question: Question, found: dict[str, Any]) -> None:
        found.setdefault("nowhere", False)
        found |= {"latitude": None, "longitude": None}
        text = str(found.get("postcode", "")).strip()
        if text:
            try:
                found["postcode"] = areas.lookup(text).postcode
            except DomainError as error:
                self.add_error("postcode", error.message)
        if found.get("postcode"):
            found["nowhere"] = False
            self._choose(found)
        else:
            found["uprn"] = ""
            if not found["nowhere"]:
                self._missing("postcode", "Ask for the postcode, or say that there is no place")
        if question.exact and not found.get("address") and not self.must_choose:
            self._missing("address", "Ask for the house number or name, and the street")

    def _choose(self, found: dict[str, Any]) -> None:
        """The address of the list, where the postcode has one and nobody typed another."""
        chosen = str(self.data.get("uprn", ""))
        self.errors.pop("uprn", None)
        found["uprn"] = ""
        if not self.asking.lists or chosen == OTHER or (found.get("address") and not chosen):
            return
        listed = list(addresses.at(found["postcode"]))
        field = self.fields["uprn"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [*((one.uprn, one.text) for one in listed), (OTHER, "None of these")]
        known = next((one for one in listed if one.uprn == chosen), None)
        if known is not None:
            found |= {"uprn": known.uprn, "address": known.text}
            found |= {"latitude": known.latitude, "longitude": known.longitude}
            return
        self.must_choose = bool(listed) and not self.leaving
        if self.must_choose and self.data.get("listed", "") == found["postcode"]:
            self.add_error("uprn", "Choose an address, or say that it is none of these")

    def _person(self, found: dict[str, Any]) -> None:
        for name, read in (("phone", read_phone), ("email", read_email)):
            text = str(found.get(name, "")).strip()
            if text and name not in self.errors:
                try:
                    found[name] = read(text)
                except DomainError as error:
                    self.add_error(name, error.message)
        way = found.get("tell_by", "")
        if not way:
            self._missing("tell_by", "Choose how they are told what happens")
            found["tell_by"] = NOBODY
        elif way == EMAIL and not found.get("email"):
            self._missing("email", "Ask for their email address")
        elif way == SMS and not found.get("phone"):
            self._missing("phone", "Ask for their mobile number")
        elif way == SMS and "phone" not in self.errors and not is_mobile(str(found["phone"])):
            self.add_error("phone", "We cannot send a text to this number. Ask for a mobile number")

    def answer_of(self, question: Question) -> dict[str, Any]:
        """What a valid form says in answer to one of its questions, as kb.asking keeps it."""
        part = kb.asking.role(question)
        if part:
            return {name: self.cleaned_data[name] for name in FIELDS[part]}
        return {"answer": self.cleaned_data[f"{PREFIX}{question.key}"]}

    def is_empty(self, question: Question) -> bool:
        """Whether nothing was said in answer to it."""
        part = kb.asking.role(question)
        said: Mapping[str, Any] = self.answer_of(question)
        if part == WHERE:
            return not (said["postcode"] or said["address"] or said["nowhere"])
        if part == YOU:
            return not (said["email"] or said["phone"] or said["name"])
        return not any(said.values())

    # --- how it is drawn -----------------------------------------------------------------------

    @property
    def shown(self) -> list[Shown]:
        """The questions with their fields, in their order; the focus comes to the first of all."""
        first = next((one for one in self.visible_fields()), None)
        if first is not None and not self.errors:
            first.field.widget.attrs |= {"autofocus": True, "data-focus": True}
        return [self._shown(question) for question in self.questions]

    def _shown(self, question: Question) -> Shown:
        part = kb.asking.role(question)
        names = {
            WHERE: ["postcode", *(["uprn", "listed"] if self.must_choose else []), "address",
                    "nowhere"],
            WHAT: ["description"],
            YOU: ["name", "phone", "email", "tell_by"],
        }.get(part, [f"{PREFIX}{question.key}"])  # fmt: skip
        fields = tuple(self[name] for name in names if name in self.fields)
        is_choice = bool(question.choices)
        return Shown(question, say(question), fields, is_choice, question.required)


def say(question: Question) -> str:
    """The words to say aloud: the catalogue's, else those that are written to be read."""
    return question.say or question.words


def missing(question: Question) -> str:
    """What to do where nothing was answered."""
    if question.kind is Kind.SEVERAL:
        return "Choose one or more, or say that they cannot say"
    if question.choices:
        return "Choose one, or say that they cannot say"
    return "Write what they say, or say that they cannot say"


def _own(question: Question) -> forms.Field:
    said: dict[str, Any] = {"label": say(question), "help_text": question.hint}
    choices = [(one.value, one.words) for one in question.choices]
    if question.kind is Kind.SEVERAL:
        wrong = {"invalid_choice": "Choose from the list"}
        return OwnSeveral(question, choices=choices, error_messages=wrong, **said)
    if choices:
        return forms.ChoiceField(
            choices=choices,
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": "Choose one from the list"},
            **said,
        )
    if question.unit:
        said["help_text"] = f"In {question.unit}. {question.hint}".strip()
    longest = question.longest or reader.LONGEST.get(question.kind, 40)
    return OwnField(replace(question, required=False), widget=_widget(question),
                    max_length=longest, **said)  # fmt: skip


def _widget(question: Question) -> forms.Widget:
    if question.kind is Kind.WORDS:
        return forms.Textarea(attrs={"data-rows": "3"})
    if question.kind is Kind.DATE:
        return forms.TextInput(attrs={**_NARROW, "type": "date"})
    if question.kind is Kind.NUMBER:
        return forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5"})
    return forms.TextInput(attrs=OFF)
