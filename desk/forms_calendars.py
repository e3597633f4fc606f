"""Working hours and closed days, as administrators type them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from accounts.calendars import DAY_NAMES, Calendar
from accounts.hours import DAYS, Hours, day_words, read_day
from desk.forms import OLD_PAGE, KeyedForm


def _day(
    label: str, missing: str, *, required: bool = True, help_text: str = ""
) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d %m %Y", "%d %B %Y", "%d %b %Y"],
        widget=forms.DateInput(
            attrs={"type": "date", "class": "govuk-input--width-10"}, format="%Y-%m-%d"
        ),
        error_messages={
            "required": missing,
            "invalid": f"{label} must be a real date, for example 24/12/2026",
        },
    )


def _why(example: str) -> forms.CharField:
    return forms.CharField(
        label="Why?",
        help_text=f"Staff read this. For example {example}.",
        max_length=80,
        error_messages={
            "required": f"Say why, for example {example}",
            "max_length": "Say why in 80 characters or fewer",
        },
    )


class SeenForm(KeyedForm):
    """A change to a calendar, with the mark of the one that its page showed."""

    seen = forms.CharField(
        widget=forms.HiddenInput, max_length=16, error_messages={"required": OLD_PAGE}
    )
    # The page that shows what a change would do sends this with it.
    sure = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def show_anew(self, seen: str) -> None:
        """For who was told of another's change, has it before them, and wants theirs after all."""
        self.renew()
        self.data = {**dict(self.data.items()), "seen": seen, "sure": ""}


class HoursForm(SeenForm):
    """The hours of a week, a field for each day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DAYS:
            self.fields[name] = forms.CharField(
                label=DAY_NAMES[name],
                required=False,
                max_length=200,
                widget=forms.TextInput(
                    attrs={
                        "class": "govuk-input--width-20",
                        "autocomplete": "off",
                        "spellcheck": "false",
                    }
                ),
                error_messages={"max_length": f"{DAY_NAMES[name]} has too many hours to be true"},
            )

    @staticmethod
    def showing(calendar: Calendar) -> dict[str, str]:
        """What the fields say of a calendar."""
        said = {name: day_words(calendar.get(name, ())) for name in DAYS}
        return {name: "" if words == "closed" else words for name, words in said.items()}

    def clean(self) -> dict[str, Any]:
        """Each day as spans, or what is wrong with it beside it."""
        week: Hours = {}
        for name in DAYS:
            try:
                week[name] = read_day(self.cleaned_data.get(name) or "")
            except ValueError as error:
                self.add_error(name, f"{DAY_NAMES[name]}: {error}")
        if not self.errors and not any(week.values()):
            self.add_error("mon", "Enter hours for at least one day: nothing could ever fall due")
        return {**self.cleaned_data, "week": week}


class ClosureForm(SeenForm):
    """Days on which nobody works, and why."""

    first = _day("First day closed", "Enter the first day that is closed")
    last = _day("Last day closed", "", required=False, help_text="Leave it empty if it is one day.")
    why = _why("Christmas closing")

    def clean(self) -> dict[str, Any]:
        """One day where no last day is given."""
        first: date | None = self.cleaned_data.get("first")
        return {**self.cleaned_data, "last": self.cleaned_data.get("last") or first}


class OpenForm(SeenForm):
    """A closure that is taken away."""

    first = forms.DateField(widget=forms.HiddenInput, error_messages={"required": OLD_PAGE})
    last = forms.DateField(widget=forms.HiddenInput, error_messages={"required": OLD_PAGE})


class HolidayForm(KeyedForm):
    """A holiday that was proclaimed for once."""

    day = _day("Day", "Enter the day")
    why = _why("the King’s jubilee")
    sure = forms.BooleanField(widget=forms.HiddenInput, required=False)
