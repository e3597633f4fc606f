"""What staff type about messages that did not arrive, and about a test."""

from __future__ import annotations

from typing import Any, TypedDict

from django import forms

from core.errors import DomainError
from customers.contact import read_email, read_phone
from desk.forms import KeyedForm

MEDIA = [("sms", "Text"), ("email", "Email")]


class ReasonGiven(TypedDict):
    """One reason, by what messages have in common that failed for it."""

    medium: str
    carrier: str
    code: str
    state: str


class AgainForm(KeyedForm):
    """Names one reason for which messages failed, as the page listed it."""

    medium = forms.ChoiceField(
        choices=[("sms", ""), ("email", ""), ("letter", "")], widget=forms.HiddenInput
    )
    carrier = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    code = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        choices=[("failed", ""), ("expired", ""), ("unknown", "")], widget=forms.HiddenInput
    )

    # One message of those that are listed; without it, all of them.
    message = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def is_valid_reason(self) -> bool:
        """Whether it names a reason; the key is another matter."""
        return not self.errors.keys() - {"key"}

    def reason(self) -> ReasonGiven:
        """The reason, as notifications.queries_health asks for it."""
        found = self.cleaned_data if self.is_bound else self.initial
        return ReasonGiven(
            medium=found.get("medium", ""),
            carrier=found.get("carrier", ""),
            code=found.get("code", ""),
            state=found.get("state", ""),
        )


class TestForm(KeyedForm):
    """Where a test message goes."""

    medium = forms.ChoiceField(
        label="What to send",
        choices=MEDIA,
        initial="email",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a text or an email"},
    )
    address = forms.CharField(
        label="Mobile number or email address",
        help_text="Your own, or that of a colleague who knows.",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter a mobile number or an email address",
            "max_length": "A number or an address is 254 characters or fewer",
        },
    )

    def clean(self) -> dict[str, Any]:
        """The address as the medium writes it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        medium, address = data.get("medium"), data.get("address")
        if not medium or not address:
            return data
        try:
            data["address"] = read_phone(address) if medium == "sms" else read_email(address)
        except DomainError as error:
            self.add_error("address", error.message)
        return data
