"""Taking the next best case: whoever asks gets one, and no two people get the same."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import BigIntegerField, F, Func, IntegerField, Value

from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries import events
from enquiries.actions import assignments, once
from enquiries.lifecycle import LIVE
from enquiries.models import Enquiry, Receipt
from enquiries.queries import next_best
from enquiries.queries.next_best import Candidate, Fit, NextCase
from enquiries.queries.queue_filters import FREE
from enquiries.queries.queue_names import Names, names

# Of those that others hold at this moment the next ones are weighed, so many times.
_ROUNDS = 5
_KEYS = ArrayField(BigIntegerField())


class NothingWaits(DomainError):
    code = "nothing_waits"


class HandsFull(DomainError):
    code = "hands_full"


@transaction.atomic
def take_next(
    *,
    viewer: Viewer,
    fit: Fit,
    known: Names | None = None,
    most: int | None,
    opened: Collection[str],
    key: str,
    now: datetime,
    ahead: Callable[[str], object] = str,
) -> NextCase:
    """The viewer takes the best case that nobody has. The same `key` again says the same case.

    `most` is how many they may have in hand; `opened` are references that somebody has open, which
    come last; `ahead` is told which it will be, as it still is. Raises NothingWaits, HandsFull.
    """
    known = known or names()
    receipt = once.receipt(channel="desk", external_id=f"next:{key}", now=now)
    if receipt is None:
        return _taken_before(key, fit, known, now)
    _check(viewer, most)
    tried: set[int] = set()
    for _ in range(_ROUNDS):
        found = next_best.weighed(viewer, fit, known, without=tried)
        if not found:
            break
        ranked = next_best.ranked(found, fit, known, now=now, opened=opened)
        one = _hold_first(ranked)
        if one is not None:
            ahead(one.reference)
            assignments.give(events.locked(one.pk), viewer, now=now)
            Receipt.objects.filter(pk=receipt).update(references=[one.reference])
            return next_best.said(one, fit, known, now=now)
        tried |= {candidate.pk for candidate in found}
    raise NothingWaits("Nothing waits for somebody to take it. What comes in next is yours to take")


def _hold_first(ranked: list[Candidate]) -> Candidate | None:
    """The best of them that nobody holds at this moment and nobody has by now, held.

    Those before it are passed over without waiting; only the one is locked.
    """
    keys = [one.pk for one in ranked]
    place = Func(
        Value(keys, output_field=_KEYS),
        F("pk"),
        function="array_position",
        output_field=IntegerField(),
    )
    held = (
        Enquiry.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .filter(pk__in=keys, status__in=FREE, assignee__isnull=True)
        .order_by(place)
        .values_list("pk", flat=True)
        .first()
    )
    return next((one for one in ranked if one.pk == held), None)


def _check(viewer: Viewer, most: int | None) -> None:
    """Raises HandsFull for who has as many in hand as they should."""
    if most is None:
        return
    mine = Enquiry.objects.filter(status__in=list(LIVE), assignee_id=viewer.id)
    if len(mine.values_list("pk", flat=True)[:most]) >= most:
        raise HandsFull(
            f"You have {most} in hand, as many as was agreed for you. Finish one or put one back"
        )


def _taken_before(key: str, fit: Fit, known: Names, now: datetime) -> NextCase:
    """What the first press of the same button took."""
    row = Receipt.objects.get(channel="desk", external_id=f"next:{key}")
    case = Enquiry.objects.filter(reference__in=row.references)
    found = next_best.read(case).first()
    if found is None:
        raise NothingWaits("Nothing waits for somebody to take it")
    return next_best.said(Candidate(*found), fit, known, now=now)
