"""Writes down how callers answered, and what administrators let them be asked."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection, transaction

from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from inbox.models import CallerCheck, QuestionSet
from inbox.questions import EVERYBODY, MOST_TRIES, Asked, Question


class TooManyTries(DomainError):
    """They answered wrongly too often in this contact."""

    code = "caller_asked_too_often"


class NotAskedSo(DomainError):
    """Such questions prove nobody."""

    code = "questions_not_possible"


class QuestionsChanged(DomainError):
    """Somebody else saved them meanwhile."""

    code = "questions_changed"


@transaction.atomic
def write_down(
    *,
    contact: uuid.UUID,
    person: uuid.UUID | None,
    asked: Asked,
    said: Collection[str],
    right: Collection[str],
    viewer: Viewer,
    now: datetime,
) -> None:
    """One try: who asked whom which questions, and whether it was enough; no answer is kept.

    `person` is who they are where it was enough, else None. Raises TooManyTries, writing nothing.
    """
    with connection.cursor() as cursor:
        # Two tries at once are one after the other: neither is free.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [str(contact)])
    if CallerCheck.objects.filter(contact=contact, is_passed=False).count() >= MOST_TRIES:
        raise TooManyTries("They have been asked too often in this contact. Nothing more is shown")
    questions = [one.value for one in asked.questions if one.value in said]
    CallerCheck.objects.create(
        contact=contact,
        person=person,
        agent_id=viewer.id,
        scope=asked.scope,
        asked=questions,
        right=sorted(right) if person is not None else [],
        is_passed=person is not None,
        at=now,
    )
    audit.record(
        "caller.known" if person is not None else "caller.not_known",
        actor=viewer.actor,
        target=f"contact:{contact}",
        at=now,
        data={
            "person": str(person) if person is not None else "",
            "scope": asked.scope,
            "questions": questions,
            "needed": asked.needed,
        },
    )


@transaction.atomic
def choose(
    *,
    scope: str,
    questions: Sequence[str],
    needed: int,
    version: int,
    viewer: Viewer,
    now: datetime,
) -> None:
    """What is asked in a scope from now on, and how many must be right.

    Raises NotAskedSo, and QuestionsChanged where somebody else saved after this page was opened.
    """
    chosen = [one.value for one in Question if one.value in questions]
    if not 2 <= needed <= len(chosen):
        raise NotAskedSo(
            "At least two answers must be right, and no more than there are questions",
        )
    held = QuestionSet.objects.select_for_update().filter(scope=scope).first()
    if (held.version if held is not None else 0) != version:
        raise QuestionsChanged("Somebody else changed these questions. Look at them again")
    row = held or QuestionSet(scope=scope, version=0)
    row.questions, row.needed, row.version = chosen, needed, version + 1
    row.changed_at, row.changed_by = now, viewer.name[:120]
    row.save()
    _audit("security_questions.chosen", scope, viewer, now, {"questions": chosen, "needed": needed})


@transaction.atomic
def remove(*, scope: str, viewer: Viewer, now: datetime) -> None:
    """A scope has no questions of its own any more. Twice changes nothing."""
    if scope != EVERYBODY and QuestionSet.objects.filter(scope=scope).delete()[0]:
        _audit("security_questions.removed", scope, viewer, now, {})


def _audit(action: str, scope: str, viewer: Viewer, now: datetime, data: dict[str, object]) -> None:
    if not viewer.may(Permission.ADMINISTER):
        raise PermissionError(action)
    audit.record(
        action, actor=viewer.actor, target=f"security_questions:{scope}", at=now, data=data
    )
