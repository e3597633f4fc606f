"""Texts through the webhook, as citizens send them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

import enquiries.actions.referrals
import enquiries.actions.replies
import enquiries.actions.resolutions
import notifications.queries
from accounts.models import Organisation
from core import references
from enquiries.lifecycle import Outcome
from enquiries.models import Contact, ContactItem, Enquiry, Referral
from kb.models import Article
from notifications import gsm
from tests.outbox import run_outbox
from tests.stand_ins.phone import INBOUND, Phone, payload, post, sid, words
from tests.world import World

pytestmark = pytest.mark.django_db

BIN = "My bin was not emptied on Monday. WR11 3DA"


def only() -> Enquiry:
    return Enquiry.objects.get()


def kinds() -> list[str]:
    return list(ContactItem.objects.order_by("pk").values_list("kind", flat=True))


def test_a_text_becomes_an_enquiry_and_the_answer_says_who_and_when(clock, phone):
    answer = phone.text(BIN)

    enquiry = only()
    assert enquiry.service is not None
    assert enquiry.service.slug == "missed-bin"
    assert enquiry.postcode == "WR11 3DA"
    assert enquiry.description == BIN
    assert enquiry.tell_by == "sms"
    assert answer.startswith(f"We have your message. Your reference is {enquiry.reference}.")
    assert "Wychavon District Council will deal with it by Thursday 19 November." in answer
    assert gsm.measure(answer).segments <= 2


def test_a_texter_is_told_of_the_receipt_once(clock, phone):
    phone.text(BIN)
    run_outbox()

    enquiry = only()
    assert enquiry.owner is not None
    assert enquiry.owner.slug == "wychavon"
    told = [t.event for t in notifications.queries.about(enquiry.reference) if t.medium == "sms"]
    assert told == ["sms_received"]


def test_what_no_service_matches_goes_to_the_hubs_own_queue_and_is_not_lost(clock, phone):
    answer = phone.text("Something odd happened near the old mill")
    run_outbox()

    enquiry = only()
    assert enquiry.service is None
    assert enquiry.reference in answer
    assert "Our team will read it" in answer
    assert enquiry.status == "open"


def test_a_repeat_changes_nothing_and_gets_the_same_answer(clock, phone):
    message = sid()
    first = phone.text(BIN, message_sid=message)
    run_outbox()
    clock.shift(timedelta(hours=30))

    assert phone.text(BIN, message_sid=message) == first
    assert kinds() == ["new"]
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        "🐀 by the river WR11 3DA",
        "حفرة كبيرة في الطريق WR11 3DA",
        "<script>alert(1)</script> {{ 7|add:7 }} '; DROP TABLE x; --",
        "a" * 1600,
        "Pothole\x00\x07 here",
    ],
)
def test_strange_words_are_taken_as_they_are(clock, phone, body):
    answer = phone.text(body)
    assert only().reference in answer
    assert only().description == body.replace("\x00", "").replace("\x07", "")


def test_an_empty_text_is_answered_with_what_to_do(clock, phone):
    assert "Your text was empty" in phone.text("")
    assert "We have your photo" in phone.text("", NumMedia="1")
    assert not Enquiry.objects.exists()


def test_a_picture_with_words_is_taken_and_nobody_is_told_that_it_was_not_seen(clock):
    answer = words(post(INBOUND, payload("sms_with_picture")))
    assert only().reference in answer
    assert "pictures" not in answer


def test_an_unknown_postcode_is_said_and_nothing_is_lost(clock, phone):
    Organisation.objects.filter(slug="hub").update(phone="01632 960000")
    answer = phone.text("My bin was missed at B99 9ZZ")
    assert only().postcode == ""
    assert only().reference in answer
    assert (
        "We do not know B99 9ZZ in Worcestershire. Check it, use a postcode nearby, or ring "
        "Worcestershire Hub on 01632 960000."
    ) in answer
    assert gsm.measure(answer).segments <= 3


def test_a_postcode_of_another_county_is_said(clock, phone):
    answer = phone.text("Missed bin at SW1A 1AA")
    assert "SW1A 1AA is outside Worcestershire" in answer
    assert Enquiry.objects.count() == 1


def test_two_districts_in_doubt_are_asked_about(clock, phone):
    Organisation.objects.filter(slug="hub").update(phone="01632 960000")
    answer = phone.text("Missed bin between WR11 3DA and WR1 3EZ")
    assert (
        "You named WR11 3DA in Wychavon and WR1 3EZ in Worcester: text us which one it is, or ring "
        "Worcestershire Hub on 01632 960000."
    ) in answer
    assert gsm.measure(answer).segments <= 3
    assert only().district_code == ""


def test_who_asks_gets_the_short_answer_at_once(clock, phone):
    Article.objects.update(short="Bins are emptied every second week.")
    answer = phone.text("When is my missed bin emptied? WR11 3DA")
    service = only().service
    assert service is not None
    assert service.slug == "missed-bin"
    assert "Bins are emptied every second week. Text STATUS" in answer
    assert gsm.measure(answer).segments <= 3


def test_who_reports_is_not_answered_with_what_to_do(clock, phone):
    Article.objects.update(short="Bins are emptied every second week.")
    assert "every second week" not in phone.text(BIN)


def test_a_short_answer_that_makes_the_text_too_long_is_left_out(clock, phone):
    Article.objects.update(short=("Bins are emptied every second week. " * 8).strip())
    answer = phone.text("When is my missed bin emptied? WR11 3DA")
    assert "every second week" not in answer
    assert gsm.measure(answer).segments <= 3


def test_words_for_another_district_in_place_of_the_short_ones_keep_them_back(clock, phone):
    Article.objects.update(
        short="Every second week.",
        areas=[{"code": "E07000238", "mode": "replace", "words": "Every week."}],
    )
    assert "second week" not in phone.text("When is my missed bin emptied? WR11 3DA")


# -- STATUS -------------------------------------------------------------------------------------


def test_status_is_told_to_the_telephone_of_the_case(clock, phone, world: World):
    phone.text(BIN)
    run_outbox()
    reference = only().reference
    answer = phone.text(f"STATUS {reference}")
    assert answer == (
        f"{reference}: Sent to the team that deals with it (Wychavon District Council)."
        " Promised by Thursday 19 November."
    )
    assert phone.text("status") == answer
    assert phone.text(reference.lower().replace("-", " ")) == answer
    assert kinds() == ["new"]


def test_status_tells_another_telephone_nothing(clock, phone):
    phone.text(BIN)
    reference = only().reference
    other = Phone("+447700900999")
    told = other.text(f"STATUS {reference}")
    unknown = other.text("STATUS WH2-3456-7" + references.check_character("234567"))
    assert told.replace(reference, "X") == unknown.replace("WH2-3456-7" + unknown[29:30], "X")
    assert "Wychavon" not in told
    assert "no enquiry" in other.text("STATUS")


def test_status_of_a_finished_case_gives_the_words_of_the_outcome(clock, phone, world, agent):
    phone.text(BIN)
    run_outbox()
    enquiries.actions.resolutions.resolve(
        reference=only().reference, viewer=agent, outcome=Outcome.COMPLETED,
        words="The crew emptied it today.", now=timezone.now(),
    )  # fmt: skip
    assert phone.text("STATUS") == f"{only().reference}: Done. The crew emptied it today."


def test_status_is_answered_afresh_each_time(clock, phone):
    phone.text(BIN)
    before = phone.text("STATUS")
    run_outbox()
    assert phone.text("STATUS") != before


# -- The second text ----------------------------------------------------------------------------


def test_thanks_get_thanks_and_count_as_thanks(clock, phone):
    phone.text(BIN)
    assert phone.text("Thanks!") == (
        "Thank you for letting us know. Text us again whenever you need us."
    )
    assert kinds() == ["new", "thanks"]
    assert Enquiry.objects.count() == 1


def test_ok_from_a_stranger_is_answered_with_help(clock):
    assert "Text us what you need" in Phone("+447700900555").text("OK")
    assert not Enquiry.objects.exists()


def test_a_reference_with_a_question_is_a_chase(clock, phone):
    phone.text(BIN)
    reference = only().reference
    answer = phone.text(f"{reference} when will you come?")
    assert "you are waiting for news" in answer
    item = ContactItem.objects.get(kind="chase")
    assert item.enquiry.reference == reference
    assert item.evidence == ["reference_quoted"]


def test_a_reference_with_a_fact_is_new_information(clock, phone):
    phone.text(BIN)
    answer = phone.text(f"{only().reference} it is behind the left gate")
    assert f"We have added this to {only().reference}" in answer
    assert kinds() == ["new", "new_information"]


def test_asking_without_a_reference_is_about_the_open_case(clock, phone):
    phone.text(BIN)
    phone.text("Any news?")
    item = ContactItem.objects.get(kind="chase")
    assert item.evidence == ["same_thread"]
    assert Enquiry.objects.count() == 1


def test_another_need_is_another_enquiry_in_the_same_conversation(clock, phone):
    phone.text(BIN)
    asked = phone.text("There is a pothole in the high street, still growing. WR11 3DA")
    assert Enquiry.objects.count() == 1
    assert f"1 for {only().reference} (Missed bin)" in asked
    assert "2 for something new" in asked
    phone.text("2")
    assert Enquiry.objects.count() == 2
    assert Contact.objects.count() == 1
    assert kinds() == ["new", "new"]


def test_words_that_may_belong_to_the_open_case_are_asked_about_and_kept(clock, phone):
    phone.text(BIN)
    phone.text("It is behind the left gate")
    assert kinds() == ["new"]
    assert f"We have added this to {only().reference}" in phone.text("1")
    assert kinds() == ["new", "new_information"]
    assert ContactItem.objects.get(kind="new_information").words == "It is behind the left gate"


def test_words_that_name_nothing_else_are_asked_about_days_later_too(clock, phone):
    phone.text(BIN)
    clock.shift(timedelta(days=2))
    assert "2 for something new" in phone.text("It is behind the left gate")


def test_another_service_days_later_is_new_without_a_question(clock, phone):
    phone.text(BIN)
    clock.shift(timedelta(days=2))
    phone.text("There is a pothole in the high street")
    assert kinds() == ["new", "new"]


def test_the_same_kind_of_need_elsewhere_is_asked_about_too(clock, phone):
    phone.text(BIN)
    phone.text("Bin still not emptied at my mother's, WR1 3EZ")
    assert kinds() == ["new"]
    phone.text("2")
    assert kinds() == ["new", "new"]
    assert Enquiry.objects.get(postcode="WR1 3EZ").description.startswith("Bin still")


def test_a_day_of_silence_ends_the_conversation(clock, phone):
    phone.text(BIN)
    clock.shift(timedelta(hours=23, minutes=59))
    phone.text("Any news?")
    clock.shift(timedelta(hours=24))
    phone.text("Any news?")
    assert Contact.objects.count() == 2
    assert kinds() == ["new", "chase", "chase"]


def test_the_answer_to_our_question_wakes_the_case(clock, phone, officer):
    phone.text(BIN)
    run_outbox()
    now = timezone.now()
    referral = Referral.objects.get()
    enquiries.actions.referrals.accept(public_id=referral.public_id, viewer=officer, now=now)
    enquiries.actions.referrals.ask(
        public_id=referral.public_id, viewer=officer, question="Which gate?", now=now
    )
    assert only().status == "waiting"
    assert "Your answer has gone" in phone.text("The left one")
    assert only().status == "in_progress"
    assert ContactItem.objects.get(kind="reply_to_us").words == "The left one"


def test_not_done_after_all_opens_the_case_again(clock, phone, agent):
    phone.text(BIN)
    run_outbox()
    reference = only().reference
    enquiries.actions.resolutions.resolve(
        reference=reference, viewer=agent, outcome=Outcome.COMPLETED, words="Done.",
        now=timezone.now(),
    )  # fmt: skip
    clock.shift(timedelta(days=2))
    phone.text(f"{reference} it was not emptied")
    assert kinds() == ["new", "repeat"]
    assert only().status == "open"


def test_thanks_after_the_end_open_nothing(clock, phone, agent):
    phone.text(BIN)
    run_outbox()
    enquiries.actions.resolutions.resolve(
        reference=only().reference, viewer=agent, outcome=Outcome.COMPLETED, words="Done.",
        now=timezone.now(),
    )  # fmt: skip
    clock.shift(timedelta(days=2))
    phone.text(f"{only().reference} thanks")
    phone.text("thank you")
    assert kinds() == ["new", "thanks", "thanks"]
    assert only().status == "resolved"


def test_a_closed_case_is_followed_by_a_new_one_that_names_it(clock, phone, agent):
    phone.text(BIN)
    run_outbox()
    first = only()
    enquiries.actions.resolutions.resolve(
        reference=first.reference, viewer=agent, outcome=Outcome.COMPLETED, words="Done.",
        now=timezone.now(),
    )  # fmt: skip
    clock.shift(timedelta(days=100))
    assert enquiries.actions.resolutions.close_due(now=timezone.now()) == 1
    answer = phone.text(f"{first.reference} it was not emptied")
    second = Enquiry.objects.exclude(pk=first.pk).get()
    assert second.reference in answer
    item = ContactItem.objects.get(enquiry=second)
    assert (item.kind, item.about, item.evidence) == ("new", first, ["reference_quoted"])


def test_a_neighbours_telephone_can_quote_the_reference(clock, phone):
    phone.text(BIN)
    Phone("+447700900777").text(f"{only().reference} still there")
    assert kinds() == ["new", "chase"]


def test_a_reference_that_nobody_has_does_not_swallow_the_words(clock, phone):
    answer = phone.text("WH2-3456-7" + references.check_character("234567") + " bin was missed")
    assert only().reference in answer
    assert kinds() == ["new"]
