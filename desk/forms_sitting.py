"""What staff type about a contact as a whole: what it is about, how it ends, who goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.formats import date_format

from core import references
from desk.choices import Choices
from desk.forms import KeyedForm, choose, words_field
from desk.plain_words import PlainForm
from enquiries import clocks
from enquiries.channels import (
    AVOIDABLE_WORDS,
    CONTACT_OUTCOME_WORDS,
    KIND_WORDS,
    ContactOutcome,
    ItemKind,
)
from enquiries.queries.about_this import TOO

# What a link by one key says, where nobody writes more.
SAID = {
    ItemKind.CHASE.value: KIND_WORDS[ItemKind.CHASE],
    ItemKind.REPEAT.value: "Says that it is not solved",
    TOO: "Reported the same",
}


class OfferedForm(forms.Form):
    """What "is it about this?" showed: `offered` comes once for each, as REFERENCE:because."""

    @property
    def offered(self) -> list[tuple[str, str]]:
        """References as they were shown, each with why."""
        values = self.data.getlist("offered") if hasattr(self.data, "getlist") else []
        pairs = (value.replace("\x00", "").partition(":") for value in values[:20])
        return [(reference[:16], because[:8]) for reference, _colon, because in pairs]


class LinkForm(OfferedForm, KeyedForm):
    """ "It is about this", by one key."""

    about = forms.CharField(max_length=20, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in SAID])

    def clean_about(self) -> str:
        """The reference as we write it."""
        try:
            return references.parse(self.cleaned_data["about"])
        except references.BadReference as error:
            raise forms.ValidationError(error.message) from error


class WrapUpForm(PlainForm):
    """How a contact ended, and why it need not have been."""

    outcome = forms.ChoiceField(
        label="How did it end?",
        required=False,
        choices=[(one.value, CONTACT_OUTCOME_WORDS[one]) for one in ContactOutcome],
        error_messages={"invalid_choice": "Choose how it ended"},
    )
    avoidable = forms.ChoiceField(
        label="Could we have spared them this contact?",
        required=False,
        choices=[("", "No, or not sure"), *AVOIDABLE_WORDS.items()],
    )
    note = forms.CharField(
        label="Note for colleagues (if needed)",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class HandOverForm(KeyedForm):
    """Who goes on with a contact, and what they need to know."""

    WARM, COLD = "warm", "cold"

    to = forms.ChoiceField(label="Who goes on?", error_messages={"required": "Choose who goes on"})
    words = words_field(
        "What it is about, for them",
        missing="Say what it is about, so that they need not ask again",
        limit=500,
        rows=2,
    )
    how = forms.ChoiceField(
        label="How?",
        choices=[
            (WARM, "Stay until they take it\nStill one contact: they have what was said"),
            (COLD, "Put them through now\nCounts as a transfer: they may have to wait again"),
        ],
        initial=WARM,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how"},
    )

    def __init__(self, *args: Any, people: Choices, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(f"person:{pk}", name) for pk, name in people]
        named += [(f"team:{pk}", f"Team: {name}") for pk, name in teams]
        choose(self, "to", named, first="Choose a colleague or a team")


class WhenForm(KeyedForm):
    """When they want to be rung."""

    day = forms.ChoiceField(label="Day", error_messages={"required": "Choose a day"})
    at = forms.CharField(
        label="Time",
        help_text="For example 14:30",
        max_length=8,
        error_messages={"required": "Enter a time, like 14:30"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, days: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["day"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(day.isoformat(), date_format(day, "D j M")) for day in days]

    def clean_at(self) -> time:
        """A time of day, however it is typed: 14:30, 14.30, 1430, 2:30pm."""
        found = _clock(self.cleaned_data["at"])
        if found is None:
            raise forms.ValidationError("Enter a time, like 14:30")
        return found

    @property
    def moment(self) -> datetime:
        """When that is; of a form that is valid."""
        day = date.fromisoformat(self.cleaned_data["day"])
        return clocks.at_clock(day, self.cleaned_data["at"])


class RingBackForm(WhenForm):
    """When they want to be rung, and where."""

    phone = forms.CharField(
        label="Phone number",
        max_length=40,
        error_messages={"required": "Enter the number that we ring"},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )


def _clock(text: str) -> time | None:
    plain = text.lower().replace(" ", "").replace(".", ":")
    is_pm, is_am = plain.endswith("pm"), plain.endswith("am")
    plain = plain[:-2] if is_pm or is_am else plain
    if ":" not in plain and len(plain) > 2:
        plain = f"{plain[:-2]}:{plain[-2:]}"
    hour, _colon, minute = plain.partition(":")
    if not (hour.isdecimal() and (minute or "0").isdecimal() and len(hour) <= 2):
        return None
    number = int(hour) % 12 + 12 * is_pm if is_pm or is_am else int(hour)
    try:
        return time(number, int(minute or 0))
    except ValueError:
        return None
