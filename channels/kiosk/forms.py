"""Fields that the kiosk alone asks for."""

from __future__ import annotations

from django import forms


class EnrolForm(forms.Form):
    """The one-time code of a device."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="Eight digits, from Settings, Kiosks on the desk. They are good for ten minutes",
        error_messages={"required": "Enter the code"},
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-10",
                "inputmode": "numeric",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )
