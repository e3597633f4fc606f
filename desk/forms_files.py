"""The field for a file, and who opens what the hub adds: on a case, and with a need."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

MAX_BYTES = 10 * 1024 * 1024
_TYPES = "image/jpeg,image/png,image/webp,image/gif,application/pdf"
_READERS = (
    ("us", "Internal\nOnly the hub opens it"),
    ("shared", "Shared with partners\nThose who have the case open it too; the citizen does not"),
    ("public", "For the citizen\nThey are told, and open it on their page; partners do not"),
)


class _File(forms.FileField):
    def clean(self, data: Any, initial: Any = None) -> Any:
        """What is far too large is never read; all else the domain looks into."""
        file: UploadedFile[Any] | None = super().clean(data, initial)
        if file and (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError("The file is larger than 10 MB. Choose a smaller one")
        return file


def file_field(label: str = "File", *, required: bool = True) -> forms.FileField:
    """A picture or a PDF."""
    return _File(
        label=label,
        required=required,
        max_length=120,
        help_text="A picture (JPEG, PNG, WebP or GIF) or a PDF, up to 10 MB.",
        error_messages={
            "required": "Choose a file",
            "empty": "The file is empty. Choose another one",
            "max_length": "The file’s name must be 120 characters or fewer",
        },
        widget=forms.FileInput(attrs={"accept": _TYPES}),
    )


def reader_field(*, required: bool = True) -> forms.ChoiceField:
    """Who opens a file that the hub adds."""
    return forms.ChoiceField(
        label="Who opens it?",
        required=required,
        initial="us",
        choices=_READERS,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose who opens it"),
    )
