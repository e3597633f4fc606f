"""The one box in which staff write to the citizen of a case, and notes with who reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from django import forms

from customers.ways import SMS
from desk.choices import Choices
from desk.forms import KeyedForm, words_field
from desk.forms_parts import foresight_field, sent_away_field
from enquiries.queries import writing
from enquiries.queries.text_out import MOST_WORDS
from enquiries.queries.writing import Ways


class WritingForm(KeyedForm):
    """Words to the citizen by a way that they want and can receive."""

    words = words_field(
        "Words for the citizen",
        help_text="Facts in braces are filled in: {name}, {reference}, {service}, {promised}.",
        missing="Write what the citizen will read",
    )
    way = forms.ChoiceField(label="How do they get it?", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, ways: Ways, known: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways, self.known = ways, known
        field = cast("forms.ChoiceField", self.fields["way"])
        field.choices = [(one.medium, f"{one.words}\n{one.why}") for one in ways.open]
        field.error_messages["invalid_choice"] = "Choose one of the ways that there are now"
        if ways.open:
            self.initial.setdefault("way", ways.open[0].medium)
        else:
            del self.fields["way"]

    def clean_words(self) -> str:
        """The words with the facts that they name."""
        words = writing.filled(self.cleaned_data["words"], self.known)
        missing = writing.unfilled(words, self.known)
        if missing:
            named = ", ".join(f"{{{one}}}" for one in missing)
            raise forms.ValidationError(
                f"This case has nothing for {named}. Write it yourself, or leave it out"
            )
        return words


class ReplyForm(WritingForm):
    """Words that end nothing, begun with kept ones where there are any.

    These, and what can be linked, are read where they are drawn or chosen: who sends plain words
    does not wait for them.
    """

    canned = forms.ChoiceField(label="Begin with", required=False)
    link = forms.ChoiceField(label="Send a link with a text", required=False)
    sends_away = sent_away_field()
    field_order = ("key", "canned", "words", "way", "link", "sends_away")

    def __init__(
        self, *args: Any, canned: Callable[[], Choices], links: Callable[[], Choices], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._canned = canned
        self._choose("canned", canned, first="Nothing")
        self._choose("link", links, first="No link")
        if not self.is_bound and not canned():
            del self.fields["canned"]
        if all(one.medium != SMS for one in self.ways.open):
            del self.fields["link"]

    def _choose(self, name: str, choices: Callable[[], Choices], *, first: str) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = lambda: [("", first), *choices()]

    @property
    def begins(self) -> bool:
        """Whether there is anything to begin with."""
        return "canned" in self.fields and bool(self._canned())

    def clean(self) -> dict[str, Any]:
        """A text has room for less."""
        data = super().clean() or {}
        words = data.get("words", "")
        if data.get("way") == SMS and len(words) > MOST_WORDS:
            self.add_error("words", f"A text must be {MOST_WORDS} characters or fewer")
        return data


class AskForm(WritingForm):
    """A question to the citizen."""

    words = words_field(
        "Question to the citizen",
        help_text="The case waits until they answer.",
        missing="Write the question",
    )
    unforeseeable = foresight_field()
    field_order = ("key", "words", "way", "unforeseeable")


READERS: Sequence[tuple[str, str]] = (
    ("us", "Internal\nOnly the hub reads it"),
    ("shared", "Shared with partners\nThose who have the case read it too; the citizen does not"),
    ("public", "Public\nThe citizen is told it, and reads it on their page"),
)


class NoteForm(KeyedForm):
    """Words for colleagues, for partners too, or for everybody."""

    words = words_field("Note", missing="Write the note")
    seen_by = forms.ChoiceField(
        label="Who reads it?",
        required=False,
        initial="us",
        choices=READERS,
        widget=forms.RadioSelect,
    )
