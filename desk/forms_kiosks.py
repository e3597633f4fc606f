"""What the list of devices can be narrowed by, and what an administrator says about one."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.choices import Choices
from desk.forms import choose
from kiosks.states import STATE_WORDS


class FleetForm(forms.Form):
    """What the list can be narrowed by; lives in the address."""

    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any"), *((state.value, words) for state, words in STATE_WORDS.items())],
    )
    site = forms.ChoiceField(label="Site", required=False)

    def __init__(self, *args: Any, sites: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "site", sites, first="All sites")
