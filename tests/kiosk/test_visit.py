"""Somebody stands at the kiosk: asks, is told, leaves nothing behind."""

from __future__ import annotations

import re

import pytest

import kb.queries
from accounts.models import Session
from channels.kiosk import subjects
from enquiries.models import Contact, Enquiry, EnquiryEvent
from notifications.models import Notification
from tests.outbox import run_outbox


def choices(text: str) -> int:
    return len(re.findall(r'class="hub-choice"', text))


def test_an_enquiry_is_made_by_touch_and_its_reference_shown(visitor, site):
    visitor.open("")
    assert "Touch to begin" in visitor.text
    visitor.open("start/")
    assert visitor.at == "/kiosk/menu/"
    visitor.open("about/bins-and-streets/streets-and-litter/")
    assert 'value="fly-tipping"' in visitor.text
    visitor.post("about/", service="fly-tipping")
    assert visitor.at == "/kiosk/where/"
    visitor.post(postcode="wr114aa", address="By the bridge")
    visitor.post(description="A mattress")
    visitor.post(tell_by="sms")
    visitor.post(phone="07700 900123", name="Jo Example")
    assert visitor.at == "/kiosk/check/"
    for words in (
        "Rubbish dumped on land (fly-tipping)",
        "WR11 4AA",
        "By the bridge",
        "A mattress",
        "07700 900123",
    ):
        assert words in visitor.text
    assert "Wychavon" in visitor.text
    visitor.post()
    enquiry = Enquiry.objects.get()
    assert enquiry.reference in visitor.text
    assert "07700 900123" not in visitor.text
    assert "We text this reference to" in visitor.text
    assert "0•• 9••" in visitor.text
    for name in ("sessionid", "csrftoken"):
        cookie = visitor.client.cookies[name]
        assert (cookie["max-age"], cookie["expires"]) == ("", ""), name  # it ends with the browser
    contact = Contact.objects.get()
    assert contact.channel == "kiosk"
    assert contact.site is not None
    assert contact.site.slug == site
    received = EnquiryEvent.objects.get(enquiry=enquiry, sequence=1)
    assert received.actor_kind == "kiosk"
    assert received.actor_name == "Kiosk by the door"
    run_outbox()
    assert Notification.objects.filter(event="received", to="+447700900123").count() == 1
    enquiry.refresh_from_db()
    assert enquiry.status == "referred"


def test_sending_twice_is_sending_once(visitor):
    visitor.to_check()
    for _ in range(2):
        visitor.post("check/")
        assert visitor.at == "/kiosk/sent/"
    assert Enquiry.objects.count() == 1


def test_after_the_end_nothing_of_the_visit_is_left(visitor):
    visitor.to_check(description="Only for the council")
    visitor.post("check/")
    visitor.open("again/")
    assert visitor.at == "/kiosk/"
    assert not visitor.client.session.keys()
    assert all("council" not in str(one.get_decoded()) for one in Session.objects.all())
    for path in ("sent/", "check/", "what/", "menu/"):
        visitor.open(path)
        assert visitor.at == "/kiosk/", path
        assert "Only for the council" not in visitor.text


def test_a_new_visit_does_not_begin_with_the_answers_of_the_last(visitor):
    visitor.to_check(description="Words of the one before")
    visitor.open("start/")
    visitor.post("about/", service="fly-tipping")
    visitor.post(postcode="WR11 4AA")
    assert "Words of the one before" not in visitor.text
    assert "Words of the one before" not in visitor.text


def test_the_second_visit_is_another_enquiry(visitor):
    for words in ("First", "Second"):
        visitor.to_check(description=words)
        visitor.post("check/")
    assert Enquiry.objects.count() == 2


def test_questions_are_asked_in_their_order(visitor):
    visitor.open("start/")
    visitor.open("check/")
    assert visitor.at == "/kiosk/about/"
    visitor.post("about/", service="fly-tipping")
    for path in ("what/", "tell/", "you/email/", "check/"):
        visitor.open(path)
        assert visitor.at == "/kiosk/where/", path


def test_somebody_who_does_not_know_what_it_is_can_still_ask(visitor):
    visitor.open("start/")
    visitor.post("about/", service="")
    visitor.post(description="Something odd")
    visitor.post(nowhere="on")
    assert "Do not tell me" not in visitor.text
    visitor.post(tell_by="email")
    visitor.post(email="jo@example.com", name="Jo")
    assert "A person at the hub reads it" in visitor.text
    visitor.post()
    assert Enquiry.objects.get().service is None


def test_who_may_stay_anonymous_leaves_no_name(visitor):
    service = next(one for one in kb.queries.services() if one.anonymous_ok and one.needs_place)
    visitor.open("start/")
    visitor.post("about/", service=service.slug)
    visitor.post(postcode="WR11 4AA")
    visitor.post(description="It happened at night")
    visitor.post(tell_by="none")
    assert "you stay anonymous" in visitor.text
    visitor.post()
    assert Enquiry.objects.get().person is None


def test_who_may_not_stay_anonymous_is_not_taken_without_a_name(visitor):
    service = next(one for one in kb.queries.services() if not one.anonymous_ok and one.needs_place)
    visitor.open("start/")
    visitor.post("about/", service=service.slug)
    visitor.post(postcode="WR11 4AA")
    visitor.post(description="A question")
    visitor.post(tell_by="none")
    assert visitor.at == "/kiosk/tell/"
    assert "There is a problem" in visitor.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"postcode": ""}, "Enter a postcode, or choose"),
        ({"postcode": "hello"}, "Enter a full postcode"),
        ({"postcode": "SW1A 1AA"}, "is outside Worcestershire"),
        ({"postcode": "WR11 4\x00AA"}, "There is a problem"),
    ],
)
def test_a_wrong_place_is_said_in_words_and_nothing_is_lost(visitor, fields, words):
    visitor.open("start/")
    visitor.post("about/", service="fly-tipping")
    visitor.post(**fields, address="By the old mill")
    assert words in visitor.text
    assert "By the old mill" in visitor.text


@pytest.mark.parametrize("words", ["", "  ", "x" * 10_000])
def test_too_few_and_too_many_words_are_refused(visitor, words):
    visitor.open("start/")
    visitor.post("about/", service="fly-tipping")
    visitor.post(postcode="WR11 4AA")
    visitor.post(description=words)
    assert "There is a problem" in visitor.text


def test_scripts_and_signs_in_words_are_only_words(visitor):
    words = "<script>alert(1)</script> \u202eback 🚮 נשכח"
    visitor.to_check(description=words)
    assert "<script>alert(1)" not in visitor.text
    visitor.post("check/")
    assert Enquiry.objects.get().description == words


@pytest.mark.parametrize("slug", ["adult-safeguarding", "child-protection", "report-crime"])
def test_where_somebody_may_be_in_danger_the_first_words_are_999(visitor, slug):
    visitor.open("start/")
    visitor.post("about/", service=slug)
    assert "call 999" in visitor.text
    assert "Staff in this building can call for you" in visitor.text


def test_every_service_is_reached_by_touch_with_five_choices_a_screen_at_most(visitor):
    visitor.open("start/")
    reached: set[str] = set()
    addresses, seen = ["/kiosk/about/"], set()
    while addresses:
        at = addresses.pop()
        if at in seen:
            continue
        seen.add(at)
        text = visitor.client.get(at).content.decode()
        assert choices(text) <= subjects.A_SCREEN, at
        reached |= set(re.findall(r'name="service" value="([^"]+)"', text))
        addresses += re.findall(r'class="hub-choice" href="([^"]+)"', text)
        addresses += [
            at.partition("?")[0] + more for more in re.findall(r'href="(\?screen=\d+)"', text)
        ]
    assert reached == {one.slug for one in kb.queries.services()}


def test_every_group_that_a_subject_names_is_in_the_catalogue(partnership):
    named = {group for one in subjects.SUBJECTS for group in one.groups}
    assert named <= {group for group, _ in kb.queries.by_group()}


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "٣", "1" * 50, ""])
def test_a_screen_that_is_not_there_is_the_nearest_one(visitor, number):
    visitor.open("start/")
    assert visitor.open("about/", screen=number).status_code == 200


@pytest.mark.parametrize("path", ["about/nothing/", "about/roads/nothing/", "about/x/y/"])
def test_an_old_address_of_a_subject_leads_to_the_subjects(visitor, path):
    visitor.open("start/")
    visitor.open(path)
    assert visitor.at == "/kiosk/about/"


@pytest.mark.parametrize("words", ["bin", "xyzzy", "", "\x00", "x" * 500, "<b>"])
def test_search_finds_or_says_what_to_do(visitor, words):
    visitor.open("start/")
    answer = visitor.post("search/", q=words)
    assert answer.status_code == 200
    assert choices(visitor.text) <= subjects.A_SCREEN
    if words == "bin":
        assert 'value="missed-bin"' in visitor.text


def test_a_search_that_says_danger_is_answered_with_whom_to_ring_first(visitor):
    visitor.open("start/")
    visitor.post("search/", q="we smell gas")
    assert "If you smell gas, go outside and ring 0800 111 999 now." in visitor.text
    visitor.post("search/", q="bin")
    assert "0800 111 999" not in visitor.text


def test_progress_is_shown_for_reference_and_postcode_and_for_nothing_else(visitor):
    visitor.to_check()
    visitor.post("check/")
    reference = Enquiry.objects.get().reference
    visitor.open("start/")
    visitor.open("track/")
    visitor.post(reference=reference, postcode="WR1 3EZ")
    wrong = re.search(r"We cannot find that reference", visitor.text)
    assert wrong
    visitor.post(reference=reference.lower().replace("-", " "), postcode="wr114aa")
    assert "Rubbish dumped on land (fly-tipping)" in visitor.text
    assert "Jo Example" not in visitor.text


@pytest.mark.parametrize("path", ["menu/", "about/", "search/", "track/", "people/"])
def test_start_again_and_a_person_are_on_every_page_and_silence_ends_it(visitor, path):
    visitor.open("start/")
    visitor.open(path)
    assert 'href="/kiosk/again/"' in visitor.text
    assert 'action="/kiosk/help/"' in visitor.text
    assert 'data-module="hub-idle"' in visitor.text
    assert re.search(
        r'<noscript> <meta http-equiv="refresh" content="\d+;url=/kiosk/again/\?why=idle">',
        visitor.text,
    )


def test_no_page_has_a_script_or_a_style_of_its_own(visitor):
    visitor.to_check()
    visitor.post("check/")
    for path in ("sent/", "start/", "about/", "people/", "track/"):
        visitor.open(path)
        assert "<style" not in visitor.text
        assert " style=" not in visitor.text
        assert "<script>" not in visitor.text


def test_the_nearest_service_centres_are_named(visitor):
    visitor.open("start/")
    visitor.open("people/")
    assert "Service centres nearby" in visitor.text
    assert visitor.text.count("<dd>") == 5
