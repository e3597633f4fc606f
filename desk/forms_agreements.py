"""Agreements with organisations, and what shortens clocks, as administrators type them."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.choices import Choices
from desk.forms import OLD_PAGE, KeyedForm, choose
from enquiries.actions.agreements import MOST_DAYS, MOST_HOURS
from enquiries.lifecycle import PRIORITY_WORDS, Priority
from enquiries.promises import Agreed

# How pages write what two people saw: hours, days, by the clock; nothing where there was none.
ANY = "_any"


def _number(label: str, least: int, most: int, what: str) -> forms.IntegerField:
    wrong = f"Enter {what} as a whole number from {least} to {most}"
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class AgreementForm(KeyedForm):
    """How long one organisation has."""

    seen = forms.RegexField(
        r"^\d{1,5}/\d{1,5}/[01]$",
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": OLD_PAGE},
    )
    accept_wh = _number("Hours to accept or reject", 1, MOST_HOURS, "the hours")
    work_wd = _number("Days to do the work", 0, MOST_DAYS, "the days")
    elapsed = forms.BooleanField(
        label="By the clock, day and night",
        help_text="For emergencies. Otherwise they are working hours and working days.",
        required=False,
    )

    @staticmethod
    def mark(agreed: Agreed | None) -> str:
        """What a page shows of an agreement, to be sent back with a change."""
        if agreed is None:
            return ""
        return f"{agreed.accept_wh}/{agreed.work_wd}/{int(agreed.elapsed)}"

    def clean_seen(self) -> Agreed | None:
        """The agreement that the page showed; None where it showed none."""
        text = str(self.cleaned_data["seen"])
        if not text:
            return None
        hours, days, elapsed = text.split("/")
        return Agreed(int(hours), int(days), elapsed == "1")

    def agreed(self) -> Agreed:
        """What was typed."""
        data = self.cleaned_data
        return Agreed(data["accept_wh"], data["work_wd"], data["elapsed"])


class NewAgreementForm(AgreementForm):
    """An agreement about a service that has none yet."""

    service = forms.ChoiceField(label="About", required=False)
    field_order = ["service"]

    def __init__(self, *args: Any, services: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "service", services, first="Whatever has no agreement of its own")


class ClockRuleForm(KeyedForm):
    """A cause for less time, and how much is left."""

    service = forms.ChoiceField(label="Service", required=False)
    priority = forms.ChoiceField(
        label="Priority",
        required=False,
        choices=[
            ("", "Whatever its priority"),
            *((p.value, PRIORITY_WORDS[p]) for p in Priority if p is not Priority.NORMAL),
        ],
    )
    vulnerable = forms.BooleanField(
        label="Only for a person who is flagged as vulnerable", required=False
    )
    percent = _number("Per cent of the time that are left", 1, 100, "the percentage")

    def __init__(self, *args: Any, services: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "service", services, first="Any service")

    def clean(self) -> dict[str, Any]:
        """Something has to be the cause."""
        if not self.cleaned_data.get("priority") and not self.cleaned_data.get("vulnerable"):
            self.add_error("priority", "Choose a priority, a person who is vulnerable, or both")
        return self.cleaned_data


class PercentForm(KeyedForm):
    """Another percentage for a rule that is there."""

    seen = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE}
    )
    percent = _number("Per cent of the time that are left", 1, 100, "the percentage")
