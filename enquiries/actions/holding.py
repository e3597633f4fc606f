"""What looks like spam is held until a person looks, and goes on by itself if nobody does.

It was received and promised like any other, and its citizen has the reference. It is routed by
nobody, and no partner hears of it, until it goes on. A wrong suspicion costs hours, never an
enquiry.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

import accounts.queries
from accounts.permissions import Viewer
from core import outbox
from core.audit import SYSTEM, Actor
from enquiries import clocks, events
from enquiries.actions import deadlines, resolutions, telling, triage
from enquiries.events import EventType
from enquiries.lifecycle import NotNow, Outcome, Settled, Status
from enquiries.models import Enquiry, Holding
from enquiries.queries import destinations
from enquiries.queries.access import for_desk
from enquiries.queries.holding import is_held

log = structlog.get_logger(__name__)

# Working time of the hub.
PRESSES_AFTER, GOES_ON_AFTER = timedelta(hours=1), timedelta(hours=4)


def hold(enquiry: Enquiry, *, reasons: Sequence[str], send_to: str | None, now: datetime) -> None:
    """Holds an enquiry that was made just now. Its citizen is told that we have it, as always."""
    calendar = destinations.calendar_of(accounts.queries.hub())
    presses = clocks.add_working_time(now, PRESSES_AFTER, calendar)
    goes_on = clocks.add_working_time(now, GOES_ON_AFTER, calendar)
    Holding.objects.create(
        enquiry=enquiry,
        reasons=[reason[:24] for reason in reasons],
        send_to=send_to or "",
        held_at=now,
        presses_at=presses or now + PRESSES_AFTER,
        goes_on_at=goes_on or now + GOES_ON_AFTER,
    )
    events.record(enquiry, EventType.HELD, actor=SYSTEM, at=now, reasons=list(reasons))
    telling.received(enquiry, now=now)


@transaction.atomic
def let_go(*, reference: str, viewer: Viewer, now: datetime) -> None:
    """It is genuine: triage goes on as if it had just come, with its clocks from receipt.

    Raises NoSuchCase, NotNow.
    """
    enquiry = for_desk(viewer, reference)
    holding = _held(enquiry)
    _settle(holding, Settled.GENUINE, by=viewer.actor, now=now)
    _go_on(enquiry, holding, how="It is genuine", actor=viewer.actor, now=now)


def _held(enquiry: Enquiry) -> Holding:
    if not is_held(enquiry):
        raise NotNow("This enquiry is not held any more. Reload the page to see what happened")
    return Holding.objects.get(enquiry=enquiry)


def _settle(holding: Holding, settled: Settled, *, by: Actor, now: datetime) -> None:
    holding.settled_at, holding.settled_as = now, settled.value
    holding.settled_by = by.name[:120]
    holding.save(update_fields=["settled_at", "settled_as", "settled_by"])


def _go_on(enquiry: Enquiry, holding: Holding, *, how: str, actor: Actor, now: datetime) -> None:
    events.record(enquiry, EventType.LET_GO, actor=actor, at=now, how=how)
    outbox.ring(
        "enquiries.triage",
        key=f"triage:{enquiry.pk}",
        args={"enquiry_id": enquiry.pk, "send_to": holding.send_to or None},
    )


@transaction.atomic
def spam(*, reference: str, viewer: Viewer, now: datetime) -> None:
    """It is spam: it ends and nobody is told. It counts in no figure, and can be taken back.

    Raises NoSuchCase, NotNow.
    """
    enquiry = for_desk(viewer, reference)
    holding = _held(enquiry)
    _settle(holding, Settled.SPAM, by=viewer.actor, now=now)
    deadlines.ended(enquiry, at=now, is_void=True)
    # Read only by who has the link: a person whom we took for a machine.
    # In their language, whatever staff read.
    with translation.override(enquiry.language):
        enquiry.public_words = _(
            "We took this for an advertisement or a test. If it is not, call us and give the "
            "reference"
        )
    enquiry.owner = enquiry.owner or accounts.queries.hub()
    enquiry.closes_at = resolutions.closes_at(enquiry, now)
    events.move(
        enquiry,
        Status.RESOLVED,
        EventType.SPAM,
        actor=viewer.actor,
        at=now,
        outcome=Outcome.SPAM,
        saving=["public_words", "owner", "closes_at"],
    )


@transaction.atomic
def not_spam(*, reference: str, viewer: Viewer, now: datetime) -> None:
    """It was no spam after all: it is routed now, and its clocks go on from receipt.

    Raises NoSuchCase, NotNow.
    """
    enquiry = for_desk(viewer, reference)
    ended_at = enquiry.resolved_at
    if enquiry.outcome != Outcome.SPAM.value or ended_at is None:
        raise NotNow("This enquiry was not called spam. Reload the page to see what happened")
    holding = Holding.objects.get(enquiry=enquiry)
    _settle(holding, Settled.GENUINE, by=viewer.actor, now=now)
    hub = accounts.queries.hub()
    enquiry.owner, enquiry.team = hub, accounts.queries.default_team(hub.pk)
    enquiry.public_words, enquiry.responded_at = "", None
    events.move(
        enquiry,
        Status.OPEN,
        EventType.NOT_SPAM,
        actor=viewer.actor,
        at=now,
        saving=["owner", "team", "public_words", "responded_at"],
    )
    # Nobody was told of an end, so to its citizen it was never opened again.
    enquiry.reopened_count -= 1
    enquiry.save(update_fields=["reopened_count"])
    deadlines.restored(enquiry, ended_at=ended_at, waits=False)
    triage.route_late(enquiry, send_to=holding.send_to, actor=viewer.actor, now=now)


def let_go_due(*, now: datetime, limit: int = 200) -> int:
    """What nobody looked at in time goes on by itself. Returns how many.

    One that fails is told of and holds up no other.
    """
    gone = 0
    due = Holding.objects.filter(settled_at=None, goes_on_at__lte=now).order_by("goes_on_at")
    for enquiry_id in due.values_list("enquiry_id", flat=True)[:limit]:
        try:
            gone += _let_go_by_itself(enquiry_id, now=now)
        except Exception:
            log.exception("holding.failed", enquiry=enquiry_id)
    return gone


@transaction.atomic
def _let_go_by_itself(enquiry_id: int, *, now: datetime) -> bool:
    enquiry = events.locked(enquiry_id)
    holding = Holding.objects.get(enquiry=enquiry)
    if holding.settled_at is not None:
        return False
    if not is_held(enquiry):  # somebody has dealt with it on its own page
        _settle(holding, Settled.GENUINE, by=SYSTEM, now=now)
        return False
    _settle(holding, Settled.BY_ITSELF, by=SYSTEM, now=now)
    _go_on(enquiry, holding, how="Nobody looked in time", actor=SYSTEM, now=now)
    return True
