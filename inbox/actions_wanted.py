"""Who is to be rung at a time that they chose: on the list of callbacks, and at its top on time.

Whether anybody is there at that time is for the rooms above, which know the hours.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from accounts.permissions import Viewer
from core import audit, sealing
from core.privacy import address_hash
from inbox.actions_calls import PURPOSE
from inbox.models import Call, Callback
from inbox.queries_calls import RUNG_AHEAD


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
    line.wanted_at = line.asked_in = None
    if line.tries or line.calls.exists():
        line.save(update_fields=["wanted_at", "asked_in"])
    else:
        line.delete()
    audit.record(
        "callback.not_wanted", actor=viewer.actor, target=f"callback:{line.public_id}", at=now
    )
    return True


@transaction.atomic
def remind(*, now: datetime) -> list[int | None]:
    """Says once of each that its time has come. Returns who has taken them, None for nobody."""
    rows = Callback.objects.select_for_update(skip_locked=True, of=("self",), no_key=True).filter(
        closed_at=None, wanted_at__lte=now + RUNG_AHEAD, reminded_at=None
    )
    due = list(rows.order_by("wanted_at")[:200])
    Callback.objects.filter(pk__in=[one.pk for one in due]).update(reminded_at=now)
    return [one.taken_by_id for one in due]


def pass_on(contact: uuid.UUID, *, viewer: Viewer) -> None:
    """A colleague has this call now, and is shown its number."""
    Call.objects.filter(contact=contact).update(agent=viewer.id)
