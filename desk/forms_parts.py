"""Pieces that several forms of the desk are made of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from desk.forms import KeyedForm, words_field
from enquiries.lifecycle import Outcome


class EndingForm(KeyedForm):
    """How work ended, in words for the citizen; who makes a form of it adds the `outcome`."""

    words = words_field(
        "Words for the citizen",
        help_text="What was done or decided, and why.",
        missing="Write what the citizen will read",
    )
    next_step = words_field(
        "What can they do next? (after a no)",
        help_text="Who else can help, how to ask for a review, or when to try again.",
        limit=400,
        required=False,
        rows=2,
    )

    def clean(self) -> dict[str, Any]:
        """A no without a way on leaves people standing (measures.md S1)."""
        data = self.cleaned_data
        is_no = data.get("outcome") == Outcome.DECIDED_NO.value
        if is_no and not data.get("next_step") and "next_step" not in self.errors:
            self.add_error("next_step", "Write what they can do next: it is a no")
        return data


def foresight_field() -> forms.BooleanField:
    """Said by who asks the citizen something, as they ask (measures.md R33); nobody ticks it for
    them."""
    return forms.BooleanField(
        label="We could not have asked this at the start",
        help_text="Tick it only if nothing that we knew then would have told us to ask. Going back "
        "for what we should have asked counts against once being enough.",
        required=False,
    )


def sent_away_field(hint: str = "") -> forms.BooleanField:
    """Said by who writes to the citizen, as they write (measures.md R9): nobody ticks it for
    them."""
    words = "They are told to ring, visit or fill in something else for the same need. "
    return forms.BooleanField(
        label="These words send them to another door",
        help_text=words + (hint or "A second stop counts against once being enough."),
        required=False,
    )


class SmallFileField(forms.FileField):
    """A file of at most `largest` bytes; what is larger is never read. `too_large` says so."""

    def __init__(self, *, largest: int, too_large: str, accept: str, **kwargs: Any) -> None:
        self.largest, self.too_large = largest, too_large
        super().__init__(
            widget=forms.FileInput(attrs={"accept": accept}),
            error_messages={
                "required": "Choose a file",
                "empty": "This file is empty. Choose another",
            },
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> UploadedFile[bytes]:
        """The file. Raises ValidationError."""
        sent: UploadedFile[bytes] = super().clean(data, initial)
        if (sent.size or 0) > self.largest:
            raise forms.ValidationError(self.too_large)
        return sent
