"""What happens before a clock runs out, and when it has: once each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F

import accounts.queries
from core import outbox
from core.audit import SYSTEM
from enquiries import events
from enquiries.actions import telling, telling_dates
from enquiries.events import EventType
from enquiries.lifecycle import CLOCK_WORDS, ENDED, ClockKind, ClockState, Status
from enquiries.models import Clock, Enquiry
from enquiries.models.referrals import LIVE_REFERRAL
from enquiries.queries.promise_hours import OF_CITIZEN

log = structlog.get_logger(__name__)


def escalate_overdue(*, now: datetime, limit: int = 200) -> int:
    """Decides clocks that have run out and warns of those that soon will; returns how many.

    Each in its own transaction, under its enquiry's lock: whoever is killed half way has done
    whole ones, and a second run finds the others. One that fails is told of and holds up no other.
    """
    running = Clock.objects.filter(state=ClockState.RUNNING.value)
    late = running.filter(due_at__lt=now).order_by("due_at", "pk")
    soon = running.filter(warn_at__lte=now, warned_at=None, due_at__gte=now)
    done = 0
    for clock_id, enquiry_id in list(late.values_list("pk", "enquiry_id")[:limit]):
        done += _tried(_missed, clock_id, enquiry_id, now=now)
    for clock_id, enquiry_id in list(
        soon.order_by("warn_at", "pk").values_list("pk", "enquiry_id")[:limit]
    ):
        done += _tried(_warned, clock_id, enquiry_id, now=now)
    return done


def _tried(step: Callable[..., bool], clock_id: int, enquiry_id: int, *, now: datetime) -> bool:
    try:
        return step(clock_id, enquiry_id, now=now)
    except Exception:
        log.exception("escalation.failed", clock=clock_id)
        return False


@transaction.atomic
def _missed(clock_id: int, enquiry_id: int, *, now: datetime) -> bool:
    enquiry = events.locked(enquiry_id)
    claimed = Clock.objects.filter(
        pk=clock_id, state=ClockState.RUNNING.value, due_at__lt=now
    ).update(state=ClockState.MISSED.value, missed_at=F("due_at"))
    if not claimed:
        return False
    clock = _read(clock_id)
    if clock.kind in OF_CITIZEN:
        enquiry.escalated_at = now
        enquiry.save(update_fields=["escalated_at"])
    events.record(
        enquiry,
        EventType.ESCALATED,
        actor=SYSTEM,
        at=now,
        clock=clock.kind,
        clock_words=CLOCK_WORDS[ClockKind(clock.kind)],
        organisation=clock.organisation.name,
    )
    _tell(enquiry, clock, now=now)
    if clock.kind in OF_CITIZEN:
        _say_late(enquiry, now=now)
    return True


def watch_told_day(enquiry: Enquiry, *, now: datetime) -> bool:
    """Promises to look again when the day is over that they were told; False when it is over."""
    until = telling_dates.told_until(enquiry)
    if until is None or now > until:
        return False
    outbox.ring(
        "enquiries.say_late",
        # With the moment: hours that change meanwhile make it another promise.
        key=f"say_late:{enquiry.pk}:{enquiry.reopened_count}:{until.isoformat()}",
        args={"enquiry_id": enquiry.pk, "reopened": enquiry.reopened_count},
        # Another day may be told meanwhile, and be sooner: neither waits for the other.
        lane=f"say_late:{enquiry.pk}:{until:%Y%m%d}",
        due_at=until + timedelta(minutes=1),
    )
    return True


def _say_late(enquiry: Enquiry, *, now: datetime) -> None:
    """Tells the citizen, at once or when the day is over that they were told."""
    if watch_told_day(enquiry, now=now):
        return
    if enquiry.status != Status.WAITING.value:
        telling_dates.late(enquiry, now=now)


@transaction.atomic
def say_late(*, enquiry_id: int, reopened: int, now: datetime) -> None:
    """The promised day is over. Says so, unless it has ended or come back since."""
    enquiry = events.locked(enquiry_id)
    if enquiry.status not in ENDED and enquiry.reopened_count == reopened:
        _say_late(enquiry, now=now)


@transaction.atomic
def _warned(clock_id: int, enquiry_id: int, *, now: datetime) -> bool:
    enquiry = events.locked(enquiry_id)
    claimed = Clock.objects.filter(
        pk=clock_id, state=ClockState.RUNNING.value, warned_at=None, due_at__gte=now
    ).update(warned_at=now)
    if not claimed:
        return False
    clock = _read(clock_id)
    events.record(
        enquiry,
        EventType.DUE_SOON,
        actor=SYSTEM,
        at=now,
        clock=clock.kind,
        clock_words=CLOCK_WORDS[ClockKind(clock.kind)],
        organisation=clock.organisation.name,
    )
    to, url = _holder(enquiry, clock)
    telling.due_soon(enquiry, clock, to, url=url, now=now)
    return True


def _read(clock_id: int) -> Clock:
    rows = Clock.objects.select_related("organisation", "referral__team", "referral__organisation")
    return rows.get(pk=clock_id)


def _holder(enquiry: Enquiry, clock: Clock) -> tuple[str, str]:
    """Who can still act, and the page on which they do."""
    referral = (
        clock.referral
        or enquiry.referrals.filter(status__in=LIVE_REFERRAL)
        .select_related("team", "organisation")
        .order_by("-pk")
        .first()
    )
    if referral is not None:
        team = referral.team.email if referral.team else ""
        return team or referral.organisation.email, telling.referral_url(referral)
    team = enquiry.team.email if enquiry.team else ""
    owner = enquiry.owner.email if enquiry.owner else ""
    return team or owner, telling.desk_url(enquiry)


def _tell(enquiry: Enquiry, clock: Clock, *, now: datetime) -> None:
    """Who has it at its own page, and the hub at the case."""
    hub = accounts.queries.hub().email
    to, url = _holder(enquiry, clock)
    if to != hub:
        telling.overdue(enquiry, clock, to, url=url, now=now)
    telling.overdue(enquiry, clock, hub, url=telling.desk_url(enquiry), now=now)
