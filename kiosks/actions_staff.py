"""A code by which staff help at a kiosk today. It opens nothing: it says who helped."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

import accounts.queries
from accounts.permissions import Viewer
from core import audit
from core.errors import DomainError
from core.privacy import keyed_hash
from kiosks import queries_help
from kiosks.models import Pulse, StaffCode

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import Site
    from core.audit import Actor
    from kiosks.models import Kiosk

_DIGITS = 8


class HelpsNowhere(DomainError):
    """Somebody who helps at no kiosk needs no code for one."""

    code = "kiosk_helps_nowhere"


@transaction.atomic
def make(*, viewer: Viewer, now: datetime) -> str:
    """A code for what is left of today, shown this once; the one before it ends.

    Raises HelpsNowhere.
    """
    if viewer.id is None or not queries_help.hears(viewer):
        raise HelpsNowhere("You help at no kiosk: ask your administrator for a site")
    end(viewer=viewer, now=now)
    made = _fresh(now)
    midnight = timezone.make_aware(
        datetime.combine(timezone.localdate(now) + timedelta(days=1), time.min)
    )
    StaffCode.objects.create(
        user_id=viewer.id, digest=_digest(made), made_at=now, expires_at=midnight
    )
    audit.record("kiosk.staff_code_made", actor=viewer.actor, target=f"user:{viewer.id}", at=now)
    return made


def _fresh(now: datetime) -> str:
    """Digits that are nobody's today."""
    while True:
        made = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        if not _live(now).filter(digest=_digest(made)).exists():
            return made


@transaction.atomic
def end(*, viewer: Viewer, now: datetime) -> None:
    """Ends today's code of this viewer. What was begun with it stays what it is."""
    if _live(now).filter(user_id=viewer.id or 0).update(ended_at=now):
        audit.record(
            "kiosk.staff_code_ended", actor=viewer.actor, target=f"user:{viewer.id}", at=now
        )


def since(*, viewer: Viewer, now: datetime) -> datetime | None:
    """Since when this viewer has a code today; None without one."""
    live = _live(now).filter(user_id=viewer.id or 0).first()
    return live.made_at if live is not None else None


def who(code: str, site: Site, at: datetime) -> Viewer | None:
    """Who helped with this code at a site at that time; None where it was nobody's.

    Asked when it is typed, and for what was kept on a device when that arrives: then `at` is the
    time of the touch.
    """
    digits = "".join(one for one in code if one.isascii() and one.isdigit())
    if len(digits) != _DIGITS:
        return None
    row = _live(at).filter(digest=_digest(digits)).select_related("user").first()
    viewer = accounts.queries.viewer_for_user(row.user) if row is not None else None
    if viewer is None or not queries_help.hears(viewer):
        return None
    is_theirs = viewer.site_id == site.pk or queries_help.is_everywhere(viewer)
    return viewer if is_theirs else None


def helped_unknown(kiosk: Kiosk, *, reference: str, actor: Actor, now: datetime) -> None:
    """Writes down that somebody helped at a device by a code that was nobody's: what was sent
    counts as self-service, and whoever looks after the device can see why."""
    audit.record(
        "kiosk.helped_unknown",
        actor=actor,
        target=f"kiosk:{kiosk.public_id}",
        at=now,
        data={"reference": reference},
    )


@transaction.atomic
def paper_in(*, kiosk: Kiosk, viewer: Viewer, now: datetime) -> None:
    """Paper was put into a device: what it prints from now on counts from nothing.

    The device's own total goes on, and only what is new of it is added (`actions_pulse`).
    """
    Pulse.objects.filter(kiosk=kiosk).update(printed=0)
    target = f"kiosk:{kiosk.public_id}"
    audit.record("kiosk.paper_in", actor=viewer.actor, target=target, at=now)


def _live(at: datetime) -> QuerySet[StaffCode]:
    """The codes that were good at a time."""
    rows = StaffCode.objects.filter(made_at__lte=at, expires_at__gt=at)
    return rows.filter(Q(ended_at=None) | Q(ended_at__gt=at))


def _digest(digits: str) -> str:
    return keyed_hash("kiosk.staff_code", digits)
