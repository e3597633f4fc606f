"""An answer, and the sending of its form, in the same moment."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from enquiries import intake
from enquiries.actions import begun as acts
from enquiries.actions import unsent
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place
from enquiries.models import BegunForm, ContactItem, Enquiry
from tests.enquiries.test_closing_races import _until_somebody_waits
from tests.enquiries.test_races import together
from tests.world import NOW, World, build

pytestmark = pytest.mark.django_db(transaction=True)
FORM, POSTCODE = "a-form-of-theirs", "WR11 3DA"


@pytest.fixture
def here(transactional_db: None) -> World:
    return build()


def step(revision: int, words: str) -> acts.Step:
    need = {"service": "missed-bin", "description": words}
    return acts.Step(FORM, Channel.WEB, revision, "description", {}, need)


def finished(words: str, revision: int) -> InboundContact:
    return InboundContact(
        channel=Channel.PHONE,
        external_id="by-an-agent",
        received_at=NOW,
        needs=(Need(words, service="missed-bin", place=Place(POSTCODE)),),
        begun=FORM,
        begun_revision=revision,
    )


def test_an_answer_in_the_very_moment_of_sending_is_not_lost(here: World) -> None:
    acts.keep(step(1, "A bin"), now=NOW)
    answered, got = threading.Event(), []

    def citizen(_: int) -> None:
        with transaction.atomic():
            assert acts.keep(step(2, "Two bins"), now=NOW + timedelta(minutes=1))
            answered.set()
            _until_somebody_waits()

    def agent(_: int) -> None:
        assert answered.wait(timeout=30)
        try:
            intake.receive(finished("A bin", 1), now=NOW)
        except intake.FormMoved as moved:
            got.append(moved)

    works = [citizen, agent]
    together(2, lambda i: works[i](i))
    assert len(got) == 1
    assert Enquiry.objects.count() == 0
    assert BegunForm.objects.get().revision == 2
    # Nothing of the refused one stands in the way of the next.
    intake.receive(finished("Two bins", 2), now=NOW)
    assert Enquiry.objects.get().description == "Two bins"


def test_an_answer_that_comes_while_it_is_being_sent_hears_that_it_was(here: World) -> None:
    acts.keep(step(1, "A bin"), now=NOW)
    taken, kept = threading.Event(), []

    def agent(_: int) -> None:
        with transaction.atomic():
            intake.receive_within(finished("A bin", 1), now=NOW)
            taken.set()
            _until_somebody_waits()

    def citizen(_: int) -> None:
        assert taken.wait(timeout=30)
        kept.append(acts.keep(step(2, "Two bins"), now=NOW))

    works = [agent, citizen]
    together(2, lambda i: works[i](i))
    assert kept == [False]
    assert Enquiry.objects.get().description == "A bin"


def test_two_doors_that_send_one_form_in_the_same_moment_make_one_enquiry(here: World) -> None:
    acts.keep(step(1, "A bin"), now=NOW)
    taken = threading.Event()

    def citizen(_: int) -> None:
        with transaction.atomic():
            own = replace(finished("A bin", 1), channel=Channel.WEB, external_id=FORM)
            intake.receive_within(own, now=NOW)
            taken.set()
            _until_somebody_waits()

    def agent(_: int) -> object:
        assert taken.wait(timeout=30)
        return intake.receive(finished("A bin", 1), now=NOW)

    works = [citizen, agent]
    refused = together(2, lambda i: works[i](i))[1]
    assert isinstance(refused, intake.FormSent)
    assert refused.reference == Enquiry.objects.get().reference


def test_a_form_that_is_sent_while_it_is_counted_as_left_is_one_need(here: World) -> None:
    acts.keep(step(1, "A bin"), now=NOW)
    later, held = NOW + timedelta(hours=25), threading.Event()

    def count(_: int) -> None:
        with transaction.atomic():
            row = unsent.held(unsent.due(now=later)[0], now=later)
            assert row is not None
            received = intake.receive_within(unsent.as_contact(row), now=later)
            unsent.counted(row, received.enquiries[0].enquiry_id)
            held.set()
            _until_somebody_waits()

    def citizen(_: int) -> object:
        assert held.wait(timeout=30)
        return intake.receive(replace(finished("A bin", 1), received_at=later), now=later)

    works = [count, citizen]
    together(2, lambda i: works[i](i))
    left = Enquiry.objects.get(outcome="unanswered")
    assert ContactItem.objects.get(about=left).enquiry.description == "A bin"
