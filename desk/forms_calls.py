"""What staff may type about a call, checked for its shape."""

from __future__ import annotations

from typing import Any

from django import forms

from customers.contact import NotAPhoneNumber, read_phone
from desk.plain_words import PlainForm
from inbox.questions import WORDS, Asked, Question

_MISSING = {
    Question.NAME: "Enter the name that they say",
    Question.POSTCODE: "Enter the postcode that they say",
    Question.STREET: "Enter the house and street that they say",
    Question.EMAIL: "Enter the email address that they say",
    Question.PHONE: "Enter the other phone number that they say",
    Question.REFERENCE: "Enter the reference that they say",
    Question.LAST_CONTACT: "Enter the day that they say",
}
_NARROW = {Question.POSTCODE: 10, Question.REFERENCE: 10}


def _field(question: Question, *, required: bool) -> forms.Field:
    attrs = {"autocomplete": "off"}
    if question is Question.LAST_CONTACT:
        return forms.DateField(
            label=WORDS[question],
            required=required,
            help_text="A few days to either side are near enough.",
            error_messages={
                "required": _MISSING[question],
                "invalid": "Enter the day that they say, like 3 May 2026",
            },
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y"],
            widget=forms.TextInput(attrs={**attrs, "class": "govuk-input--width-10"}),
        )
    width = {"class": f"govuk-input--width-{_NARROW[question]}"} if question in _NARROW else {}
    return forms.CharField(
        label=WORDS[question],
        required=required,
        max_length=10 if question is Question.POSTCODE else 200,
        error_messages={"required": _MISSING[question]},
        widget=forms.TextInput(attrs={**attrs, **width}),
    )


class CallerForm(PlainForm):
    """What a caller says of themselves, so that it can be held against what we know.

    `scope` says whose questions they are, `person` whom the agent takes them for, if anybody.
    """

    scope = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked: Asked, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for one in asked.questions:
            self.fields[one.value] = _field(one, required=asked.needed == len(asked.questions))

    def clean(self) -> dict[str, Any]:
        """As many answers as have to be right."""
        data = super().clean() or {}
        if not self.errors and len([one for one in self.said(data).values() if one]) < (
            self.asked.needed
        ):
            self.add_error(None, f"Ask at least {self.asked.needed} of these")
        return data

    def said(self, data: dict[str, Any] | None = None) -> dict[str, str]:
        """The answers by their questions, as words."""
        data = self.cleaned_data if data is None else data
        return {one.value: str(data.get(one.value) or "") for one in self.asked.questions}


class LineForm(PlainForm):
    """At which telephone an agent sits."""

    line = forms.CharField(
        label="Your telephone",
        required=False,
        max_length=130,
        help_text="The number that rings at your desk, or the name of your softphone, like "
        "client:ann. Leave it empty when you sit at none.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )

    def clean_line(self) -> str:
        """A number as numbers are dialled; a name as it is."""
        said = str(self.cleaned_data["line"]).strip()
        if not said or ":" in said:
            return said
        try:
            return read_phone(said)
        except NotAPhoneNumber as error:
            raise forms.ValidationError(
                "Enter a phone number, or the name of a softphone like client:ann"
            ) from error
