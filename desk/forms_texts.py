"""What staff type to text somebody, and the short texts that they keep for that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from desk.choices import Choices
from desk.forms import KeyedForm, choose, words_field
from enquiries.queries.text_out import MOST_WORDS
from kb.actions_canned import MOST_WORDS as MOST_CANNED

OWN_PAGE: Final = "own"


class TextForm(KeyedForm):
    """One text to the citizen of a case."""

    canned = forms.ChoiceField(label="Begin with", required=False)
    words = words_field(
        "Your text",
        help_text="We put who writes and the reference before it. They can answer it.",
        missing="Write what the text says",
        limit=MOST_WORDS,
    )
    link = forms.ChoiceField(label="Send a link with it", required=False)

    def __init__(self, *args: Any, canned: Choices, links: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "canned", canned, first="Nothing")
        choose(self, "link", links, first="No link")


class FirstTextForm(KeyedForm):
    """One text to somebody who has no enquiry yet."""

    words = words_field(
        "Your text",
        help_text="We put who writes before it, and after it that they can answer.",
        missing="Write what the text says",
        limit=MOST_WORDS,
    )


class CannedForm(KeyedForm):
    """A short text that is kept. `seen` is the version that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="Name",
        help_text="How you find it, like “Which gate?”",
        max_length=80,
        error_messages={
            "required": "Give it a name",
            "max_length": "The name must be 80 characters or fewer",
        },
    )
    words = words_field(
        "What the text says", missing="Write what the text says", limit=MOST_CANNED, rows=3
    )


def texts_of(rows: Sequence[tuple[str, str, str]]) -> Choices:
    """Choices of what a text can begin with: id, name and words."""
    return [
        (key, f"{name}: {words[:60]}{'…' if len(words) > 60 else ''}") for key, name, words in rows
    ]
