"""One form a question. Errors say what to do."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels.asking.journey import EMAIL, NOBODY, SMS
from core.errors import DomainError
from core.privacy import Kind
from customers.contact import is_mobile, read_address, read_email, read_phone
from enquiries.intake import MAX_WORDS

UNSURE = "unsure"


def said(words: str, *, label: str) -> str:
    """Words with line ends as one character. Raises a ValidationError when they are too many."""
    words = words.replace("\r\n", "\n").replace("\r", "\n")
    if len(words) > MAX_WORDS:
        raise forms.ValidationError(
            gettext(
                "%(label)s must be %(most)s characters or fewer. "
                "You wrote %(wrote)s. Your words are still below"
            )
            % {"label": label, "most": f"{MAX_WORDS:,}", "wrote": f"{len(words):,}"},
            code="too_long",
        )
    return words


class AboutForm(forms.Form):
    """Which service: one of those found, or none of them."""

    service = forms.ChoiceField(
        label=_("What is it about?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what it is about, or “Something else”"),
            "invalid_choice": _("Choose what it is about from the list"),
        },
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["service"]).choices = choices


class YouForm(forms.Form):
    """How we tell the person what happens. Never an account."""

    wants_name = True

    tell_by = forms.ChoiceField(
        label=_("How should we tell you what happens?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how we should tell you what happens")},
    )
    email = forms.CharField(
        label=_("Email address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        required=False,
        max_length=40,
        help_text=_("For example 07700 900123"),
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "class": "govuk-input--width-20"}
        ),
    )
    name = forms.CharField(
        label=_("Full name"),
        required=False,
        max_length=200,
        error_messages={"max_length": _("Use 200 characters or fewer for the name")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "name",
                "spellcheck": "false",
                "class": "hub-wide-input",
                "dir": "auto",
            }
        ),
    )

    def __init__(self, *args: Any, anonymous_ok: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if anonymous_ok:
            # Who may say nothing of themselves may also say only where to write to.
            self.wants_name = False
            self.fields["name"].label = gettext("Full name (optional)")
        choices = [(EMAIL, gettext("Email")), (SMS, gettext("Text message"))]
        if anonymous_ok:
            choices.append((NOBODY, gettext("Do not tell me: I want to stay anonymous")))
        cast("forms.ChoiceField", self.fields["tell_by"]).choices = choices

    def clean(self) -> dict[str, Any]:
        """The chosen way needs its address, and a name. What was not chosen is dropped."""
        found = super().clean() or {}
        chosen = found.get("tell_by")
        if chosen == EMAIL:
            self._read("email", read_email, gettext("Enter your email address"))
        if chosen == SMS:
            self._read("phone", read_phone, gettext("Enter your mobile number"))
            self._refuse_landline()
        has_none = "name" in found and not found["name"]
        if self.wants_name and chosen in (EMAIL, SMS) and has_none:
            self.add_error("name", gettext("Enter your full name"))
        for name, wanted in (("email", EMAIL), ("phone", SMS)):
            if chosen is not None and chosen != wanted:
                found[name] = ""
                self.errors.pop(name, None)
        return {**found, **({"name": ""} if chosen == NOBODY else {})}

    def _read(self, name: str, reader: Any, empty: str) -> None:
        text = str(self.cleaned_data.get(name, "")).strip()
        if name in self.errors:
            return
        if not text:
            self.add_error(name, empty)
            return
        try:
            self.cleaned_data[name] = reader(text)
        except DomainError as error:
            self.add_error(name, str(error))

    def _refuse_landline(self) -> None:
        number = str(self.cleaned_data.get("phone", ""))
        if "phone" not in self.errors and not is_mobile(number):
            self.add_error(
                "phone", gettext("Enter a mobile number. We cannot send a text to this one")
            )


class AddressForm(forms.Form):
    """An email address or a mobile number, as people write them."""

    address = forms.CharField(
        label=_("Your email address or mobile number"),
        max_length=254,
        help_text=_("For example name@example.com or 07700 900123"),
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
        try:
            self.kind, value = read_address(str(self.cleaned_data["address"]))
        except DomainError as error:
            raise forms.ValidationError(error.message) from error
        return value


class TrackForm(forms.Form):
    """A reference with something that its teller knows: a postcode, or how their number ends.

    `on_its_way` says of a kiosk's number why it leads nowhere yet, or never will.
    """

    on_its_way = ""

    reference = forms.CharField(
        label=_("Reference"),
        max_length=40,
        help_text=_("For example WH7-K3MP-4X. It is in the message we sent you"),
        error_messages={"required": _("Enter your reference")},
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    postcode = forms.CharField(
        label=_("Postcode, or the last 4 digits of your phone number"),
        max_length=30,
        help_text=_("The postcode or the number that you gave us"),
        error_messages={
            "required": _(
                "Enter the postcode that you gave us, or the last 4 digits of your number"
            )
        },
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-10", "autocomplete": "postal-code"}
        ),
    )
