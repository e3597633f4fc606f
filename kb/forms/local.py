"""What an organisation changes in a form for its own areas, apart from the form itself. Pure.

Changes are by question, then by the code of an area: {"was": the mark of what was live when it was
written, "to": the area's differences, or None where they are taken away}.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from kb.forms import conditions, editing
from kb.forms.editing import Data
from kb.forms.schema import EndKind, Form

Changes = Mapping[str, Mapping[str, Mapping[str, Any]]]


def different(data: Data, key: str, code: str) -> Data | None:
    """What a question says otherwise in an area; None where it is as everywhere."""
    row = editing.find(data, "questions", key) or {}
    found: Data | None = row.get("areas", {}).get(code)
    return found


def mark(data: Data, key: str, code: str) -> str:
    """A short mark of that, to tell whether it is still so."""
    return editing.seen(different(data, key, code))


def applied(data: Data, changes: Changes) -> Data:
    """The form with the changes; those of questions that have gone are left out."""
    made = deepcopy(data)
    for key, code, change in each(changes):
        row = editing.find(made, "questions", key)
        if row is None:
            continue
        areas = {name: one for name, one in row.get("areas", {}).items() if name != code}
        if change["to"]:
            areas[code] = deepcopy(change["to"])
        row.pop("areas", None)
        if areas:
            row["areas"] = areas
    return made


def merged(data: Data, changes: Changes) -> Data:
    """Another writing of the form with those changes whose piece it has not changed itself."""
    still = {
        key: {
            code: change for code, change in codes.items() if mark(data, key, code) == change["was"]
        }
        for key, codes in changes.items()
    }
    return applied(data, still)


def overtaken(data: Data, changes: Changes) -> list[tuple[str, str]]:
    """The questions and areas that say something else now than when their change was written."""
    return [
        (key, code)
        for key, code, change in each(changes)
        if editing.find(data, "questions", key) is None or mark(data, key, code) != change["was"]
    ]


def each(changes: Changes) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every change with its question and its area."""
    for key, codes in changes.items():
        for code, change in codes.items():
            yield key, code, change


def stops(form: Form, key: str) -> bool:
    """Whether an emergency is seen by the answer to this question: then it is asked everywhere."""
    emergencies = (end for end in form.ends if end.kind is EndKind.EMERGENCY)
    return any(key in set(conditions.questions(end.when)) for end in emergencies)
