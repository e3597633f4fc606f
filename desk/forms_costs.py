"""What a contact costs, as managers type it."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.choices import Choices
from desk.forms import KeyedForm, choose
from desk.forms_articles import day_field
from enquiries.channels import CHANNEL_WORDS
from metrics.actions_costs import MOST


class CostForm(KeyedForm):
    """From a day on a contact of a channel costs its taker so much."""

    organisation = forms.ChoiceField(
        label="Organisation", error_messages={"required": "Choose an organisation"}
    )
    channel = forms.ChoiceField(label="Channel", error_messages={"required": "Choose a channel"})
    pounds = forms.DecimalField(
        label="Pounds for one contact",
        min_value=0,
        max_value=MOST,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_decimal_places"),
            "Enter an amount in pounds, such as 4.50",
        ),
    )
    since = day_field("From which day on", help_text="Contacts of earlier days keep their cost.")

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = [(channel.value, words) for channel, words in CHANNEL_WORDS.items()]
        choose(self, "channel", channels, first="Choose a channel")
        if len(organisations) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.fields["organisation"].initial = organisations[0][0]
        choose(self, "organisation", organisations, first="Choose an organisation")
