"""What editors type about search."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.choices import Choices
from desk.forms import KeyedForm, choose
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
