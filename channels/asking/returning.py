"""The code of a form that was saved, as people type it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

# One answer for every code that opens nothing: nobody learns which once did.
NOT_FOUND = _(
    "That code opens no form. Check it, or start again: a saved form is kept for 7 days, and only "
    "until it is sent"
)


class CodeForm(forms.Form):
    """The code of a saved form."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=40,
        help_text=_("For example K3MPX-7WD4R. We showed it when you saved the form"),
        error_messages={
            "required": _("Enter your code"),
            "max_length": _("Enter the code as we showed it: 10 letters and numbers"),
        },
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-20",
                "autocomplete": "off",
                "spellcheck": "false",
                "autocapitalize": "characters",
            }
        ),
    )

    def refuse(self) -> None:
        """Says that it opens nothing."""
        self.add_error("code", str(NOT_FOUND))
