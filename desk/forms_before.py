"""When citizens of a service are told before they ask, as administrators set it."""

from __future__ import annotations

from django import forms

from desk.forms import KeyedForm
from enquiries.actions.chasing import MOST_HOURS


class BeforeForm(KeyedForm):
    """Whether they are told, and after how many hours if not as the ledger says."""

    is_on = forms.BooleanField(label="Tell citizens before they ask", required=False)
    own_hours = forms.IntegerField(
        label="A time of your own, in hours after it came in",
        help_text="Leave it empty for the time that the figures give.",
        required=False,
        min_value=1,
        max_value=MOST_HOURS,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "class": "govuk-input--width-5", "autocomplete": "off"}
        ),
        error_messages={
            "invalid": "Enter hours as a whole number, like 72",
            "min_value": "Enter 1 hour or more, or leave it empty",
            "max_value": f"Enter {MOST_HOURS:,} hours or fewer, or leave it empty",
        },
    )
