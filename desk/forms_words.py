"""What writers of messages type: words, the case to try them with, and what becomes of them."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from core import references
from desk.choices import Choices
from desk.forms import OLD_PAGE, KeyedForm
from notifications import queries_wordings, wording_checks
from notifications.actions_wordings import Place, Source


class ListForm(forms.Form):
    """Which messages the list shows; lives in the address."""

    medium = forms.ChoiceField(
        label="By", choices=list(queries_wordings.MEDIUM_WORDS.items()), required=False
    )
    language = forms.ChoiceField(label="Language", required=False)

    def __init__(self, *args: Any, languages: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(languages)


class EditionForm(KeyedForm):
    """What is done with the draft that the page showed, by its `edition`; 0 for none."""

    edition = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=1_000_000,
        error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE, "min_value": OLD_PAGE,
                        "max_value": OLD_PAGE},
    )  # fmt: skip

    def show_again(self, edition: int) -> None:
        """The same words come back to be sent again, over what somebody else kept meanwhile."""
        self.data = {**dict(self.data.items()), "key": str(uuid.uuid4()), "edition": str(edition)}


class WordsForm(EditionForm):
    """The words of one message, and a case to try them with."""

    subject = forms.CharField(label="Subject", required=False)
    body = forms.CharField(
        label="Message",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"data-rows": "14", "spellcheck": "true"}),
    )
    case = forms.CharField(
        label="Try it with a case",
        help_text="A reference such as WH7-K3MP-4X. Leave it empty for invented facts.",
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        if place.is_text:
            del self.fields["subject"]
            self.fields["body"].widget.attrs["data-rows"] = "6"

    @property
    def source(self) -> Source:
        """The words as they would be kept."""
        # As it was sent: what is refused is still shown.
        words = self.data if self.is_bound else self.initial
        typed = Source(str(words.get("subject", "")), str(words.get("body", "")))
        return wording_checks.tidied(self.place.medium, typed)

    def clean(self) -> dict[str, Any]:
        """Everything that is wrong with the words, each beside its field."""
        data = super().clean() or {}
        unread = set(self.errors)
        for fault in wording_checks.faults(self.place.event, self.place.medium, self.source):
            # What could not even be read is said already.
            if fault.field not in unread:
                self.add_error(fault.field, fault.words)
        return data

    def clean_case(self) -> str:
        """A reference as it is kept."""
        typed = str(self.cleaned_data["case"]).strip()[:40]
        try:
            return references.parse(typed) if typed else ""
        except references.BadReference as error:
            raise forms.ValidationError("Enter a reference such as WH7-K3MP-4X") from error


class RestoreForm(EditionForm):
    """A draft is begun with the words of a version."""

    number = forms.IntegerField(
        min_value=0, max_value=1_000_000,
        error_messages={"required": "Choose a version", "invalid": "Choose a version"},
    )  # fmt: skip
