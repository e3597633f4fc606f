"""The field of a question, whatever its kind: how its answer is typed, read and refused.

What is an answer is said by kb.forms; here it meets what a browser sends.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from channels.asking.forms import said
from kb import tongues
from kb.forms import answers
from kb.forms.schema import DESCRIPTION, Kind, Question

PARTS: Final = ("day", "month", "year")
_LONG: Final = frozenset({Kind.WORDS})


class QuestionForm(forms.Form):
    """One question that is kept by its key, or the enquiry's own words. `kind` draws it.

    `cleaned_data` has the answer as it is kept, under `answer` (`description` for the own words).
    """

    def __init__(
        self, data: Any = None, *, question: Question, today: date, initial: dict[str, Any]
    ) -> None:
        self.question, self.today = question, today
        self.kind = question.kind.value
        self.name = DESCRIPTION if question.key == DESCRIPTION else "answer"
        super().__init__(data, initial=initial)
        self.fields[self.name] = _field(question)

    @property
    def shown(self) -> forms.BoundField:
        """The field of the question."""
        return self[self.name]

    def clean(self) -> dict[str, Any]:
        """The answer, read by the form's own rules."""
        found = super().clean() or {}
        if self.name not in found:
            return found
        given = found[self.name]
        if not given:
            found[self.name] = [] if self.question.kind is Kind.SEVERAL else ""
            if self.question.required:
                self.add_error(self.name, nothing_said(self.question))
            return found
        try:
            if self.name == DESCRIPTION:
                found[self.name] = said(given, label=_("What happened"))
            found[self.name] = answers.read(self.question, found[self.name], today=self.today)
        except answers.NotAnAnswer as error:
            self.add_error(self.name, error.message)
        except forms.ValidationError as error:
            self.add_error(self.name, error)
        return found


class DateForm(forms.Form):
    """A date in three fields, as people write one. `wrong` names the fields to look at."""

    kind = Kind.DATE.value

    def __init__(
        self, data: Any = None, *, question: Question, today: date, initial: dict[str, Any]
    ) -> None:
        self.question, self.today = question, today
        self.wrong: tuple[str, ...] = ()
        super().__init__(data, initial=_parts(str(initial.get("answer", ""))))
        labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        for name in PARTS:
            width = "4" if name == "year" else "2"
            self.fields[name] = forms.CharField(
                label=labels[name],
                required=False,
                max_length=20,
                widget=forms.TextInput(
                    attrs={
                        "class": f"govuk-date-input__input govuk-input--width-{width}",
                        "inputmode": "numeric",
                        "autocomplete": "off",
                    }
                ),
            )

    @property
    def needs_example(self) -> bool:
        """Whether the question's own hint shows no date yet."""
        return not any(one.isdigit() for one in self.question.hint)

    @property
    def first(self) -> str:
        """The id of the field that the error leads to."""
        return f"id_{self.wrong[0] if self.wrong else PARTS[0]}"

    @property
    def message(self) -> str:
        """What is wrong, in one line."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")

    def clean(self) -> dict[str, Any]:
        """The day as an ISO date; empty where it may be left out."""
        found = super().clean() or {}
        said = {name: str(found.get(name, "")).strip() for name in PARTS}
        found["answer"] = ""
        missing = [name for name in PARTS if not said[name] and name not in self.errors]
        if len(missing) == len(PARTS):
            if self.question.required:
                self._refuse(PARTS, nothing_said(self.question))
        elif missing:
            self._refuse(tuple(missing), _missing(missing))
        elif not self.errors:
            self._read(said, found)
        else:
            self.wrong = tuple(name for name in PARTS if name in self.errors)
        return found

    def _read(self, said: dict[str, str], found: dict[str, Any]) -> None:
        if not (said["year"].isascii() and said["year"].isdigit() and len(said["year"]) == 4):
            self._refuse(("year",), _("The year must have 4 numbers, for example 2026"))
            return
        try:
            day = date(*(_number(said[name]) for name in reversed(PARTS)))
        except ValueError:
            self._refuse(PARTS, _("The date must be a real date, for example 27 3 2026"))
            return
        try:
            found["answer"] = answers.read(self.question, day, today=self.today)
        except answers.NotAnAnswer as error:
            self._refuse(PARTS, error.message)

    def _refuse(self, names: tuple[str, ...], words: str) -> None:
        self.wrong = names
        self.add_error(names[0], words)


def form(question: Question, data: Any, *, today: date, initial: dict[str, Any]) -> Any:
    """The form of a question of any kind that this module draws."""
    made = DateForm if question.kind is Kind.DATE else QuestionForm
    return made(data, question=question, today=today, initial=initial)


def label(question: Question) -> str:
    """The words of a question in the language of the page; that it may be left out is with it."""
    if question.required:
        return tongues.said(question.words)
    return tongues.woven(_("%(question)s (optional)"), question=question.words)


def nothing_said(question: Question) -> str:
    """What to do where a question has to be answered; it names the question."""
    if question.key == DESCRIPTION:
        return _("Tell us what happened, in a few words")
    named = {"question": tongues.said(question.words)}
    if question.kind is Kind.CHOICE and "unknown" in question.values:
        return _("Choose one, or “I do not know”, for “%(question)s”") % named
    words = {
        Kind.SEVERAL: _("Choose one or more for “%(question)s”"),
        Kind.CHOICE: _("Choose one for “%(question)s”"),
        Kind.YES_NO: _("Choose yes or no for “%(question)s”"),
        Kind.DATE: _("Enter a date for “%(question)s”"),
        Kind.NUMBER: _("Enter a number for “%(question)s”"),
    }.get(question.kind, _("Write an answer to “%(question)s”"))
    return words % named


def _field(question: Question) -> forms.Field:
    words: dict[str, Any] = {
        "label": label(question),
        "help_text": question.hint,
        "required": False,
    }
    if question.choices:
        choices = [
            (one.value, f"{one.words}\n{one.hint}" if one.hint else one.words)
            for one in question.choices
        ]
        if question.kind is Kind.SEVERAL:
            return forms.MultipleChoiceField(
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": _("Choose from the list")},
                **words,
            )
        return forms.ChoiceField(
            choices=choices,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": _("Choose one from the list")},
            **words,
        )
    if question.kind in _LONG:
        longest = question.longest or answers.LONGEST[question.kind]
        rows = "8" if question.key == DESCRIPTION else "5"
        return forms.CharField(
            widget=forms.Textarea(
                attrs={"data-maxlength": str(longest), "data-rows": rows, "dir": "auto"}
            ),
            **words,
        )
    attrs = {"class": "hub-wide-input", "dir": "auto"}
    if question.kind is Kind.NUMBER:
        attrs = {"class": "govuk-input--width-5", "inputmode": "decimal", "autocomplete": "off"}
    return forms.CharField(widget=forms.TextInput(attrs=attrs), **words)


def _parts(kept: str) -> dict[str, str]:
    try:
        day = date.fromisoformat(kept)
    except ValueError:
        return {}
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}


_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)


def _number(text: str) -> int:
    """A day, a month or a year; months may be named. Raises ValueError."""
    named = text.casefold()[:3]
    if text.isalpha() and named in _MONTHS:
        return _MONTHS.index(named) + 1
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise ValueError(text)
    return int(text)


def _missing(names: list[str]) -> str:
    words = {"day": _("a day"), "month": _("a month"), "year": _("a year")}
    if len(names) == 1:
        return _("The date must include %(part)s") % {"part": words[names[0]]}
    return _("The date must include %(one)s and %(other)s") % {
        "one": words[names[0]],
        "other": words[names[1]],
    }
