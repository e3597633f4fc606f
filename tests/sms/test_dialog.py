"""Conversations by text, as citizens have them: signed posts in, TwiML out."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from channels.sms import conversation, parsing, silences
from core.audit import SYSTEM
from core.models import AuditEvent
from core.privacy import address_hash
from enquiries.actions import dialogs
from enquiries.models import Contact, ContactItem, Enquiry, SmsDialog
from enquiries.queries.ways import way_of
from kb.actions_tongues import save as save_words
from kb.models import Danger
from notifications import gsm
from notifications.models import Notification
from tests import forms_of, world
from tests.outbox import run_outbox
from tests.stand_ins.phone import INBOUND, Phone, payload, post, sid, words

pytestmark = pytest.mark.django_db

BIN = "My bin was not emptied on Monday. WR11 3DA"
HOLE = "There is a pothole outside the Spar, Bridge Street. WR1 3EZ"
BINS = {
    "key": "bins", "type": "several", "words": "Which bins were missed?",
    "choices": [{"value": "rubbish", "words": "Rubbish"}, {"value": "food", "words": "Food waste"},
                {"value": "garden", "words": "Garden waste"}],
}  # fmt: skip
OUT = {"key": "out", "type": "yes_no", "words": "Was the bin out by 7am?"}
DAY = {"key": "day", "type": "date", "words": "When should it have been emptied?", "most": 0}
LATE = {
    "key": "late", "kind": "answered", "when": {"question": "out", "is": "no"},
    "title": "Next time",
    "words": "Bins have to be out by 7am.", "next_step": "Leave it out by 7am on your next day.",
}  # fmt: skip
DEEP = {
    "key": "deep", "type": "choice", "words": "How deep is it?",
    "choices": [{"value": "shallow", "words": "Less than a golf ball"},
                {"value": "deep", "words": "Deeper than that"}],
}  # fmt: skip
NOTE = {"key": "note", "type": "text", "words": "What does the note say?", "required": False}


@pytest.fixture
def bins(clock) -> None:
    """A missed bin asks which bins, and whether they were out; it needs the house."""
    forms_of.publish("missed-bin", BINS, OUT, ends=[LATE], describe=False)


@pytest.fixture
def holes(clock) -> None:
    forms_of.publish("pothole", DEEP, describe=False)


def only() -> Enquiry:
    return Enquiry.objects.get()


def row() -> SmsDialog:
    return SmsDialog.objects.get()


def silent(clock, minutes: int = 61) -> int:
    clock.shift(timedelta(minutes=minutes))
    return silences.open_due(now=timezone.now())


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
    assert f"We have added this to {only().reference}" in phone.text("No, the green one")
    assert phone.text("ok thanks").startswith("Thank you for letting us know")
    assert Enquiry.objects.count() == 1


# -- Yes, stop and start -------------------------------------------------------------------------


def test_yes_that_a_provider_takes_for_start_is_an_answer(bins, phone):
    phone.text(BIN)
    phone.text("1")
    assert "Q3 Which house" in phone.text("Yes", OptOutType="START")
    assert not AuditEvent.objects.filter(action="sms.start").exists()


def test_stop_ends_it_without_a_word_and_start_takes_it_up(bins, phone):
    phone.text(BIN)
    phone.text("1")
    assert phone.text("STOP") == ""
    assert phone.text("START").startswith("Q2 Was the bin out")
    for said in ("yes", "12 High Street", "1"):
        phone.text(said)
    assert only().answers["out"] == "yes"


def test_who_stopped_is_not_written_to_and_what_they_told_is_not_lost(bins, clock, phone):
    phone.text(BIN)
    phone.text("STOP")
    assert silent(clock) == 1
    run_outbox()
    assert only().description == BIN
    assert way_of(only()) is None
    assert not Notification.objects.filter(event__in=["sms_opened", "received"]).exists()


# -- Silence -------------------------------------------------------------------------------------


def test_silence_opens_what_is_there_and_says_so_once(bins, clock, phone):
    phone.text(BIN)
    phone.text("1 2")
    assert silent(clock, 59) == 0
    assert silent(clock, 2) == 1
    assert silent(clock, 2) == 0
    run_outbox()
    enquiry = only()
    assert enquiry.received_at == world.NOW
    assert enquiry.answers == {"bins": ["rubbish", "food"]}
    sent = Notification.objects.get(event="sms_opened")
    assert f"Your reference is {enquiry.reference}. Our team will read it" in sent.body
    assert not Notification.objects.filter(event="received").exists()


def test_an_answer_that_comes_late_is_added(bins, clock, phone):
    phone.text(BIN)
    phone.text("1")
    silent(clock)
    clock.shift(timedelta(hours=5))
    assert f"We have added this to {only().reference}" in phone.text("no")
    item = ContactItem.objects.get(kind="new_information")
    assert item.words == "Was the bin out by 7am? No"
    assert Contact.objects.count() == 1


def test_an_answer_a_day_later_is_asked_about(bins, clock, phone):
    phone.text(BIN)
    silent(clock)
    clock.shift(timedelta(hours=25))
    assert "What is this about?" in phone.text("rubbish")


def test_at_night_the_reference_waits_for_the_morning(bins, clock, phone, settings):
    settings.HUB_QUIET_HOURS = "20:00-08:00"
    clock.shift(timedelta(hours=11))
    phone.text(BIN)
    silent(clock)
    run_outbox()
    held = Notification.objects.get(event="sms_opened")
    assert held.state == "queued"
    assert held.hold_until is not None


def test_one_conversation_that_fails_holds_up_no_other(bins, clock, phone, monkeypatch):
    phone.text(BIN)
    Phone("+447700900777").text(BIN)
    broken = address_hash("phone", phone.number)
    real = conversation.open_silent

    def open_silent(thread: str, **named: object) -> bool:
        if thread == broken:
            raise RuntimeError("broken")
        return real(thread, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("channels.sms.conversation.open_silent", open_silent)
    assert silent(clock) == 1
    monkeypatch.setattr("channels.sms.conversation.open_silent", real)
    assert silent(clock) == 1


def test_the_questions_of_yesterday_are_not_answered_today(bins, clock, phone):
    """Where no sweep ran, the day's end opens it; the new text is something of its own."""
    phone.text(BIN)
    clock.shift(timedelta(hours=24))
    phone.text("1")
    assert only().description == BIN


def test_conversations_that_are_over_are_forgotten(holes, clock, phone):
    for said in (HOLE, "1", "1"):
        phone.text(said)
    assert dialogs.sweep(now=timezone.now() + timedelta(days=6)) == 0
    assert dialogs.sweep(now=timezone.now() + timedelta(days=7)) == 1
    assert not SmsDialog.objects.exists()


# -- Two problems --------------------------------------------------------------------------------


def test_another_matter_in_a_conversation_is_asked_about_and_comes_next(bins, holes, phone):
    phone.text(BIN)
    asked = phone.text("also there is a pothole in Bridge Street WR1 3EZ")
    assert "1 for this one (Missed bin)" in asked
    assert "2 for something new" in asked
    back = phone.text("2")
    assert back.startswith("We ask about that next.") or "We ask about that next." in back
    assert "Q1 Which bins" in back
    for said in ("1", "yes", "12 High Street", "1"):
        phone.text(said)
    assert only().answers["bins"] == ["rubbish"]
    run_outbox()
    sent = Notification.objects.filter(event="sms_turn").order_by("pk").last()
    assert sent is not None
    assert sent.body.startswith("About: Pothole.\nQ1 How deep is it?")
    phone.text("2")
    phone.text("1")
    assert sorted(Enquiry.objects.values_list("service__slug", flat=True)) == [
        "missed-bin", "pothole",
    ]  # fmt: skip
    assert Contact.objects.count() == 1


def test_words_of_another_matter_that_are_of_this_one_go_on_with_it(bins, phone):
    phone.text(BIN)
    phone.text("it is by the pothole in the road")
    assert "Q1 Which bins" in phone.text("1")
    for said in ("1", "yes", "12 High Street", "1"):
        phone.text(said)
    assert "by the pothole" in only().description


def test_new_words_on_the_day_of_a_case_are_asked_about_and_begin_their_own(bins, holes, phone):
    for said in (HOLE, "1", "1"):
        phone.text(said)
    first = only().reference
    assert f"1 for {first} (Pothole)" in phone.text(BIN)
    assert "Q1 Which bins" in phone.text("2")


def test_nobody_who_does_not_say_which_loses_their_words(holes, clock, phone):
    for said in (HOLE, "1", "1"):
        phone.text(said)
    phone.text("and the drain is full")
    silent(clock)
    assert Enquiry.objects.count() == 2
    assert Enquiry.objects.order_by("pk").last().description == "and the drain is full"  # type: ignore[union-attr]


def test_who_answers_which_with_more_words_is_asked_once_more_and_then_read_by_a_person(
    holes, phone
):
    for said in (HOLE, "1", "1"):
        phone.text(said)
    phone.text("and the drain is full")
    assert "What is this about?" in phone.text("of leaves")
    assert "Our team will read it" in phone.text("since Sunday")
    new = Enquiry.objects.order_by("pk").last()
    assert new is not None
    assert new.description == "and the drain is full\nof leaves\nsince Sunday"


def test_words_that_may_be_of_several_services_are_offered_to_choose(bins, holes, phone):
    offered = phone.text("bins")
    assert "1 Missed bin" in offered
    assert "0 something else" in offered
    assert phone.text("1").startswith("About: Missed bin.\nQ1 Which bins")


def test_none_of_those_offered_is_read_by_a_person(bins, phone):
    phone.text("bins")
    assert "Your reference is" in phone.text("0")
    assert only().description == "bins"


# -- Danger, and where a form ends ---------------------------------------------------------------


def test_danger_in_a_conversation_is_answered_first_and_opened_at_once(bins, phone):
    Danger.objects.update_or_create(
        slug="gas",
        defaults={"name": "gas", "say": "Ring 999.", "words": "smell gas", "position": 0},
    )
    phone.text(BIN)
    assert phone.text("wait I smell gas here").startswith("Ring 999. We have your message.")
    assert "smell gas" in only().description
    assert not row().is_open


def test_where_a_form_ends_its_words_are_said_and_who_stops_has_been_answered(bins, phone):
    phone.text(BIN)
    phone.text("1")
    said = phone.text("no")
    assert "Bins have to be out by 7am." in said
    assert "Text 1 to ask a person all the same, or 2 to stop here." in said
    assert phone.text("2").startswith("We stop here.")
    run_outbox()
    assert only().status in ("resolved", "closed")
    assert only().outcome == "answered"
    assert not Notification.objects.filter(event__in=["resolved", "received"]).exists()


def test_who_asks_a_person_all_the_same_goes_on(bins, phone):
    phone.text(BIN)
    phone.text("1")
    phone.text("no")
    assert "Q3 Which house" in phone.text("1")
    phone.text("12 High Street")
    phone.text("1")
    run_outbox()
    assert only().owner is not None
    assert only().owner.slug == "hub"  # type: ignore[union-attr]


def test_silence_at_an_end_is_as_good_as_stopping(bins, clock, phone):
    for said in (BIN, "1", "no"):
        phone.text(said)
    assert silent(clock) == 1
    assert only().outcome == "answered"


# -- Where it is ---------------------------------------------------------------------------------


def test_a_place_is_a_postcode_with_what_stands_beside_it(holes, phone):
    phone.text("pothole outside the Spar")
    assert "Q2 Where is it?" in phone.text("1")
    assert "We do not know B99 9ZZ" in phone.text("B99 9ZZ")
    assert "Q2 Bridge Street, WR1 3EZ" in phone.text("Bridge Street, wr13ez")
    phone.text("1")
    assert (only().postcode, only().address) == ("WR1 3EZ", "Bridge Street")


def test_a_street_and_town_do_where_nobody_knows_the_postcode(holes, phone):
    phone.text("pothole outside the Spar")
    phone.text("1")
    asked = phone.text("Bridge Street, Pershore")
    assert "The postcode tells us which council it is for." in asked
    assert "Q2 Bridge Street, Pershore" in phone.text("Bridge Street, Pershore")
    phone.text("1")
    assert only().address == "Bridge Street, Pershore"
    assert only().postcode == ""


def test_houses_of_a_postcode_are_chosen_from_by_number(bins, phone):
    from accounts.models import Address

    for at, text in enumerate(
        ("Flat 1, 12 High Street", "Flat 2, 12 High Street", "3 High Street")
    ):
        Address.objects.create(uprn=str(100 + at), postcode="WR113DA", text=text)
    for said in (BIN, "1", "yes"):
        phone.text(said)
    offered = phone.text("12 High Street")
    assert "1 Flat 1, 12 High Street" in offered
    assert "2 Flat 2, 12 High Street" in offered
    assert "3 High Street" not in offered
    assert "Flat 2, 12 High Street, WR11 3DA" in phone.text("2")
    phone.text("1")
    assert only().uprn == "101"


def test_a_street_that_the_address_book_knows_needs_no_postcode(bins, phone):
    from accounts.models import Address

    Address.objects.create(uprn="100", postcode="WR113DA", text="12 High Street, Evesham")
    Address.objects.create(uprn="101", postcode="WR113DA", text="14 High Street, Evesham")
    for said in ("missed bin", "1", "yes"):
        phone.text(said)
    assert "Q3 14 High Street, Evesham, WR11 3DA" in phone.text("14 high street evesham")


# -- Languages -----------------------------------------------------------------------------------


def test_a_language_by_its_name_is_kept_for_the_number(holes, clock, phone):
    save_words(
        language="pl", texts={"How deep is it?": "Jak głęboka jest?"}, actor=SYSTEM,
        now=timezone.now(),
    )  # fmt: skip
    phone.text("polski")
    asked = phone.text(HOLE)
    assert asked.startswith("Temat: Pothole.\nP1 Jak głęboka jest?")
    assert "Nie o to chodzi? Wyślij INNE." in asked
    assert "Nie rozpoznaliśmy w tym odpowiedzi." in phone.text("nie wiem")
    assert "Wyślij 1, aby to przekazać." in phone.text("2")
    assert "P1 Jak głęboka jest?" in phone.text("p1")
    phone.text("2")
    assert phone.text("wyślij").startswith("Mamy Twoją wiadomość.")
    assert only().language == "pl"
    clock.shift(timedelta(days=9))
    dialogs.sweep(now=timezone.now())
    assert phone.text("HELP").startswith("Worcestershire Hub. Napisz")


def test_danger_is_said_in_the_language_of_who_is_in_it(holes, phone):
    Danger.objects.update_or_create(
        slug="gas",
        defaults={"name": "gas", "say": "Ring 999.", "words": "smell gas", "position": 0},
    )
    save_words(
        language="pl", texts={"Ring 999.": "Zadzwoń: 999.", "smell gas": "czuję gaz"},
        actor=SYSTEM, now=timezone.now(),
    )  # fmt: skip
    phone.text("polski")
    assert phone.text("czuję gaz w kuchni").startswith("Zadzwoń: 999. Mamy Twoją wiadomość.")


def test_a_language_can_be_the_first_word_and_be_changed_within(holes, phone):
    phone.text(f"Polski: {HOLE}")
    assert row().language == "pl"
    assert "Q1 How deep" in phone.text("English")
    phone.text("1")
    phone.text("1")
    assert only().language == "en-gb"
    assert only().description == HOLE


# -- Odd texts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "odd", ["\x00", "1\x00", "٢", "𝟚", "0", "-1", "99999999999999999999", "a" * 1600, "🐀", "1 0 7",
            "Q0", "Q99", "change 99", "' OR 1=1 --", "{{ 7 }} ((reference))", "１"],
)  # fmt: skip
def test_no_text_is_too_odd_for_a_question(bins, phone, odd):
    phone.text(BIN)
    answer = phone.text(odd)
    assert answer
    assert gsm.measure(answer).segments <= 3


def test_a_withheld_number_has_no_conversation(bins):
    assert words(post(INBOUND, payload("sms_from_withheld_number", Body=BIN))) == ""
    assert only().description == BIN
    assert not SmsDialog.objects.exists()


def test_a_seal_that_does_not_open_begins_anew(bins, phone):
    phone.text(BIN)
    SmsDialog.objects.update(sealed="broken")
    assert "Q1 Which bins" in phone.text(BIN)


@pytest.mark.django_db(transaction=True)
def test_a_text_waits_while_another_of_its_number_is_read():
    world.build()
    forms_of.publish("pothole", DEEP, describe=False)
    phone = Phone()
    phone.text(HOLE)
    done = threading.Event()

    def send() -> None:
        try:
            phone.text("1")
        finally:
            connection.close()
            done.set()

    with transaction.atomic():
        dialogs.serialise(address_hash("phone", phone.number))
        other = threading.Thread(target=send)
        other.start()
        assert not done.wait(1)
    other.join()
    assert "Q1 Less than a golf ball" in phone.said[-1]


def test_what_a_text_is_taken_for_in_a_conversation_is_read_alike_twice():
    assert parsing.language("polski dziura w drodze") == ("pl", "dziura w drodze")
    assert parsing.language("Polish: hole") == ("pl", "hole")
    assert parsing.language("English heritage site") == ("", "English heritage site")
