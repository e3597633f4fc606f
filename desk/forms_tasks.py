"""What staff type for a task, and for the list of a service."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone

from accounts.colleagues import takers
from accounts.permissions import Viewer
from desk.forms import KeyedForm, words_field
from teamwork.actions_tasks import MOST_DAYS, MOST_WORDS
from teamwork.queries_tasks import Line

_LINE = re.compile(r"(.+?)(?:\s*\|\s*(\d{1,3})\s*(?:days?)?)?\s*")


class TaskForm(KeyedForm):
    """One thing to do, by when, by whom."""

    words = forms.CharField(
        label="What is to be done?",
        max_length=MOST_WORDS,
        error_messages={
            "required": "Write what is to be done",
            "max_length": f"A task must be {MOST_WORDS} characters or fewer",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    due_on = forms.DateField(
        label="By when?",
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d %m %Y", "%d %B %Y", "%d %b %Y"],
        widget=forms.DateInput(
            attrs={"type": "date", "class": "govuk-input--width-10"}, format="%Y-%m-%d"
        ),
        error_messages={"invalid": "The day must be a real date, for example 24/12/2026"},
    )
    who = forms.TypedChoiceField(label="Who?", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(one.pk, one.name) for one in takers() if one.pk != viewer.id]
        field = cast("forms.ChoiceField", self.fields["who"])
        field.choices = [(viewer.id or 0, "Me"), ("", "Anybody"), *others]

    def clean_due_on(self) -> date | None:
        """A day that is still to come, and near enough for somebody to keep it in mind."""
        day: date | None = self.cleaned_data["due_on"]
        today = timezone.localdate()
        if day is not None and day < today:
            raise forms.ValidationError("That day is over: choose today or a day to come")
        if day is not None and day > today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(f"A task is due within {MOST_DAYS} days at most")
        return day


class ListForm(KeyedForm):
    """The list of a service: one task in a line."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    lines = words_field(
        "What is to be done about each case?",
        help_text="One task in a line. With a day: “Ring the contractor | 2 days”.",
        required=False,
        limit=6_000,
        rows=10,
    )

    def clean_lines(self) -> list[Line]:
        """The lines as tasks."""
        found = []
        for text in self.cleaned_data["lines"].splitlines():
            if not text.strip():
                continue
            read = _LINE.fullmatch(text.strip())
            if read is None or "|" in read[1]:
                raise forms.ValidationError(f"Write “{text.strip()[:60]}” as “task | 2 days”")
            days = int(read[2] or 0)
            if days > MOST_DAYS:
                raise forms.ValidationError(f"A task is due within {MOST_DAYS} days at most")
            found.append(Line(read[1], days))
        return found


def written(lines: tuple[Line, ...]) -> str:
    """A list as it is typed."""
    return "\n".join(f"{one.words} | {one.days} days" if one.days else one.words for one in lines)
