"""What staff write to the citizen of a case: by which ways, with which facts, how it arrives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils import translation

import notifications.queries
from accounts.permissions import Viewer
from core.days import written
from customers import contact
from customers.queries import PersonRow
from customers.ways import EMAIL, LETTER, SMS, WHY_WORDS, Way, Why
from enquiries.models import Enquiry
from enquiries.queries import text_out, ways
from enquiries.queries.previews import LINK
from notifications import queries_texts
from notifications.queries_texts import Measured

CALL = "call"
MEDIUM_WORDS = {EMAIL: "Email", SMS: "Text message", LETTER: "Letter", CALL: "Telephone call"}
_FACT = re.compile(r"\{\s*([a-zA-Z_]{1,20})\s*\}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to say it: where it leads, and why it is offered. The first is the best."""

    medium: str
    to: str
    why: str
    postal: tuple[str, ...] = ()
    large_print: bool = False

    @property
    def words(self) -> str:
        """The way as who chooses reads it."""
        name = MEDIUM_WORDS[self.medium]
        if self.medium == LETTER:
            return f"{name}{' in large print' if self.large_print else ''} to {self.to}"
        return f"{name} to {contact.shown(self.to) if self.medium in (SMS, CALL) else self.to}"


@dataclass(frozen=True)
class Ways:
    """All ways that are open, the best first."""

    enquiry: Enquiry
    open: tuple[Choice, ...]
    why_none: Why | None

    @cached_property
    def why_not(self) -> tuple[str, ...]:
        """Why others are not; read when it is shown, for who sends words needs none of it."""
        if self.why_none is not None:
            said = WHY_WORDS[self.why_none]
        elif all(one.medium != SMS for one in self.open):
            said = text_out.number_of(self.enquiry).why_not
        else:
            said = ""
        return (said,) if said else ()


def ways_to(enquiry: Enquiry, person: PersonRow | None) -> Ways:
    """By which ways the citizen of a case may be told. What they need is obeyed."""
    decision, whose = ways.ways_of(enquiry), ways.speaks_for(enquiry)
    found = [
        _choice(way) for way in decision.ways if notifications.queries.is_carried(way.medium, whose)
    ]
    phones = person.phones if person is not None else ()
    if phones:
        why = WHY_WORDS[decision.why_none] if decision.must_ring and decision.why_none else ""
        found.append(Choice(CALL, phones[0], why or "somebody rings them and says it"))
    return Ways(enquiry, tuple(found), decision.why_none)


def _choice(way: Way) -> Choice:
    to = ", ".join(way.postal) if way.medium == LETTER else way.to
    return Choice(way.medium, to, WHY_WORDS[way.why], way.postal, way.large_print)


def facts(viewer: Viewer, enquiry: Enquiry, person: PersonRow | None) -> dict[str, str]:
    """What kept words may name, as it stands in this case; "" for what it has not. Macros and rules
    name the same (teamwork.filling): words that are taken from the one to the other are filled."""
    owner = enquiry.owner.name if enquiry.owner else "Worcestershire Hub"
    return {
        "name": person.name if person is not None else "",
        "reference": enquiry.reference,
        "service": enquiry.service.name if enquiry.service else "",
        "owner": owner,
        "organisation": owner,
        "team": enquiry.team.name if enquiry.team else "",
        "promised": _day(enquiry.promised_on, enquiry.language),
        "expected": _day(enquiry.expected_on, enquiry.language),
        "place": enquiry.address or enquiry.postcode,
        "agent": viewer.name,
    }


def _day(day: date | None, language: str) -> str:
    with translation.override(language):
        return written(day, "l j E") if day else ""


def filled(words: str, known: Mapping[str, str]) -> str:
    """Words with the facts that they name; what the case has not stays as it was written."""
    return _FACT.sub(lambda one: known.get(one[1].lower()) or one[0], words)


def unfilled(words: str, known: Mapping[str, str]) -> list[str]:
    """The facts that words name and that the case has not."""
    return [one for one in dict.fromkeys(map(str.lower, _FACT.findall(words))) if one in known]


@dataclass(frozen=True, slots=True)
class Arrives:
    """The very message: where it goes, its subject and words; of a text, how it travels."""

    medium: str
    to: str
    subject: str
    words: str
    postal: tuple[str, ...] = ()
    large_print: bool = False
    measured: Measured | None = None


def arrives(
    enquiry: Enquiry, way: Choice, *, event: str, words: str, with_link: bool, now: datetime
) -> Arrives:
    """How words would arrive by a way. Nothing is written or sent."""
    if way.medium == SMS and event == "replied":
        size = text_out.measured(enquiry, words, with_link=with_link, now=now)
        return Arrives(SMS, way.to, "", size.words, measured=size)
    medium = SMS if way.medium == CALL else way.medium
    context = {
        "reference": enquiry.reference,
        "service": enquiry.service.name if enquiry.service else "",
        "owner": enquiry.owner.name if enquiry.owner else "Worcestershire Hub",
        "track_url": LINK,
        "words": words,
        "question": words,
    }
    read = queries_texts.would_read(
        event=event,
        medium=medium,
        context=context,
        language=enquiry.language,
        organisation=ways.speaks_for(enquiry),
    )
    return Arrives(way.medium, way.to, read.subject, read.body, way.postal, way.large_print)
