"""What "my enquiries" asks: an address to send the link to, and how much to tell."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.privacy import Kind
from customers.contact import is_mobile, read_email, read_phone
from enquiries.actions.telling import EVERY_STEP, THE_END


class AddressForm(forms.Form):
    """An email address or a mobile number, as people write them."""

    address = forms.CharField(
        label=_("Your email address or mobile number"),
        max_length=254,
        help_text=_("The one you gave us. For example name@example.com or 07700 900123"),
        error_messages={
            "required": _("Enter your email address or mobile number"),
            "max_length": _("Enter an email address of 254 characters or fewer"),
            "null_characters_not_allowed": _("Enter your email address or mobile number"),
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )
    kind: Kind = "email"

    def clean_address(self) -> str:
        """The address as we keep it; `kind` says what it is."""
        text = str(self.cleaned_data["address"])
        self.kind = "email" if "@" in text else "phone"
        try:
            value = read_email(text) if self.kind == "email" else read_phone(text)
        except DomainError as error:
            if self.kind == "email":
                raise forms.ValidationError(
                    _("Enter an email address, like name@example.com")
                ) from error
            raise forms.ValidationError(
                _("Enter an email address, like name@example.com, or a number, like 07700 900123")
            ) from error
        if self.kind == "phone" and not is_mobile(value):
            raise forms.ValidationError(
                _("Enter a mobile number or an email address. We cannot send a text to this number")
            )
        return value


class HowMuchForm(forms.Form):
    """How much somebody wants to hear of all their enquiries."""

    how_much = forms.ChoiceField(
        label=_("What should we tell you?"),
        choices=[
            (EVERY_STEP, _("Every step: when it is taken on, when a date moves, when it is done")),
            (THE_END, _("Only when it is done, or when we need something from you")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what we tell you")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how_much"].error_messages["invalid_choice"] = _("Choose what we tell you")
