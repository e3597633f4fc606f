"""One question of a draft as somebody answers it while it is tried at a door."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from kb.forms.schema import PLACES, Kind, Question

_APART = PLACES | {Kind.FILE, Kind.PERSON}
_LINE = {"autocomplete": "off"}


class StepForm(forms.Form):
    """The fields of one question; what was given comes out as `given`."""

    def __init__(self, data: Any, *, question: Question, door: str) -> None:
        super().__init__(data, auto_id="try_%s")
        self.question, self.door = question, door
        self.is_asked = question.kind not in _APART
        self.first = "day" if question.kind is Kind.DATE and door != "sms" else "value"
        if self.is_asked:
            self._begin()

    def _begin(self) -> None:
        one = self.question
        words: dict[str, Any] = {"label": one.words, "help_text": one.hint, "required": False}
        if self.door == "sms":
            self.fields["value"] = forms.CharField(
                **{**words, "label": "Reply", "help_text": ""},
                max_length=400,
                widget=forms.TextInput(attrs=_LINE),
            )
        elif one.kind is Kind.DATE:
            for name, label in (("day", "Day"), ("month", "Month"), ("year", "Year")):
                width = "4" if name == "year" else "2"
                attrs = {**_LINE, "inputmode": "numeric", "class": f"govuk-input--width-{width}"}
                self.fields[name] = forms.CharField(
                    label=label, required=False, max_length=10, widget=forms.TextInput(attrs=attrs)
                )
        elif one.choices:
            several = one.kind is Kind.SEVERAL
            kind = forms.MultipleChoiceField if several else forms.ChoiceField
            widget = forms.CheckboxSelectMultiple if several else forms.RadioSelect
            labels = [
                (each.value, f"{each.words}\n{each.hint}" if each.hint else each.words)
                for each in one.choices
            ]
            self.fields["value"] = kind(**words, choices=labels, widget=widget)
        elif one.kind is Kind.WORDS:
            self.fields["value"] = forms.CharField(
                **words, max_length=4_000, widget=forms.Textarea(attrs={"data-rows": "5"})
            )
        else:
            self.fields["value"] = forms.CharField(
                **words, max_length=400, widget=forms.TextInput(attrs=_LINE)
            )

    def clean(self) -> dict[str, Any]:
        """What was given, as the engine reads it."""
        data: dict[str, Any] = super().clean() or {}
        data["given"] = self._given(data)
        return data

    def _given(self, data: dict[str, Any]) -> Any:
        if not self.is_asked:
            return None
        if self.door == "sms":
            return self._reply(str(data.get("value") or "").strip())
        if self.question.kind is Kind.DATE:
            return _iso([str(data.get(name) or "").strip() for name in ("year", "month", "day")])
        return data.get("value")

    def _reply(self, text: str) -> Any:
        """What a text message answers: numbers stand for choices."""
        one = self.question
        if not text or (text.casefold() == "skip" and not one.required):
            return None
        if one.choices:
            values = [
                one.values[int(number) - 1]
                for number in re.findall(r"[0-9]{1,3}", text)
                if 1 <= int(number) <= len(one.values)
            ]
            return (values if one.kind is Kind.SEVERAL else values[0]) if values else text
        if one.kind is Kind.DATE:
            return _iso(list(reversed(re.findall(r"[0-9]{1,4}", text)[:3])))
        return text


def _iso(parts: list[str]) -> str | None:
    """A date of year, month and day as typed; None where nothing was."""
    if not any(parts):
        return None
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return "-".join(parts)
    return f"{int(parts[0]):04d}-{int(parts[1]):02d}-{int(parts[2]):02d}"
