"""What a leader may choose: who gets work, the days of a sample, what a pair is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from desk.choices import Choices
from desk.forms import KeyedForm
from desk.quality import ANSWER_WORDS
from teamwork.actions_quality import LARGEST, SMALLEST

NOBODY = "nobody"


class ReassignForm(KeyedForm):
    """Some cases of one colleague, and whom they go to."""

    cases = forms.MultipleChoiceField(
        label="Cases",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one case"},
    )
    to = forms.ChoiceField(
        label="Give them to", error_messages={"required": "Choose who gets them"}
    )

    def __init__(self, *args: Any, cases: Choices, colleagues: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].widget.attrs |= {
            "data-key": "h",
            "data-key-words": "To whom to give them",
        }
        self.fields["cases"].choices = list(cases)  # type: ignore[attr-defined]  # a choice field
        self.fields["to"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", "Choose"),
            (NOBODY, "Nobody: back to the queue"),
            *colleagues,
        ]


class DrawForm(KeyedForm):
    """A sample of links: from which days, and how many pairs."""

    since = forms.DateField(
        label="From",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Say from which day",
            "invalid": "Write a day such as 2026-01-31",
        },
    )
    until = forms.DateField(
        label="To",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Say to which day",
            "invalid": "Write a day such as 2026-01-31",
        },
    )
    size = forms.IntegerField(
        label="How many pairs",
        help_text="Half were linked, half look alike and were not. Two people mark each.",
        min_value=SMALLEST,
        max_value=LARGEST,
        initial=40,
        error_messages={
            "required": "Say how many pairs",
            "invalid": "Write a number",
            "min_value": f"Choose at least {SMALLEST} pairs",
            "max_value": f"Choose at most {LARGEST} pairs",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {
            "since": today - timedelta(days=60),
            "until": today - timedelta(days=30),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """The days run forwards."""
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "This day must not be before the first one")
        if until and until > timezone.localdate():
            self.add_error("until", "Choose a day that is over, or today")
        return data


class MarkForm(forms.Form):
    """Is it the same need?"""

    answer = forms.ChoiceField(
        label="Is the later contact about the same need as the earlier enquiry?",
        choices=list(ANSWER_WORDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it is the same need, or that it cannot be told"},
    )
    words = forms.CharField(
        label="Why (if it is not plain)",
        required=False,
        max_length=300,
        error_messages={"max_length": "Why must be 300 characters or fewer"},
    )
