"""Two people at the fields of one case: where they changed different ones both hold, where the same
one each is shown theirs and their own, and chooses. Nothing that was typed is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict

from core.errors import DomainError
from desk.forms import KeyedForm
from enquiries.queries.desk import Case

_PICK = "pick_"
THEIRS, MINE = "theirs", "mine"
_NONE: tuple[object, ...] = (None, "", [])


class BothChanged(DomainError):
    """The same field was changed by somebody else after the page was made."""

    code = "changed_meanwhile"

    def __init__(self, message: str, fields: list[str]) -> None:
        super().__init__(message)
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Differs:
    """One field that two changed, in words, side by side."""

    name: str
    label: str
    theirs: str
    mine: str


def snapshot(form: KeyedForm, case: Case) -> dict[str, Any]:
    """The fields that an act edits, as they stand in the case."""
    answers = case.enquiry.answers
    known = {
        "service": case.enquiry.service.slug if case.enquiry.service else "",
        "priority": case.enquiry.priority,
    }
    return {
        name: known[name] if name in known else answers.get(name.removeprefix("own-"), "")
        for name in form.fields
        if name in known or name.startswith("own-")
    }


def keep(form: KeyedForm, case: Case) -> None:
    """Puts into a form how its fields stood when its page was made."""
    form.fields["base"] = forms.CharField(required=False, widget=forms.HiddenInput)
    form.initial["base"] = json.dumps(snapshot(form, case))


def base_of(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """How the fields stood when the page was made; None for a page that does not say so."""
    try:
        found = json.loads(str(data.get("base") or ""))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def merged(
    form: KeyedForm, data: Mapping[str, Any], posted: QueryDict, now: Mapping[str, Any]
) -> dict[str, Any]:
    """What holds of both: the data of a form with what others changed meanwhile in its place.

    Raises BothChanged where the same field was changed to something else, and nobody has chosen.
    """
    base, kept, both = base_of(data) or {}, dict(data), []
    for name, theirs in now.items():
        mine, was = data.get(name), base.get(name, "")
        if posted.get(f"{_PICK}{name}") == THEIRS or _same(mine, was) or _same(mine, theirs):
            kept[name] = theirs
        elif not _same(theirs, was):
            both.append(name)
    if both:
        labels = ", ".join(f"“{form.fields[name].label}”" for name in both)
        raise BothChanged(
            f"This was changed after you opened the page: {labels}. Choose what holds", both
        )
    return kept


def _same(one: Any, other: Any) -> bool:
    return bool(one == other or (one in _NONE and other in _NONE))


def shown(form: KeyedForm, case: Case, error: BothChanged) -> None:
    """A refused form shows what differs side by side, and is sent again from the case as it is."""
    now = snapshot(form, case)
    data = cast("QueryDict", form.data).copy()
    data["base"] = json.dumps(now)
    form.data = data
    form.differs = [  # type: ignore[attr-defined]  # read by templates/desk/case/differs.html
        Differs(
            f"{_PICK}{name}",
            str(form.fields[name].label),
            _words(form.fields[name], now[name]),
            _words(form.fields[name], form.cleaned_data.get(name, "")),
        )
        for name in error.fields
    ]


def _words(field: forms.Field, value: Any) -> str:
    if value in _NONE:
        return "Nothing"
    words = dict(getattr(field, "choices", ()))
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(words.get(one, one)) for one in values)
