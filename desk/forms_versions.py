"""What administrators may type about versions of the rules, and bodies outside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts import outside
from desk import forms_routing
from desk.forms import KeyedForm, words_field
from desk.forms_parts import SmallFileField
from desk.routing_words import Names

TABLE_LIMIT = 2_000_000


class FilterForm(forms.Form):
    """What a list of rules can be narrowed by; lives in the address."""

    text = forms.CharField(
        label="Words or rule number",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, *args: Any, names: Names, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grouped = forms_routing.services(names)
        self.fields["service"] = _choice("Decides about", "Anything", grouped[1:])
        self.fields["area"] = _choice("Decides in", "Anywhere", forms_routing.areas(names))
        bodies = [(slug, name) for slug, name in names.organisations.items()]
        handed = [(f"outside.{slug}", name) for slug, name in names.outside.items()]
        self.fields["owner"] = _choice("Who acts", "Anybody", [*bodies, *handed])


def _choice(label: str, first: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", first), *choices])


class DraftForm(KeyedForm):
    """A new draft, of what a version says."""

    based_on = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label="What will it change?",
        help_text="A few words for the history, such as Potholes on the M5.",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write in a few words what it will change"},
    )


class SeenForm(KeyedForm):
    """An act on a draft or on the live version as a page showed it."""

    edit = forms.IntegerField(widget=forms.HiddenInput, required=False)
    live = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def show_again(self, *, edit: int | None = None, live: int | None = None) -> None:
        """The words stay, and are sent again with what the page shows now."""
        self.data = forms_routing.kept(self.data, edit=edit, live=live)


class RuleSeenForm(KeyedForm):
    """An act on one rule as a page showed it."""

    rule = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)


class PublishForm(SeenForm):
    """When a draft goes live, and what the history calls it."""

    NOW, LATER = "now", "later"

    name = forms.CharField(
        label="What does it change?",
        help_text="A few words for the history.",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write in a few words what it changes"},
    )
    when = forms.ChoiceField(
        label="When does it go live?",
        choices=[(NOW, "Now"), (LATER, "At a time\nUntil then it can be called back")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when it goes live"},
    )
    day = forms.DateField(
        label="Day",
        required=False,
        widget=forms.DateInput(
            attrs={"type": "date", "class": "govuk-input--width-10"}, format="%Y-%m-%d"
        ),
        error_messages={"invalid": "Write a day such as 2026-01-31"},
    )
    time = forms.TimeField(
        label="Time",
        required=False,
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        widget=forms.TimeInput(
            attrs={"type": "time", "class": "govuk-input--width-5"}, format="%H:%M"
        ),
        error_messages={"invalid": "Write a time such as 07:30"},
    )

    def clean(self) -> dict[str, Any]:
        """A day and a time that the clocks of London show."""
        data: dict[str, Any] = super().clean() or {}
        data["at"] = None
        if data.get("when") != self.LATER:
            return data
        for name in ("day", "time"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, f"Enter the {name} when it goes live")
        if data.get("day") and data.get("time"):
            at = datetime.combine(data["day"], data["time"], tzinfo=timezone.get_current_timezone())
            # An hour is left out in spring, and comes twice in autumn: then the first is meant.
            if at.astimezone(UTC).astimezone(at.tzinfo).time() != data["time"]:
                self.add_error("time", "The clocks leave this hour out on that day")
            data["at"] = at
        return data


class MoveForm(SeenForm):
    """Where a rule goes."""

    rule = forms.IntegerField(widget=forms.HiddenInput)
    before = forms.IntegerField(
        label="Put it before rule number",
        help_text="Leave it empty to put it at the end.",
        required=False,
        min_value=1,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "class": "govuk-input--width-5", "autocomplete": "off"}
        ),
        error_messages={"invalid": "Write the number of a rule"},
    )


class TableForm(SeenForm):
    """A table of rules from a file."""

    table = SmallFileField(
        label="Table",
        help_text="A CSV file in UTF-8 with the columns of the download.",
        accept=".csv,text/csv",
        largest=TABLE_LIMIT,
        too_large="This file is larger than 2 MB. Choose another",
    )


class OutsideForm(KeyedForm):
    """A body that is not of the partnership, and what citizens are told about it."""

    name = forms.CharField(
        label="Name", max_length=120, error_messages={"required": "Enter the name"}
    )
    kind = forms.ChoiceField(
        label="What does it look after?",
        choices=[("", "Choose a kind"), *outside.KINDS],
        error_messages={"required": "Choose what it looks after"},
    )
    phone = forms.CharField(
        label="Phone",
        help_text="As citizens dial it.",
        max_length=32,
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "off", "class": "govuk-input--width-20"}
        ),
        error_messages={"required": "Enter the phone number that citizens ring"},
    )
    url = forms.URLField(
        label="Web address (if it has one)",
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Write an address such as https://www.example.org"},
    )
    hand_off = words_field(
        "What citizens are told",
        help_text="Who deals with it, and what to do now. They get exactly these words.",
        missing="Write what citizens are told",
        limit=outside.HAND_OFF,
    )

    def clean_hand_off(self) -> str:
        """One paragraph."""
        return " ".join(self.cleaned_data["hand_off"].split())

    @property
    def said(self) -> dict[str, str]:
        """What a valid form says of the body."""
        return {
            name: str(self.cleaned_data[name])
            for name in ("name", "kind", "phone", "url", "hand_off")
        }


class OutsideChangeForm(OutsideForm):
    """The same, of a body that is known and was as `seen` says when the page was made."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    is_active = forms.BooleanField(
        label="Citizens are sent to it",
        help_text="Without the tick, rules that name it are passed over.",
        required=False,
    )
