"""Simultaneous hands, on real PostgreSQL in threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from core.errors import DomainError
from enquiries import intake
from enquiries.actions import assignments, referrals, triage
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Sender
from enquiries.models import Contact, Enquiry, EnquiryEvent, Referral
from tests.world import NOW, World, ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)


def together(hands: int, work: Callable[[int], object]) -> list[object]:
    """What each of many threads got, an exception included."""

    def one(index: int) -> object:
        try:
            return work(index)
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(one, range(hands)))


@pytest.fixture
def here(transactional_db: None) -> World:
    return build()


def test_the_same_form_sent_twenty_times_at_once_is_one_enquiry(here: World) -> None:
    inbound = InboundContact(
        channel=Channel.WEB,
        external_id="one",
        received_at=NOW,
        needs=(Need("The bin"),),
        sender=Sender(email="jo@example.com"),
    )
    answers = together(20, lambda _: intake.receive(inbound, now=NOW).enquiries)

    assert len({str(answer) for answer in answers}) == 1
    assert Enquiry.objects.count() == Contact.objects.count() == 1


def test_twenty_agents_take_one_case_and_one_has_it(here: World) -> None:
    enquiry = enquiry_of(ask(service="allotments"))
    agents = [
        replace(here.viewer(here.agent), id=user.pk)
        for user in (here.agent, here.administrator)
        for _ in range(10)
    ]
    together(
        20,
        lambda i: assignments.take(reference=enquiry.reference, viewer=agents[i], now=NOW),
    )
    taken = EnquiryEvent.objects.filter(enquiry=enquiry, type="enquiry.assigned")
    assert taken.count() == 1


def test_triage_by_ten_workers_at_once_offers_once(here: World) -> None:
    received = ask(triaged=False)
    pk = received.enquiries[0].enquiry_id
    together(10, lambda _: triage.triage(enquiry_id=pk, now=NOW))
    assert Referral.objects.count() == 1


def test_two_acceptances_at_once_are_one(here: World) -> None:
    ask()
    officer = here.viewer(here.officer)
    referral = Referral.objects.get()
    together(8, lambda _: referrals.accept(public_id=referral.public_id, viewer=officer, now=NOW))
    assert EnquiryEvent.objects.filter(type="enquiry.accepted").count() == 1


def test_two_first_texts_of_one_telephone_are_one_person_in_one_conversation(here: World) -> None:
    gate = threading.Barrier(6)

    def send(index: int) -> object:
        gate.wait()
        return intake.receive(
            InboundContact(
                channel=Channel.SMS,
                external_id=f"text-{index}",
                received_at=NOW,
                needs=(Need("The bin"),),
                sender=Sender(phone="07700 900123"),
                thread="one-telephone",
            ),
            now=NOW,
        )

    together(6, send)

    assert Enquiry.objects.count() == 6
    assert Enquiry.objects.values("person_id").distinct().count() == 1
    assert Contact.objects.count() == 1
