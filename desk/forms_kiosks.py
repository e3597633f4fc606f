"""What the list of devices can be narrowed by, and what an administrator says about one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.calendars import DAY_NAMES
from accounts.hours import DAYS, read_day
from desk.choices import Choices
from desk.forms import KeyedForm, choose
from kiosks.actions_settings import MOST_PAPER, WIDEST_MM
from kiosks.states import STATE_WORDS

PRINTERS = [("", "No printer"), ("80mm", "Receipts, 80 mm"), ("a4", "A4")]


class FleetForm(forms.Form):
    """What the list can be narrowed by; lives in the address."""

    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any"), *((state.value, words) for state, words in STATE_WORDS.items())],
    )
    site = forms.ChoiceField(label="Site", required=False)

    def __init__(self, *args: Any, sites: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "site", sites, first="All sites")


class MessageForm(KeyedForm):
    """Words that a device shows on its first page for a while."""

    words = forms.CharField(
        label="Message",
        help_text="Everybody who stands there reads it today, until you take it away, for example: "
        "The printer is out of order.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter the message",
            "max_length": "The message must be 200 characters or fewer",
        },
    )


def _number(label: str, help_text: str, most: int) -> forms.IntegerField:
    wrong = f"{label}: enter a number from 0 to {most:,}"
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}),
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


class SettingsForm(KeyedForm):
    """How a device is set up. `groups` are its fields of services, a field for each group."""

    SITES, OWN = "site", "own"

    name = forms.CharField(
        label="Name of the kiosk",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter the name of the kiosk",
            "max_length": "The name must be 80 characters or fewer",
        },
    )
    site = forms.ChoiceField(
        label="Site",
        help_text="Choose another one when the kiosk has moved.",
        error_messages={"required": "Choose a site"},
    )
    languages = forms.MultipleChoiceField(
        label="Languages",
        required=False,
        help_text="Choose none to offer all of them.",
        widget=forms.CheckboxSelectMultiple,
    )
    printer = forms.ChoiceField(label="Printer", required=False, choices=PRINTERS)
    paper = _number(
        "Receipts on a roll", "So that we know when paper runs out. 0: not known.", MOST_PAPER
    )
    screen_mm = _number(
        "Width of the screen, in millimetres",
        "Makes everything to touch at least 15 mm wide. 0: not known.",
        WIDEST_MM,
    )
    is_early = forms.BooleanField(
        label="Gets new releases before the others",
        required=False,
        help_text="Choose a kiosk that staff stand beside.",
    )
    hours = forms.ChoiceField(
        label="When is it open?",
        choices=[(SITES, "As its site"), (OWN, "At these hours")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when it is open"},
    )

    def __init__(
        self,
        *args: Any,
        sites: Choices,
        languages: Choices,
        services: Iterable[tuple[str, Choices]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for field, choices in ((self.fields["site"], sites), (self.fields["languages"], languages)):
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        for name in DAYS:
            self.fields[name] = forms.CharField(
                label=DAY_NAMES[name],
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
                error_messages={"max_length": f"{DAY_NAMES[name]} has too many hours to be true"},
            )
        self.groups = []
        for number, (group, rows) in enumerate(services):
            self.groups.append(f"hidden_{number}")
            self.fields[self.groups[-1]] = forms.MultipleChoiceField(
                label=group,
                required=False,
                choices=rows,
                widget=forms.CheckboxSelectMultiple,
            )

    def clean(self) -> dict[str, Any]:
        """The week where it has hours of its own, and all services that are left out."""
        data, week = self.cleaned_data, {}
        for name in DAYS:
            try:
                week[name] = read_day(data.get(name) or "")
            except ValueError as error:
                self.add_error(name, f"{DAY_NAMES[name]}: {error}")
        is_own = data.get("hours") == self.OWN
        if is_own and not self.errors and not any(week.values()):
            self.add_error("mon", "Enter hours for at least one day")
        hidden = tuple(sorted(slug for name in self.groups for slug in data.get(name) or ()))
        return {**data, "opening": week if is_own else None, "hidden": hidden}

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields that stand for themselves."""
        return [self[name] for name in ("name", "site", "printer", "paper", "screen_mm")]

    @property
    def week(self) -> list[forms.BoundField]:
        """A field for each day."""
        return [self[name] for name in DAYS]

    @property
    def services(self) -> list[tuple[forms.BoundField, int]]:
        """A field for each group of services, and how many of it are left out."""
        return [(self[name], len(self[name].value() or ())) for name in self.groups]
