"""What a leader says of a colleague: what they speak and know, how much in hand, whether away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from desk.choices import Choices
from desk.forms import KeyedForm
from teamwork.actions_skills import MOST, Said
from teamwork.queries_skills import GOOD, LEVELS

HERE, TODAY, UNTIL = "here", "today", "until"
_LANGUAGE, _SERVICE = "language_", "service_"
_LEVELS = [(str(level), words) for level, words in LEVELS.items()]


def _level(label: str, none: str, initial: int) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", none), *_LEVELS],
        initial=str(initial) if initial else "",
    )


class SkillsForm(KeyedForm):
    """One field for each language and for each service that they know; one more to add another."""

    another = forms.ChoiceField(label="Another service", required=False)
    another_level = forms.ChoiceField(
        label="How well",
        choices=_LEVELS,
        initial=str(GOOD),
        required=False,
    )
    most = forms.IntegerField(
        label="Most cases in hand at once (if agreed)",
        required=False,
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
        help_text="With so many in hand they are offered no next case. Left empty, nothing holds "
        "them back",
        error_messages={
            "invalid": "Enter a number, or leave it empty",
            "min_value": f"Enter a number from 1 to {MOST}",
            "max_value": f"Enter a number from 1 to {MOST}",
        },
    )
    away = forms.ChoiceField(
        label="At work?",
        choices=[(HERE, "At work"), (TODAY, "Away today"), (UNTIL, "Away up to and on a day")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether they are at work"},
    )
    until = forms.DateField(
        label="Away up to and on (if longer than today)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a day, like 2026-12-31"},
    )

    def __init__(
        self,
        *args: Any,
        languages: dict[str, tuple[str, int]],
        known: dict[str, tuple[str, int]],
        services: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for code, (name, level) in languages.items():
            self.fields[f"{_LANGUAGE}{code}"] = _level(name, "Does not speak it", level)
        for slug, (name, level) in known.items():
            self.fields[f"{_SERVICE}{slug}"] = _level(name, "No longer", level)
        others = [one for one in services if one[0] not in known]
        self.fields["another"].choices = [("", "None"), *others]  # type: ignore[attr-defined]  # a choice field

    def of_languages(self) -> list[forms.BoundField]:
        """The fields of languages, for the page."""
        return [self[name] for name in self.fields if name.startswith(_LANGUAGE)]

    def of_services(self) -> list[forms.BoundField]:
        """The fields of services that they know, for the page."""
        return [self[name] for name in self.fields if name.startswith(_SERVICE)]

    def clean(self) -> dict[str, Any]:
        """A day that has not passed, where one is asked for."""
        data: dict[str, Any] = super().clean() or {}
        until = data.get("until")
        if data.get("away") == UNTIL and "until" not in self.errors:
            if until is None:
                self.add_error("until", "Say up to which day they are away")
            elif until < timezone.localdate():
                self.add_error("until", "That day has passed. Choose today or a later one")
        return data

    def said(self) -> Said:
        """What the leader says; of a form that is valid."""
        data = self.cleaned_data
        services = self._levels(_SERVICE)
        if data["another"]:
            services[data["another"]] = int(data["another_level"] or GOOD)
        return Said(self._levels(_LANGUAGE), services, data["most"], self._away(data))

    def _levels(self, prefix: str) -> dict[str, int]:
        names = [name for name in self.fields if name.startswith(prefix)]
        chosen = {name.removeprefix(prefix): self.cleaned_data[name] for name in names}
        return {name: int(level) for name, level in chosen.items() if level}

    @staticmethod
    def _away(data: dict[str, Any]) -> date | None:
        if data["away"] == HERE:
            return None
        until: date = timezone.localdate() if data["away"] == TODAY else data["until"]
        return until


def away_initial(until: date | None) -> dict[str, object]:
    """How the form stands for who is away up to a day; None for who is at work."""
    if until is None:
        return {"away": HERE}
    if until == timezone.localdate():
        return {"away": TODAY}
    return {"away": UNTIL, "until": until}
