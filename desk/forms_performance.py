"""What the performance page can be narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.choices import Choices
from enquiries.channels import CHANNEL_WORDS


class PerformanceForm(forms.Form):
    """A period, both days included, and what the enquiries are."""

    def __init__(self, data: Any, *, services: Choices, organisations: Choices) -> None:
        super().__init__(data)
        self.fields["from"] = _day("From")
        self.fields["to"] = _day("To")
        channels = [(channel.value, words) for channel, words in CHANNEL_WORDS.items()]
        self.fields["channel"] = _choice("Channel", "All channels", channels)
        self.fields["service"] = _choice("Service", "All services", services)
        if organisations:
            self.fields["organisation"] = _choice(
                "Organisation", "All organisations", organisations
            )

    def clean(self) -> dict[str, Any]:
        """A period runs forwards."""
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("from"), data.get("to")
        if since and until and until < since:
            self.add_error("to", "This day must not be before the first one")
        return data


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write a day such as 2026-01-31"},
    )


def _choice(label: str, everything: str, choices: Choices) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", everything), *choices])
