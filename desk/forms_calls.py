"""What staff may type about a call, checked for its shape."""

from __future__ import annotations

from django import forms


class CallerForm(forms.Form):
    """What a caller says of themselves, so that it can be held against what we know."""

    name = forms.CharField(
        label="Full name, as they say it",
        max_length=200,
        error_messages={"required": "Enter the name that they say"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    postcode = forms.CharField(
        label="Home postcode",
        max_length=10,
        error_messages={"required": "Enter the postcode that they say"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
