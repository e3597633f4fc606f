"""The same act on many cases: looked at first, then done case by case in the background.

What would happen is found out by doing it and taking it back: nothing else knows all the rules.
Each case has a transaction of its own, in which its act and the mark that it is done stand or fall
together: killed anywhere, the next run goes on with the next case.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

import accounts.queries
from accounts.permissions import Viewer
from core import outbox
from core.errors import DomainError
from core.sealing import seal, unseal
from teamwork import actions_undo
from teamwork.models import BulkState, ItemState, Together, TogetherItem
from teamwork.queries_together import PURPOSE
from teamwork.scopes import Asked
from teamwork.together_acts import ACTS, Act

MOST = 500
# So many are looked at while somebody waits for the page; more are looked at in the background.
AT_ONCE = 25
# A task ends long before it would be ended (hub.celery_settings); the next one goes on.
LONGEST = timedelta(seconds=25)
LEASE_SECONDS = 120
# The whole run is taken back within ten seconds of its end: so long nobody hears of its first case.
HELD = timedelta(minutes=2)
KEPT = timedelta(days=30)


LOOKING, RUNNING = BulkState.LOOKING.value, BulkState.RUNNING.value
BACKING = BulkState.BACKING.value


class TogetherRefused(DomainError):
    code = "together_refused"


class NoSuchTogether(DomainError):
    code = "no_such_together"


class _TakenBack(Exception):
    """Ends a transaction that was only to show what it would do."""


def choose(
    *,
    viewer: Viewer,
    key: uuid.UUID,
    act: str,
    references: Sequence[str],
    data: Mapping[str, str],
    query: str,
    now: datetime,
) -> None:
    """Keeps what was chosen, and looks at what would happen to each. The key of the form is its
    own: sent twice, it is chosen once. Raises TogetherRefused."""
    chosen = list(dict.fromkeys(references))
    known = ACTS.get(act)
    if known is None or not viewer.may(known.permission):
        raise TogetherRefused("You may not do this")
    if not chosen:
        raise TogetherRefused("Choose at least one case")
    if len(chosen) > MOST:
        raise TogetherRefused(f"Choose {MOST} or fewer at once")
    with transaction.atomic():
        row, fresh = Together.objects.get_or_create(
            public_id=key,
            defaults={
                "staff_id": viewer.id or 0,
                "act": act,
                "sealed": seal(json.dumps(dict(data)), purpose=PURPOSE),
                "query": query[:400],
                "state": BulkState.LOOKING.value,
                "made_at": now,
            },
        )
        if not fresh:
            return
        TogetherItem.objects.bulk_create(
            TogetherItem(together=row, reference=one, state=ItemState.CHOSEN.value)
            for one in chosen
        )
        if len(chosen) > AT_ONCE:
            _ring(row, now=now)
    if len(chosen) <= AT_ONCE:
        _look(row, viewer, until=now + timedelta(minutes=1), now=now)


def begin(*, viewer: Viewer, public_id: uuid.UUID, now: datetime) -> None:
    """Does it, from now on and in the background; twice is once. Raises
    NoSuchTogether, TogetherRefused."""
    with transaction.atomic():
        row = _own(viewer, public_id)
        if row.state in (BulkState.RUNNING.value, BulkState.DONE.value):
            return
        if row.state == BulkState.LOOKING.value:
            raise TogetherRefused("Not all of them were looked at yet. Wait a moment")
        row.state, row.begun_at = BulkState.RUNNING.value, row.begun_at or now
        row.ended_at = None
        row.save(update_fields=["state", "begun_at", "ended_at"])
        _ring(row, now=now)


def stop(*, viewer: Viewer, public_id: uuid.UUID, now: datetime) -> None:
    """Leaves alone what is not done yet; `begin` goes on with it."""
    with transaction.atomic():
        row = _own(viewer, public_id)
        if row.state == BulkState.RUNNING.value:
            row.state, row.ended_at = BulkState.STOPPED.value, now
            row.save(update_fields=["state", "ended_at"])


def take_back(*, viewer: Viewer, public_id: uuid.UUID, now: datetime) -> None:
    """Takes all of it back, one by one and in the background; what is not done yet stays undone.
    Twice is once. Raises NoSuchTogether, TogetherRefused."""
    with transaction.atomic():
        row = _own(viewer, public_id)
        if row.state in (BulkState.BACKING.value, BulkState.BACK.value):
            return
        if row.begun_at is None:
            raise TogetherRefused("Nothing was done, so there is nothing to take back")
        if row.ended_at is not None and now >= row.ended_at + actions_undo.SECONDS:
            raise TogetherRefused("It is too late: this can be taken back for ten seconds")
        row.state, row.ended_at = BulkState.BACKING.value, None
        row.save(update_fields=["state", "ended_at"])
        _ring(row, now=now)


def _own(viewer: Viewer, public_id: uuid.UUID) -> Together:
    rows = Together.objects.select_for_update(no_key=True)
    row = rows.filter(public_id=public_id, staff_id=viewer.id or 0).first()
    if row is None:
        raise NoSuchTogether("There is no such list")
    return row


def _ring(row: Together, *, now: datetime) -> None:
    """Promises the next stretch of work."""
    outbox.ring(
        "teamwork.together",
        key=f"together:{row.pk}:{row.state}:{now.timestamp()}",
        args={"together_id": row.pk},
    )


def go_on(*, together_id: int, now: datetime, until: datetime) -> bool:
    """Looks at, or does, those that are left, as the member of staff who chose them is today.
    Whether nothing is left; else another run has to go on."""
    row = Together.objects.filter(pk=together_id).first()
    if row is None or row.state not in (LOOKING, RUNNING, BACKING):
        return True
    viewer = accounts.queries.viewer_by_id(row.staff_id)
    if viewer is None or not viewer.may(ACTS[row.act].permission):
        rows = Together.objects.filter(pk=row.pk)
        rows.update(state=BulkState.STOPPED.value, ended_at=now)
        return True
    if row.state == LOOKING:
        return _look(row, viewer, until=until, now=now)
    if row.state == BACKING:
        return _take_all_back(row, viewer, until=until)
    return _do(row, viewer, until=until)


def promise_more(*, together_id: int, now: datetime) -> None:
    """The next stretch, where one run was not enough."""
    with transaction.atomic():
        row = Together.objects.filter(pk=together_id).first()
        if row is not None:
            _ring(row, now=now)


def _look(row: Together, viewer: Viewer, *, until: datetime, now: datetime) -> bool:
    act, data = ACTS[row.act], _data(row)
    for item in TogetherItem.objects.filter(together=row, state=ItemState.CHOSEN.value):
        if timezone.now() >= until:
            return False
        words = _would(act, item.reference, viewer, data, now)
        item.state = (ItemState.LEFT if words else ItemState.WAITING).value
        item.words = words[:300]
        item.save(update_fields=["state", "words"])
    waiting = Together.objects.filter(pk=row.pk, state=BulkState.LOOKING.value)
    waiting.update(state=BulkState.SHOWN.value)
    return True


def _would(act: Act, reference: str, viewer: Viewer, data: Mapping[str, str], now: datetime) -> str:
    """Why it cannot be done; "" where it can."""
    try:
        with transaction.atomic():
            act.call(reference, viewer, data, now)
            raise _TakenBack
    except _TakenBack:
        return ""
    except DomainError as error:
        return error.message


def _data(row: Together) -> dict[str, str]:
    read: dict[str, str] = json.loads(unseal(row.sealed, purpose=PURPOSE))
    return read


def _do(row: Together, viewer: Viewer, *, until: datetime) -> bool:
    act, data = ACTS[row.act], _data(row)
    while timezone.now() < until:
        if not _next(row, act, viewer, data, timezone.now()):
            return True
    return False


def _next(row: Together, act: Act, viewer: Viewer, data: Mapping[str, str], now: datetime) -> bool:
    """One case; False when none is left or somebody stopped it."""
    with transaction.atomic():
        item = (
            TogetherItem.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
            .filter(
                together=row,
                together__state=BulkState.RUNNING.value,
                state=ItemState.WAITING.value,
            )
            .order_by("pk")
            .first()
        )
        if item is None:
            left = TogetherItem.objects.filter(together=row, state=ItemState.WAITING.value)
            if not left.exists():
                rows = Together.objects.filter(pk=row.pk, state=BulkState.RUNNING.value)
                rows.update(state=BulkState.DONE.value, ended_at=now)
            return False
        try:
            with (
                transaction.atomic(),
                _undoable(row, act, item.reference, viewer, data, now) as one,
            ):
                act.call(item.reference, viewer, data, now)
        except DomainError as error:
            item.state, item.words = ItemState.REFUSED.value, error.message[:300]
        else:
            item.state, item.words = ItemState.DONE.value, ""
            item.undo = one.left.public_id if one.left else None
        item.save(update_fields=["state", "words", "undo"])
    return True


def _undoable(
    row: Together, act: Act, reference: str, viewer: Viewer, data: Mapping[str, str], now: datetime
) -> AbstractContextManager[actions_undo.Act]:
    beside = [Asked(kind, reference) for kind in ("watch", "tasks", "follows")]
    return actions_undo.cases(
        viewer, reference, *([data["other"]] if act.ties else []), words=reference,
        about=f"/desk/together/{row.public_id}/", now=now, tied=act.ties, beside=beside, waits=HELD,
    )  # fmt: skip


def _take_all_back(row: Together, viewer: Viewer, *, until: datetime) -> bool:
    """The last one first; each by itself, so that it can be killed and gone on with."""
    while timezone.now() < until:
        if not _one_back(row, viewer, timezone.now()):
            return True
    return False


@transaction.atomic
def _one_back(row: Together, viewer: Viewer, now: datetime) -> bool:
    held = TogetherItem.objects.select_for_update(of=("self",), no_key=True)
    item = held.filter(together=row, state=ItemState.DONE.value).order_by("-pk").first()
    if item is None:
        rows = Together.objects.filter(pk=row.pk, state=BACKING)
        rows.update(state=BulkState.BACK.value, ended_at=now)
        return False
    try:
        if item.undo is not None:
            with transaction.atomic():
                actions_undo.take_back(viewer=viewer, public_id=item.undo, now=now)
    except DomainError as error:
        item.state, item.words = ItemState.STANDS.value, error.message[:300]
    else:
        item.state, item.words = ItemState.BACK.value, ""
    item.save(update_fields=["state", "words"])
    return True


def forget_old(*, before: datetime, limit: int = 100) -> int:
    """Removes what was done long ago; how many that were."""
    old = Together.objects.filter(made_at__lt=before).order_by("made_at")
    keys = list(old.values_list("pk", flat=True)[:limit])
    Together.objects.filter(pk__in=keys).delete()
    return len(keys)
