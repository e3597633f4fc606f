"""Devices, read. Nothing here changes anything but the time a device was last seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.queries import digest
from kiosks.models import Kiosk

# How long the session's token of before still opens: what was on its way when it changed arrives.
GRACE = timedelta(minutes=2)


def by_token(raw: str) -> Kiosk | None:
    """The live device behind a session's token, with its site; None when unknown, revoked or gone.

    Gone is a device whose site belongs to a body that has left the partnership.
    """
    if not raw:
        return None
    now, mark = timezone.now(), digest(raw)
    kiosk = (
        Kiosk.objects.filter(
            Q(token_digest=mark) | Q(token_before=mark, token_at__gt=now - GRACE),
            revoked_at=None,
            site__organisation__is_active=True,
        )
        .select_related("site")
        .first()
    )
    if kiosk and (kiosk.last_seen_at is None or (now - kiosk.last_seen_at).total_seconds() > 60):
        Kiosk.objects.filter(pk=kiosk.pk).update(last_seen_at=now)
    return kiosk


def kiosks() -> Sequence[Kiosk]:
    """Every device with its site, by name."""
    return list(Kiosk.objects.select_related("site"))
