"""What staff may do to a case or a referral, as forms. Shape only; the rules are the domain's."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.choices import Choices
from desk.forms import KeyedForm, channel_field, choose, words_field
from desk.forms_parts import EndingForm
from enquiries.lifecycle import DECISIONS, OUTCOME_WORDS, PRIORITY_WORDS, Priority


class PriorityForm(KeyedForm):
    """How much a case presses, and why."""

    priority = forms.ChoiceField(
        label="Priority",
        help_text="More shortens the times by the agreed rules; less gives no time back.",
        choices=[(p.value, PRIORITY_WORDS[p]) for p in Priority],
    )
    words = words_field("Why? (staff read this)", missing="Write why")


class ServiceForm(KeyedForm):
    """What a case is about."""

    service = forms.ChoiceField(
        label="Service",
        help_text="The rules then decide anew who deals with it.",
        error_messages={"required": "Choose a service"},
    )

    def __init__(self, *args: Any, services: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "service", services, first="Choose a service")


class ReferForm(KeyedForm):
    """Who is to act, and why they."""

    organisation = forms.ChoiceField(
        label="Organisation", error_messages={"required": "Choose who it goes to"}
    )
    reason = forms.CharField(
        label="Why they? (they read this)",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    beside = forms.BooleanField(
        label="Beside who has it now, who keeps it: the citizen gets one answer from all",
        required=False,
    )

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "organisation", organisations, first="Choose an organisation")


class ResolveForm(EndingForm):
    """How a case ended, in words for the citizen."""

    outcome = forms.ChoiceField(
        label="How did it end?",
        choices=[
            ("", "Choose an outcome"),
            *((o.value, OUTCOME_WORDS[o]) for o in DECISIONS),
        ],
        error_messages={"required": "Choose how it ended"},
    )


class ReopenForm(KeyedForm):
    """Why an ended case goes on."""

    words = words_field("Why does it go on?", missing="Write why it is opened again")


class TestForm(KeyedForm):
    """Whether a case is a test of ours, and why."""

    OURS, CITIZENS = "test", "citizen"

    so = forms.ChoiceField(
        label="What is it?",
        choices=[
            (OURS, "A test of ours\nNo figure counts it. It is ended like any other"),
            (CITIZENS, "A citizen’s after all\nIt counts like any other"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )
    words = words_field("Why?", missing="Write why", limit=300, rows=2)


class FollowForm(KeyedForm):
    """What comes after a case that is closed for good, and how its citizen came back."""

    channel = channel_field("How were they in touch?")
    words = words_field(
        "What is it now?",
        help_text="It becomes a new enquiry of the same person, service and place.",
        missing="Write what it is about now",
    )


class VulnerableForm(KeyedForm):
    """Why somebody is to be marked as vulnerable, or no longer is."""

    words = words_field(
        "Why?",
        help_text="For those who deal with them. Write no more than they need to know.",
        missing="Write why",
    )
