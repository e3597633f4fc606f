"""What macros do and rules ask and do, as plain fields: what is filled in is what happens."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from desk.choices import Choices
from desk.forms import KeyedForm, words_field
from desk.forms_parts import foresight_field
from enquiries.channels import CHANNEL_WORDS
from enquiries.lifecycle import DECISIONS, OUTCOME_WORDS, PRIORITY_WORDS, STAFF_WORDS
from teamwork import filling, matching, recipes
from teamwork.recipes import Act, Conditions, Known

TITLES: Mapping[str, str] = {
    "service": "Set the service",
    "priority": "Set the priority",
    "take": "Take the case",
    "watch": "Watch the case",
    "team": "Give it to a team",
    "refer": "Send it to an organisation",
    "note": "Add a note",
    "checklist": "Add the checklist of its service",
    "task": "Add a task",
    "tell_team": "Tell a team by email",
    "reply": "Tell the citizen",
    "ask": "Ask the citizen",
    "resolve": "Resolve it",
}
_LABELS: Mapping[str, str] = {
    "service": "Service",
    "priority": "Priority",
    "team": "Team",
    "organisation": "Organisation",
    "reason": "Why they? (they read this)",
    "outcome": "How it ends",
    "next_step": "What they can do next, after a no (if needed)",
}
_WORDS: Mapping[str, str] = {
    "priority": "Why? (staff read this)",
    "note": "Note (only the hub reads it)",
    "task": "What is to be done? Whoever has the case is to do it",
    "tell_team": "What the email says",
    "reply": "Words for the citizen",
    "ask": "Question to the citizen: the case waits until they answer",
    "resolve": "What the citizen is told at the end",
}
PLACES = "You can write " + ", ".join(
    f"{{{name}}} for {words}" for name, words in filling.WORDS.items()
)


@dataclass(frozen=True, slots=True)
class Section:
    """One act on the page, with its fields; open where something is in it."""

    kind: str
    title: str
    fields: Sequence[BoundField]
    is_open: bool


class ActsForm(KeyedForm):
    """The acts of a macro or a rule."""

    allowed: Collection[str] = recipes.MACROS

    def __init__(self, *args: Any, known: Known, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in recipes.ORDER:
            if kind not in self.allowed:
                continue
            for name in recipes.FIELDS[kind]:
                self.fields[f"{kind}_{name}"] = _field(kind, name, known)
            if not recipes.FIELDS[kind]:
                self.fields[f"{kind}_do"] = forms.BooleanField(label="Yes", required=False)

    def acts(self) -> list[dict[str, str]]:
        """What was filled in, as rows for teamwork.recipes, in their order."""
        found = []
        for kind in recipes.ORDER:
            said = {name: self.cleaned_data.get(f"{kind}_{name}") for name in _names(kind)}
            if kind in self.allowed and any(said.values()):
                rows = {k: recipes.YES if v is True else str(v or "") for k, v in said.items()}
                found.append({"kind": kind, **rows})
        return found

    def sections(self) -> list[Section]:
        """The acts as the page shows them."""
        found = []
        for kind in recipes.ORDER:
            if kind not in self.allowed:
                continue
            fields = [self[f"{kind}_{name}"] for name in _names(kind)]
            is_open = any(one.value() or one.errors for one in fields)
            found.append(Section(kind, TITLES[kind], fields, is_open))
        return found


def _names(kind: str) -> tuple[str, ...]:
    return recipes.FIELDS[kind] or ("do",)


def _field(kind: str, name: str, known: Known) -> forms.Field:
    if name == "words":
        return words_field(_WORDS[kind], required=False, rows=3)
    if name == "unforeseeable":
        return foresight_field()
    if name == "days":
        return _number("Due after (if it has to be done by a day)", "Days, from when it is added.")
    if name == "next_step":
        return words_field(_LABELS[name], required=False, rows=2)
    if name == "reason":
        return forms.CharField(label=_LABELS[name], required=False, max_length=300)
    teams = {k: v for k, v in known.teams.items() if kind != "team" or k in known.own_teams}
    offered: dict[str, Choices] = {
        "service": list(known.services.items()),
        "organisation": list(known.bodies.items()),
        "team": list(teams.items()),
        "priority": [(one.value, words) for one, words in PRIORITY_WORDS.items()],
        "outcome": [(one.value, str(OUTCOME_WORDS[one])) for one in DECISIONS],
    }
    label = "Team to tell" if kind == "tell_team" else _LABELS[name]
    return _select(label, offered[name], "Leave as it is")


def _select(label: str, choices: Choices, first: str, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", first), *choices], **more)


def filled(acts: Sequence[Act]) -> dict[str, Any]:
    """Acts as the initial values of their fields."""
    found: dict[str, Any] = {}
    for act in acts:
        found |= {f"{act.kind}_{name}": value for name, value in act.data.items()}
        if not act.data:
            found[f"{act.kind}_do"] = True
    return found


class MacroForm(ActsForm):
    """A macro: its name, its key, whose it is, and what it does."""

    field_order = ("name", "team", "shortcut")
    name = forms.CharField(
        label="Name", max_length=60, error_messages={"required": "Give it a name"}
    )
    team = forms.ChoiceField(label="For", required=False)
    shortcut = forms.CharField(
        label="Key (if needed)",
        help_text="One letter or number. It chooses this macro in the list on a case.",
        required=False,
        max_length=1,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-2", "autocomplete": "off"}),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _for_teams(self, teams)


def _for_teams(form: forms.Form, teams: Choices) -> None:
    field = form.fields["team"]
    if isinstance(field, forms.ChoiceField):
        field.choices = teams


class RunForm(KeyedForm):
    """Does a macro as its preview says: of this version, leaving what cannot be done."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    leaving = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)


_ANY = "Any"


def _boxes(label: str, choices: Choices) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple
    )


def _number(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        error_messages={"invalid": "Write a number", "min_value": "Write a number above 0"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )


def _clock(label: str) -> forms.RegexField:
    attrs = {"type": "time", "class": "govuk-input--width-5"}
    return forms.RegexField(
        recipes.CLOCK,
        label=label,
        required=False,
        error_messages={"invalid": "Write a time such as 08:30"},
        widget=forms.TextInput(attrs),
    )


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(
            attrs={"type": "date", "class": "govuk-input--width-10"}, format="%Y-%m-%d"
        ),
        error_messages={"invalid": "Write a day such as 2026-01-31"},
    )


_LISTED = ("services", "areas", "partners")
_SELDOM = (
    "channels", "priorities", "statuses", "outcomes", "languages", "vulnerable", "chases",
    "hours", "time", "start", "end",
)  # fmt: skip
_BOXES = ("channels", "priorities", "statuses", "outcomes", "languages")


class RuleForm(ActsForm):
    """A rule: when, and what has to hold, then what is done."""

    allowed = recipes.RULES

    name = forms.CharField(
        label="Name",
        help_text="It stands on each case that the rule changes.",
        max_length=60,
        error_messages={"required": "Give it a name"},
    )
    team = forms.ChoiceField(label="For cases of", required=False)
    trigger = forms.ChoiceField(
        label="When", error_messages={"required": "Choose what sets it off"}
    )
    services = forms.ChoiceField(label="It is about", required=False)
    areas = forms.ChoiceField(label="The place is in", required=False)
    partners = forms.ChoiceField(label="It is with", required=False)
    words = forms.CharField(
        label="The words have one of",
        help_text="Words or phrases with commas between them. A star ends the beginning of a word: "
        "wheel* also finds wheelchair.",
        required=False,
        max_length=600,
    )
    vulnerable = forms.ChoiceField(
        label="The person",
        required=False,
        choices=[("", "Anybody"), ("yes", "Is marked as vulnerable"), ("no", "Is not marked")],
    )
    chases = _number("Asked how it is going at least so often", "Times, over all contacts.")
    hours = _number("It came at least so long ago", "Hours: 48 are two days.")
    time = forms.ChoiceField(
        label="It happens",
        required=False,
        choices=[("", "At any time"), ("working", "In working time"),
                 ("outside", "Outside working time")],
    )  # fmt: skip
    start = _clock("From")
    end = _clock("Until")
    channels = _boxes("It came by", [(c.value, w) for c, w in CHANNEL_WORDS.items()])
    priorities = _boxes("Its priority is", [(p.value, w) for p, w in PRIORITY_WORDS.items()])
    statuses = _boxes("Its status is", [(s.value, w) for s, w in STAFF_WORDS.items()])
    outcomes = _boxes("It ended as", [(o.value, str(w)) for o, w in OUTCOME_WORDS.items()])
    languages = _boxes("Its language is", [])
    goes_on = forms.ChoiceField(
        label="After this rule",
        choices=[("", "Stop: no later rule is asked"), ("on", "Go on with the rules after it")],
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    valid_from = _day("First day (if not at once)")
    valid_until = _day("Last day (if it ends)")
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, known: Known, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, known=known, **kwargs)
        _for_teams(self, teams)
        offered: dict[str, Choices] = {
            "trigger": [("", "Choose what happens"), *_triggers()],
            "services": [("", _ANY), *known.services.items()],
            "areas": [("", _ANY), *known.areas.items()],
            "partners": [("", _ANY), *known.bodies.items()],
            "languages": list(known.languages.items()),
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    @property
    def has_more(self) -> bool:
        """Whether something is asked that is mostly not, or was said wrongly."""
        return any(self[name].value() or self[name].errors for name in _SELDOM)

    def conditions(self) -> dict[str, Any]:
        """What has to hold, as teamwork.recipes takes it."""
        data = self.cleaned_data
        listed = {name: [data[name]] if data[name] else [] for name in _LISTED}
        plain = ("vulnerable", "chases", "hours", "time", "start", "end", *_BOXES)
        words = [one for one in data["words"].split(",") if one.strip()]
        return {**listed, **{name: data[name] for name in plain}, "words": words}


def _triggers() -> Choices:
    return [(key, one.words.capitalize()) for key, one in matching.TRIGGERS.items()]


def asked(conditions: Conditions) -> dict[str, Any]:
    """Conditions as the initial values of their fields."""
    one = conditions
    found: dict[str, Any] = {name: (getattr(one, name) or ("",))[0] for name in _LISTED}
    found |= {name: list(getattr(one, name)) for name in _BOXES}
    return found | {
        "words": ", ".join(one.words), "vulnerable": one.vulnerable,
        "chases": one.chases or None, "hours": one.hours or None,
        "time": one.time, "start": one.start, "end": one.end,
    }  # fmt: skip
