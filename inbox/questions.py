"""What callers are asked before they are told what we know of somebody. Pure.

Only what somebody gave us themselves and so knows that we hold: nothing that staff or others wrote
about them is ever a question. Which are asked is chosen by administrators, for everybody, for
sensitive services, or for one service.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Question(StrEnum):
    """A question whose answer somebody gave us, and can give again."""

    NAME = "name"
    POSTCODE = "postcode"
    STREET = "street"
    EMAIL = "email"
    PHONE = "phone"
    REFERENCE = "reference"
    LAST_CONTACT = "last_contact"


WORDS: dict[Question, str] = {
    Question.NAME: "Full name, as they say it",
    Question.POSTCODE: "Home postcode",
    Question.STREET: "House number or name, and street",
    Question.EMAIL: "Email address that they gave us",
    Question.PHONE: "Another phone number that they gave us",
    Question.REFERENCE: "Reference of an enquiry of theirs",
    Question.LAST_CONTACT: "Day on which they were last in touch",
}
EVERYBODY, SENSITIVE, _SERVICE = "everybody", "sensitive", "service:"
# A row of guesses is no proof: after so many the questions are over for this contact.
MOST_TRIES = 3
# A day is remembered roughly.
ABOUT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a scope, in order, and how many of them must be right."""

    scope: str
    questions: tuple[Question, ...]
    needed: int

    def is_met(self, right: Collection[str]) -> bool:
        """Whether these right answers are enough."""
        return sum(one.value in right for one in self.questions) >= self.needed


# What is asked until an administrator says otherwise.
DEFAULT = Asked(EVERYBODY, (Question.NAME, Question.POSTCODE), 2)


def of_service(slug: str) -> str:
    """The scope of one service."""
    return f"{_SERVICE}{slug}"


def service_of(scope: str) -> str:
    """The service whose scope it is; "" for the scopes of several."""
    return scope.removeprefix(_SERVICE) if scope.startswith(_SERVICE) else ""


def asked(sets: Iterable[Asked], *, service: str = "", sensitive: bool = False) -> Asked:
    """The questions of a service: its own, else those of sensitive ones, else everybody's."""
    known = {one.scope: one for one in sets}
    scopes = [of_service(service)] if service else []
    for scope in [*scopes, *([SENSITIVE] if sensitive else []), EVERYBODY]:
        if scope in known:
            return known[scope]
    return DEFAULT
