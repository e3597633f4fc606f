"""The questions of a service as selects: an agent may leave each open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField

import kb.questions
from desk.forms import KeyedForm

if TYPE_CHECKING:
    from kb.models import Service

_PREFIX = "own-"
NOT_ASKED = "Not asked"


def add(form: forms.Form, service: Service | None) -> None:
    """Gives a form one select for each question of a service."""
    for question in kb.questions.of(service):
        form.fields[f"{_PREFIX}{question.key}"] = forms.ChoiceField(
            label=question.words,
            help_text=question.hint,
            required=False,
            choices=[("", NOT_ASKED), *kb.questions.choices(question)],
            error_messages={"invalid_choice": "Choose one from the list"},
        )


def fields(form: forms.Form) -> list[BoundField]:
    """The selects of a form, to be drawn where it suits."""
    return [form[name] for name in form.fields if name.startswith(_PREFIX)]


def answers(data: Mapping[str, Any]) -> dict[str, str]:
    """What was answered, by the keys of the questions."""
    return {
        name.removeprefix(_PREFIX): str(value)
        for name, value in data.items()
        if name.startswith(_PREFIX) and value
    }


def initial(answers: Mapping[str, str]) -> dict[str, str]:
    """Answers of before as the fields show them."""
    return {f"{_PREFIX}{key}": value for key, value in answers.items()}


class AnswersForm(KeyedForm):
    """What a service asks, answered later."""

    def __init__(self, *args: Any, service: Service | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add(self, service)

    def clean(self) -> dict[str, Any]:
        """One answer at least."""
        mine = fields(self)
        if mine and not self.errors and not answers(self.cleaned_data):
            self.add_error(mine[0].name, "Choose an answer")
        return self.cleaned_data
