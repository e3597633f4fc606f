"""A form that a citizen began: its code, and what is left to be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms

from desk import forms_questions
from desk.begun_merging import Change
from desk.forms import KeyedForm, words_field

if TYPE_CHECKING:
    from kb.models import Service

# Which of two answers is kept.
NEWEST, MINE = "newest", "mine"
# What a page says of itself, and nobody answers.
_OF_THE_PAGE: Final = ("key", "code", "seen", "code_to")
_WHO: Final = ("name", "email", "phone")


class CodeForm(forms.Form):
    """The code that they read out, or show."""

    code = forms.CharField(
        label="Their code",
        max_length=40,
        help_text="10 letters and numbers, for example K3MPX-7WD4R",
        error_messages={"required": "Enter the code that they read out"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )


class FinishForm(KeyedForm):
    """All that they said so far, to be changed and completed with them."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    # The form as this page showed it (begun_merging).
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    description = words_field("What happened", limit=4_000, required=False)
    postcode = forms.CharField(
        label="Postcode",
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    address = forms.CharField(label="Where, in words", required=False, max_length=300)
    name = forms.CharField(label="Full name", required=False, max_length=200)
    email = forms.CharField(label="Email address", required=False, max_length=254)
    phone = forms.CharField(label="Phone number", required=False, max_length=40)
    tell_by = forms.ChoiceField(
        label="How should we tell them what happens?",
        choices=[("email", "Email"), ("sms", "Text message"), ("", "They do not want to be told")],
        required=False,
        widget=forms.RadioSelect,
    )

    code_to = forms.CharField(
        label="Where to send the code",
        required=False,
        max_length=254,
        help_text="An email address or a mobile number. We send only the code there, and delete "
        "the address with the form",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(
        self,
        *args: Any,
        service: Service | None,
        form_id: int | None,
        is_known: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in _WHO if is_known else ():
            del self.fields[name]
        # What it was begun with asks until it is sent, here as at its own door.
        forms_questions.add(self, service, form_id)

    @property
    def said(self) -> dict[str, Any]:
        """What stands in its fields, typed or as it was shown."""
        return {name: self._stands(name) for name in self.fields if name not in _OF_THE_PAGE}

    def _stands(self, name: str) -> Any:
        if not self.is_bound:
            return self.initial.get(name) or ""
        self.is_valid()
        typed = self.cleaned_data.get(name)
        return typed if typed is not None else self[name].value() or ""

    def clean(self) -> dict[str, Any]:
        """How they want to be told needs its address."""
        data = self.cleaned_data
        wanted = {"email": "email", "sms": "phone"}.get(data.get("tell_by", ""))
        if wanted in self.fields and not data.get(wanted) and wanted not in self.errors:
            self.add_error(wanted, "Ask for it: they want to be told this way")
        return data


class ChooseForm(forms.Form):
    """For each answer that was changed elsewhere meanwhile: that one, or what stands here."""

    def __init__(
        self, *args: Any, changes: Sequence[Change], about: FinishForm, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for one in changes:
            field = about.fields[one.name]
            self.fields[f"pick-{one.name}"] = forms.ChoiceField(
                label=field.label or one.name,
                choices=[
                    (NEWEST, f"What they answered meanwhile\n{_in_words(field, one.newest)}"),
                    (MINE, f"What stands in your form\n{_in_words(field, one.mine)}"),
                ],
                # Who changed nothing here keeps what they answered, unless they say otherwise.
                initial="" if one.is_mine_too else NEWEST,
                widget=forms.RadioSelect,
                error_messages={"required": f"Choose which answer to keep: {field.label}"},
            )


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ChoiceField):
        known = {str(key): str(words) for key, words in field.choices}  # type: ignore[misc, union-attr]  # pairs: none of ours are in groups
        values = value if isinstance(value, list) else [value]
        return ", ".join(known.get(str(one), str(one)) for one in values) or "Nothing"
    return str(value) or "Nothing"


def picked(
    together: Mapping[str, Any], changes: Sequence[Change], chosen: Mapping[str, Any]
) -> dict[str, Any]:
    """What stands in the form after the choice. Pure."""
    newest = {one.name: one.newest for one in changes if chosen[f"pick-{one.name}"] == NEWEST}
    return {**together, **newest}
