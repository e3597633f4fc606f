"""How somebody is told, as staff write it down. Shape only; the rules are the domain's."""

from __future__ import annotations

from typing import Any

from django import forms

from customers.adjusting import KINDS
from customers.ways import MEDIA
from desk.forms import KeyedForm, words_field
from enquiries.queries.ways import events_of_rules
from notifications.saying import SAYINGS

_BY = {
    "email": "By email",
    "sms": "By text message",
    "letter": "By letter, for what needs an answer and how it ends",
}


class PreferForm(KeyedForm):
    """By what they want to be told of all of theirs."""

    tell_by = forms.ChoiceField(
        label="How do they want to be told?",
        help_text="What they chose for one enquiry counts for that enquiry.",
        choices=[("", "As they came to us, each time"), *_BY.items()],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose how they want to be told"},
    )


class NeedForm(KeyedForm):
    """Something that they need so that we can speak with them."""

    kind = forms.ChoiceField(
        label="What do they need?",
        choices=[("", "Choose one"), *KINDS],
        error_messages={
            "required": "Choose what they need",
            "invalid_choice": "Choose what they need",
        },
    )
    words = forms.CharField(
        label="What else should we know? (optional)",
        help_text="For example which language. Say what to do, not what somebody has.",
        required=False,
        max_length=200,
        error_messages={"max_length": "This must be 200 characters or fewer"},
    )


class PostForm(KeyedForm):
    """Where letters go."""

    address = forms.CharField(
        label="Address",
        help_text="House and street, then the town, a line each",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"data-rows": "4"}),
        error_messages={"max_length": "Address must be 300 characters or fewer"},
    )
    postcode = forms.CharField(
        label="Postcode",
        required=False,
        max_length=10,
        error_messages={"max_length": "Enter a full postcode, like WR11 3DA"},
    )


class NewsForm(KeyedForm):
    """Their yes or no to news that is not about an enquiry of theirs."""

    medium = forms.ChoiceField(
        label="By what?",
        choices=MEDIA,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose by what", "invalid_choice": "Choose by what"},
    )
    answer = forms.ChoiceField(
        label="What did they say?",
        choices=[("yes", "Yes, send me news"), ("no", "No, send me none")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no", "invalid_choice": "Choose yes or no"},
    )
    words = forms.CharField(
        label="What were they asked?",
        help_text="For a yes: in the words that you used. Nobody may be sent news without.",
        required=False,
        max_length=300,
        error_messages={"max_length": "This must be 300 characters or fewer"},
    )


class NeedOneForm(KeyedForm):
    """Which of their needs."""

    need = forms.UUIDField(widget=forms.HiddenInput)


class PointForm(KeyedForm):
    """Which of their addresses; none: where letters go."""

    point = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62
    )


class NumberForm(KeyedForm):
    """Which of their numbers."""

    point = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        max_value=2**62,
        error_messages={"required": "Choose the number", "invalid": "Choose the number"},
    )


class RungForm(KeyedForm):
    """What was said on the telephone."""

    words = words_field(
        "What did you tell them, and what did they say?",
        help_text="It stands in the case. Only the hub reads it.",
        missing="Write what was said",
        rows=3,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].widget.attrs["data-rows"] = "3"


def _events() -> list[tuple[str, str]]:
    return [(event, f"{SAYINGS[event].name}\n{SAYINGS[event].when}") for event in events_of_rules()]


class RulesForm(KeyedForm):
    """What is said another way, and what is worth a letter."""

    again = forms.MultipleChoiceField(
        label="When a text or an email fails, which of these go by the other?",
        choices=_events,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list"},
    )
    letter = forms.MultipleChoiceField(
        label="Which of these are worth a letter, when nothing else reaches them?",
        help_text="A letter costs money, and takes days.",
        choices=_events,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list"},
    )
