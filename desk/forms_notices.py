"""What writers of notices type: which services, where, in which words, until when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, cast

from django import forms
from django.utils import timezone

from accounts import areas
from core.errors import DomainError
from desk.choices import Choices
from desk.forms import KeyedForm, words_field
from kb.actions_notices import NoticeSaid

EVERYWHERE, AREAS, AROUND = "everywhere", "areas", "around"
_KINDS: Final = [("outage", "Something is not working"), ("works", "Planned works")]
_WHERE: Final = [
    (EVERYWHERE, "Everywhere in the county"),
    (AREAS, "In whole areas"),
    (AROUND, "Around a postcode"),
]
_RADIUS: Final = [100, 250, 500, 1_000, 2_000, 5_000, 10_000]


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(
            attrs={"type": "date", "class": "govuk-input--width-10"}, format="%Y-%m-%d"
        ),
        error_messages={"invalid": "Write a day such as 2026-01-31"},
    )


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        widget=forms.TimeInput(
            attrs={"type": "time", "class": "govuk-input--width-5"}, format="%H:%M"
        ),
        error_messages={"invalid": "Write a time such as 07:30"},
    )


class NoticeForm(KeyedForm):
    """One notice. `seen` is the version that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    organisation = forms.ChoiceField(
        label="In whose name?", error_messages={"required": "Choose in whose name"}
    )
    kind = forms.ChoiceField(
        label="What is it?",
        choices=_KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )
    title = forms.CharField(
        label="Title",
        help_text="What people see first, for example: No water in Pershore town centre.",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Write a title",
            "max_length": "Use 120 characters or fewer for the title",
        },
    )
    words = words_field(
        "What is happening?",
        help_text="In plain words. It is the answer that people get.",
        missing="Write what is happening",
        limit=1_000,
    )
    advice = words_field(
        "What should people do now? (if there is something)", limit=600, required=False, rows=2
    )
    services = forms.MultipleChoiceField(
        label="Which services is it about?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one service"},
    )
    where = forms.ChoiceField(
        label="Where?",
        choices=_WHERE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where it is"},
    )
    areas = forms.MultipleChoiceField(
        label="Which areas?", required=False, widget=forms.CheckboxSelectMultiple
    )
    postcode = forms.CharField(
        label="Postcode in the middle",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    spot = forms.CharField(
        label="What people call the place",
        help_text="For example: Port Street, Evesham.",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Use 120 characters or fewer for the place"},
    )
    radius = forms.TypedChoiceField(
        label="How far around?",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Choose how far"), *((str(m), f"{m:,} m") for m in _RADIUS)],
    )
    start_day = _day("Shown from: day")
    start_time = _time("Shown from: time")
    end_day = _day("Expected end: day")
    end_time = _time("Expected end: time")
    ends_itself = forms.BooleanField(
        label="It ends by itself then",
        help_text="Without the tick it is shown until somebody ends it.",
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        organisations: Choices,
        services: Choices,
        areas: Choices,
        is_everywhere: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("organisation", organisations),
            ("services", services),
            ("areas", areas),
        ):
            cast("forms.ChoiceField", self.fields[name]).choices = choices
        if not is_everywhere:
            where = cast("forms.ChoiceField", self.fields["where"])
            where.choices = [one for one in _WHERE if one[0] != EVERYWHERE]

    def clean(self) -> dict[str, Any]:
        """One way to say where, and times that the clocks of London show."""
        data: dict[str, Any] = super().clean() or {}
        data["at"] = {"latitude": None, "longitude": None, "radius_m": None, "spot": ""}
        if data.get("where") == AREAS and not data.get("areas"):
            self.add_error("areas", "Choose at least one area")
        if data.get("where") == AROUND:
            self._around(data)
        data["starts_at"] = self._moment(data, "start") or timezone.now()
        data["expected_end_at"] = self._moment(data, "end")
        if data.get("ends_itself") and not data["expected_end_at"] and "end_day" not in self.errors:
            self.add_error("end_day", "Say when it ends, or leave out that it ends by itself")
        return data

    def _around(self, data: dict[str, Any]) -> None:
        if not data.get("radius") and "radius" not in self.errors:
            self.add_error("radius", "Choose how far around")
        if not data.get("postcode") and "postcode" not in self.errors:
            self.add_error("postcode", "Enter the postcode in the middle")
            return
        try:
            found = areas.lookup(data.get("postcode", ""))
        except DomainError as error:
            self.add_error("postcode", error.message)
            return
        data["at"] = {
            "latitude": found.latitude,
            "longitude": found.longitude,
            "radius_m": data.get("radius"),
            "spot": data.get("spot") or found.postcode,
        }

    def _moment(self, data: dict[str, Any], name: str) -> datetime | None:
        day, time = data.get(f"{name}_day"), data.get(f"{name}_time")
        if day is None and time is None:
            return None
        if day is None or time is None:
            missing = "day" if day is None else "time"
            if f"{name}_{missing}" not in self.errors:
                self.add_error(f"{name}_{missing}", f"Enter the {missing} too")
            return None
        at = datetime.combine(day, time, tzinfo=timezone.get_current_timezone())
        # An hour is left out in spring, and comes twice in autumn: then the first is meant.
        if at.astimezone(UTC).astimezone(at.tzinfo).time() != time:
            self.add_error(f"{name}_time", "The clocks leave this hour out on that day")
        return at

    @property
    def said(self) -> NoticeSaid:
        """What a valid form says."""
        data = self.cleaned_data
        return NoticeSaid(
            organisation=data["organisation"],
            kind=data["kind"],
            title=" ".join(data["title"].split()),
            words=data["words"],
            advice=data["advice"],
            services=tuple(data["services"]),
            everywhere=data["where"] == EVERYWHERE,
            area_codes=tuple(data["areas"]) if data["where"] == AREAS else (),
            starts_at=data["starts_at"],
            expected_end_at=data["expected_end_at"],
            ends_itself=data["ends_itself"],
            **data["at"],
        )


class EndForm(KeyedForm):
    """What those are told who follow a notice that is over."""

    words = words_field(
        "What do we tell those who follow it?",
        help_text="For example: The water is back. Run the tap until it is clear.",
        limit=600,
        required=False,
        rows=2,
    )


class ActForm(KeyedForm):
    """One press."""
