"""Dates as staff type them: a new one for the citizen."""

from __future__ import annotations

from django import forms

from desk.forms import KeyedForm, words_field


class NewDateForm(KeyedForm):
    """When it will be done, and why then: the citizen reads both."""

    day = forms.DateField(
        label="New date for the citizen",
        help_text="The promise stays the measure. This moves no clock.",
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d %m %Y", "%d %B %Y", "%d %b %Y"],
        widget=forms.DateInput(
            attrs={"type": "date", "class": "govuk-input--width-10"}, format="%Y-%m-%d"
        ),
        error_messages={
            "required": "Enter the new date",
            "invalid": "The new date must be a real date, for example 24/12/2026",
        },
    )
    words = words_field(
        "Why? (the citizen reads this)",
        help_text="What it waits for, in a sentence or two.",
        missing="Write why, for the citizen",
        limit=600,
        rows=3,
    )
