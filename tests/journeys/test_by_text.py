"""Conversations by text through the whole hub: a telephone, Twilio over HTTP, relay and worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core.models import AuditEvent
from customers import queries_telling
from customers.ways import Wish
from enquiries.models import Contact, ContactItem, Enquiry, Referral
from notifications.models import Notification
from tests import forms_of
from tests.journeys.carried import Carried, carried
from tests.journeys.steps import send, words
from tests.sms.asked import DEEP, HOLE
from tests.stand_ins.phone import Phone
from tests.stand_ins.twilio_server import Step
from tests.world import World, build

ClientFor = Callable[[User], Client]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BIN = "My black bin was not emptied on Monday. WR11 3DA"
DONE = "The crew emptied it this morning."


@pytest.fixture
def whole(transactional_db: None) -> World:
    return build()


@pytest.fixture
def system(
    whole: World, settings: Any, pg: str, redis_url: str, tmp_path: Path
) -> Iterator[Carried]:
    """Everything that is sent is delivered, and Twilio says so."""
    settings.HUB_SMS_NUMBER = "+447700900000"
    with carried(settings, pg=pg, redis_url=redis_url, folder=tmp_path) as running:
        running.twilio.report = running.report
        running.twilio.mood = lambda: Step(told_after=("sent", "delivered"))
        yield running
        assert set(running.answers) <= {204}


@pytest.fixture
def partner(whole: World, client_for: ClientFor) -> Client:
    return client_for(whole.officer)


def page_of(reference: str) -> str:
    """The case on the partner's desk."""
    return f"/desk/referrals/{Referral.objects.get(enquiry__reference=reference).public_id}/"


def complete(partner: Client, reference: str) -> None:
    page = page_of(reference)
    send(partner, page, form=f"{page}complete/", outcome="completed", words=DONE)


def accept(partner: Client, reference: str) -> None:
    page = page_of(reference)
    send(partner, page, form=f"{page}accept/")


def status(reference: str) -> str:
    return str(Enquiry.objects.get(reference=reference).status)


def number_of(reference: str) -> str:
    """Where its citizen may be told; "" where nowhere."""
    person = Enquiry.objects.get(reference=reference).person_id
    assert person is not None
    way = queries_telling.decide(person, Wish()).after([])
    return way.to if way else ""


def kinds(reference: str) -> list[str]:
    items = ContactItem.objects.filter(enquiry__reference=reference).order_by("pk")
    return list(items.values_list("kind", flat=True))


def test_four_texts_are_an_enquiry_and_what_became_of_it_is_told(system: Carried) -> None:
    forms_of.publish("pothole", DEEP, describe=False)
    phone = Phone()
    assert "Q1 How deep is it?" in phone.text(HOLE)
    assert "Q1 Deeper" in phone.text("2")
    # One was wrong: it is asked again, and the rest stays.
    assert "Q1 How deep is it?" in phone.text("1 was wrong")
    assert "Q1 Less than a golf ball" in phone.text("1")
    answer = phone.text("ok")
    case = Enquiry.objects.get()
    assert case.reference in answer
    assert case.answers == {"deep": "shallow"}
    system.wait_for(lambda: status(case.reference) == "referred" and system.rests())
    # Who was answered in the same breath is not told the same by a text of its own.
    assert system.texts_to(phone.number) == []
    assert case.reference in phone.text("STATUS")
    assert Contact.objects.count() == 1


def test_a_reply_to_what_we_said_was_done_opens_it_again_and_thanks_do_not(
    whole: World, system: Carried, partner: Client, client_for: ClientFor
) -> None:
    phone = Phone()
    phone.text(BIN)
    reference = Enquiry.objects.get().reference
    system.wait_for(lambda: status(reference) == "referred")
    accept(partner, reference)
    complete(partner, reference)
    # Done within the seconds in which accepting it could be taken back: one text says so.
    system.wait_for(lambda: len(system.texts_to(phone.number)) == 1 and system.rests())
    assert DONE in system.texts_to(phone.number)[-1]
    told = Notification.objects.get(event="resolved", about=reference)
    system.wait_for(lambda: Notification.objects.get(pk=told.pk).state == "delivered")

    phone.text("Thanks!")
    assert status(reference) == "resolved"
    phone.text(f"{reference} it was not emptied at all")
    assert status(reference) == "open"
    system.wait_for(system.rests)
    assert kinds(reference) == ["new", "thanks", "repeat"]
    # It is the hub's again, and who opens it there reads why.
    page = client_for(whole.agent).get(f"/desk/cases/{reference}/")
    assert "it was not emptied at all" in words(page.content.decode())
    assert Enquiry.objects.count() == 1


def test_who_sent_stop_hears_nothing_until_they_send_start(
    system: Carried, partner: Client
) -> None:
    phone = Phone()
    phone.text(BIN)
    reference = Enquiry.objects.get().reference
    system.wait_for(lambda: status(reference) == "referred")
    assert phone.text("STOP", OptOutType="STOP") == ""
    accept(partner, reference)
    system.wait_for(system.rests)
    assert system.texts_to(phone.number) == []
    # Their case goes on all the same, and staff see that they are not told.
    assert status(reference) == "in_progress"

    assert phone.text("START", OptOutType="START") == ""
    complete(partner, reference)
    system.wait_for(lambda: system.texts_to(phone.number) and system.rests())
    assert DONE in system.texts_to(phone.number)[-1]
    trail = AuditEvent.objects.filter(action__startswith="sms.").order_by("pk")
    assert list(trail.values_list("action", flat=True)) == ["sms.stop", "sms.start"]


def test_a_stop_that_only_twilio_heard_is_learned_from_its_refusal(
    system: Carried, partner: Client
) -> None:
    phone = Phone()
    phone.text(BIN)
    reference = Enquiry.objects.get().reference
    system.wait_for(lambda: status(reference) == "referred")
    system.twilio.plan = [Step(400, 21610, "Attempt to send to unsubscribed recipient")]
    accept(partner, reference)
    system.wait_for(lambda: not system.twilio.plan and system.rests())
    refused = Notification.objects.get(event="accepted", about=reference)
    assert (refused.state, refused.error_code) == ("failed", "21610")
    # Nobody carries it round their wish: neither is it tried again, nor by the other provider.
    assert system.taken() == {}
    assert number_of(reference) == ""

    phone.text("START")
    assert number_of(reference) == phone.number
    complete(partner, reference)
    system.wait_for(lambda: system.texts_to(phone.number) and system.rests())
    assert DONE in system.texts_to(phone.number)[-1]
