"""What callers are asked before we say what we know, as administrators choose it."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.forms import KeyedForm
from inbox.questions import WORDS, Question


class QuestionsForm(KeyedForm):
    """Which questions, and how many answers must be right. Only what people gave us themselves is
    on the list."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    questions = forms.MultipleChoiceField(
        label="Questions that may be asked",
        choices=[(one.value, WORDS[one]) for one in Question],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least two questions"},
    )
    needed = forms.IntegerField(
        label="How many answers must be right?",
        help_text="At least two. The others may stay unasked.",
        min_value=2,
        max_value=len(Question),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "class": "govuk-input--width-2", "autocomplete": "off"}
        ),
        error_messages={
            "required": "Enter a number",
            "invalid": "Enter a number, like 2",
            "min_value": "At least two answers must be right: one is easily known by others",
            "max_value": "Enter no more than there are questions",
        },
    )

    def clean(self) -> dict[str, Any]:
        """No more right answers than questions."""
        data = super().clean() or {}
        asked, needed = len(data.get("questions") or ()), data.get("needed")
        if asked and needed and needed > asked:
            self.add_error("needed", f"You chose {asked}, so no more than {asked} can be right")
        return data
