"""What an administrator says of what a kiosk kept and we could not take."""

from __future__ import annotations

from django import forms

from desk.forms import words_field


class EndForm(forms.Form):
    """Why nothing more is done with one."""

    prefix = "end"
    words = words_field(
        "Why nothing more is done with it",
        missing="Say why nothing more is done with it",
        limit=300,
        rows=2,
    )
