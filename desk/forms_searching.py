"""What editors type about search."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.choices import Choices
from desk.forms import KeyedForm, choose
from kb.dangers import LONGEST_LINE
from kb.synonyms import LONGEST_PHRASE


class WordsForm(KeyedForm):
    """What people call a service. `seen` is how that was when the page was made."""

    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="What people call it",
        help_text="One a line, as they say it: “bin not emptied”, “dustbin men”.",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"data-rows": "12", "dir": "auto"}),
    )


class DangerForm(KeyedForm):
    """Words that may mean danger, and what is said first. `seen` is how both were on the page."""

    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    say = forms.CharField(
        label="What is said first",
        help_text="One line of a text message or above a search, with whom to ring.",
        max_length=LONGEST_LINE,
        error_messages={
            "required": "Write what is said first",
            "max_length": f"What is said first must be {LONGEST_LINE} characters or fewer",
        },
    )
    text = forms.CharField(
        label="Words that may mean it",
        help_text="One a line: “smell gas”. Up to two other words may stand between them.",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"data-rows": "12", "dir": "auto"}),
    )


class AddForm(KeyedForm):
    """Words that were searched for, and the service that people meant."""

    phrase = forms.CharField(
        max_length=LONGEST_PHRASE,
        widget=forms.HiddenInput,
        error_messages={
            "required": "There are no words to add",
            "max_length": f"More than {LONGEST_PHRASE} characters. Add fewer words by hand",
        },
    )
    service = forms.ChoiceField(
        label="Service", error_messages={"required": "Choose the service that people meant"}
    )

    def __init__(self, *args: Any, services: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "service", services, first="Choose a service")
