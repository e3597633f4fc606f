"""Two rows of people that are one: what they asked goes with them, and comes back.

The people change at once, in one transaction that holds no enquiry. Their enquiries follow one by
one, by a promise that may be carried out again: nobody waits in a ring, and what was being raised
for the one who went is fetched a little later. Contacts stay with whom they were written down for:
the ledger says who is who, and since when (measures.md, R51).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

import customers.actions_merge
import customers.queries
import customers.queries_merges
from accounts.permissions import Viewer
from core import outbox
from core.audit import SYSTEM
from customers import merging
from enquiries import events
from enquiries.actions import recounts
from enquiries.events import EventType
from enquiries.lifecycle import LIVE
from enquiries.models import Enquiry
from enquiries.queries.access import NoSuchCase, canonical

TASK: Final = "enquiries.settle_merge"
# All merges in order: a merge of a merge is undone before the merge below it.
LANE: Final = "merges"
# Whoever was writing for the person who went has ended by then.
STRAGGLERS: Final = timedelta(seconds=90)


@transaction.atomic
def merge(
    *, viewer: Viewer, kept: uuid.UUID, gone: uuid.UUID, take: Collection[str], why: str,
    now: datetime,
) -> uuid.UUID:  # fmt: skip
    """Reads `gone` into `kept`; the merge, by which it can be undone. Twice is once.

    Raises NoSuchPerson, NotTwo, WhyMissing.
    """
    pair = customers.actions_merge.merge(
        viewer=viewer, kept=kept, gone=gone, take=take, why=why, now=now
    )
    if pair.is_new:
        args = {"merge": pair.merge_id}
        outbox.ring(TASK, key=f"{TASK}:{pair.merge_id}", args=args, lane=LANE)
        outbox.ring(TASK, key=f"{TASK}:{pair.merge_id}:late", args=args, due_at=now + STRAGGLERS)
    return pair.public_id


@transaction.atomic
def unmerge(
    *, viewer: Viewer, merge: uuid.UUID, why: str, are_two: bool = True, now: datetime
) -> bool:
    """Takes them apart again; False where that was done already. `are_two`: nobody is asked again.

    Raises NoSuchPerson, NotTwo, WhyMissing.
    """
    parted = customers.actions_merge.unmerge(
        viewer=viewer, merge=merge, why=why, are_two=are_two, now=now
    )
    if parted is None:
        return False
    _tell_apart(parted.merge_id)
    args = {"merge": parted.merge_id}
    outbox.ring(TASK, key=f"{TASK}:{parted.merge_id}:back", args=args, lane=LANE)
    return True


@transaction.atomic
def give(*, viewer: Viewer, merge: uuid.UUID, reference: str, now: datetime) -> bool:
    """What came in while two were one, and stayed, is the other's; False where it is already.

    Raises NoSuchPerson, NoSuchCase.
    """
    pair = customers.queries_merges.undone(viewer, merge)
    found = Enquiry.objects.filter(reference=canonical(reference), pk__in=pair.since).first()
    if found is None:
        raise NoSuchCase("There is no enquiry with that reference")
    enquiry = events.locked(found.pk)
    if enquiry.person_id != pair.kept_id:
        return False
    enquiry.person_id = pair.gone_id
    enquiry.save(update_fields=["person"])
    events.record(enquiry, EventType.PERSON_UNMERGED, actor=viewer.actor, at=now, by=viewer.name)
    return True


@transaction.atomic
def _tell_apart(merge_id: int) -> None:
    """What came in since they were merged: through the other's contacts it is theirs and goes back
    with them, also what was being raised while they were taken apart; of the rest nobody knows, and
    somebody has to look."""
    pair = customers.queries_merges.pair(merge_id)
    came = Enquiry.objects.filter(person_id=pair.kept_id, received_at__gt=pair.at)
    came = came.exclude(pk__in=pair.enquiries)
    rest = came
    if pair.undone_at is not None:
        came = came.filter(received_at__lte=pair.undone_at + STRAGGLERS)
        rest = came.filter(received_at__lte=pair.undone_at)
    own, theirs = (customers.queries.digests(one) for one in (pair.kept_id, pair.gone_id))
    written = Q(first_contact__agent=None, first_contact__address_hash__in=sorted(theirs - own))
    through = came.filter(Q(first_contact__person_id=pair.gone_id) | written)
    ids = list(through.values_list("pk", flat=True))
    customers.actions_merge.hung_on(merge_id=merge_id, table="enquiries", ids=ids)
    stays = list(rest.exclude(pk__in=ids).values_list("pk", flat=True))
    customers.actions_merge.hung_on(merge_id=merge_id, table="since", ids=stays)


def settle(*, merge_id: int, now: datetime) -> int:
    """Brings the enquiries where the merge, or its end, says; how many moved. Each by itself, so
    that it can be killed and done again."""
    moved = 0
    pair = customers.queries_merges.pair(merge_id)
    if pair.is_undone:
        _tell_apart(merge_id)
        pair = customers.queries_merges.pair(merge_id)
        for enquiry_id in pair.enquiries:
            moved += _move_one(enquiry_id, merge_id, is_back=True, now=now)
        _say_what_stays(merge_id)
        return moved
    waiting = Enquiry.objects.filter(person_id=pair.gone_id).order_by("pk")
    for enquiry_id in list(waiting.values_list("pk", flat=True)):
        moved += _move_one(enquiry_id, merge_id, is_back=False, now=now)
    above = customers.queries_merges.above(merge_id)
    if above is not None:
        return moved + settle(merge_id=above, now=now)
    if customers.queries.by_id(pair.kept_id).is_vulnerable:
        _sooner(pair.kept_id, now)
    return moved


@transaction.atomic
def _move_one(enquiry_id: int, merge_id: int, *, is_back: bool, now: datetime) -> int:
    # Held first: who undoes it meanwhile waits, or has ended and is seen.
    pair = customers.queries_merges.pair(merge_id, held=True)
    whose, to = (pair.kept_id, pair.gone_id) if is_back else (pair.gone_id, pair.kept_id)
    enquiry = events.locked(enquiry_id)
    if pair.is_undone is not is_back or enquiry.person_id != whose:
        return 0
    enquiry.person_id = to
    enquiry.save(update_fields=["person"])
    kind = EventType.PERSON_UNMERGED if is_back else EventType.PERSON_MERGED
    events.record(enquiry, kind, actor=SYSTEM, at=now, by=pair.undone_by if is_back else pair.by)
    if not is_back:
        customers.actions_merge.hung_on(merge_id=merge_id, table="enquiries", ids=[enquiry_id])
    return 1


@transaction.atomic
def _say_what_stays(merge_id: int) -> None:
    pair = customers.queries_merges.pair(merge_id, held=True)
    back = Enquiry.objects.filter(pk__in=pair.enquiries, person_id=pair.gone_id).count()
    if back < len(pair.enquiries):
        words = merging.not_back("enquiries", len(pair.enquiries) - back)
        customers.actions_merge.not_put_back(merge_id=merge_id, words=[words])


def _sooner(person_id: int, now: datetime) -> None:
    live = [status.value for status in LIVE]
    rows = Enquiry.objects.filter(person_id=person_id, status__in=live).order_by("pk")
    for enquiry_id in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            enquiry = events.locked(enquiry_id)
            recounts.shorten(enquiry, "somebody who needs it sooner", actor=SYSTEM, now=now)
