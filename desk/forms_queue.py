"""What the queue can be narrowed by; lives in the address."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.choices import Choices
from desk.forms import KeyedForm, choose
from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.lifecycle import PRIORITY_WORDS, STAFF_WORDS, Priority, Status
from enquiries.queries.queue_filters import AGES, CLOCK_WORDS, FEWEST_LETTERS, View

ANY = ("", "Any")


class QueueForm(forms.Form):
    """The filter above the queue. A choice of areas is grouped: each district with its wards."""

    view = forms.ChoiceField(
        required=False, choices=[(one.value, one.value) for one in View], widget=forms.HiddenInput
    )
    saved = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="Words, postcode or reference",
        required=False,
        max_length=100,
        min_length=FEWEST_LETTERS,
        error_messages={"min_length": "Enter at least three letters"},
        widget=forms.TextInput(attrs={"type": "search", "data-module": "hub-slash"}),
    )
    service = forms.ChoiceField(label="Service", required=False)
    area = forms.ChoiceField(label="Area", required=False)
    organisation = forms.ChoiceField(label="With", required=False)
    channel = forms.ChoiceField(
        label="Channel",
        required=False,
        choices=[ANY, *((one.value, CHANNEL_WORDS[one]) for one in Channel)],
    )
    clock = forms.ChoiceField(
        label="Promise",
        required=False,
        choices=[ANY, *((one.value, words) for one, words in CLOCK_WORDS.items())],
    )
    age = forms.ChoiceField(
        label="Age",
        required=False,
        choices=[ANY, *((name, words) for name, (words, _) in AGES.items())],
    )
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[ANY, *((one.value, STAFF_WORDS[one]) for one in Status)],
    )
    priority = forms.ChoiceField(
        label="Priority",
        required=False,
        choices=[ANY, *((one.value, PRIORITY_WORDS[one]) for one in Priority)],
    )

    def __init__(
        self,
        *args: Any,
        services: Choices,
        organisations: Choices,
        areas: list[tuple[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "service", services, first="Any")
        choose(self, "organisation", organisations, first="Anybody")
        choose(self, "area", areas, first="Anywhere")


class SaveViewForm(KeyedForm):
    """A name for a list, and who finds it."""

    name = forms.CharField(
        label="Name",
        max_length=40,
        error_messages={
            "required": "Enter a name",
            "max_length": "Enter a name of up to 40 letters",
        },
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )
    team = forms.ChoiceField(
        label="Who finds it?", required=False, widget=forms.RadioSelect, initial=""
    )

    def __init__(self, *args: Any, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "team", teams, first="Only you")
