"""What staff write down of people. Shape only; the rules are the domain's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from customers.living import ADDRESS_KINDS, ALERT_KINDS, BASES, MAY, SEEN_BY
from desk.forms import KeyedForm, words_field

KEPT, GONE = "kept", "gone"


class MergeForm(KeyedForm):
    """How somebody knows that two are one, whose name and address are used, and where they are
    reached first."""

    name = forms.ChoiceField(label="Which name do we use?", widget=forms.RadioSelect)
    address = forms.ChoiceField(label="Which address do we use?", widget=forms.RadioSelect)
    phone = forms.ChoiceField(label="Which number do we ring first?", widget=forms.RadioSelect)
    email = forms.ChoiceField(
        label="Which email address do we write to first?", widget=forms.RadioSelect
    )
    words = words_field(
        "How do you know that they are one person?",
        help_text="For example: they said so, with both dates of birth the same.",
        missing="Write how you know that they are one person",
        limit=300,
        rows=2,
    )

    def __init__(self, *args: Any, choices: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, (kept, gone) in choices.items():
            if not kept or not gone or kept == gone:
                # Nothing to choose: the one that there is is used.
                del self.fields[field]
                continue
            choice = self.fields[field]
            if isinstance(choice, forms.ChoiceField):
                choice.choices = [(KEPT, kept), (GONE, gone)]
                choice.initial = KEPT

    @property
    def take(self) -> list[str]:
        """What comes from the one who goes."""
        names = ("name", "address", "phone", "email")
        return [name for name in names if self.cleaned_data.get(name) == GONE]


class UnmergeForm(KeyedForm):
    """How somebody knows that two are two."""

    merge = forms.UUIDField(widget=forms.HiddenInput)
    words = words_field(
        "How do you know that they are two people?",
        missing="Write how you know that they are two",
        limit=300,
        rows=2,
    )


class TheirsForm(KeyedForm):
    """Which enquiry is the other's after all."""

    merge = forms.UUIDField()
    reference = forms.CharField(max_length=20)


class NameForm(KeyedForm):
    """Another name of theirs."""

    name = forms.CharField(
        label="Name, as they give it",
        max_length=200,
        error_messages={"required": "Enter the name as they give it"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    use = forms.BooleanField(
        label="Use this name from now on; the one of before is kept", required=False
    )


class ReachForm(KeyedForm):
    """One more number or e-mail address."""

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


class AddressForm(KeyedForm):
    """Another address of theirs."""

    kind = forms.ChoiceField(
        label="What is there?",
        choices=[("", "Choose one"), *ADDRESS_KINDS],
        error_messages={"required": "Choose what kind of address it is"},
    )
    address = forms.CharField(
        label="Address",
        max_length=300,
        error_messages={"required": "Enter the address"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    postcode = forms.CharField(
        label="Postcode",
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    uprn = forms.CharField(
        label="UPRN (if known)",
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "numeric"}),
    )
    is_seen = forms.BooleanField(label="I saw a paper that says so", required=False)


class AlertForm(KeyedForm):
    """What whoever deals with them has to know."""

    kind = forms.ChoiceField(
        label="What is it about?",
        choices=ALERT_KINDS,
        widget=forms.RadioSelect,
        help_text="Who is vulnerable is dealt with sooner, by the agreed rules.",
        error_messages={"required": "Choose what kind of alert it is"},
    )
    why = words_field(
        "Why?",
        help_text="Facts, and what to do. They may ask to read it.",
        missing="Write why",
        limit=300,
        rows=2,
    )
    seen_by = forms.ChoiceField(
        label="Who needs to know why?",
        choices=SEEN_BY,
        initial="handling",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who needs to know why"},
    )
    review_on = forms.DateField(
        label="Look at it again on (within six months)",
        required=False,
        error_messages={"invalid": "Enter a day, like 2027-03-31"},
        widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input--width-10"}),
    )


class EndAlertForm(KeyedForm):
    """Why an alert is over."""

    which = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label="Why is it no longer so?",
        max_length=300,
        error_messages={"required": "Write why it is no longer so"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ActsForm(KeyedForm):
    """Who speaks for them, and what that one may be told."""

    acts = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": "Choose who speaks for them"}
    )
    relation = forms.CharField(
        label="Who are they to them? (for example: daughter)",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    basis = forms.ChoiceField(
        label="How do we know?",
        choices=[("", "Choose one"), *BASES],
        error_messages={"required": "Choose how we know"},
    )
    may = forms.ChoiceField(
        label="What may they do?",
        choices=MAY,
        initial="own",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they may be told"},
    )
    ends_on = forms.DateField(
        label="Until (if it ends)",
        required=False,
        error_messages={"invalid": "Enter a day, like 2027-03-31"},
        widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input--width-10"}),
    )


class WhichForm(KeyedForm):
    """Which of several."""

    which = forms.UUIDField(widget=forms.HiddenInput)


class PointOfForm(KeyedForm):
    """Which of their numbers and addresses."""

    point = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)


class MoveForm(KeyedForm):
    """Where they live now."""

    address = forms.CharField(
        label="New address",
        help_text="House and street, then the town, a line each",
        max_length=300,
        error_messages={"required": "Enter where they live now"},
        widget=forms.Textarea(attrs={"data-rows": "3"}),
    )
    postcode = forms.CharField(
        label="New postcode",
        max_length=10,
        error_messages={"required": "Enter the new postcode"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    uprn = forms.CharField(
        label="UPRN (if known)",
        required=False,
        max_length=12,
        validators=[RegexValidator(r"^[0-9]{1,12}$", "A UPRN is a number of up to 12 digits")],
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "numeric"}),
    )
