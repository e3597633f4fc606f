"""Conversations by text, as citizens have them: signed posts in, TwiML out."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from enquiries.models import Contact, ContactItem, Enquiry, SmsDialog
from notifications import gsm
from notifications.models import Notification
from tests import forms_of, world
from tests.outbox import run_outbox
from tests.sms.asked import BIN, DEEP, HOLE, NOTE, only, row
from tests.stand_ins.phone import Phone, sid

pytestmark = pytest.mark.django_db

# -- From a text to an enquiry -------------------------------------------------------------------


def test_a_text_is_an_enquiry_in_four_turns(holes, clock, phone):
    asked = phone.text(HOLE)
    assert asked.startswith(
        "About: Pothole.\nQ1 How deep is it?\n1 Less than a golf ball\n2 Deeper"
    )
    assert not Enquiry.objects.exists()
    clock.shift(timedelta(minutes=3))
    check = phone.text("2")
    assert "Q1 Deeper than that" in check
    assert "Q2 WR1 3EZ" in check
    assert phone.text("ok").startswith("We have your message. Your reference is")

    enquiry = only()
    assert enquiry.service is not None
    assert enquiry.service.slug == "pothole"
    assert enquiry.answers == {"deep": "deep"}
    assert enquiry.postcode == "WR1 3EZ"
    assert enquiry.description == HOLE
    assert enquiry.received_at == world.NOW
    contact = Contact.objects.get()
    assert contact.started_at == world.NOW
    assert contact.ended_at == world.NOW + timedelta(minutes=3)
    assert ContactItem.objects.get().words == f"{HOLE}\n2\nok"
    assert not row().is_open
    assert not row().sealed


def test_every_question_stands_in_two_texts_at_most(bins, phone):
    for said in (BIN, "1 3", "yes", "12 High Street", "1"):
        assert gsm.measure(phone.text(said)).segments <= 2, said
    assert only().address == "12 High Street"
    assert only().answers == {"bins": ["rubbish", "garden"], "out": "yes"}


def test_who_said_only_a_postcode_is_asked_for_the_house_and_never_for_the_postcode(bins, phone):
    phone.text(BIN)
    phone.text("all")
    assert "Q3 Which house at WR11 3DA?" in phone.text("Yes it was")
    assert "Q3 12 High Street, WR11 3DA" in phone.text("12 High Street")


def test_the_triage_says_nothing_twice_to_who_was_answered(holes, phone):
    for said in (HOLE, "1", "1"):
        phone.text(said)
    run_outbox()
    received = Notification.objects.filter(about=only().reference, event="received")
    assert not received.exists()
    assert only().owner is not None


def test_what_we_asked_stands_with_the_enquiry(holes, phone):
    for said in (HOLE, "1", "1"):
        phone.text(said)
    asked = Notification.objects.filter(event="sms_turn").order_by("pk")
    assert {one.about for one in asked} == {only().reference}
    assert len(asked) == 2


def test_a_service_without_questions_of_its_own_is_taken_at_once(clock, phone):
    assert "Your reference is" in phone.text(BIN)
    assert not SmsDialog.objects.exists()


def test_nothing_of_a_conversation_can_be_read_in_the_database(holes, phone):
    phone.text(HOLE)
    kept = row()
    everything = " ".join(str(getattr(kept, field.attname)) for field in kept._meta.fields)
    for secret in ("Bridge", "WR1", "7700900123"):
        assert secret not in everything


# -- The same text again, two at once, killed between --------------------------------------------


def test_every_text_of_a_conversation_that_comes_again_gets_its_first_answer(bins, phone):
    said = [(one, sid()) for one in (BIN, "1", "q1", "2", "yes", "12 High Street", "1")]
    first = [phone.text(one, message_sid=message) for one, message in said]
    before = row()
    assert [phone.text(one, message_sid=message) for one, message in said] == first
    assert row().revision == before.revision
    assert Enquiry.objects.count() == Contact.objects.count() == 1
    assert only().answers["bins"] == ["food"]


def test_what_was_not_committed_is_done_whole_when_the_text_comes_again(holes, phone, monkeypatch):
    phone.text(HOLE)
    message, kept = sid(), row()

    def killed(*_: object, **__: object) -> str:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr("channels.sms.saying.say", killed)
        with pytest.raises(RuntimeError):
            phone.text("2", message_sid=message)
    assert row().revision == kept.revision
    assert row().sealed == kept.sealed
    assert "Q1 Deeper than that" in phone.text("2", message_sid=message)


@pytest.mark.django_db(transaction=True)
def test_two_texts_at_once_from_one_number_answer_two_questions():
    world.build()
    forms_of.publish("pothole", DEEP, {**DEEP, "key": "wide", "words": "How wide is it?"},
                     describe=False)  # fmt: skip
    Phone().text(HOLE)
    answers: list[str] = []
    gate = threading.Barrier(2)

    def send() -> None:
        gate.wait()
        try:
            answers.append(Phone().text("2"))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.split(" ")[0].split("\n")[0] for answer in answers) == ["Q2", "We"]
    Phone().text("1")
    assert only().answers == {"deep": "deep", "wide": "deep"}


@pytest.mark.django_db(transaction=True)
def test_five_copies_at_once_of_one_answer_are_one_turn():
    world.build()
    forms_of.publish("pothole", DEEP, describe=False)
    Phone().text(HOLE)
    message, answers, before = sid(), [], row().revision
    gate = threading.Barrier(5)

    def send() -> None:
        gate.wait()
        try:
            answers.append(Phone().text("2", message_sid=message))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 5
    assert len(set(answers)) == 1
    assert row().revision == before + 1


# -- Wrong answers and corrections ---------------------------------------------------------------


def test_what_no_question_can_read_is_said_once_and_then_a_person_reads_it(bins, phone):
    phone.text(BIN)
    again = phone.text("the brownish ones I think")
    assert again.startswith("We could not read that as an answer.\nQ1 Which bins")
    assert not Enquiry.objects.exists()
    taken = phone.text("as I said, brownish")
    assert "Our team will read it" in taken
    run_outbox()
    enquiry = only()
    assert enquiry.owner is not None
    assert enquiry.owner.slug == "hub"
    assert "brownish ones" in enquiry.description
    assert "as I said" in enquiry.description
    assert enquiry.postcode == "WR11 3DA"


def test_an_answer_after_a_slip_begins_anew_to_count(bins, phone):
    for said in (BIN, "what", "1", "perhaps", "yes"):
        phone.text(said)
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    "correction", ["2 was wrong", "change 2", "Q2", "q2 is no", "wrong 2", "2"]
)
def test_an_answer_is_corrected_by_its_number(bins, phone, correction):
    for said in (BIN, "1", "yes", "12 High Street"):
        phone.text(said)
    assert phone.text(correction).startswith("Q2 Was the bin out by 7am?")
    check = phone.text("yes")
    assert "Q2 Yes" in check
    assert "Text 1 to send this." in check


def test_back_goes_to_the_question_before_and_the_rest_stays(bins, phone):
    for said in (BIN, "1", "yes"):
        phone.text(said)
    assert phone.text("back").startswith("Q2 Was the bin out")
    assert phone.text("back").startswith("Q1 Which bins")
    assert "Q3 Which house" in phone.text("3")


def test_a_correction_in_the_middle_goes_on_where_it_was(bins, phone):
    for said in (BIN, "1", "yes"):
        phone.text(said)
    assert phone.text("1 was wrong").startswith("Q1 Which bins")
    assert "Q3 Which house" in phone.text("2")


def test_the_check_sends_nothing_until_it_is_confirmed(holes, phone):
    phone.text(HOLE)
    phone.text("1")
    assert phone.text("hm").startswith("We could not read that as an answer.\nWe have:")
    assert not Enquiry.objects.exists()
    phone.text("1")
    assert "hm" in only().description


def test_what_may_be_left_out_is_skipped(clock, phone):
    forms_of.publish("pothole", NOTE, describe=False)
    assert "Or text SKIP." in phone.text(HOLE)
    assert "Q1 -" in phone.text("skip")
    phone.text("1")
    assert only().answers == {}


def test_a_long_list_is_read_on_by_nought_and_keeps_its_numbers(clock, phone):
    many = [{"value": f"v{n}", "words": f"Choice {n}"} for n in range(1, 15)]
    forms_of.publish(
        "pothole", {"key": "many", "type": "choice", "words": "Which?", "choices": many},
        describe=False,
    )  # fmt: skip
    first = phone.text(HOLE)
    assert "9 Choice 9" in first
    assert "Choice 10" not in first
    assert "0 more" in first
    rest = phone.text("0")
    assert "10 Choice 10" in rest
    assert "14 Choice 14" in rest
    assert phone.text("0").count("1 Choice 1\n") == 1
    assert "Q1 Choice 12" in phone.text("12")


def test_a_wrong_service_is_said_at_the_first_question_and_a_person_reads_it(holes, phone):
    phone.text(HOLE)
    assert "Your reference is" in phone.text("other")
    assert only().answers == {}
    assert only().description == HOLE


# -- People, status, thanks ----------------------------------------------------------------------


def test_agent_opens_it_as_it_stands_for_a_person(bins, phone):
    phone.text(BIN)
    phone.text("2")
    assert "Our team will read it" in phone.text("Agent")
    run_outbox()
    enquiry = only()
    assert enquiry.answers == {"bins": ["food"]}
    assert enquiry.owner is not None
    assert enquiry.owner.slug == "hub"


def test_agent_from_who_told_nothing_yet_is_an_enquiry_for_a_person(clock, phone):
    assert "Our team will read it" in phone.text("AGENT")
    assert only().service is None


def test_status_and_thanks_change_nothing_in_a_conversation(bins, phone):
    phone.text(BIN)
    before = row()
    assert "no enquiry from this number" in phone.text("STATUS")
    assert row().sealed == before.sealed
    assert phone.text("Thanks!").startswith("Q1 Which bins") or "Q1 Which bins" in phone.text("ok")
    assert phone.text("HELP").startswith("Worcestershire Hub.")
    assert "Q2 Was the bin" in phone.text("1")
    assert not Enquiry.objects.exists()


def test_a_reference_in_a_conversation_lands_on_its_case_and_the_conversation_waits(bins, phone):
    for said in (HOLE,):
        phone.text(said)
    reference = only().reference
    phone.text(BIN)
    phone.text("2")
    assert f"We have added this to {reference}" in phone.text(f"{reference} it is by the lamp")
    assert "Q2 Was the bin out" in phone.text("1")
    assert Enquiry.objects.count() == 1


def test_a_reply_to_what_staff_wrote_lands_on_its_case(clock, phone, agent):
    import enquiries.actions.replies

    phone.text(BIN)
    run_outbox()
    clock.shift(timedelta(days=2))
    enquiries.actions.replies.reply(
        reference=only().reference, viewer=agent, words="Is it the left gate?", now=timezone.now()
    )
    run_outbox()
    clock.shift(timedelta(minutes=5))
    assert "Your answer has gone to the people" in phone.text("No, the green one")
    assert phone.text("ok thanks").startswith("Thank you for letting us know")
    assert Enquiry.objects.count() == 1
