"""Devices, read. Nothing here changes anything but the time a device was last seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from accounts.queries import digest
from kiosks.models import Kiosk

# How long the session's token of before still opens: what was on its way when it changed arrives.
GRACE = timedelta(minutes=2)
# A token that no heartbeat has changed dies by itself: a copy of it is worth no more than that.
LIFE = timedelta(minutes=12)


class Shut(StrEnum):
    """Why a device's pages do not open."""

    # Nothing is known by that token (any more): the device can ask for a fresh one with its key.
    ASLEEP = "asleep"
    LOCKED = "locked"
    OFF = "off"


def opened(raw: str) -> tuple[Kiosk | None, Shut | None]:
    """The device behind a session's token, with its site; or why its pages do not open.

    A device is switched off for good when it was revoked, and when its site belongs to a body that
    has left the partnership.
    """
    now, mark = timezone.now(), digest(raw) if raw else ""
    known = Kiosk.objects.select_related("site__organisation")
    kiosk = known.filter(Q(token_digest=mark) | Q(token_before=mark)).first() if mark else None
    if kiosk is None or kiosk.token_at is None:
        return None, Shut.ASLEEP
    if kiosk.revoked_at is not None or not kiosk.site.organisation.is_active:
        return None, Shut.OFF
    if now - kiosk.token_at > (LIFE if kiosk.token_digest == mark else GRACE):
        return None, Shut.ASLEEP
    if kiosk.last_seen_at is None or (now - kiosk.last_seen_at).total_seconds() > 60:
        Kiosk.objects.filter(pk=kiosk.pk).update(last_seen_at=now)
    return (None, Shut.LOCKED) if kiosk.locked_at is not None else (kiosk, None)


def by_token(raw: str) -> Kiosk | None:
    """The device whose pages open with a session's token; None where they do not."""
    return opened(raw)[0]


def kiosks() -> Sequence[Kiosk]:
    """Every device with its site, by name."""
    return list(Kiosk.objects.select_related("site"))
