"""What agents type when they make an enquiry of an e-mail by hand."""

from __future__ import annotations

from typing import Any

from django import forms

from customers.contact import NotAnEmailAddress, read_email
from desk.choices import Choices
from desk.forms import KeyedForm, choose, words_field


class MailForm(KeyedForm):
    """An enquiry of an e-mail that did not become one by itself."""

    service = forms.ChoiceField(label="Service", required=False)
    description = words_field(
        "What they need",
        help_text="In their own words where you can.",
        missing="Write what they need",
        limit=4_000,
        rows=10,
    )
    postcode = forms.CharField(
        label="Postcode",
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label="Their name",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.CharField(
        label="Their email address",
        help_text="We write there, so leave it empty if the email was written by a machine.",
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, services: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "service", services, first="Find it from the words")

    def clean_email(self) -> str:
        """An address that can be written to, or none."""
        typed: str = self.cleaned_data["email"].strip()
        try:
            return read_email(typed) if typed else ""
        except NotAnEmailAddress as error:
            raise forms.ValidationError(error.message) from error
