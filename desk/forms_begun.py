"""A form that a citizen began: its code, and what is left to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from desk import forms_questions
from desk.forms import KeyedForm, words_field

if TYPE_CHECKING:
    from kb.models import Service


class CodeForm(forms.Form):
    """The code that they read out, or show."""

    code = forms.CharField(
        label="Their code",
        max_length=40,
        help_text="10 letters and numbers, for example K3MPX-7WD4R",
        error_messages={"required": "Enter the code that they read out"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )


class FinishForm(KeyedForm):
    """All that they said so far, to be changed and completed with them."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    description = words_field("What happened", limit=4_000, required=False)
    postcode = forms.CharField(
        label="Postcode",
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    address = forms.CharField(label="Where, in words", required=False, max_length=300)
    name = forms.CharField(label="Full name", required=False, max_length=200)
    email = forms.CharField(label="Email address", required=False, max_length=254)
    phone = forms.CharField(label="Phone number", required=False, max_length=40)
    tell_by = forms.ChoiceField(
        label="How should we tell them what happens?",
        choices=[("email", "Email"), ("sms", "Text message"), ("", "They do not want to be told")],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, service: Service | None, form_id: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # What it was begun with asks until it is sent, here as at its own door.
        forms_questions.add(self, service, form_id)

    def clean(self) -> dict[str, Any]:
        """How they want to be told needs its address."""
        data = self.cleaned_data
        wanted = {"email": "email", "sms": "phone"}.get(data.get("tell_by", ""))
        if wanted and not data.get(wanted) and wanted not in self.errors:
            self.add_error(wanted, "Ask for it: they want to be told this way")
        return data
