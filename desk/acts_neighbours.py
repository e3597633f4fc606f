"""What neighbours may read of a case before they report the same: shown, changed, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms

from accounts.permissions import Permission, Viewer
from desk.case_act import CaseAct, Data, Done
from desk.forms import KeyedForm, words_field
from enquiries.actions import neighbours
from enquiries.queries import nearby
from enquiries.queries.desk import Case


class NeighboursForm(KeyedForm):
    """Words for everybody, and perhaps a picture."""

    words = words_field(
        "What may neighbours read?",
        help_text="What and where, in your words. No names, no house of anybody.",
        limit=neighbours.MAX_WORDS,
        required=False,
        rows=2,
    )
    picture = forms.ChoiceField(label="A picture with it?", required=False)
    picture_words = forms.CharField(
        label="What does the picture show?",
        help_text="For who cannot see it. Look for faces and number plates first.",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    hide = forms.BooleanField(label="Show nothing of it any more", required=False)

    def __init__(self, *args: Any, pictures: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["picture"])
        field.choices = [("", "No picture"), *pictures]
        if not pictures:
            del self.fields["picture"], self.fields["picture_words"]
        if not self.initial.get("words"):
            del self.fields["hide"]

    def clean(self) -> dict[str, Any]:
        """Words, unless it is taken back."""
        data = super().clean() or {}
        if not data.get("hide") and not data.get("words") and "words" not in self.errors:
            self.add_error("words", "Write what neighbours read")
        return data


def may(case: Case) -> bool:
    """Whether reports of the case's service are shown to neighbours at all."""
    return not case.is_hidden and nearby.is_shown(case.enquiry)


def filled(case: Case) -> dict[str, Any]:
    """What the form is made with: the words that stand, and the pictures there are."""
    note = nearby.note_of(case.enquiry)
    found = nearby.pictures(case.enquiry)
    initial = {}
    if note is not None:
        picture = str(note.picture.public_id) if note.picture else ""
        initial = {"words": note.words, "picture": picture, "picture_words": note.picture_words}
    return {"initial": initial, "pictures": [(str(one.public_id), one.name) for one in found]}


def _show(reference: str, who: Viewer, data: Data, now: datetime) -> Done:
    if data.get("hide"):
        neighbours.hide(reference=reference, viewer=who, now=now)
        return Done("Neighbours read nothing of it any more")
    neighbours.show(
        reference=reference,
        viewer=who,
        words=data["words"],
        picture=data.get("picture", ""),
        picture_words=data.get("picture_words", ""),
        now=now,
    )
    return Done()


NEIGHBOUR_ACTS: tuple[CaseAct, ...] = (
    CaseAct(
        "neighbours", "Show this to neighbours", "Show it", NeighboursForm,
        Permission.RESOLVE, "can_note", _show, "Who reports the same near there reads it",
    ),
)  # fmt: skip
