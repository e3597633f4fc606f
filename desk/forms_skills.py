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
_LANGUAGE, _SERVICE, _AREA, _TEAM = "language_", "service_", "area_", "team_"
# What somebody knows by its key, with its name and how well.
Known = dict[str, tuple[str, int]]
_LEVELS = [(str(level), words) for level, words in LEVELS.items()]


def _level(label: str, none: str, initial: int) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", none), *_LEVELS],
        initial=str(initial) if initial else "",
    )


def _how_well() -> forms.ChoiceField:
    return forms.ChoiceField(label="How well", choices=_LEVELS, initial=str(GOOD), required=False)


class SkillsForm(KeyedForm):
    """One field for each language, and for each service, area and team that they know; one more of
    each to add another."""

    another = forms.ChoiceField(label="Another service", required=False)
    another_level = _how_well()
    another_area = forms.ChoiceField(label="Another area", required=False)
    another_area_level = _how_well()
    another_team = forms.ChoiceField(label="Another team", required=False)
    another_team_level = _how_well()
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
        languages: Known,
        known: Known,
        services: Choices,
        areas: tuple[Known, Choices],
        teams: tuple[Known, Choices],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for code, (name, level) in languages.items():
            self.fields[f"{_LANGUAGE}{code}"] = _level(name, "Does not speak it", level)
        self._knows(_SERVICE, "another", known, services)
        self._knows(_AREA, "another_area", *areas)
        self._knows(_TEAM, "another_team", *teams)

    def _knows(self, prefix: str, another: str, known: Known, choices: Choices) -> None:
        for key, (name, level) in known.items():
            self.fields[f"{prefix}{key}"] = _level(name, "No longer", level)
        others = [one for one in choices if one[0] not in known]
        self.fields[another].choices = [("", "None"), *others]  # type: ignore[attr-defined]  # a choice field

    def of_languages(self) -> list[forms.BoundField]:
        """The fields of languages, for the page."""
        return [self[name] for name in self.fields if name.startswith(_LANGUAGE)]

    def of_services(self) -> list[forms.BoundField]:
        """The fields of services that they know, for the page."""
        return [self[name] for name in self.fields if name.startswith(_SERVICE)]

    def of_areas(self) -> list[forms.BoundField]:
        """The fields of areas that they know, for the page."""
        return [self[name] for name in self.fields if name.startswith(_AREA)]

    def of_teams(self) -> list[forms.BoundField]:
        """The fields of teams whose cases they are offered first, for the page."""
        return [self[name] for name in self.fields if name.startswith(_TEAM)]

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
        return Said(
            languages=self._levels(_LANGUAGE),
            services=self._with(_SERVICE, "another"),
            areas=self._with(_AREA, "another_area"),
            teams=self._with(_TEAM, "another_team"),
            most=data["most"],
            away_until=self._away(data),
        )

    def _with(self, prefix: str, another: str) -> dict[str, int]:
        """What they know of one kind, with the one that is added."""
        found, data = self._levels(prefix), self.cleaned_data
        if data[another]:
            found[data[another]] = int(data[f"{another}_level"] or GOOD)
        return found

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
