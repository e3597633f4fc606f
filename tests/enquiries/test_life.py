"""The way of one enquiry: triage, referral, answer, reopening, closing."""

from __future__ import annotations

from datetime import timedelta

import pytest

import accounts.queries
from accounts.permissions import Viewer
from core.models import Outbox
from enquiries.actions import (
    assignments,
    escalations,
    referrals,
    replies,
    resolutions,
    triage,
)
from enquiries.inbound import Sender
from enquiries.lifecycle import NotNow, Outcome, RejectReason
from enquiries.models import Clock, Enquiry, EnquiryEvent, Referral
from enquiries.queries.access import NoSuchCase, NoSuchReferral
from notifications.models import Notification
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall clock stands at the tests' own day, so that nothing here is old news."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


def types(enquiry: Enquiry) -> list[str]:
    rows = EnquiryEvent.objects.filter(enquiry=enquiry).order_by("sequence")
    return [row.type.removeprefix("enquiry.") for row in rows]


def told(enquiry: Enquiry) -> list[str]:
    return sorted(
        Notification.objects.filter(about=enquiry.reference).values_list("event", flat=True)
    )


def test_triage_sends_it_to_the_district_with_the_reason_in_words(world: World) -> None:
    enquiry = enquiry_of(ask())

    assert enquiry.status == "referred"
    assert enquiry.owner == world.organisations["wychavon"]
    assert "Missed bin in Wychavon belongs to Wychavon District Council" in enquiry.routing_reason
    assert told(enquiry) == ["offered", "received"]


def test_each_enquiry_is_told_to_the_number_that_was_given_with_it(
    today: None, world: World
) -> None:
    numbers = ["+447700900123", "+447700900456", "+447700900123"]
    for number in numbers:
        ask(sender=Sender(name="Jo Bloggs", email="jo@example.com", phone=number), tell_by="sms")

    sent = Notification.objects.filter(event="received").order_by("pk")
    assert Enquiry.objects.values("person").distinct().count() == 1
    assert [message.to for message in sent] == numbers


def test_triage_twice_does_nothing_more(world: World) -> None:
    enquiry = enquiry_of(ask())
    before = types(enquiry)

    triage.triage(enquiry_id=enquiry.pk, now=LATER)
    assert types(enquiry) == before
    assert Referral.objects.count() == 1


def test_what_no_rule_covers_waits_in_the_hubs_queue_with_the_reason(world: World) -> None:
    enquiry = enquiry_of(ask(service="allotments", words="I want an allotment"))

    assert enquiry.status == "open"
    assert enquiry.owner == world.organisations["hub"]
    assert "No routing rule covers Allotments in Wychavon" in enquiry.routing_reason


def test_a_service_that_depends_on_the_place_waits_when_no_place_was_given(world: World) -> None:
    enquiry = enquiry_of(ask(postcode=""))
    assert enquiry.status == "open"
    assert "depends on the place" in enquiry.routing_reason


def test_triage_finds_the_service_by_the_words(world: World) -> None:
    enquiry = enquiry_of(ask(service=None, words="my bin not emptied again"))
    assert enquiry.service is not None
    assert enquiry.service.slug == "missed-bin"
    assert enquiry.promised_on is not None


def test_words_that_say_nothing_go_to_a_person(world: World) -> None:
    enquiry = enquiry_of(ask(service=None, words="zxqv wvut", postcode=""))
    assert enquiry.status == "open"
    assert enquiry.service is None


def test_a_partner_accepts_asks_and_completes_and_the_citizen_is_told_once_each(
    world: World, officer: Viewer
) -> None:
    enquiry = enquiry_of(ask())
    referral = Referral.objects.get()
    for _twice in range(2):
        referrals.accept(public_id=referral.public_id, viewer=officer, now=LATER)
    referrals.ask(public_id=referral.public_id, viewer=officer, question="Which side?", now=LATER)
    enquiry.refresh_from_db()
    assert enquiry.status == "waiting"
    from enquiries import intake
    from enquiries.channels import Channel
    from enquiries.inbound import InboundContact, Need

    intake.receive(
        InboundContact(
            channel=Channel.WEB,
            external_id="answer",
            received_at=LATER,
            needs=(Need("The left", kind="reply_to_us", about=enquiry.reference),),
        ),
        now=LATER,
    )
    for _twice in range(2):
        referrals.complete(
            public_id=referral.public_id,
            viewer=officer,
            outcome=Outcome.COMPLETED,
            words="We emptied it this morning.",
            now=LATER,
        )
    enquiry.refresh_from_db()
    assert enquiry.status == "resolved"
    assert types(enquiry) == [
        "received",
        "promise_set",
        "referred",
        "accepted",
        "info_requested",
        "contacted",
        "info_received",
        "resolved",
    ]
    assert told(enquiry) == ["accepted", "asked", "offered", "received", "resolved"]


def test_a_stranger_cannot_reach_a_referral(world: World, outsider: Viewer) -> None:
    ask()
    with pytest.raises(NoSuchReferral):
        referrals.accept(public_id=Referral.objects.get().public_id, viewer=outsider, now=LATER)


def test_a_partner_cannot_act_on_the_case_of_the_hub(world: World, officer: Viewer) -> None:
    enquiry = enquiry_of(ask())
    with pytest.raises(NoSuchCase):
        resolutions.resolve(
            reference=enquiry.reference,
            viewer=officer,
            outcome=Outcome.ANSWERED,
            words="Done",
            now=LATER,
        )


def test_what_a_partner_rejects_returns_to_the_hub_with_its_words(
    world: World, officer: Viewer
) -> None:
    enquiry = enquiry_of(ask())
    referrals.reject(
        public_id=Referral.objects.get().public_id,
        viewer=officer,
        reason=RejectReason.OTHER_BODY,
        words="That road is the county's",
        now=LATER,
    )
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.owner) == ("open", world.organisations["hub"])
    assert "That road is the county's" in enquiry.routing_reason


def test_completing_before_accepting_is_refused(world: World, officer: Viewer) -> None:
    ask()
    with pytest.raises(NotNow):
        referrals.complete(
            public_id=Referral.objects.get().public_id,
            viewer=officer,
            outcome=Outcome.COMPLETED,
            words="Done",
            now=LATER,
        )


def test_an_agent_sends_it_elsewhere_and_the_first_offer_is_withdrawn(
    world: World, agent: Viewer, officer: Viewer
) -> None:
    enquiry = enquiry_of(ask())
    referrals.offer(
        reference=enquiry.reference,
        viewer=agent,
        organisation="worcester-city",
        reason="They share the round",
        now=LATER,
    )
    statuses = dict(Referral.objects.values_list("organisation__slug", "status"))
    assert statuses == {"wychavon": "withdrawn", "worcester-city": "offered"}


def test_a_case_goes_to_no_team_of_another_organisation(world: World, agent: Viewer) -> None:
    enquiry = enquiry_of(ask(service="allotments"))
    theirs = accounts.queries.default_team(world.organisations["worcester-city"].pk)
    assert theirs is not None

    with pytest.raises(referrals.NobodyToReferTo):
        referrals.offer(
            reference=enquiry.reference,
            viewer=agent,
            organisation="wychavon",
            reason="Yours",
            team_id=theirs.pk,
            now=NOW,
        )


def test_a_reopened_enquiry_comes_back_to_the_hub_and_can_be_resolved_again(
    world: World, agent: Viewer
) -> None:
    enquiry = enquiry_of(ask())
    said = {"reference": enquiry.reference, "viewer": agent, "now": LATER}
    resolutions.resolve(outcome=Outcome.COMPLETED, words="Emptied.", **said)  # type: ignore[arg-type]
    resolutions.reopen(words="It was the wrong bin", **said)  # type: ignore[arg-type]
    resolutions.resolve(outcome=Outcome.COMPLETED, words="Now it is.", **said)  # type: ignore[arg-type]
    enquiry.refresh_from_db()
    assert enquiry.reopened_count == 1
    assert told(enquiry).count("resolved") == 2


def test_a_resolved_enquiry_closes_when_its_window_has_passed(world: World, agent: Viewer) -> None:
    enquiry = enquiry_of(ask())
    resolutions.resolve(
        reference=enquiry.reference,
        viewer=agent,
        outcome=Outcome.COMPLETED,
        words="Emptied.",
        now=LATER,
    )
    assert resolutions.close_due(now=LATER + timedelta(days=13)) == 0
    assert resolutions.close_due(now=LATER + timedelta(days=15)) == 1
    enquiry.refresh_from_db()
    assert enquiry.status == "closed"


def test_an_overdue_enquiry_is_escalated_once(world: World) -> None:
    enquiry = enquiry_of(ask())
    # Received on Tuesday at ten, promised for Thursday at five; the offer is due at two.
    assert escalations.escalate_overdue(now=NOW + timedelta(hours=1)) == 0
    assert escalations.escalate_overdue(now=NOW + timedelta(days=2, hours=4)) == 2
    assert escalations.escalate_overdue(now=NOW + timedelta(days=2, hours=4)) == 0
    assert types(enquiry)[-2:] == ["escalated", "due_soon"]
    assert "late" not in told(enquiry)

    assert escalations.escalate_overdue(now=NOW + timedelta(days=3)) == 1
    assert escalations.escalate_overdue(now=NOW + timedelta(days=3)) == 0

    assert types(enquiry)[-1] == "escalated"
    assert told(enquiry).count("late") == 1
    letters = Notification.objects.filter(event="overdue").order_by("pk")
    by_clock = [(row.to, "/desk/referrals/" in row.body) for row in letters]
    assert by_clock == [("team@wychavon.demo", True), ("team@hub.demo", False)] * 2
    assert Notification.objects.filter(event="due_soon").count() == 1
    assert {row.kind: row.state for row in Clock.objects.filter(enquiry=enquiry)} == {
        "accept": "missed",
        "resolution": "missed",
    }


def test_nobody_is_told_today_that_something_was_late_long_ago(world: World) -> None:
    enquiry = enquiry_of(ask())
    escalations.escalate_overdue(now=NOW + timedelta(days=30))
    assert "late" not in told(enquiry)


def test_the_second_to_take_a_case_is_told_who_was_quicker(world: World, agent: Viewer) -> None:
    enquiry = enquiry_of(ask(service="allotments"))
    assignments.take(reference=enquiry.reference, viewer=agent, now=LATER)
    colleague = world.viewer(world.administrator)
    with pytest.raises(assignments.AlreadyTaken, match="Asha Agent"):
        assignments.take(reference=enquiry.reference, viewer=colleague, now=LATER)


def test_a_reply_tells_the_citizen_and_a_note_does_not(world: World, agent: Viewer) -> None:
    enquiry = enquiry_of(ask())
    replies.note(reference=enquiry.reference, viewer=agent, words="Rang the depot", now=LATER)
    replies.reply(reference=enquiry.reference, viewer=agent, words="The lorry is late", now=LATER)
    assert told(enquiry) == ["offered", "received", "replied"]


def test_history_tells_nobody_today(world: World) -> None:
    enquiry = enquiry_of(ask(at=NOW - timedelta(days=30)))
    assert told(enquiry) == []
    assert enquiry.status == "referred"


def test_every_ledger_is_numbered_without_holes(world: World, officer: Viewer) -> None:
    enquiry = enquiry_of(ask())
    numbers = list(
        EnquiryEvent.objects.filter(enquiry=enquiry)
        .order_by("sequence")
        .values_list("sequence", flat=True)
    )
    enquiry.refresh_from_db()
    assert numbers == list(range(1, enquiry.version + 1))
    assert Outbox.objects.filter(task="notifications.deliver").count() == 2
