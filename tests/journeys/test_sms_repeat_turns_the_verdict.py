"""By text: in, to the partner, back to the citizen, and into the figure, which a repeat turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from enquiries.models import Contact, Enquiry, Referral
from metrics import projection
from metrics.models import EnquiryFact
from notifications.backends import registry
from notifications.models import PostboxMessage
from tests.journeys.steps import send, words
from tests.outbox import run_outbox
from tests.stand_ins.phone import Phone
from tests.world import NOW, World

ClientFor = Callable[[User], Client]
# The projection reads what has committed, as it does in life.
pytestmark = pytest.mark.django_db(transaction=True)
BIN = "My black bin was not emptied on Monday. WR11 3DA"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(world: World, settings: Any) -> Iterator[Any]:
    """The tests' own day, with the demo's provider and a token for the webhook."""
    settings.TWILIO_AUTH_TOKENS = ["a-token"]
    registry.forget()
    with time_machine.travel(NOW, tick=True) as clock:
        yield clock
    registry.forget()


@pytest.fixture
def partner(world: World, client_for: ClientFor) -> Client:
    return client_for(world.officer)


def accept(partner: Client) -> str:
    """The officer accepts; the referral's page."""
    assert "Missed bin" in words(partner.get("/desk/referrals/").content.decode())
    page = f"/desk/referrals/{Referral.objects.order_by('pk')[0].public_id}/"
    send(partner, page, form=f"{page}accept/")
    run_outbox()
    return page


def complete(partner: Client, page: str) -> None:
    send(
        partner, page, form=f"{page}complete/", outcome="completed",
        words="The crew emptied it this morning.",
    )  # fmt: skip
    run_outbox()


def verdict(reference: str, *, after: timedelta = 40 * DAY) -> tuple[str, str]:
    """The verdict on an enquiry and its reason, as figures show it so much later."""
    projection.refresh(now=timezone.now() + after)
    fact = EnquiryFact.objects.get(reference=reference)
    return fact.verdict, fact.reason


def texts_to(phone: Phone) -> list[str]:
    return list(
        PostboxMessage.objects.filter(to=phone.number, medium="sms")
        .order_by("at", "pk")
        .values_list("body", flat=True)
    )


def test_one_text_is_one_stop(partner: Client) -> None:
    phone = Phone()
    answer = phone.text(BIN)
    run_outbox()
    reference = Enquiry.objects.get().reference
    assert reference in answer
    assert "Wychavon District Council will deal with it by" in answer

    complete(partner, accept(partner))

    accepted, resolved = texts_to(phone)
    assert accepted.startswith(f"Wychavon District Council has started on your enquiry {reference}")
    assert "The crew emptied it this morning." in resolved
    assert verdict(reference, after=DAY) == ("pending", "")
    assert verdict(reference) == ("success", "")


def test_a_retried_webhook_turns_nothing(partner: Client, today: Any) -> None:
    phone = Phone()
    message = "SM" + "7" * 32
    first = phone.text(BIN, message_sid=message)
    run_outbox()
    complete(partner, accept(partner))
    today.shift(2 * DAY)
    assert phone.text(BIN, message_sid=message) == first
    assert Contact.objects.count() == 1
    assert verdict(Enquiry.objects.get().reference) == ("success", "")


@pytest.mark.parametrize(
    "words_of_thanks", ["Thanks!", "{} thank you", "STATUS", "STATUS {}", "OK"]
)
def test_thanks_and_a_look_at_the_status_turn_nothing(
    partner: Client, today: Any, words_of_thanks: str
) -> None:
    phone = Phone()
    phone.text(BIN)
    run_outbox()
    reference = Enquiry.objects.get().reference
    complete(partner, accept(partner))
    today.shift(2 * DAY)
    phone.text(words_of_thanks.format(reference))
    assert verdict(reference) == ("success", "")


@pytest.mark.parametrize("chase", ["{} when will you come?", "Any news on my bin?"])
def test_having_to_ask_again_turns_the_verdict(
    world: World, partner: Client, today: Any, chase: str
) -> None:
    phone = Phone()
    phone.text(BIN)
    run_outbox()
    reference = Enquiry.objects.get().reference
    page = accept(partner)
    today.shift(timedelta(hours=25))
    phone.text(chase.format(reference))
    partner.force_login(world.officer)  # their session has ended meanwhile
    complete(partner, page)
    assert verdict(reference) == ("failure", "progress_chasing")


def test_asking_within_the_same_conversation_is_still_one_stop(
    world: World, partner: Client, today: Any
) -> None:
    phone = Phone()
    phone.text(BIN)
    run_outbox()
    page = accept(partner)
    today.shift(timedelta(hours=2))
    phone.text("Any news?")
    partner.force_login(world.officer)  # nobody is idle for two hours and still signed in
    complete(partner, page)
    assert verdict(Enquiry.objects.get().reference) == ("success", "")


def test_not_done_after_all_turns_the_verdict(partner: Client, today: Any) -> None:
    phone = Phone()
    phone.text(BIN)
    run_outbox()
    reference = Enquiry.objects.get().reference
    complete(partner, accept(partner))
    today.shift(3 * DAY)
    phone.text(f"{reference} it was not emptied at all")
    assert Enquiry.objects.get().status == "open"
    assert verdict(reference) == ("failure", "closed_too_early")


def test_the_same_need_told_afresh_turns_the_verdict_of_the_first(
    partner: Client, today: Any
) -> None:
    phone = Phone()
    phone.text(BIN)
    run_outbox()
    first = Enquiry.objects.get().reference
    complete(partner, accept(partner))
    today.shift(5 * DAY)
    phone.text("Black bin was missed at WR11 3DA")
    run_outbox()
    assert Enquiry.objects.count() == 2
    assert verdict(first)[0] == "failure"
    second = Enquiry.objects.exclude(reference=first).get().reference
    assert verdict(second) == ("excluded", "same_need")
