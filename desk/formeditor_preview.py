"""How a question or an end looks at each door: what the pictures beside an editor's form show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import kb.queries_articles
import notifications.queries
from kb.forms import explained, reading
from kb.forms.reading import BadForm
from kb.forms.schema import Choice, End, Kind, Question
from notifications import gsm

if TYPE_CHECKING:
    from desk.forms_formeditor import EndForm, QuestionForm
    from kb.models import Service

SCREEN = 5
_EXAMPLE = "WH7-K3MP-4X"
SHAPES = {
    Kind.TEXT: "line",
    Kind.NUMBER: "line",
    Kind.WORDS: "lines",
    Kind.CHOICE: "one",
    Kind.YES_NO: "one",
    Kind.SEVERAL: "some",
    Kind.DATE: "date",
    Kind.ADDRESS: "place",
    Kind.PLACE: "place",
    Kind.FILE: "file",
    Kind.PERSON: "person",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A text message: its words, its characters and how many parts it takes."""

    words: str
    units: int
    segments: int
    encoding: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One question or end at each door."""

    question: Question | None
    end: End | None
    shape: str
    screens: tuple[tuple[Choice, ...], ...]
    text: Text


def message(words: str) -> Text:
    """A text message as it would be sent."""
    plain = gsm.plain(words)
    size = gsm.measure(plain)
    return Text(plain, size.units, size.segments, size.encoding)


def replies(service: Service) -> tuple[Text, Text | None]:
    """What a text about a service is answered with today: who reports, and who asks what is known.

    What depends on the place and the day stands in brackets.
    """
    said = {
        "reference": _EXAMPLE,
        "owner": "[Who deals with it]",
        "promised": "[the promised day]",
        "danger": "",
        "stopped": "",
    }

    def reply(hint: str) -> Text:
        return message(
            notifications.queries.would_say(
                event="sms_received", medium="sms", context={**said, "hint": hint}
            )
        )

    short = kb.queries_articles.short_for(service.slug)
    return reply(""), reply(short) if short else None


def of_question(one: Question) -> Seen:
    """A question at each door; on a kiosk its choices go over several screens."""
    screens = tuple(one.choices[at : at + SCREEN] for at in range(0, len(one.choices), SCREEN))
    return Seen(one, None, SHAPES[one.kind], screens, message(explained.as_text(one)))


def of_end(one: End) -> Seen:
    """An end at each door."""
    return Seen(None, one, "end", (), message(explained.end_as_text(one)))


def of_row(part: str, row: dict[str, Any] | None) -> Seen | None:
    """What a question or end of a draft looks like; its condition does not show."""
    if row is None:
        return None
    try:
        if part == "questions":
            plain = {key: value for key, value in row.items() if key != "when"}
            return of_question(reading.form({"questions": [plain]}).questions[0])
        asked = {"key": "asked", "type": "text", "words": "Asked?"}
        end = {**row, "when": {"missing": "asked"}}
        return of_end(reading.form({"questions": [asked], "ends": [end]}).ends[0])
    except BadForm:
        return None


def of_form(form: QuestionForm | EndForm, taken: Sequence[str]) -> Seen | None:
    """What stands in a form, as far as it can be read already."""
    form.is_valid()
    said = dict(form.cleaned_data)
    for name in form.fields:
        form.cleaned_data.setdefault(name, "" if name not in ("least", "most") else None)
    try:
        row = form.data_of(taken)
    except (ValueError, KeyError):
        return None
    finally:
        form.cleaned_data = said
    return of_row("questions" if "type" in row else "ends", row)
