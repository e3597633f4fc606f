"""What administrators may type."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.choices import Choices
from desk.forms import KeyedForm, choose


class TokenForm(KeyedForm):
    """A key for another system."""

    organisation = forms.ChoiceField(
        label="Organisation", error_messages={"required": "Choose an organisation"}
    )
    name = forms.CharField(
        label="Name of the system",
        help_text="So that you know it again, for example Street works system.",
        max_length=80,
        error_messages={"required": "Enter the name of the system"},
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that it may do"},
    )

    def __init__(self, *args: Any, organisations: Choices, scopes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "organisation", organisations, first="Choose an organisation")
        field = self.fields["scopes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = scopes


class KioskForm(KeyedForm):
    """A device in a public place."""

    site = forms.ChoiceField(label="Site", error_messages={"required": "Choose a site"})
    name = forms.CharField(
        label="Name of the device",
        help_text="For example, Left of the entrance.",
        max_length=80,
        error_messages={"required": "Enter the name of the device"},
    )

    def __init__(self, *args: Any, sites: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "site", sites, first="Choose a site")
