"""Conversations by text: two matters, danger, ends, places, languages and odd texts."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

import enquiries.actions.resolutions
from channels.sms import parsing
from core.audit import SYSTEM
from core.privacy import address_hash
from enquiries.actions import dialogs
from enquiries.lifecycle import Outcome
from enquiries.models import Contact, ContactItem, Enquiry, SmsDialog
from kb.actions_tongues import save as save_words
from kb.models import Danger, Service
from notifications import gsm
from notifications.models import Notification
from tests import forms_of, world
from tests.outbox import run_outbox
from tests.sms.asked import BIN, DEEP, HOLE, only, row, silent
from tests.stand_ins.phone import INBOUND, Phone, payload, post, words

pytestmark = pytest.mark.django_db

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


def done(agent: object) -> Enquiry:
    """The one enquiry, ended, and its citizen told so by text."""
    run_outbox()
    enquiries.actions.resolutions.resolve(
        reference=only().reference, viewer=agent, outcome=Outcome.COMPLETED,  # type: ignore[arg-type]
        words="The crew emptied it.", now=timezone.now(),
    )  # fmt: skip
    run_outbox()
    return only()


def test_a_complaint_after_the_end_opens_its_case_again(clock, phone, agent):
    phone.text(BIN)
    done(agent)
    clock.shift(timedelta(days=2))
    assert "waiting for news" in phone.text("It was not done") or only().status == "open", (
        phone.said
    )
    assert only().status == "open"
    assert ContactItem.objects.filter(kind="repeat").count() == 1


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
    assert "Inna sprawa? INNE." in asked
    assert "Nie rozumiemy tej odpowiedzi." in phone.text("nie wiem")
    assert "Odpisz 1: przekazujemy to." in phone.text("2")
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


def test_a_seal_that_does_not_open_begins_anew(bins, clock, phone):
    phone.text(BIN)
    SmsDialog.objects.update(sealed="broken")
    assert silent(clock) == 0
    assert not row().is_open
    SmsDialog.objects.update(sealed="broken", is_open=True)
    clock.shift(timedelta(hours=30))
    assert phone.text("START") == ""
    assert "Q1 Which bins" in phone.text(BIN)


def test_a_service_that_is_offered_no_more_costs_nobody_their_words(bins, phone):
    phone.text(BIN)
    phone.text("1")
    Service.objects.filter(slug="missed-bin").update(is_active=False)
    for said in ("yes", "12 High Street WR11 3DA", "1", "agent"):
        phone.text(said)
        if Enquiry.objects.exists():
            break
    assert only().service is None
    assert BIN in only().description


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
