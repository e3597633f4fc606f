"""What administrators type about providers of messages, and who carries what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from desk.forms import KeyedForm
from notifications.carrier_kinds import Kind, Wanted

PLACES = ("first", "second", "third")


class CarrierForm(KeyedForm):
    """One account: what its kind wants to be told. A secret that is kept is never shown."""

    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="As colleagues will read it, like Twilio of Wychavon",
        error_messages={"required": "Give the provider a name"},
    )
    organisation = forms.ChoiceField(
        label="Whose account it is",
        required=False,
        help_text="Only this body’s messages go by it. The partnership’s may carry for everybody",
    )
    is_active = forms.TypedChoiceField(
        label="Is it in use?",
        choices=[("yes", "Yes"), ("no", "No, leave it out for now")],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it is in use"},
    )

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        bodies: Iterable[tuple[str, str]],
        kept: frozenset[str] = frozenset(),
        is_new: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if is_new:
            del self.fields["is_active"]
            field = self.fields["organisation"]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "The partnership"), *bodies]
        else:
            del self.fields["organisation"]
        for wanted in kind.wants:
            self.fields[wanted.name] = _field(wanted, is_kept=wanted.name in kept)

    def told(self) -> Mapping[str, str]:
        """What the account was told, by name."""
        return {wanted.name: self.cleaned_data[wanted.name] for wanted in self.kind.wants}


def _field(wanted: Wanted, *, is_kept: bool) -> forms.CharField:
    hint = wanted.hint
    if is_kept:
        hint = f"{hint}. Leave it empty to keep what is there".lstrip(". ")
    widget: forms.Widget = forms.TextInput(attrs={"spellcheck": "false"})
    if wanted.is_secret:
        widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    elif wanted.name == "templates":
        widget = forms.Textarea(attrs={"data-rows": "6", "spellcheck": "false"})
    label = wanted.label if wanted.is_required else f"{wanted.label} (if there is one)"
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=wanted.limit,
        required=wanted.is_required and not is_kept,
        widget=widget,
        error_messages={
            "required": f"Enter: {wanted.label}",
            "max_length": f"{wanted.label} must be {wanted.limit:,} characters or fewer",
        },
    )


class RouteForm(KeyedForm):
    """Who carries a medium: the first that is well."""

    first = forms.ChoiceField(label="First choice", required=False)
    second = forms.ChoiceField(label="When that one is ill", required=False)
    third = forms.ChoiceField(label="When both are ill", required=False)

    def __init__(
        self, *args: Any, choices: Iterable[tuple[str, str]], nobody: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = list(choices)
        for name in PLACES:
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", nobody if name == "first" else "Nobody"), *known]

    def carriers(self) -> list[str]:
        """The chosen ones in their order."""
        return [self.cleaned_data[name] for name in PLACES if self.cleaned_data[name]]
