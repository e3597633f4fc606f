"""Conversations by text: who wants a person, says that it is about something else, or tells us of
something else meanwhile, and what the desk reads of why a person has it."""

from __future__ import annotations

import pytest

from enquiries.models import ContactItem, Enquiry
from kb.models import Cue
from tests import forms_of
from tests.outbox import run_outbox
from tests.sms.asked import BIN, DEEP, HOLE, only, silent

pytestmark = pytest.mark.django_db


def test_who_asks_for_a_person_is_asked_nothing_whatever_they_have_open(clock, phone):
    assert "Our team will read it" in phone.text("AGENT")
    run_outbox()
    assert only().routing_reason.startswith("They asked for a person.")
    said = phone.text("AGENT")
    assert f"We have told the people who deal with {only().reference}" in said
    assert list(ContactItem.objects.order_by("pk").values_list("kind", flat=True)) == [
        "new", "chase",
    ]  # fmt: skip


def test_other_is_heard_at_any_turn_and_what_we_thought_is_not_set_again(bins, phone):
    for said in (BIN, "1", "yes"):
        phone.text(said)
    assert "Our team will read it" in phone.text("OTHER")
    run_outbox()
    assert only().service is None
    assert only().owner.slug == "hub"  # type: ignore[union-attr]
    assert only().routing_reason.startswith("They said that it is not about what we thought.")
    assert "yes" in ContactItem.objects.get().words


def test_other_is_an_answer_where_it_is_a_line_of_the_list(clock, phone):
    choices = [*DEEP["choices"], {"value": "other", "words": "Other"}]
    forms_of.publish(
        "pothole", DEEP, {**DEEP, "key": "kind", "words": "Of what kind?", "choices": choices},
        describe=False,
    )  # fmt: skip
    phone.text(HOLE)
    phone.text("1")
    assert "Q2 Other" in phone.text("other")


def test_what_answered_nothing_stays_with_what_they_told_us(bins, phone):
    phone.text(BIN)
    assert "Q1 Which bins" in phone.text("and my neighbour is unkind")
    for said in ("1", "yes", "12 High Street", "1"):
        phone.text(said)
    assert only().description == f"{BIN}\nand my neighbour is unkind"


def test_another_matter_is_asked_about_at_an_end_too(bins, holes, phone):
    for said in (BIN, "1", "no"):
        phone.text(said)
    assert "2 for something new" in phone.text(HOLE)
    assert "Text 1 to ask a person all the same" in phone.text("2")
    phone.text("2")
    run_outbox()
    assert Enquiry.objects.count() == 1
    assert "Q2 WR1 3EZ" in phone.text("1")


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ((BIN, "brownish", "brownish"), "What they answered could not be read."),
        ((BIN, "1", "Agent"), "They asked for a person."),
        ((BIN, "1"), "They answered our questions no more."),
        (
            (BIN, "1", "no", "1", "12 High Street", "1"),
            "They read that it ends here, and asked a person all the same.",
        ),
    ],
)
def test_the_queue_says_why_a_person_has_it(bins, clock, phone, texts, why):
    for said in texts:
        phone.text(said)
    silent(clock)
    run_outbox()
    assert only().routing_reason.startswith(f"{why} By the rules: ")


def test_what_is_said_to_be_new_is_not_taken_for_what_is_open(holes, phone):
    Cue.objects.update_or_create(subject="chasing", defaults={"says": "me again"})
    for said in (HOLE, "1", "1"):
        phone.text(said)
    run_outbox()
    assert "2 for something new" in phone.text("hello me again")
    assert "Your reference is" in phone.text("2")
    run_outbox()
    new = Enquiry.objects.order_by("pk").last()
    assert new is not None
    assert (new.description, new.service) == ("hello me again", None)
