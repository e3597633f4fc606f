"""Decides what is said another way when a message failed, and what is worth a letter."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from customers.ways import EMAIL, LETTER, SMS
from enquiries.models import TellingRule
from enquiries.queries.ways import events_of_rules


class NotYours(DomainError):
    """Only administrators of the hub decide this."""

    code = "telling_rules_not_yours"


def _begin(viewer: Viewer, organisation_id: int | None) -> None:
    """Two who decide for the same body at once come one after the other."""
    if not viewer.may(Permission.ADMINISTER):
        raise NotYours("Only administrators of the hub decide this")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x7E11, organisation_id or 0])


def _rules(organisation_id: int | None) -> QuerySet[TellingRule]:
    if organisation_id is None:
        return TellingRule.objects.filter(organisation=None)
    return TellingRule.objects.filter(organisation_id=organisation_id)


@transaction.atomic
def decide(
    *,
    viewer: Viewer,
    organisation_id: int | None,
    again: Collection[str],
    letter: Collection[str],
    now: datetime,
) -> None:
    """Sets every rule of an organisation, or of the partnership (None). Raises NotYours."""
    _begin(viewer, organisation_id)
    _rules(organisation_id).delete()
    TellingRule.objects.bulk_create(
        TellingRule(
            organisation_id=organisation_id, event=event, medium=medium, is_allowed=event in chosen
        )
        for event in events_of_rules()
        for medium, chosen in ((SMS, again), (EMAIL, again), (LETTER, letter))
    )
    _written(viewer, organisation_id, now, again=sorted(again), letter=sorted(letter))


@transaction.atomic
def take_over(*, viewer: Viewer, organisation_id: int | None, now: datetime) -> None:
    """Back to the partnership's rules; the partnership to the product's. Raises NotYours."""
    _begin(viewer, organisation_id)
    if _rules(organisation_id).delete()[0]:
        _written(viewer, organisation_id, now)


def _written(viewer: Viewer, organisation_id: int | None, now: datetime, **data: list[str]) -> None:
    audit.record(
        "telling.rules_decided" if data else "telling.rules_taken_over",
        actor=viewer.actor,
        target=f"organisation:{organisation_id or 'all'}",
        at=now,
        data=dict(data),
    )
