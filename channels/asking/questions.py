"""What a journey asks, in the words of this service; the rules of it are kb.asking's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

import kb.queries
import kb.questions
from channels.asking.journey import Journey
from kb.asking import (
    ABOUT,
    FIELDS,
    FILES,
    WHAT,
    WHERE,
    YOU,
    Asking,
    is_home,
    known,
    of,
    role,
    version_of,
)
from kb.forms.schema import Kind, Question

if TYPE_CHECKING:
    from kb.models import Service

__all__ = [
    "ABOUT",
    "FIELDS",
    "FILES",
    "WHAT",
    "WHERE",
    "YOU",
    "Asking",
    "Where",
    "first_open",
    "is_home",
    "known",
    "of",
    "role",
    "urgent",
    "version_of",
    "wants_files",
    "where",
    "who",
]


def wants_files(journey: Journey) -> bool:
    """Whether the form of a journey asks for files, at doors that can take some."""
    service = kb.queries.service(journey.service) if journey.service else None
    form = kb.questions.asked(service, journey.form_id).form
    return any(question.kind is Kind.FILE for question in form.questions)


def first_open(journey: Journey, service: Service | None) -> str | None:
    """The key of the first question that has no answer yet; None when all have."""
    turn = of(journey, service).first_open
    return turn.key if turn is not None else None


@dataclass(frozen=True, slots=True)
class Where:
    """The words of the place question."""

    title: str
    postcode_hint: str
    address_label: str
    nowhere_label: str


def _place_words(location: str) -> Where:
    if location == "map":
        return Where(
            _("Where is it?"),
            _("The nearest one you know, for example WR11 4AB"),
            _("Street, landmark or what it is next to"),
            _("I do not know the postcode"),
        )
    if location == "address":
        return Where(
            _("Which address is it about?"),
            _("For example WR11 4AB"),
            _("House number or name, and street"),
            _("It is not about an address in Worcestershire"),
        )
    if location == "site":
        return Where(
            _("Which place is it about?"),
            _("Of the place, or of your home. For example WR11 4AB"),
            _("Name of the place"),
            _("I do not know the postcode"),
        )
    return Where(
        _("Which council area is it about?"),
        _("Your postcode tells us. For example WR11 4AB"),
        _("Address, if it matters"),
        _("It is not about a place"),
    )


def where(service: Service | None, question: Question | None = None) -> Where:
    """How a service asks for the place; with a question, in its words."""
    found = _place_words(service.location if service is not None else "none")
    return replace(found, title=question.words) if question is not None else found


def who(service: Service) -> str:
    """Who deals with a service, before we know the place."""
    known = {
        "county": _("The county council"),
        "district": _("Your district council"),
        "town": _("Your town or parish council"),
        "police": _("The police"),
        "health": _("The health service"),
        "all": _("The council that it is about"),
    }
    return known.get(service.owner_tier, _("The hub"))


def urgent(service: Service | None) -> str:
    """What to do instead of writing, where waiting could hurt somebody."""
    if service is None:
        return ""
    if service.slug == "homelessness":
        return _(
            "If you have nowhere to sleep tonight, do not wait for an answer here: call us now."
        )
    if service.out_of_hours == "dangerous":
        return _(
            "If a life is in danger, call 999. If it could hurt someone, say so: it goes first."
        )
    if service.slug == "council-house-repair":
        return _("If you smell gas, call 0800 111 999. If there is a fire, call 999.")
    if service.out_of_hours == "emergency" or service.owner_tier == "police":
        return _("If someone is in danger now, call 999. Do not use this form.")
    return ""
