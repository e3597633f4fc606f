"""All devices at a glance: how each is, and why. Few statements, however many there are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kiosks import queries_releases, states
from kiosks.hours import Hours, Reader, is_open, opening
from kiosks.models import Kiosk, Outage, Pulse
from kiosks.states import Facts, Judged, State

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Device:
    """One device as it is now."""

    kiosk: Kiosk
    judged: Judged
    hours: Hours
    pulse: Pulse | None
    paper_left: int | None
    # Since when nothing is heard of it, within its hours.
    gone_since: datetime | None

    @property
    def state(self) -> State:
        """How it is."""
        return self.judged.state

    @property
    def heard_at(self) -> datetime | None:
        """When it last said that it lives."""
        return self.pulse.at if self.pulse is not None else None

    @property
    def href(self) -> str:
        """Its page."""
        return f"/desk/settings/kiosks/{self.kiosk.public_id}/"


def fleet(*, hours: Reader, now: datetime, off: bool = False) -> list[Device]:
    """Every device, worst first; those that were switched off for good only if asked for."""
    rows = _rows() if off else _rows().filter(revoked_at=None)
    found = _devices(rows, hours, now)
    return sorted(
        found,
        key=lambda one: (
            states.WORST_FIRST[one.state],
            one.kiosk.site.name,
            one.kiosk.name,
            one.kiosk.pk,
        ),
    )


def one(public_id: uuid.UUID, *, hours: Reader, now: datetime) -> Device | None:
    """One device; None where there is none."""
    return next(iter(_devices(_rows().filter(public_id=public_id), hours, now)), None)


def _rows() -> QuerySet[Kiosk]:
    return Kiosk.objects.select_related("site__organisation", "pulse")


def _devices(rows: Iterable[Kiosk], hours: Reader, now: datetime) -> list[Device]:
    kiosks = list(rows)
    gone = dict(
        Outage.objects.filter(kiosk__in=[one.pk for one in kiosks], ended_at=None)
        .order_by()
        .values_list("kiosk_id", "began_at")
    )
    return [_device(one, hours(opening(one)), gone.get(one.pk), now) for one in kiosks]


def _device(kiosk: Kiosk, hours: Hours, gone: datetime | None, now: datetime) -> Device:
    pulse = pulse_of(kiosk)
    left = _paper(kiosk, pulse)
    judged = states.judge(_facts(kiosk, pulse, hours, left, now), now)
    return Device(
        kiosk=kiosk,
        judged=judged,
        hours=hours,
        pulse=pulse,
        paper_left=left,
        # The watch ends an outage within a minute; who is heard again is not gone meanwhile.
        gone_since=gone if judged.state is states.State.OFFLINE else None,
    )


def pulse_of(kiosk: Kiosk) -> Pulse | None:
    """What it said last; None for one that never did."""
    try:
        return kiosk.pulse
    except Pulse.DoesNotExist:
        return None


def _paper(kiosk: Kiosk, pulse: Pulse | None) -> int | None:
    printed = pulse.printed if pulse is not None else 0
    return states.paper_left(printer=kiosk.printer, paper=kiosk.paper, printed=printed)


def silent(since: datetime | None, hours: Hours, now: datetime) -> timedelta:
    """How much of its opening time passed without a word."""
    return hours.worked(since, now) if since is not None else timedelta()


def _facts(
    kiosk: Kiosk, pulse: Pulse | None, hours: Hours, left: int | None, now: datetime
) -> Facts:
    heard = pulse.at if pulse is not None else None
    return Facts(
        is_open=is_open(hours, now),
        silent=silent(heard or kiosk.enrolled_at, hours, now).total_seconds(),
        heard_at=heard,
        enrolled_at=kiosk.enrolled_at,
        revoked_at=kiosk.revoked_at,
        locked_at=kiosk.locked_at,
        code_expires_at=kiosk.code_expires_at,
        queued=pulse.queued if pulse is not None else 0,
        oldest_at=pulse.oldest_at if pulse is not None else None,
        clock_off=pulse.clock_off if pulse is not None else 0,
        paper_left=left,
        problems=tuple(pulse.problems) if pulse is not None else (),
        release=pulse.release if pulse is not None else "",
        release_due=_release_due(kiosk, pulse),
        numbers=pulse.numbers if pulse is not None else None,
    )


def _release_due(kiosk: Kiosk, pulse: Pulse | None) -> str:
    """What it should have; a made-up device gets none."""
    if pulse is None or kiosk.is_demonstration:
        return ""
    return queries_releases.release_for(kiosk)


def counted(devices: Sequence[Device]) -> dict[State, int]:
    """How many there are of each state."""
    found = dict.fromkeys(State, 0)
    for device in devices:
        found[device.state] += 1
    return found
