"""What a link knows already: `a.KEY=VALUE` answers of the form, and `postcode`.

Each is read as if it had been typed. What is no answer is left out: a link that is wrong asks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django.http import QueryDict

from accounts import areas
from channels.asking import questions
from channels.asking.journey import Journey
from core.errors import DomainError
from kb.forms import answers
from kb.forms.schema import Answer, Kind, Question

if TYPE_CHECKING:
    from kb.models import Service

_PREFIX: Final = "a."
_LONGEST: Final = 4_000


def filled(journey: Journey, service: Service | None, given: QueryDict) -> Journey:
    """A fresh journey with what its link knew; questions that it answered are not asked again."""
    if not any(key.startswith(_PREFIX) or key == "postcode" for key in given):
        return journey
    journey = replace(journey, postcode=_postcode(given) or journey.postcode)
    asking = questions.of(journey, service)
    known = dict(journey.answers)
    for question in asking.form.own:
        values = given.getlist(_PREFIX + question.key)
        if values and (answer := _read(question, values, asking)):
            known[question.key] = answer
    done = (*journey.done, *(key for key in known if key not in journey.done))
    return replace(journey, answers=known, done=done)


def _read(question: Question, values: list[str], asking: questions.Asking) -> Answer | None:
    given = values if question.kind is Kind.SEVERAL else values[-1]
    if any(len(value) > _LONGEST for value in values):
        return None
    try:
        return answers.read(question, given, today=asking.today)
    except answers.NotAnAnswer:
        return None


def _postcode(given: QueryDict) -> str:
    text = given.get("postcode", "")[:30]
    if not text or "\x00" in text:
        return ""
    try:
        return areas.lookup(text).postcode
    except DomainError:
        return ""
