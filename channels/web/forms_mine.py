"""What "my enquiries" asks: an address to send the link to, and how much to tell."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from channels.asking import forms as asking
from customers.ways import EMAIL, LETTER, SMS
from enquiries.actions.telling import EVERY_STEP, THE_END


class AddressForm(asking.AddressForm):
    """The address that somebody gave us before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].help_text = _(
            "The one you gave us. For example name@example.com or 07700 900123"
        )


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


class TellingForm(HowMuchForm):
    """How much, and by what, of all of theirs."""

    tell_by = forms.ChoiceField(
        label=_("How should we tell you?"),
        help_text=_("We use what you have given us. Where we do not have it, we use what we have."),
        choices=[
            ("", _("The way you contact us each time")),
            (EMAIL, _("By email")),
            (SMS, _("By text message")),
            (LETTER, _("By letter, only when we need something from you or it is done")),
        ],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose how we tell you")},
    )
