"""Anybody may give anybody's number: it is written to so often in a day, and no enquiry is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from channels.asking import contact, limits
from channels.asking.journey import Journey, begin
from core.limits import DOORS
from enquiries import intake
from enquiries.actions import referrals
from enquiries.channels import Channel
from enquiries.inbound import Sender
from enquiries.models import Contact, Enquiry, Referral
from enquiries.queries import ledger
from notifications.models import Notification
from tests.outbox import run_outbox
from tests.world import NOW, World, ask

pytestmark = pytest.mark.django_db
MOST = DOORS["confirm"]["to"].most
ANYBODY = "anybody@example.com"


def confirmed() -> int:
    run_outbox()
    return Notification.objects.filter(event="received").count()


def sent_in(words: str) -> None:
    """As the website sends it: with an address that nobody of ours has seen."""
    journey: Journey = begin().about("missed-bin", "Missed bin", None)
    journey = journey.answered(
        "you", postcode="WR11 3DA", description=words, tell_by="email", email=ANYBODY
    )
    now = timezone.now()
    intake.receive(contact.read(journey, channel=Channel.WEB, now=now), now=now)


def test_the_next_day_it_is_written_to_again_and_what_comes_of_it_is_always_told(
    world: World,
) -> None:
    for number in range(MOST):
        sent_in(f"Bin {number}")
    assert not limits.had_enough(ANYBODY)
    sent_in("One more")
    assert limits.had_enough(ANYBODY)
    assert confirmed() == MOST
    late = Enquiry.objects.get(description="One more")
    officer = world.viewer(world.officer)
    referral = Referral.objects.get(enquiry=late)
    referrals.accept(public_id=referral.public_id, viewer=officer, now=timezone.now())
    assert Notification.objects.get(event="accepted").to == ANYBODY
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        sent_in("Another day")
        assert confirmed() == MOST + 1


def test_the_ledger_knows_nothing_of_how_often_an_address_was_told(world: World) -> None:
    for number in range(MOST + 1):
        sent_in(f"Bin {number}")
    said = [line["signals"] for line in ledger.ledger(ledger.all_ids()) if "signals" in line]
    assert Contact.objects.filter(signals__contains=["unconfirmed"]).count() == 1
    assert {tuple(one) for one in said} == {(), ("submitted",)}


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.COUNTER, Channel.API])
def test_who_is_served_by_staff_or_sent_by_a_partner_is_always_told(
    world: World, channel: Channel
) -> None:
    for number in range(MOST + 2):
        ask(words=f"Bin {number}", sender=Sender(email=ANYBODY), channel=channel, at=NOW)
    assert Notification.objects.filter(event="received").count() == MOST + 2
