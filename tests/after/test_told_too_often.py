"""Anybody may give anybody's number: it is written to so often in a day, and no enquiry is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core import limits
from enquiries.actions import referrals
from enquiries.channels import Channel
from enquiries.inbound import Sender
from enquiries.models import Referral
from notifications.models import Notification
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
MOST = limits.DOORS["confirm"]["to"].most
ANYBODY = Sender(email="anybody@example.com")


def confirmed() -> int:
    return Notification.objects.filter(event="received").count()


def test_the_next_day_it_is_written_to_again_and_what_comes_of_it_is_always_told(
    world: World,
) -> None:
    late = [enquiry_of(ask(words=f"Bin {n}", sender=ANYBODY)) for n in range(MOST + 1)][-1]
    assert confirmed() == MOST
    referral = Referral.objects.get(enquiry=late)
    officer = world.viewer(world.officer)
    referrals.accept(public_id=referral.public_id, viewer=officer, now=timezone.now())
    assert Notification.objects.get(event="accepted").to == "anybody@example.com"
    with time_machine.travel(NOW + timedelta(days=1), tick=True):
        ask(words="Another day", sender=ANYBODY, at=NOW + timedelta(days=1))
    assert confirmed() == MOST + 1


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.COUNTER, Channel.API])
def test_who_is_served_by_staff_or_sent_by_a_partner_is_always_told(
    world: World, channel: Channel
) -> None:
    for number in range(MOST + 2):
        ask(words=f"Bin {number}", sender=ANYBODY, channel=channel)
    assert confirmed() == MOST + 2
