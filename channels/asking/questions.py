"""What a service asks, in which order and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import kb.questions
from channels.asking.journey import Journey

if TYPE_CHECKING:
    from kb.forms.schema import Question
    from kb.models import Service

WHERE, WHAT, YOU = "where", "what", "you"
# The step of a question that only this service asks: the prefix and its key.
OWN = "own-"
# Which answers of a journey each of the other questions gives.
FIELDS: Mapping[str, tuple[str, ...]] = {
    WHERE: ("postcode", "address", "nowhere", "uprn", "latitude", "longitude"),
    WHAT: ("description",),
    YOU: ("tell_by", "email", "phone", "name"),
}
_LOCAL_TIERS = frozenset({"district", "town", "all"})


@dataclass(frozen=True, slots=True)
class Where:
    """The words of the place question."""

    title: str
    postcode_hint: str
    address_label: str
    nowhere_label: str


_WHERE = {
    "map": Where(
        "Where is it?",
        "The nearest one you know, for example WR11 4AB",
        "Street, landmark or what it is next to",
        "I do not know the postcode",
    ),
    "address": Where(
        "Which address is it about?",
        "For example WR11 4AB",
        "House number or name, and street",
        "It is not about an address in Worcestershire",
    ),
    "site": Where(
        "Which place is it about?",
        "Of the place, or of your home. For example WR11 4AB",
        "Name of the place",
        "I do not know the postcode",
    ),
    "none": Where(
        "Which council area is it about?",
        "Your postcode tells us. For example WR11 4AB",
        "Address, if it matters",
        "It is not about a place",
    ),
}


def steps(service: Service | None) -> tuple[str, ...]:
    """The questions of a service in their order. One without a place is not asked for one.

    What only this service asks comes first: it decides who must act.
    """
    own = tuple(f"{OWN}{question.key}" for question in kb.questions.of(service))
    if (
        service is not None
        and service.location == "none"
        and service.owner_tier not in _LOCAL_TIERS
    ):
        return (*own, WHAT, YOU)
    return (*own, WHERE, WHAT, YOU)


def own(service: Service | None, step: str) -> Question | None:
    """The service's own question that a step asks; None for every other step."""
    found = kb.questions.of(service) if step.startswith(OWN) else []
    return next((one for one in found if one.key == step.removeprefix(OWN)), None)


def where(service: Service | None) -> Where:
    """How a service asks for the place."""
    return _WHERE[service.location if service is not None else "none"]


_WHO = {
    "county": "The county council",
    "district": "Your district council",
    "town": "Your town or parish council",
    "police": "The police",
    "health": "The health service",
    "all": "The council that it is about",
}


def who(service: Service) -> str:
    """Who deals with a service, before we know the place."""
    return _WHO.get(service.owner_tier, "The hub")


def first_open(journey: Journey, service: Service | None) -> str | None:
    """The first question that has no answer yet; None when all have."""
    return next((step for step in steps(service) if _is_open(journey, service, step)), None)


def _is_open(journey: Journey, service: Service | None, step: str) -> bool:
    """Not answered yet; or answered with what has been taken from the list since."""
    if step not in journey.done:
        return True
    question = own(service, step)
    if question is None:
        return False
    value = journey.answers.get(question.key)
    if value is None:
        return question.required
    return value not in dict(kb.questions.choices(question))


def may_answer(journey: Journey, service: Service | None, step: str) -> bool:
    """Whether the service asks this question, and nothing before it is still open."""
    order, turn = steps(service), first_open(journey, service)
    return step in order and (turn is None or order.index(step) <= order.index(turn))


def known(journey: Journey, step: str) -> dict[str, Any]:
    """What was answered before, for the fields of a step."""
    if step.startswith(OWN):
        return {"answer": journey.answers.get(step.removeprefix(OWN), "")}
    return {field: getattr(journey, field) for field in FIELDS[step]}


def answered(journey: Journey, step: str, data: Mapping[str, Any]) -> Journey:
    """The journey with what a form says in answer to a question."""
    if not step.startswith(OWN):
        return journey.answered(step, **{field: data[field] for field in FIELDS[step]})
    key = step.removeprefix(OWN)
    answers = {one: value for one, value in journey.answers.items() if one != key}
    if data["answer"]:
        answers[key] = data["answer"]
    return journey.answered(step, answers=answers)


def said(journey: Journey, service: Service | None) -> list[tuple[str, str, str]]:
    """Step, question and answer in words, of the service's own questions."""
    return [
        (f"{OWN}{question.key}", question.words, words)
        for question in kb.questions.of(service)
        for value, words in kb.questions.choices(question)
        if value == journey.answers.get(question.key)
    ]


def urgent(service: Service | None) -> str:
    """What to do instead of writing, where waiting could hurt somebody."""
    if service is None:
        return ""
    if service.slug == "homelessness":
        return "If you have nowhere to sleep tonight, do not wait for an answer here: call us now."
    if service.out_of_hours == "dangerous":
        return "If it could hurt someone now, call us at once. If a life is in danger, call 999."
    if service.slug == "council-house-repair":
        return "If there is gas, fire or flood, do not use this form: call us now."
    if service.out_of_hours == "emergency" or service.owner_tier == "police":
        return "If someone is in danger now, call 999. Do not use this form."
    return ""
