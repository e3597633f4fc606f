"""What staff may type, checked for its shape. Rules are the domain's."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from core import references
from core.errors import DomainError
from customers.contact import read_email, read_phone
from desk.choices import Choices
from desk.forms_files import file_field, reader_field
from desk.plain_words import PlainForm
from enquiries.channels import AVOIDABLE_WORDS, CHANNEL_WORDS, KIND_WORDS, Channel, ItemKind
from enquiries.lifecycle import (
    DECISIONS,
    OUTCOME_WORDS,
)

OLD_PAGE = "This page is too old to be sent. Reload it and try again; copy your words first"


def words_field(
    label: str,
    *,
    help_text: str = "",
    missing: str = "",
    limit: int = 2_000,
    required: bool = True,
    rows: int = 4,
) -> forms.CharField:
    """A text area for words, counted. `missing` is said where there have to be some."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=limit,
        error_messages={
            "required": missing,
            "max_length": f"{label} must be {limit:,} characters or fewer",
        },
        widget=forms.Textarea(attrs={"data-rows": str(rows)}),
    )


def channel_field(label: str) -> forms.ChoiceField:
    """How somebody reached whoever is at the desk."""
    return forms.ChoiceField(
        label=label,
        choices=[
            (Channel.PHONE.value, CHANNEL_WORDS[Channel.PHONE]),
            (Channel.COUNTER.value, CHANNEL_WORDS[Channel.COUNTER]),
        ],
        initial=Channel.PHONE.value,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose phone or counter"},
    )


class KeyedForm(PlainForm):
    """A form that does its work once: its key is made with the page and sent with the words."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def renew(self) -> None:
        """Gives the same words a new key, for who wants to send them after all."""
        self.data = {**dict(self.data.items()), "key": str(uuid.uuid4())}


def choose(form: forms.Form, name: str, choices: Iterable[tuple[str, str]], *, first: str) -> None:
    """Gives a select its choices, with a first one for nothing."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = [("", first), *choices]


class OpenContactForm(KeyedForm):
    """How somebody reached us, and where."""

    channel = channel_field("How are they in touch?")
    site = forms.ChoiceField(label="Site", required=False)
    waited = forms.IntegerField(
        label="Minutes that they waited (if you know)",
        required=False,
        min_value=0,
        max_value=600,
        error_messages={
            "invalid": "Enter whole minutes, like 5",
            "min_value": "Enter whole minutes, like 5",
            "max_value": "Enter 600 minutes or fewer",
        },
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "class": "govuk-input--width-3",
                "autocomplete": "off",
            }
        ),
    )

    def __init__(self, *args: Any, sites: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "site", sites, first="My usual place")


class PersonForm(PlainForm):
    """Three fields are enough to know somebody again."""

    name = forms.CharField(
        label="Full name",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label="Phone",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.CharField(
        label="Email",
        required=False,
        max_length=254,
        widget=forms.TextInput(
            attrs={"type": "email", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def clean_phone(self) -> str:
        """A number that can be dialled, or nothing."""
        return _readable(self.cleaned_data["phone"], read_phone)

    def clean_email(self) -> str:
        """An address that can be written to, or nothing."""
        return _readable(self.cleaned_data["email"], read_email)

    def clean(self) -> dict[str, Any]:
        """Something to know them by."""
        if not self.errors and not any(self.cleaned_data.values()):
            self.add_error("name", "Enter a name, a phone number or an email address")
        return self.cleaned_data


def _readable(text: str, read: Any) -> str:
    if not text.strip():
        return ""
    try:
        return str(read(text))
    except DomainError as error:
        raise forms.ValidationError(error.message) from error


class RaiseForm(KeyedForm):
    """One need in a contact, answered now or sent on."""

    BY_RULES, BY_HAND, ANSWER = "rules", "hand", "answer"

    service = forms.ChoiceField(label="Service", required=False)
    description = words_field("What happened", missing="Write what happened", limit=4_000)
    postcode = forms.CharField(
        label="Postcode",
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    address = forms.CharField(
        label="Where, in words",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    how = forms.ChoiceField(
        label="What now?",
        choices=[
            (BY_RULES, "Send on\nTo whoever deals with this service in this place"),
            (BY_HAND, "Send to an organisation that I choose"),
            (ANSWER, "Answer now\nThe enquiry ends in this contact"),
        ],
        initial=BY_RULES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happens now"},
    )
    send_to = forms.ChoiceField(label="Organisation", required=False)
    outcome = forms.ChoiceField(
        label="How did it end?",
        required=False,
        choices=[(o.value, OUTCOME_WORDS[o]) for o in DECISIONS],
    )
    answer = forms.CharField(
        label="What did you tell them?",
        help_text="They get these words by text or email, and can read them again.",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"data-rows": "3"}),
    )
    file = file_field("A file that goes with it (if there is one)", required=False)
    seen_by = reader_field(required=False)

    def __init__(
        self, *args: Any, services: Choices, organisations: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "service", services, first="Not sure yet: the hub decides")
        choose(self, "send_to", organisations, first="Choose an organisation")

    def clean(self) -> dict[str, Any]:
        """What the chosen way needs."""
        data, how = self.cleaned_data, self.cleaned_data.get("how")
        if how == self.BY_HAND and not data.get("send_to") and "send_to" not in self.errors:
            self.add_error("send_to", "Choose who it goes to")
        if how == self.ANSWER and not data.get("answer") and "answer" not in self.errors:
            self.add_error("answer", "Write what you told them")
        if data.get("file"):
            self._file(data.get("seen_by", ""), ends=how == self.ANSWER)
        return data

    def _file(self, seen_by: str, *, ends: bool) -> None:
        """Who opens it; and that no browser keeps it when the form has to come back."""
        if "seen_by" not in self.errors and not seen_by:
            self.add_error("seen_by", "Choose who opens the file")
        elif seen_by == "public" and ends:
            words = "What is answered now has ended: the file cannot be for the citizen"
            self.add_error("seen_by", words)
        if self.errors:
            self.add_error("file", "Choose the file again: your browser has let go of it")


class AboutForm(KeyedForm):
    """A contact that is about an enquiry of before."""

    KINDS = (
        ItemKind.CHASE,
        ItemKind.NEW_INFORMATION,
        ItemKind.REPLY_TO_US,
        ItemKind.REPEAT,
        ItemKind.THANKS,
    )

    about = forms.CharField(
        label="Reference",
        max_length=20,
        error_messages={"required": "Enter the reference, like WH7-K3MP-4X"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label="Why are they in touch?",
        choices=[(kind.value, KIND_WORDS[kind]) for kind in KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why they are in touch"},
    )
    words = words_field("What did they say?", missing="Write what they said")
    avoidable = forms.ChoiceField(
        label="Could we have spared them this contact?",
        required=False,
        choices=[("", "No, or not sure"), *AVOIDABLE_WORDS.items()],
    )

    def clean_about(self) -> str:
        """The reference as we write it."""
        return _readable(self.cleaned_data["about"], references.parse)
