"""What editors may type about a whole form: to find one, publish it, or load it from a file."""

from __future__ import annotations

from django import forms

from desk.forms import KeyedForm
from desk.forms_formeditor import SeenForm
from desk.forms_parts import SmallFileField
from kb.forms.files import LARGEST


class FindForm(forms.Form):
    """Which services are listed; lives in the address."""

    text = forms.CharField(
        label="Service",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "data-module": "hub-slash"}),
    )
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", "All services"),
            ("own", "With a form of their own"),
            ("draft", "With a draft"),
            ("findings", "With something to look at"),
        ],
    )


class MakeForm(KeyedForm):
    """A draft of the live form, or of an earlier version."""

    of = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ActForm(SeenForm):
    """An act on the whole draft, as the page showed it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    live = forms.IntegerField(widget=forms.HiddenInput, required=False)


class PublishForm(ActForm):
    """What the history says about a version."""

    note = forms.CharField(
        label="What does it change?",
        help_text="A few words for the history.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write in a few words what it changes"},
    )


class OwnWordsForm(KeyedForm):
    """Whether people are asked for their own words."""

    describe = forms.BooleanField(required=False, widget=forms.HiddenInput)


class StepForm(KeyedForm):
    """One question or end goes up or down."""

    steps = forms.TypedChoiceField(choices=[("-1", "Up"), ("1", "Down")], coerce=int)


class FileForm(ActForm):
    """A form from a file."""

    file = SmallFileField(
        label="File",
        help_text="A TOML or JSON file as the download makes it.",
        accept=".toml,.json",
        largest=LARGEST,
        too_large="This file is larger than 400 kB. Choose another",
    )
