"""What a service asks, in which order and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from channels.asking.journey import Journey

if TYPE_CHECKING:
    from kb.models import Service

WHERE, WHAT, YOU = "where", "what", "you"
# Which answers of a journey each question gives.
FIELDS: Mapping[str, tuple[str, ...]] = {
    WHERE: ("postcode", "address", "nowhere"),
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
    """The questions of a service in their order. One without a place is not asked for one."""
    if (
        service is not None
        and service.location == "none"
        and service.owner_tier not in _LOCAL_TIERS
    ):
        return (WHAT, YOU)
    return (WHERE, WHAT, YOU)


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
    return next((step for step in steps(service) if step not in journey.done), None)


def may_answer(journey: Journey, service: Service | None, step: str) -> bool:
    """Whether the service asks this question, and nothing before it is still open."""
    order, turn = steps(service), first_open(journey, service)
    return step in order and (turn is None or order.index(step) <= order.index(turn))


def answers(step: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says in answer to a question."""
    return {field: data[field] for field in FIELDS[step]}


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
