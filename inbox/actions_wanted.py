"""Who is to be rung at a time that they chose: on the list of callbacks, and at its top on time.

Whether anybody is there at that time is for the rooms above, which know the hours.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.permissions import Permission, Viewer
from core import audit, sealing
from core.errors import DomainError
from core.privacy import address_hash
from core.rows import Scope
from inbox.actions_calls import PURPOSE, TAKEN_FOR, CallTaken, open_line
from inbox.models import Call, Callback
from inbox.queries_calls import RUNG_AHEAD


class NoTime(DomainError):
    """They are to be rung, but at no time that they chose."""

    code = "callback_without_time"


@transaction.atomic
def want(
    *, number: str, at: datetime, asked_in: uuid.UUID, viewer: Viewer, now: datetime
) -> uuid.UUID:
    """Whoever has this number (as it is dialled) is rung at that time. A number is on the list
    once: another time for it takes the place of the first."""
    line, _is_new = Callback.objects.select_for_update(of=("self",), no_key=True).get_or_create(
        caller_hash=address_hash("phone", number),
        closed_at=None,
        defaults={"sealed": sealing.seal(number, purpose=PURPOSE), "since": now},
    )
    line.wanted_at, line.asked_in, line.reminded_at = at, asked_in, None
    line.save(update_fields=["wanted_at", "asked_in", "reminded_at"])
    audit.record("callback.wanted", actor=viewer.actor, target=f"callback:{line.public_id}", at=now)
    return line.public_id


@transaction.atomic
def not_wanted(*, asked_in: uuid.UUID, viewer: Viewer, now: datetime) -> bool:
    """They need not be rung after all; False where nobody was to be. One that had rung in vain
    before stays on the list for that."""
    rows = Callback.objects.select_for_update(of=("self",), no_key=True)
    line = rows.filter(asked_in=asked_in, closed_at=None).first()
    if line is None:
        return False
    _not_then(line, viewer, now=now)
    return True


@transaction.atomic
def move(*, public_id: uuid.UUID, at: datetime, viewer: Viewer, now: datetime) -> None:
    """Who chose a time is rung at another. Raises NoSuchCall, CallbackOver, CallTaken, NoTime."""
    line = _chosen(public_id, viewer, now=now)
    line.wanted_at, line.reminded_at = at, None
    line.taken_by_id = line.taken_at = None
    line.save(update_fields=["wanted_at", "reminded_at", "taken_by", "taken_at"])
    audit.record("callback.moved", actor=viewer.actor, target=f"callback:{line.public_id}", at=now)


@transaction.atomic
def call_off(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """Who chose a time need not be rung after all. Raises as `move` does."""
    _not_then(_chosen(public_id, viewer, now=now), viewer, now=now)


def _chosen(public_id: uuid.UUID, viewer: Viewer, *, now: datetime) -> Callback:
    """The line of who chose a time, locked, while nobody else rings them."""
    line = open_line(public_id, viewer)
    if line.wanted_at is None:
        raise NoTime("They chose no time. Ring them, or say how it went")
    taken = line.taken_at is not None and line.taken_at > now - TAKEN_FOR
    if taken and line.taken_by_id not in (None, viewer.id):
        raise CallTaken("Somebody else is ringing them now")
    return line


def _not_then(line: Callback, viewer: Viewer, *, now: datetime) -> None:
    line.wanted_at = line.asked_in = None
    if line.tries or line.calls.exists():
        line.save(update_fields=["wanted_at", "asked_in"])
    else:
        line.delete()
    audit.record(
        "callback.not_wanted", actor=viewer.actor, target=f"callback:{line.public_id}", at=now
    )


@transaction.atomic
def remind(*, now: datetime) -> list[tuple[int | None, uuid.UUID | None]]:
    """Says once of each that its time has come. Returns who has taken each, None for nobody, and
    in which contact it was asked for."""
    rows = Callback.objects.select_for_update(skip_locked=True, of=("self",), no_key=True).filter(
        closed_at=None, wanted_at__lte=now + RUNG_AHEAD, reminded_at=None
    )
    due = list(rows.order_by("wanted_at")[:200])
    Callback.objects.filter(pk__in=[one.pk for one in due]).update(reminded_at=now)
    return [(one.taken_by_id, one.asked_in) for one in due]


def pass_on(contact: uuid.UUID, *, viewer: Viewer) -> None:
    """A colleague has this call now, and is shown its number."""
    Call.objects.filter(contact=contact).update(agent=viewer.id)


def rows(viewer: Viewer, caller: str) -> Scope:
    """What the list holds, and held, of one number: for whoever takes back what was just done."""
    if not (viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)):
        return ()
    return (Callback.objects.filter(caller_hash=caller),)


def caller_of(*, line: uuid.UUID | None = None, asked_in: uuid.UUID | None = None) -> str:
    """Whose number a line of the list is, or the one asked for in a contact; "" for none."""
    which = Q(public_id=line) if line else Q(asked_in=asked_in, closed_at=None)
    return Callback.objects.filter(which).values_list("caller_hash", flat=True).first() or ""


def caller(number: str) -> str:
    """The same of a number as it is dialled."""
    return address_hash("phone", number)
