"""What staff type at the door and on the page of their own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm

_CODE = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "spellcheck": "false",
    "class": "govuk-input--width-10 hub-code",
}
# Said by name, so that nobody takes them for passwords.
_NOT_IT = "That is not your password. Check it"
_NOT_THE_SAME = "The two new passwords are not the same. Type them again"


def _code_field(label: str, *, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=40,
        error_messages={"required": "Enter the six digits from your code app"},
        widget=forms.TextInput(attrs=dict(_CODE)),
    )


class CodeForm(forms.Form):
    """Six digits."""

    code = _code_field("Six-digit code")


class SpareCodeForm(forms.Form):
    """A code from paper."""

    code = forms.CharField(
        label="Spare code",
        help_text="One of the ten that you kept with your code app, like k7mq-3hxp-9wdt.",
        max_length=40,
        error_messages={"required": "Enter one of your spare codes"},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "class": "govuk-input--width-20 hub-code",
            }
        ),
    )


class NewSpareCodesForm(forms.Form):
    """Ten new spare codes, for who has the code app at hand."""

    code = _code_field("Six-digit code from your code app")


class OtherPhoneForm(forms.Form):
    """Another code app: proved by what one has, and by the new one."""

    old = forms.CharField(
        label="Code from the code app you have now",
        help_text="If you cannot reach it, a spare code.",
        max_length=40,
        error_messages={"required": "Enter a code from the code app you have now, or a spare code"},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
    )
    code = _code_field("Code from the new code app")


class NewPasswordForm(PasswordChangeForm):
    """The password of before and a new one, in plain words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages = {
            **self.error_messages,
            "password_incorrect": _NOT_IT,
            "password_mismatch": _NOT_THE_SAME,
        }
        old, new, again = (
            self.fields[name] for name in ("old_password", "new_password1", "new_password2")
        )
        old.label, new.label, again.label = (
            "Password you have now",
            "New password",
            "New password again",
        )
        new.help_text = (
            "15 characters or more. Use words that have nothing to do with each other, "
            "with you or with your work."
        )
        again.help_text = ""
        old.error_messages = {"required": "Enter the password you have now"}
        new.error_messages = {"required": "Enter a new password"}
        again.error_messages = {"required": "Enter the new password again"}
        old.widget.attrs.pop("autofocus", None)
