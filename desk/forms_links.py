"""Two reports of one thing, or two things in one report, as forms. The rules are the domain's."""

from __future__ import annotations

from typing import Any

from django import forms

from core import references
from desk.choices import Choices
from desk.forms import KeyedForm, choose, words_field

SAME, OTHER = "same", "other"


class JoinForm(KeyedForm):
    """Which other enquiry is the same, and whose that is."""

    other = forms.CharField(
        label="Reference of the other enquiry",
        max_length=20,
        error_messages={"required": "Enter the reference, like WH7-K3MP-4X"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    whose = forms.ChoiceField(
        label="Who told us?",
        choices=[
            (SAME, "The same person, twice\nMerge: the later report ends in the earlier one"),
            (OTHER, "Somebody else, too\nLink: the later report ends, and they hear what is done"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say who told us"},
    )

    def clean_other(self) -> str:
        """The reference as we write it."""
        try:
            return str(references.parse(self.cleaned_data["other"]))
        except references.BadReference as error:
            raise forms.ValidationError(error.message) from error


class PartForm(KeyedForm):
    """Nothing but: not the same after all."""


class SplitForm(KeyedForm):
    """The second thing that a report is about."""

    words = words_field(
        "What is the second thing?",
        help_text="It gets a reference, a promise and an owner of its own. The citizen is told.",
        missing="Write what the second thing is",
        limit=4_000,
    )
    service = forms.ChoiceField(label="Service", error_messages={"required": "Choose a service"})
    postcode = forms.CharField(
        label="Postcode, if it is somewhere else",
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, services: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "service", services, first="Choose a service")
