"""What was promised stands: after closures, waits, reopenings and rules that make it sooner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Organisation
from accounts.permissions import Viewer
from core.models import Outbox
from enquiries.actions import escalations, recounts, referrals, resolutions, triage
from enquiries.channels import ItemKind
from enquiries.lifecycle import Outcome, Priority
from enquiries.models import Clock, ClockRule, Enquiry, EnquiryEvent
from notifications.models import Notification
from tests.enquiries.test_deadlines import hours, tell
from tests.referrals.steps import accept, now_of, with_
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2026, 11, 19, 17, tzinfo=UTC)


@pytest.fixture
def rule(world: World) -> None:
    ClockRule.objects.create(priority="emergency", percent=50)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """What a clock on the wall shows: who is told of what is old is told nothing."""
    return lambda moment: monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def close(world: World, *days: str) -> None:
    """Wychavon closes on days that nobody knew of when the promise was made."""
    body = world.organisations["wychavon"]
    Organisation.objects.filter(pk=body.pk).update(
        calendar={**(body.calendar or {}), "closed": list(days)}
    )


def test_a_wait_after_a_closure_moves_a_promise_by_the_wait_alone(
    world: World, officer: Viewer
) -> None:
    enquiry = enquiry_of(ask())
    accept(enquiry, officer, at=NOW + hours(1))
    close(world, "2026-11-18", "2026-11-19")
    recounts.recount(organisation_id=world.organisations["wychavon"].pk, now=NOW + hours(1))
    assert now_of(enquiry).due_at == THURSDAY

    referrals.ask(
        public_id=with_(enquiry, "wychavon").public_id,
        viewer=officer,
        question="Which gate?",
        now=NOW + hours(2),
    )
    tell(enquiry, ItemKind.REPLY_TO_US, NOW + hours(2.5))

    # Half an hour was theirs; the next half hour in which somebody is there is on Friday.
    due = now_of(enquiry).due_at
    assert due == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    row = Clock.objects.get(enquiry=enquiry, kind="resolution")
    assert row.warn_at is not None
    assert row.warn_at <= due


def test_a_reopening_after_a_closure_gives_only_the_time_that_it_was_over(
    world: World, agent: Viewer
) -> None:
    enquiry = enquiry_of(ask())
    resolutions.resolve(
        reference=enquiry.reference,
        viewer=agent,
        outcome=Outcome.COMPLETED,
        words="Done",
        now=NOW + hours(1),
    )
    close(world, "2026-11-18", "2026-11-19")
    resolutions.reopen(
        reference=enquiry.reference, viewer=agent, words="It is not", now=NOW + hours(2)
    )
    assert now_of(enquiry).due_at == datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.usefixtures("rule")
def test_no_date_is_missed_before_it_was_set_nor_called_late_before_the_promised_day(
    agent: Viewer, at: Callable[[datetime], None]
) -> None:
    enquiry = enquiry_of(ask())
    began = NOW + timedelta(days=1, hours=7, minutes=30)  # Wednesday, half past five
    recounts.set_priority(
        reference=enquiry.reference,
        viewer=agent,
        priority=Priority.EMERGENCY,
        words="A child plays there",
        now=began,
    )
    assert now_of(enquiry).due_at == began

    assert escalations.escalate_overdue(now=began + hours(0.1)) > 0
    row = Clock.objects.get(enquiry=enquiry, kind="resolution")
    assert (row.state, row.missed_at) == ("missed", began)
    assert said_late(enquiry) == 0
    # What will be said is promised for the end of the day that they were told.
    (later,) = Outbox.objects.filter(task="enquiries.say_late")
    assert later.next_at == THURSDAY + timedelta(minutes=1)

    at(later.next_at)
    for _ in range(2):
        escalations.say_late(**later.args, now=later.next_at)
    assert said_late(enquiry) == 1


@pytest.mark.usefixtures("rule")
def test_nobody_is_told_of_lateness_when_it_was_done_by_the_promised_day(
    agent: Viewer, at: Callable[[datetime], None]
) -> None:
    enquiry = enquiry_of(ask())
    recounts.set_priority(
        reference=enquiry.reference,
        viewer=agent,
        priority=Priority.EMERGENCY,
        words="A child plays there",
        now=NOW + hours(31),
    )
    escalations.escalate_overdue(now=NOW + hours(32))
    resolutions.resolve(
        reference=enquiry.reference,
        viewer=agent,
        outcome=Outcome.COMPLETED,
        words="Done",
        now=NOW + hours(48),
    )
    (later,) = Outbox.objects.filter(task="enquiries.say_late")
    at(later.next_at)
    escalations.say_late(**later.args, now=later.next_at)
    assert said_late(enquiry) == 0


def said_late(enquiry: Enquiry) -> int:
    return Notification.objects.filter(event="late", about=enquiry.reference).count()


def test_the_right_service_brings_its_sooner_promise_and_says_so(agent: Viewer) -> None:
    enquiry = enquiry_of(ask(service="allotments", postcode=""))
    assert enquiry.due_at is not None
    assert enquiry.due_at.date() > date(2026, 12, 1)

    triage.place(
        reference=enquiry.reference, viewer=agent, service="missed-bin", now=NOW + hours(1)
    )

    assert now_of(enquiry).due_at == THURSDAY
    assert EnquiryEvent.objects.filter(enquiry=enquiry, type="enquiry.due_moved").exists()
