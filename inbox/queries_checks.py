"""What callers are asked, and how those of one contact answered."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from inbox.models import CallerCheck, QuestionSet
from inbox.questions import EVERYBODY, MOST_TRIES, Asked, Question, asked


@dataclass(frozen=True, slots=True)
class Checked:
    """How callers of one contact answered: what each person got right in a try that they passed,
    and how many tries failed."""

    right: dict[uuid.UUID, frozenset[str]]
    failed: int

    @property
    def tries_left(self) -> int:
        """How often they may still be asked."""
        return max(0, MOST_TRIES - self.failed)

    def has_passed(self, person: uuid.UUID, questions: Asked) -> bool:
        """Whether somebody has answered enough of these questions in this contact."""
        return person in self.right and questions.is_met(self.right[person])


def sets() -> list[Asked]:
    """The questions of each scope for which administrators chose some."""
    return [
        Asked(row.scope, tuple(Question(one) for one in row.questions), row.needed)
        for row in QuestionSet.objects.all()
    ]


def for_service(service: str = "", *, sensitive: bool = False) -> Asked:
    """The questions of a service; without one, everybody's."""
    return asked(sets(), service=service, sensitive=sensitive)


def by_scope(scope: str) -> Asked | None:
    """The questions of a scope as its page names it; None for one that has none of its own."""
    known = {one.scope: one for one in sets()}
    return known.get(scope) or (asked(()) if scope == EVERYBODY else None)


def version(scope: str) -> int:
    """How often the questions of a scope were changed."""
    rows = QuestionSet.objects.filter(scope=scope)
    return rows.values_list("version", flat=True).first() or 0


def of_contact(contact: uuid.UUID) -> Checked:
    """How the callers of a contact answered."""
    right: dict[uuid.UUID, frozenset[str]] = {}
    failed = 0
    for row in CallerCheck.objects.filter(contact=contact):
        if row.is_passed and row.person is not None:
            right[row.person] = right.get(row.person, frozenset()) | set(row.right)
        elif not row.is_passed:
            failed += 1
    return Checked(right, failed)
