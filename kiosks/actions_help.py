"""Somebody at a device calls for help; staff come, or say that it is done."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from accounts.permissions import Viewer
from core import audit
from core.errors import DomainError
from kiosks import actions_counts, queries_help
from kiosks.models import HelpCall, Kiosk

if TYPE_CHECKING:
    from django.db.models import QuerySet


class NobodyCalls(DomainError):
    """There is no such call, or none that is this viewer's to answer."""

    code = "help_call_unknown"


@transaction.atomic
def call(*, kiosk: Kiosk, visit: str, language: str, now: datetime) -> None:
    """Calls staff to a device. Once a visit: pressing again is the same call.

    What another visit called for at this device has ended: nobody stands there any more. So has
    what nobody answered in time.
    """
    Kiosk.objects.select_for_update(no_key=True, of=("self",)).get(pk=kiosk.pk)
    live = HelpCall.objects.filter(kiosk=kiosk, ended_at=None)
    late = Q(answered_at=None, called_at__lte=now - queries_help.A_WAIT)
    live.filter(late).update(ended_at=F("called_at") + queries_help.A_WAIT)
    live.exclude(visit=visit).update(ended_at=now)
    _, is_new = HelpCall.objects.get_or_create(
        kiosk=kiosk, visit=visit, ended_at=None, defaults={"language": language, "called_at": now}
    )
    if is_new:
        actions_counts.count(kiosk, "helps", now=now)


@transaction.atomic
def take_back(*, kiosk: Kiosk, visit: str, now: datetime) -> None:
    """They do not need anybody any more. What was too late already has ended by itself."""
    rows = HelpCall.objects.filter(kiosk=kiosk, visit=visit, ended_at=None)
    rows.filter(Q(answered_at__isnull=False) | Q(called_at__gt=now - queries_help.A_WAIT)).update(
        ended_at=now
    )


@transaction.atomic
def coming(*, kiosk: uuid.UUID, viewer: Viewer, now: datetime) -> str:
    """Somebody is on the way; who said so first. Raises NobodyCalls."""
    held = _held(kiosk, viewer, now)
    if held.answered_at is None:
        held.answered_at, held.answered_by_id = now, viewer.id
        held.save(update_fields=["answered_at", "answered_by"])
        target = f"kiosk:{kiosk}"
        audit.record("kiosk.help_answered", actor=viewer.actor, target=target, at=now)
        return viewer.name
    return str(held.answered_by or "")


@transaction.atomic
def done(*, kiosk: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """They were helped. Who says so without having said that they come was there all the same.

    Raises NobodyCalls.
    """
    held = _held(kiosk, viewer, now)
    if held.answered_at is None:
        held.answered_at, held.answered_by_id = now, viewer.id
    held.ended_at = now
    held.save(update_fields=["answered_at", "answered_by", "ended_at"])


@transaction.atomic
def there(*, kiosk: Kiosk, visit: str, viewer: Viewer, now: datetime) -> None:
    """Staff stand at the device: what its visit called for is answered, and done."""
    rows: QuerySet[HelpCall] = HelpCall.objects.select_for_update(of=("self",), no_key=True)
    held = rows.filter(kiosk=kiosk, visit=visit, ended_at=None).last()
    if held is None or (held.answered_at is None and now - held.called_at >= queries_help.A_WAIT):
        return
    if held.answered_at is None:
        held.answered_at, held.answered_by_id = now, viewer.id
        target = f"kiosk:{kiosk.public_id}"
        audit.record("kiosk.help_answered", actor=viewer.actor, target=target, at=now)
    held.ended_at = now
    held.save(update_fields=["answered_at", "answered_by", "ended_at"])


def _held(kiosk: uuid.UUID, viewer: Viewer, now: datetime) -> HelpCall:
    """The call that waits at a device, held, if it is this viewer's to answer."""
    mine = {one.call.pk for one in queries_help.waiting(viewer, now=now)}
    rows: QuerySet[HelpCall] = HelpCall.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk__in=mine, kiosk__public_id=kiosk, ended_at=None).last()
    if found is None:
        raise NobodyCalls("Nobody waits there any more. They took it back, or it is done")
    return found
