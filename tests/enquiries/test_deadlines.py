"""The clocks of a case as rows: started, paused, moved, decided once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

import accounts.queries
from accounts.models import Organisation
from accounts.permissions import Viewer
from enquiries.actions import (
    deadlines,
    escalations,
    recounts,
    referrals,
    replies,
    resolutions,
    triage,
)
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need, Place, Sender
from enquiries.intake import receive
from enquiries.lifecycle import CLOCK_WORDS, ClockKind, Outcome, Priority
from enquiries.models import Clock, ClockRule, Enquiry, EnquiryEvent, Referral
from enquiries.queries import deadlines as reading
from kb.models import Service
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(world: World) -> Viewer:
    found = accounts.queries.viewer_for_user(world.agent)
    assert found is not None
    return found


@pytest.fixture
def officer(world: World) -> Viewer:
    found = accounts.queries.viewer_for_user(world.officer)
    assert found is not None
    return found


def clock(enquiry: Enquiry, kind: str) -> Clock:
    return Clock.objects.get(enquiry=enquiry, kind=kind)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def referral_of(enquiry: Enquiry) -> Referral:
    return Referral.objects.get(enquiry=enquiry)


def tell(enquiry: Enquiry, kind: ItemKind, at: datetime, words: str = "By the gate") -> None:
    receive(
        InboundContact(
            channel=Channel.WEB,
            external_id=f"{kind.value}-{at.isoformat()}",
            received_at=at,
            needs=(Need(words, kind=kind.value, about=enquiry.reference),),
        ),
        now=at,
    )


def with_first_response(hours: int) -> None:
    Service.objects.filter(slug="missed-bin").update(first_response_wh=hours)


# NOW is Tuesday 17 November 2026, 10:00; everybody works 9 to 5; a missed bin is promised in two
# working days, Thursday at 17:00: 23 working hours.


def test_a_case_starts_with_the_clocks_of_its_citizen_and_of_its_offer(world: World) -> None:
    with_first_response(4)
    enquiry = enquiry_of(ask())

    rows = {row.kind: row for row in Clock.objects.filter(enquiry=enquiry)}

    assert set(rows) == {"first_response", "resolution", "accept"}
    assert rows["first_response"].due_at == NOW + hours(4)
    assert rows["resolution"].budget == hours(23)
    assert rows["resolution"].due_at == enquiry.due_at == datetime(2026, 11, 19, 17, tzinfo=UTC)
    assert rows["accept"].due_at == NOW + hours(4) == referral_of(enquiry).accept_due_at
    assert referral_of(enquiry).expires_at == datetime(2026, 11, 18, 10, tzinfo=UTC) + hours(0)


def test_an_acknowledgement_stops_no_clock_and_an_answer_does(world: World, agent: Viewer) -> None:
    with_first_response(4)
    enquiry = enquiry_of(ask())
    assert clock(enquiry, "first_response").state == "running"

    replies.reply(
        reference=enquiry.reference, viewer=agent, words="The crew is near", now=NOW + hours(2)
    )

    row = clock(enquiry, "first_response")
    assert (row.state, row.stopped_at, row.missed_at) == ("met", NOW + hours(2), None)
    assert clock(enquiry, "resolution").state == "running"


def test_a_clock_is_missed_at_its_due_date_whenever_somebody_looks(
    world: World, agent: Viewer
) -> None:
    with_first_response(4)
    enquiry = enquiry_of(ask())

    replies.reply(reference=enquiry.reference, viewer=agent, words="Sorry", now=NOW + hours(6))

    row = clock(enquiry, "first_response")
    assert (row.state, row.missed_at, row.stopped_at) == ("missed", NOW + hours(4), NOW + hours(6))


def test_the_offer_and_the_work_have_clocks_of_their_own(world: World, officer: Viewer) -> None:
    enquiry = enquiry_of(ask())
    public_id = referral_of(enquiry).public_id

    referrals.accept(public_id=public_id, viewer=officer, now=NOW + hours(1))

    assert clock(enquiry, "accept").state == "met"
    work = clock(enquiry, "work")
    # Five working days were agreed; the citizen was promised two, and that binds the work.
    assert work.due_at == datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert referral_of(enquiry).work_due_at == enquiry.due_at
    shown = reading.of_case(officer, enquiry, now=NOW + hours(1))
    assert [line.due_at for line in shown if line.words == CLOCK_WORDS[ClockKind.WORK]] == [
        enquiry.due_at
    ]
    referrals.complete(
        public_id=public_id,
        viewer=officer,
        outcome=Outcome.COMPLETED,
        words="Emptied",
        now=NOW + hours(5),
    )
    states = set(Clock.objects.filter(enquiry=enquiry).values_list("state", flat=True))
    assert states == {"met"}


def test_while_it_is_the_citizens_turn_clocks_stand_still(world: World, agent: Viewer) -> None:
    enquiry = enquiry_of(ask())
    replies.ask(
        reference=enquiry.reference, viewer=agent, question="Where is it?", now=NOW + hours(1)
    )
    assert clock(enquiry, "resolution").state == "paused"
    assert escalations.escalate_overdue(now=NOW + timedelta(days=30)) == 0

    tell(enquiry, ItemKind.REPLY_TO_US, NOW + hours(25))

    row = clock(enquiry, "resolution")
    # From Tuesday 11:00 to Wednesday 11:00 eight working hours passed.
    assert (row.state, row.due_at) == ("running", datetime(2026, 11, 20, 17, tzinfo=UTC))
    enquiry.refresh_from_db()
    assert enquiry.due_at == row.due_at
    assert enquiry.promised_on == datetime(2026, 11, 19, tzinfo=UTC).date()


def test_a_case_that_is_sent_on_waits_no_more(world: World, agent: Viewer) -> None:
    enquiry = enquiry_of(ask())
    replies.ask(reference=enquiry.reference, viewer=agent, question="Where?", now=NOW + hours(1))

    referrals.offer(
        reference=enquiry.reference,
        viewer=agent,
        organisation="worcester-city",
        reason="It is theirs",
        now=NOW + hours(3),
    )

    row = clock(enquiry, "resolution")
    assert (row.state, row.due_at) == ("running", datetime(2026, 11, 20, 11, tzinfo=UTC))


def test_a_reopening_keeps_the_first_result_and_gives_no_time_back(
    world: World, agent: Viewer
) -> None:
    enquiry = enquiry_of(ask())
    resolutions.resolve(
        reference=enquiry.reference,
        viewer=agent,
        outcome=Outcome.COMPLETED,
        words="Emptied",
        now=NOW + hours(3),
    )
    first = clock(enquiry, "resolution")
    assert (first.state, first.stopped_at) == ("met", NOW + hours(3))

    # A day later, at the same time: the time between is nobody's.
    tell(enquiry, ItemKind.REPEAT, NOW + hours(27), "It is still full")

    first.refresh_from_db()
    final = clock(enquiry, "final")
    assert (first.state, first.stopped_at) == ("met", NOW + hours(3))
    assert (final.state, final.starts_at, final.budget) == ("running", NOW, hours(23))
    assert final.due_at == datetime(2026, 11, 20, 17, tzinfo=UTC)
    enquiry.refresh_from_db()
    assert enquiry.due_at == final.due_at


def test_what_was_spent_before_a_reopening_stays_spent(world: World, agent: Viewer) -> None:
    enquiry = enquiry_of(ask())
    late = datetime(2026, 11, 20, 12, tzinfo=UTC)
    resolutions.resolve(
        reference=enquiry.reference, viewer=agent, outcome=Outcome.COMPLETED, words="x", now=late
    )
    assert clock(enquiry, "resolution").state == "missed"

    tell(enquiry, ItemKind.REPEAT, late + hours(48), "Again")

    final = clock(enquiry, "final")
    assert final.due_at == datetime(2026, 11, 19, 17, tzinfo=UTC)
    assert escalations.escalate_overdue(now=late + hours(49)) == 1
    assert clock(enquiry, "final").state == "missed"


@pytest.mark.parametrize("outcome", [Outcome.WITHDRAWN, Outcome.SIGNPOSTED])
def test_what_ended_without_our_work_has_no_result(
    world: World, agent: Viewer, outcome: Outcome
) -> None:
    enquiry = enquiry_of(ask())
    resolutions.resolve(
        reference=enquiry.reference, viewer=agent, outcome=outcome, words="x", now=NOW + hours(1)
    )
    assert {row.state for row in Clock.objects.filter(enquiry=enquiry)} == {"void"}


def test_more_pressing_shortens_and_less_gives_nothing_back(world: World, agent: Viewer) -> None:
    ClockRule.objects.create(priority="urgent", percent=50)
    enquiry = enquiry_of(ask())

    recounts.set_priority(
        reference=enquiry.reference,
        viewer=agent,
        priority=Priority.URGENT,
        words="It blocks the way",
        now=NOW + hours(1),
    )

    enquiry.refresh_from_db()
    assert enquiry.due_at == datetime(2026, 11, 18, 17, tzinfo=UTC)
    assert clock(enquiry, "accept").due_at == NOW + hours(2)
    moved = EnquiryEvent.objects.filter(enquiry=enquiry, type="enquiry.due_moved")
    assert {row.data["clock"] for row in moved} == {"resolution", "accept"}
    assert enquiry.promised_on == datetime(2026, 11, 19, tzinfo=UTC).date()

    recounts.set_priority(
        reference=enquiry.reference,
        viewer=agent,
        priority=Priority.NORMAL,
        words="Not after all",
        now=NOW + hours(2),
    )
    enquiry.refresh_from_db()
    assert enquiry.due_at == datetime(2026, 11, 18, 17, tzinfo=UTC)


def test_somebody_who_needs_it_sooner_is_promised_it_sooner(world: World, agent: Viewer) -> None:
    ClockRule.objects.create(vulnerable=True, percent=50)
    first = enquiry_of(ask())
    assert first.person_id is not None

    recounts.set_vulnerable(
        person_id=first.person_id, viewer=agent, is_vulnerable=True, why="Lives alone", now=NOW
    )
    first.refresh_from_db()
    second = enquiry_of(ask())

    assert first.due_at == second.due_at == datetime(2026, 11, 18, 17, tzinfo=UTC)
    # What was told stands (R30); what is promised now is the sooner date.
    assert first.promised_on == datetime(2026, 11, 19, tzinfo=UTC).date()
    assert second.promised_on == datetime(2026, 11, 18, tzinfo=UTC).date()


def test_a_new_closure_moves_no_promise_and_a_closure_less_moves_it_nearer(world: World) -> None:
    body = world.organisations["wychavon"]
    hours_now = dict(body.calendar)
    Organisation.objects.filter(pk=body.pk).update(calendar={**hours_now, "closed": ["2026-11-18"]})
    with_closure = enquiry_of(ask())
    assert with_closure.due_at == datetime(2026, 11, 20, 17, tzinfo=UTC)

    Organisation.objects.filter(pk=body.pk).update(calendar=hours_now)
    assert recounts.recount(organisation_id=body.pk, now=NOW + hours(1)) == 1
    with_closure.refresh_from_db()
    assert with_closure.due_at == datetime(2026, 11, 19, 17, tzinfo=UTC)
    assert recounts.recount(organisation_id=body.pk, now=NOW + hours(1)) == 0

    Organisation.objects.filter(pk=body.pk).update(
        calendar={**hours_now, "closed": ["2026-11-18", "2026-11-19"]}
    )
    recounts.recount(organisation_id=body.pk, now=NOW + hours(2))
    with_closure.refresh_from_db()
    assert with_closure.due_at == datetime(2026, 11, 19, 17, tzinfo=UTC)


def test_an_emergency_counts_hours_of_the_clock(world: World) -> None:
    from enquiries.models import Agreement

    Agreement.objects.filter(organisation=world.organisations["wychavon"]).update(
        accept_wh=2, work_wd=0, elapsed=True
    )
    friday = datetime(2026, 11, 20, 22, tzinfo=UTC)
    received = receive(
        InboundContact(
            channel=Channel.PHONE,
            external_id="night",
            received_at=friday,
            needs=(Need("The bins burn", service="missed-bin", place=Place("WR11 3DA")),),
            sender=Sender(name="Jo Bloggs", phone="07700 900123"),
        ),
        now=friday,
    )
    triage.triage(enquiry_id=received.enquiries[0].enquiry_id, now=friday)
    enquiry = Enquiry.objects.get(pk=received.enquiries[0].enquiry_id)

    assert enquiry.due_at == friday + hours(2)
    assert enquiry.promised_on == datetime(2026, 11, 21, tzinfo=UTC).date()
    assert clock(enquiry, "accept").due_at == friday + hours(2)


def test_a_result_never_changes_again(world: World, agent: Viewer) -> None:
    enquiry = enquiry_of(ask())
    escalations.escalate_overdue(now=NOW + timedelta(days=4))
    missed = clock(enquiry, "resolution").missed_at
    assert missed == datetime(2026, 11, 19, 17, tzinfo=UTC)

    recounts.set_priority(
        reference=enquiry.reference,
        viewer=agent,
        priority=Priority.URGENT,
        words="x",
        now=NOW + timedelta(days=5),
    )
    with transaction.atomic():
        deadlines.ended(enquiry, at=NOW + timedelta(days=6))

    row = clock(enquiry, "resolution")
    assert (row.state, row.missed_at) == ("missed", missed)
    assert row.stopped_at == NOW + timedelta(days=6)
