"""What a field says of what it cannot take, where its form says nothing of its own: in the words of
who reads it, not of the framework."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

_FRAMEWORK = {
    "required": forms.Field.default_error_messages["required"],
    "invalid_choice": forms.ChoiceField.default_error_messages["invalid_choice"],
    "invalid": forms.UUIDField.default_error_messages["invalid"],
}
_MANY = forms.MultipleChoiceField.default_error_messages["invalid_choice"]
CHOOSE = "Choose from the list"


class PlainForm(forms.Form):
    """A form of the desk that refuses in our words, also what fields say that it added itself."""

    def full_clean(self) -> None:
        """Checks what was sent."""
        _put(self.fields.items())
        super().full_clean()


def _put(fields: Iterable[tuple[str, forms.Field]]) -> None:
    """Puts our words in place of the framework's; what a form says itself stays."""
    for name, field in fields:
        said, label = field.error_messages, str(field.label or name)
        chooses = isinstance(field, forms.ChoiceField)
        if said.get("required") == _FRAMEWORK["required"]:
            said["required"] = f"{label}: choose one" if chooses else f"{label}: fill this in"
        if said.get("invalid_choice") in (_FRAMEWORK["invalid_choice"], _MANY):
            said["invalid_choice"] = CHOOSE
        if isinstance(field, forms.UUIDField) and said.get("invalid") == _FRAMEWORK["invalid"]:
            said["invalid"] = CHOOSE
        most = getattr(field, "max_length", None)
        if most:
            said.setdefault("max_length", f"{label} must be {most:,} characters or fewer")
        if isinstance(field, forms.CharField):
            said.setdefault(
                "null_characters_not_allowed", f"{label}: a character of it cannot be kept"
            )
