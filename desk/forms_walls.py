"""A new screen on a wall."""

from __future__ import annotations

from django import forms

from desk.forms import KeyedForm


class ScreenForm(KeyedForm):
    """Where it hangs: nothing else is known of a screen."""

    name = forms.CharField(
        label="Where does it hang?",
        help_text="For example: Contact centre, left of the door",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Say where the screen hangs",
            "max_length": "The place must be 60 characters or fewer",
        },
    )
