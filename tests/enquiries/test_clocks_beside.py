"""Clocks where several things happen at once: what waits, what starts late, what comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.permissions import Viewer
from enquiries.actions import (
    escalations,
    links,
    recounts,
    referrals,
    replies,
    resolutions,
    triage,
)
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need, Sender
from enquiries.intake import receive
from enquiries.lifecycle import Outcome, Priority
from enquiries.models import Clock, ClockRule, Enquiry, EnquiryEvent, Referral
from enquiries.vocabulary import WORDINGS, EventType
from kb.models import Service
from tests.referrals import steps
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(world: World) -> Viewer:
    return world.viewer(world.agent)


@pytest.fixture
def officer(world: World) -> Viewer:
    return world.viewer(world.officer)


@pytest.fixture
def constable(world: World) -> Viewer:
    return world.viewer(steps.police(world)[1])


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def clock(enquiry: Enquiry, kind: str, slug: str = "") -> Clock:
    rows = Clock.objects.filter(enquiry=enquiry, kind=kind)
    return rows.get(organisation__slug=slug) if slug else rows.get()


def tell(enquiry: Enquiry, kind: ItemKind, at: datetime) -> None:
    receive(
        InboundContact(
            channel=Channel.WEB,
            external_id=f"{kind.value}-{at.isoformat()}",
            received_at=at,
            needs=(Need("By the gate", kind=kind.value, about=enquiry.reference),),
        ),
        now=at,
    )


def ask_citizen(enquiry: Enquiry, viewer: Viewer, at: datetime, question: str = "Where?") -> None:
    found = steps.with_(enquiry, viewer.organisation_slug)
    referrals.ask(public_id=found.public_id, viewer=viewer, question=question, now=at)


# NOW is Tuesday 17 November 2026, 10:00; everybody works 9 to 5.


@pytest.fixture
def waits(agent: Viewer, officer: Viewer, constable: Viewer) -> Enquiry:
    """With the police beside Wychavon, which accepted it and asked the citizen at 11:00."""
    enquiry = enquiry_of(ask())
    steps.send(enquiry, "west-mercia-police", agent, at=NOW, alongside=True)
    steps.accept(enquiry, officer, at=NOW)
    ask_citizen(enquiry, officer, NOW + hours(1))
    return enquiry


def test_work_that_is_accepted_in_the_citizens_turn_stands_still_with_the_rest(
    waits: Enquiry, constable: Viewer
) -> None:
    steps.accept(waits, constable, at=NOW + hours(2))
    row = clock(waits, "work", "west-mercia-police")
    before = row.due_at
    assert before is not None
    assert row.state == "paused"
    assert escalations.escalate_overdue(now=NOW + timedelta(days=60)) == 0

    tell(waits, ItemKind.REPLY_TO_US, NOW + hours(26))

    row.refresh_from_db()
    # From Tuesday 12:00 to Wednesday 12:00 a working day passed.
    assert (row.state, row.due_at) == ("running", before + timedelta(days=1))


def test_an_offer_that_is_made_in_the_citizens_turn_stands_still_too(
    agent: Viewer, officer: Viewer, constable: Viewer
) -> None:
    enquiry = enquiry_of(ask())
    steps.accept(enquiry, officer, at=NOW)
    ask_citizen(enquiry, officer, NOW + hours(1))

    steps.send(enquiry, "west-mercia-police", agent, at=NOW + hours(2), alongside=True)

    assert clock(enquiry, "accept", "west-mercia-police").state == "paused"
    assert escalations.escalate_overdue(now=NOW + timedelta(days=60)) == 0


def test_an_offer_has_as_long_as_before_when_the_citizen_has_answered(waits: Enquiry) -> None:
    late = NOW + timedelta(days=9)
    tell(waits, ItemKind.REPLY_TO_US, late)

    assert referrals.expire_due(now=late + hours(1)) == 0
    offer = steps.with_(waits, "west-mercia-police")
    assert offer.accept_due_at is not None
    assert offer.expires_at is not None
    assert offer.expires_at > offer.accept_due_at > late


def test_who_leaves_takes_nobody_elses_question_along(waits: Enquiry, constable: Viewer) -> None:
    steps.accept(waits, constable, at=NOW + hours(2))
    ask_citizen(waits, constable, NOW + hours(3), "Who was it?")

    steps.reject(waits, constable, at=NOW + hours(4))

    waits.refresh_from_db()
    assert waits.status == "waiting"
    assert clock(waits, "resolution").state == "paused"


def test_a_clock_that_ran_out_before_a_question_is_escalated_all_the_same(
    agent: Viewer,
) -> None:
    enquiry = enquiry_of(ask())
    due = clock(enquiry, "resolution").due_at
    assert due is not None

    replies.ask(reference=enquiry.reference, viewer=agent, question="Where?", now=due + hours(1))

    assert escalations.escalate_overdue(now=due + hours(2)) == 2
    row = clock(enquiry, "resolution")
    assert (row.state, row.missed_at) == ("missed", due)
    assert EnquiryEvent.objects.filter(enquiry=enquiry, type="enquiry.escalated").count() == 2


def test_a_priority_that_is_set_while_a_case_waits_counts_when_it_goes_on(agent: Viewer) -> None:
    ClockRule.objects.create(priority="urgent", percent=50)
    enquiry = enquiry_of(ask())
    replies.ask(reference=enquiry.reference, viewer=agent, question="Where?", now=NOW + hours(1))
    recounts.set_priority(
        reference=enquiry.reference,
        viewer=agent,
        priority=Priority.URGENT,
        words="It blocks the way",
        now=NOW + hours(2),
    )

    tell(enquiry, ItemKind.REPLY_TO_US, NOW + hours(25))

    enquiry.refresh_from_db()
    # One working day instead of two (Wednesday, 17:00), and the eight hours of the wait.
    assert enquiry.due_at == datetime(2026, 11, 19, 17, tzinfo=UTC)
    assert clock(enquiry, "resolution").state == "running"


def unplaced(agent: Viewer) -> Enquiry:
    """Nobody knows what it is about; the citizen was asked at 11:00, and answered a day later."""
    Service.objects.filter(slug="missed-bin").update(first_response_wh=4)
    enquiry = enquiry_of(ask(words="Qwertz", service=None))
    assert enquiry.promised_on is None
    replies.ask(reference=enquiry.reference, viewer=agent, question="What?", now=NOW + hours(1))
    return enquiry


def place(enquiry: Enquiry, agent: Viewer, at: datetime) -> None:
    triage.place(reference=enquiry.reference, viewer=agent, service="missed-bin", now=at)


def test_a_clock_that_starts_late_knows_the_answer_and_the_wait_before_it(agent: Viewer) -> None:
    enquiry = unplaced(agent)
    tell(enquiry, ItemKind.REPLY_TO_US, NOW + hours(25))

    place(enquiry, agent, NOW + hours(26))

    first = clock(enquiry, "first_response")
    assert (first.state, first.stopped_at) == ("met", NOW + hours(1))
    row = clock(enquiry, "resolution")
    enquiry.refresh_from_db()
    assert row.due_at == enquiry.due_at == datetime(2026, 11, 20, 17, tzinfo=UTC)


def test_a_clock_that_starts_late_in_the_citizens_turn_runs_once_it_goes_on(
    agent: Viewer,
) -> None:
    enquiry = unplaced(agent)

    place(enquiry, agent, NOW + hours(25))

    row = clock(enquiry, "resolution")
    assert (row.state, row.due_at) == ("running", datetime(2026, 11, 20, 17, tzinfo=UTC))


def test_what_was_handed_off_and_is_ours_after_all_is_not_late_from_the_start(
    agent: Viewer,
) -> None:
    Service.objects.filter(slug="missed-bin").update(first_response_wh=4)
    enquiry = enquiry_of(ask(words="Qwertz", service=None))
    resolutions.resolve(
        reference=enquiry.reference,
        viewer=agent,
        outcome=Outcome.SIGNPOSTED,
        words="Ring them",
        now=NOW + hours(1),
    )
    back = NOW + timedelta(days=14)
    resolutions.reopen(reference=enquiry.reference, viewer=agent, words="It is ours", now=back)

    place(enquiry, agent, back + hours(1))

    row = clock(enquiry, "resolution")
    # An hour was spent before it ended; 22 working hours were left.
    assert (row.state, row.due_at) == ("running", datetime(2026, 12, 3, 16, tzinfo=UTC))
    enquiry.refresh_from_db()
    assert enquiry.promised_on == datetime(2026, 12, 3, tzinfo=UTC).date()
    assert recounts.recount(organisation_id=row.organisation_id, now=back + hours(1)) == 0
    assert escalations.escalate_overdue(now=back + hours(2)) == 0


def test_a_report_that_ended_in_anothers_and_comes_back_has_lost_no_time(agent: Viewer) -> None:
    first = enquiry_of(ask(sender=Sender(name="Ann", email="ann@example.com")))
    report = enquiry_of(ask(sender=Sender(name="Bob", email="bob@example.com")))
    links.link_duplicate(
        reference=report.reference, to=first.reference, viewer=agent, now=NOW + hours(1)
    )
    resolutions.resolve(
        reference=first.reference,
        viewer=agent,
        outcome=Outcome.COMPLETED,
        words="Done",
        now=NOW + timedelta(days=5),
    )

    tell(report, ItemKind.REPEAT, NOW + timedelta(days=7, hours=1))

    final = clock(report, "final")
    # Seven days passed between its end and the citizen's word: five of them were working days.
    assert final.due_at == datetime(2026, 11, 26, 17, tzinfo=UTC)
    assert escalations.escalate_overdue(now=NOW + timedelta(days=7, hours=2)) == 0


def test_work_is_never_due_after_the_promise(agent: Viewer, officer: Viewer) -> None:
    ClockRule.objects.create(priority="urgent", percent=90)
    enquiry = enquiry_of(ask())
    steps.accept(enquiry, officer, at=NOW)
    # The work has run out of its own time: only the promise moves now.
    Clock.objects.filter(enquiry=enquiry, kind="work").update(
        state="missed", missed_at=NOW, due_at=NOW
    )
    ClockRule.objects.update(percent=50)

    recounts.set_priority(
        reference=enquiry.reference,
        viewer=agent,
        priority=Priority.URGENT,
        words="It blocks the way",
        now=NOW + hours(1),
    )

    enquiry.refresh_from_db()
    assert enquiry.due_at == datetime(2026, 11, 18, 17, tzinfo=UTC)
    assert Referral.objects.get(enquiry=enquiry).work_due_at == enquiry.due_at


def test_an_erasure_takes_what_agents_wrote_of_a_priority_and_an_offer() -> None:
    assert "words" in WORDINGS[EventType.PRIORITY_SET].personal
    assert "reason" in WORDINGS[EventType.REFERRED].personal
