"""What staff write to the citizen of a case: by which ways, with which facts, how it arrives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation

import notifications.queries
from accounts.permissions import Viewer
from core.days import written
from customers.queries import PersonRow
from customers.ways import EMAIL, LETTER, SMS, WHY_WORDS, Way
from enquiries.models import Enquiry
from enquiries.queries import text_out, ways
from enquiries.queries.previews import LINK
from notifications import queries_texts
from notifications.queries_texts import Measured

CALL = "call"
MEDIUM_WORDS = {EMAIL: "Email", SMS: "Text message", LETTER: "Letter", CALL: "Telephone call"}
_FACT = re.compile(r"\{([a-z_]{1,20})\}")


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
        return f"{name} to {self.to}"


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways that are open, the best first, and why others are not."""

    open: tuple[Choice, ...]
    why_not: tuple[str, ...]


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
    why_not = []
    if decision.why_none is not None:
        why_not.append(WHY_WORDS[decision.why_none])
    elif all(one.medium != SMS for one in found):
        why_not.append(text_out.number_of(enquiry).why_not)
    return Ways(tuple(found), tuple(one for one in why_not if one))


def _choice(way: Way) -> Choice:
    to = ", ".join(way.postal) if way.medium == LETTER else way.to
    return Choice(way.medium, to, WHY_WORDS[way.why], way.postal, way.large_print)


def facts(viewer: Viewer, enquiry: Enquiry, person: PersonRow | None) -> dict[str, str]:
    """What kept words may name, as it stands in this case; "" for what it has not."""
    return {
        "name": person.name if person is not None else "",
        "reference": enquiry.reference,
        "service": enquiry.service.name if enquiry.service else "",
        "owner": enquiry.owner.name if enquiry.owner else "Worcestershire Hub",
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
    return _FACT.sub(lambda one: known.get(one[1]) or one[0], words)


def unfilled(words: str, known: Mapping[str, str]) -> list[str]:
    """The facts that words name and that the case has not."""
    return [one for one in dict.fromkeys(_FACT.findall(words)) if one in known]


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
