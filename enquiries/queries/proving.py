"""Whether a caller says what they gave us, and which questions an enquiry's service asks first."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import customers.calling
import inbox.queries_checks
from accounts.permissions import Viewer
from core import references
from customers.calling import Given
from enquiries.clocks import london_date
from enquiries.models import Contact, Enquiry
from inbox.questions import ABOUT_DAYS, Asked, Question, asked


@dataclass(frozen=True, slots=True)
class Said:
    """What a caller says: an answer to each question, and the number that rings."""

    answers: Mapping[str, str]
    rings: str
    now: datetime


def right(said: Said, person: Given) -> frozenset[str]:
    """The questions that somebody answered as we have it."""
    return frozenset(
        name
        for name, words in said.answers.items()
        if words.strip() and _CHECKS[Question(name)](said, person, words)
    )


def _reference(_said: Said, person: Given, words: str) -> bool:
    try:
        reference = references.parse(words)
    except references.BadReference:
        return False
    return Enquiry.objects.filter(reference=reference, person_id=person.id).exists()


def _last_contact(said: Said, person: Given, words: str) -> bool:
    """Whether they were last in touch about that day, before this contact."""
    rows = Contact.objects.filter(person_id=person.id, ended_at__lt=said.now)
    last = rows.order_by("-started_at").values_list("started_at", flat=True).first()
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return False
    return last is not None and abs(london_date(last) - day) <= timedelta(days=ABOUT_DAYS)


_CHECKS: Mapping[Question, Callable[[Said, Given, str], bool]] = {
    Question.NAME: lambda _said, person, words: person.is_name(words),
    Question.POSTCODE: lambda _said, person, words: person.is_postcode(words),
    Question.STREET: lambda _said, person, words: person.is_street(words),
    Question.EMAIL: lambda _said, person, words: person.is_email(words),
    Question.PHONE: lambda said, person, words: person.is_phone(words, rings=said.rings),
    Question.REFERENCE: _reference,
    Question.LAST_CONTACT: _last_contact,
}


def who_says(
    viewer: Viewer, people: Iterable[uuid.UUID], said: Said, questions: Asked
) -> tuple[Given | None, frozenset[str]]:
    """Of these people, who answered enough of the questions; with the most that was right."""
    best: tuple[Given | None, frozenset[str]] = (None, frozenset())
    for person in customers.calling.given(viewer, people):
        found = right(said, person)
        if questions.is_met(found):
            return person, found
        best = max(best, (None, found), key=lambda one: len(one[1]))
    return best


def scopes(enquiry_references: Sequence[str]) -> dict[str, Asked]:
    """The questions that stand before each enquiry, by its reference."""
    sets = inbox.queries_checks.sets()
    rows = Enquiry.objects.filter(reference__in=list(enquiry_references))
    return {
        reference: asked(sets, service=slug or "", sensitive=bool(is_sensitive))
        for reference, slug, is_sensitive in rows.values_list(
            "reference", "service__slug", "service__sensitive"
        )
    }
