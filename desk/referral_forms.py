"""What an officer may answer to a referral, as forms. Shape only; the rules are the domain's."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.choices import Choices
from desk.forms import KeyedForm, choose, words_field
from desk.forms_files import file_field
from desk.forms_parts import EndingForm, foresight_field, sent_away_field
from enquiries.lifecycle import OUTCOME_WORDS, REJECT_WORDS, Outcome, RejectReason

US, HUB, PUBLIC = "us", "hub", "public"
OUTCOME_HINTS = {
    Outcome.COMPLETED: "The work was carried out",
    Outcome.FULFILLED: "They got what they asked for",
    Outcome.ANSWERED: "They know now what they wanted to know",
    Outcome.DECIDED_NO: "You will not do it. They need the reason and a next step",
    Outcome.SIGNPOSTED: "They have to turn to somebody outside the partnership",
    Outcome.WITHDRAWN: "The citizen wants it no more",
}


def audience(organisation: str) -> Choices:
    """Who reads a note or sees a file, in words that nobody takes for each other."""
    return [
        (US, f"Only us\nPeople at {organisation}. Nobody else, not even the hub"),
        (HUB, f"Us and the hub\nPeople at {organisation} and those at the hub’s desk"),
        (PUBLIC, "The citizen\nThey get it by text or email, and it stays on their page"),
    ]


class OneTapForm(KeyedForm):
    """Nothing but yes."""


class RejectForm(KeyedForm):
    """Why the work is not theirs, and perhaps whose it is."""

    reason = forms.ChoiceField(
        label="Why is it not yours?",
        choices=[(r.value, REJECT_WORDS[r]) for r in RejectReason],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why it is not yours"},
    )
    suggested = forms.ChoiceField(
        label="Who should do it? (if you know)",
        required=False,
    )
    words = words_field(
        "What should the hub know?",
        help_text="The hub reads it and acts on it. Name the other report, if one covers it.",
        missing="Write what the hub should know, so that it sends the case on rightly",
        limit=300,
    )

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "suggested", organisations, first="We do not know")


class GiveBackForm(KeyedForm):
    """What is missing to do the work."""

    question = forms.CharField(
        label="Which question is missing?",
        help_text="The hub asks the citizen this, and comes back to you with the answer.",
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Write the question that the hub should ask",
            "max_length": "The question must be 300 characters or fewer",
        },
    )
    words = words_field("Why do you need to know it? (optional)", limit=300, required=False, rows=2)


class AskForm(KeyedForm):
    """A question to the citizen."""

    words = words_field(
        "Your question",
        help_text="They get it by text or email. The work waits, and its clock stands still, "
        "until they answer.",
        missing="Write the question",
    )
    unforeseeable = foresight_field()


class NoteForm(KeyedForm):
    """Words for exactly those who are chosen; nobody is chosen beforehand."""

    seen_by = forms.ChoiceField(
        label="Who reads it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who reads it"},
    )
    words = words_field("Your words", missing="Write the note")
    sends_away = sent_away_field("Tick it only where the citizen reads these words.")

    def __init__(self, *args: Any, readers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "seen_by", readers)


class FileForm(KeyedForm):
    """A file."""

    file = file_field()


class AttachForm(FileForm):
    """A file, and who may see it."""

    seen_by = forms.ChoiceField(
        label="Who sees it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who sees it"},
    )

    def __init__(self, *args: Any, readers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "seen_by", readers)


class CompleteForm(EndingForm):
    """How the work ended, in words for the citizen; a no has its next step."""

    outcome = forms.ChoiceField(
        label="How did it end?",
        choices=[(o.value, f"{OUTCOME_WORDS[o]}\n{hint}") for o, hint in OUTCOME_HINTS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it ended"},
    )
    words = words_field(
        "Words for the citizen",
        help_text="What was done or decided, and why.",
        missing="Write what the citizen will read",
        limit=1_500,
    )


class HandOverForm(KeyedForm):
    """A colleague, and what they should know."""

    colleague = forms.TypedChoiceField(
        label="Colleague",
        coerce=int,
        error_messages={"required": "Choose a colleague"},
    )
    words = words_field("What should they know? (optional)", limit=300, required=False, rows=2)

    def __init__(self, *args: Any, colleagues: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "colleague", colleagues, first="Choose a colleague")


class MoveTeamForm(KeyedForm):
    """Another team of the same organisation."""

    team = forms.TypedChoiceField(
        label="Team", coerce=int, error_messages={"required": "Choose a team"}
    )

    def __init__(self, *args: Any, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "team", teams, first="Choose a team")


class ListForm(forms.Form):
    """What the list can be narrowed by; lives in the address."""

    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="Reference",
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={"type": "search", "data-module": "hub-slash", "autocomplete": "off"}
        ),
    )
    team = forms.ChoiceField(label="Team", required=False)
    service = forms.ChoiceField(label="Service", required=False)
    late = forms.ChoiceField(
        label="Time", required=False, choices=[("", "Any"), ("on", "Late only")]
    )

    size = forms.ChoiceField(
        label="Rows", required=False, choices=[("", "25"), ("50", "50"), ("100", "100")]
    )

    def __init__(self, *args: Any, teams: Choices, services: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "team", teams, first="Any")
        choose(self, "service", services, first="Any")


def _offer(form: forms.Form, name: str, choices: Choices) -> None:
    """Gives radios their choices, and no first one for nothing."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
