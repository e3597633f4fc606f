"""What is not ours: handed off with its telephone, told once, and never in the headline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import OutsideBody
from accounts.permissions import Viewer
from core.audit import SYSTEM
from enquiries.actions import referrals, resolutions, triage, versions
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need, Place, Sender
from enquiries.intake import receive
from enquiries.lifecycle import Outcome
from enquiries.models import Clock, Enquiry, EnquiryEvent, Referral, RoutingRule
from enquiries.queries import tracking
from notifications.models import Notification
from tests import forms_of
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
ROAD = {"road": ["motorway"]}


@pytest.fixture
def highways(world: World) -> OutsideBody:
    body = OutsideBody.objects.create(
        slug="national-highways",
        name="National Highways",
        kind="roads",
        phone="0300 123 5000",
        hand_off="They look after motorways. Ring them at any hour on 0300 123 5000.",
    )
    roads = {"local": "A street", "motorway": "The M5"}
    forms_of.add("missed-bin", forms_of.choice("road", "What kind of road is it on?", **roads))
    before = RoutingRule.objects.order_by("position")
    rules = [RoutingRule(position=5, owner_tier="district", answers=ROAD, outside=body)]
    rules += [
        RoutingRule(
            position=row.position,
            owner_tier=row.owner_tier,
            area_code=row.area_code,
            organisation_id=row.organisation_id,
        )
        for row in before
    ]
    versions.publish_rows(rules, name="With roads", actor=SYSTEM, now=NOW)
    return body


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Now is today, so that people are told."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def report(**answers: str) -> Enquiry:
    received = receive(
        InboundContact(
            channel=Channel.WEB,
            external_id=f"road-{sorted(answers.items())}",
            received_at=NOW,
            needs=(
                Need("A dead deer", service="missed-bin", place=Place("WR11 3DA"), answers=answers),
            ),
            sender=Sender(name="Jo Bloggs", email="jo@example.com"),
        ),
        now=NOW,
    )
    triage.triage(enquiry_id=received.enquiries[0].enquiry_id, now=NOW)
    return Enquiry.objects.get(pk=received.enquiries[0].enquiry_id)


def test_an_answer_decides_whose_it_is(highways: OutsideBody) -> None:
    theirs, ours = report(road="motorway"), report(road="local")

    assert (theirs.status, theirs.outcome, theirs.outside) == ("resolved", "signposted", highways)
    assert theirs.owner is None
    assert "0300 123 5000" in theirs.public_words
    assert "road: motorway" in theirs.routing_reason
    assert "National Highways" in theirs.routing_reason
    assert ours.owner is not None
    assert ours.owner.slug == "wychavon"
    assert not Referral.objects.filter(enquiry=theirs).exists()


def test_for_others_nothing_is_promised_and_no_clock_runs(highways: OutsideBody) -> None:
    theirs = report(road="motorway")

    assert (theirs.promised_on, theirs.due_at) == (None, None)
    assert not Clock.objects.filter(enquiry=theirs).exists()
    ended = EnquiryEvent.objects.get(enquiry=theirs, type="enquiry.resolved")
    assert ended.data["inside"] is False


def test_the_citizen_gets_one_message_with_the_telephone(
    highways: OutsideBody, today: None
) -> None:
    theirs = report(road="motorway")

    told = Notification.objects.filter(about=theirs.reference)
    assert [one.event for one in told] == ["resolved"]
    assert "0300 123 5000" in told[0].body


def test_before_sending_it_is_said_whose_it_is(highways: OutsideBody) -> None:
    likely = tracking.expected(
        "missed-bin", Place("WR11 3DA"), now=NOW, answers={"road": "motorway"}
    )

    assert likely.outside is not None
    assert (likely.outside.phone, likely.promised_on) == ("0300 123 5000", None)


def test_who_thinks_it_is_ours_gets_a_person_to_look(highways: OutsideBody, agent: Viewer) -> None:
    theirs = report(road="motorway")

    receive(
        InboundContact(
            channel=Channel.WEB,
            external_id="again",
            received_at=NOW + timedelta(hours=1),
            needs=(Need("It is on the lane", kind=ItemKind.REPEAT.value, about=theirs.reference),),
        ),
        now=NOW + timedelta(hours=1),
    )

    theirs.refresh_from_db()
    assert (theirs.status, theirs.outside) == ("open", None)
    assert theirs.owner is not None
    assert theirs.owner.is_hub
    referrals.offer(
        reference=theirs.reference,
        viewer=agent,
        organisation="wychavon",
        reason="It is on the lane",
        now=NOW + timedelta(hours=1, minutes=30),
    )
    # Sent on by hand, it is promised like any other, and not for a day gone by.
    assert Clock.objects.filter(enquiry=theirs, kind="resolution", state="running").exists()
    theirs.refresh_from_db()
    assert theirs.promised_on == (NOW + timedelta(days=3)).date()
    resolutions.resolve(
        reference=theirs.reference,
        viewer=agent,
        outcome=Outcome.COMPLETED,
        words="Taken away",
        now=NOW + timedelta(hours=2),
    )


def test_a_body_that_no_longer_takes_them_is_passed_over(highways: OutsideBody) -> None:
    OutsideBody.objects.update(is_active=False)

    ours = report(road="motorway")

    assert ours.owner is not None
    assert ours.owner.slug == "wychavon"
