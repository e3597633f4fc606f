"""What happened on a day, and what a figure should be, as managers type it."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.choices import Choices
from desk.forms import KeyedForm, choose
from desk.forms_articles import day_field
from metrics.actions_targets import LONGEST
from metrics.bands import FIGURES

EVERYBODY = "The whole partnership"
NUMBER = "Enter a number such as 80 or 1.25, or nothing"


class _Whose(KeyedForm):
    """Something of an organisation, or of everybody where the hub says it."""

    organisation = forms.ChoiceField(label="Of whom", required=False)

    def __init__(self, *args: Any, organisations: Choices, everybody: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if everybody:
            choose(self, "organisation", organisations, first=EVERYBODY)
            return
        self.fields["organisation"].widget = forms.HiddenInput()
        self.fields["organisation"].initial = organisations[0][0]
        choose(self, "organisation", organisations, first="")


class HappenedForm(_Whose):
    """A day, perhaps a last one, and what happened."""

    words = forms.CharField(
        label="What happened",
        help_text="Such as: flood in Upton",
        max_length=LONGEST,
        error_messages={
            "required": "Say what happened",
            "max_length": f"Say it in {LONGEST} characters or fewer",
        },
    )
    day = day_field("On which day")
    until = day_field("Until which day", help_text="Nothing, if it was one day.", required=False)
    field_order = ("words", "day", "until", "organisation", "key")


class RemoveForm(KeyedForm):
    """One of those that are listed."""

    annotation = forms.IntegerField(widget=forms.HiddenInput())


class AimForm(_Whose):
    """A figure, what is aimed at, and the two ends of its band."""

    figure = forms.ChoiceField(label="Figure", error_messages={"required": "Choose a figure"})
    target = forms.DecimalField(label="Target", required=False)
    low = forms.DecimalField(label="Tell me when it is below", required=False)
    high = forms.DecimalField(label="Tell me when it is above", required=False)
    field_order = ("figure", "organisation", "target", "low", "high", "key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(
            self,
            "figure",
            [(key, f"{one.name}{', %' if one.is_share else ''}") for key, one in FIGURES.items()],
            first="Choose a figure",
        )
        for name in ("target", "low", "high"):
            field = self.fields[name]
            field.widget = forms.TextInput(
                attrs={"inputmode": "decimal", "class": "govuk-input--width-5"}
            )
            field.error_messages["invalid"] = NUMBER
