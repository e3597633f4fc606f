"""The journey from what is it about to we have it, through the addresses."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from channels.asking import journey
from core import limits, references
from enquiries.models import Contact, Enquiry, Receipt
from hub.templatetags.hub_words import long_day
from notifications.models import Notification
from tests.outbox import run_outbox
from tests.web.conftest import EVESHAM, Visitor


def the_enquiry() -> Enquiry:
    return Enquiry.objects.select_related("service", "person").get()


def test_a_citizen_reports_and_is_told_who_by_when_and_what_next(visitor: Visitor) -> None:
    visitor.start("fly-tipping")
    assert visitor.at.endswith("/q/place/")
    visitor.answer(postcode="wr11 4aa", address="By the bridge")
    visitor.answer(description="A mattress")
    visitor.answer(tell_by="email", email="Jo@Example.com", name="Jo Example")
    assert "Check your answers" in visitor.text
    assert "Wychavon District Council" in visitor.text
    visitor.answer()
    enquiry = the_enquiry()
    assert visitor.at.endswith("/sent/")
    assert enquiry.reference in visitor.text
    assert references.parse(enquiry.reference) == enquiry.reference
    assert "Wychavon District Council" in visitor.text
    assert long_day(enquiry.promised_on) in visitor.text
    assert f"/track/{enquiry.reference}/{enquiry.secret}/" in visitor.text
    assert (enquiry.postcode, enquiry.address) == (EVESHAM, "By the bridge")
    assert enquiry.description == "A mattress"
    assert enquiry.tell_by == "email"
    assert Contact.objects.get().channel == "web"


def test_a_form_sent_twice_gives_one_enquiry_and_the_same_reference(visitor: Visitor) -> None:
    visitor.to_check()
    check, carry = visitor.at, visitor.carry
    first = visitor.client.post(check, {"carry": carry})
    second = visitor.client.post(check, {"carry": carry})
    assert first.status_code == second.status_code == 302
    assert second["Location"] == first["Location"] + "?again=1"
    visitor.go(second)
    assert "already sent" in visitor.text
    assert the_enquiry().reference in visitor.text


def test_two_clicks_that_never_saw_each_others_session_give_one_enquiry(visitor: Visitor) -> None:
    visitor.to_check()
    check, carry = visitor.at, visitor.carry
    strangers = [Client(), Client()]
    places = [client.post(check, {"carry": carry})["Location"] for client in strangers]
    assert places[0] == places[1]
    pages = [client.get(places[0]).content.decode() for client in strangers]
    reference = the_enquiry().reference
    assert all(reference in page for page in pages)
    assert Receipt.objects.count() == 1


def test_the_back_button_after_sending_leads_to_what_was_sent(visitor: Visitor) -> None:
    visitor.to_check()
    visitor.answer()
    for step in ("about", "where", "what", "you", "check"):
        visitor.open(step)
        assert visitor.at.endswith("/sent/?again=1"), step
        assert "already sent" in visitor.text
        visitor.at = visitor.at.removesuffix("?again=1")
    assert Enquiry.objects.count() == 1


def test_changed_words_under_the_same_key_do_not_make_a_second_enquiry(visitor: Visitor) -> None:
    visitor.to_check()
    check, old = visitor.at, visitor.carry
    other = Client()
    changed = journey.load(other.session, check.split("/")[2], old)
    assert changed is not None
    carry = journey.seal(changed.answered("what", description="Other words"))
    visitor.answer()
    page = other.get(other.post(check, {"carry": carry})["Location"]).content.decode()
    assert "already sent" in page
    assert the_enquiry().description == "A mattress by the bridge"


def test_an_expired_session_loses_nothing(visitor: Visitor) -> None:
    visitor.start("fly-tipping")
    visitor.answer(postcode=EVESHAM)
    visitor.client.session.flush()
    visitor.answer(description="Typed for a long time")
    assert visitor.at.endswith("/q/you/")
    visitor.client.cookies.clear()
    visitor.answer(tell_by="none")
    assert "Typed for a long time" in visitor.text
    assert EVESHAM in visitor.text
    visitor.answer()
    assert the_enquiry().reference in visitor.text


def test_an_expired_form_gives_back_what_was_typed(visitor: Visitor) -> None:
    strict = Client(enforce_csrf_checks=True)
    visitor.start()
    page = strict.post(visitor.at, {"description": "Half an hour of <b>words</b>"})
    assert page.status_code == 403
    words = page.content.decode()
    assert "This page was open too long" in words
    assert "Half an hour of &lt;b&gt;words&lt;/b&gt;" in words
    assert "no-store" in page["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/ask/abc/q/size/", "answer"),
        ("/ask/abc/told/", "name"),
        ("/track/WH7-K3MP-4X/xxx/", "answer"),
        ("/track/WH7-K3MP-4X/xxx/", "again"),
        ("/track/WH7-K3MP-4X/xxx/others/", "to"),
        ("/desk/answers/can-i/write/", "body"),
        ("/desk/notices/new/", "advice"),
    ],
)
def test_whatever_form_expired_gives_back_what_was_typed(path: str, field: str) -> None:
    typed = {field: "Forty words that I typed by hand", "password": "a secret", "key": "k-1"}
    page = Client(enforce_csrf_checks=True).post(path, typed)
    assert page.status_code == 403
    assert "Forty words that I typed by hand" in page.content.decode()
    assert "a secret" not in page.content.decode()
    assert "k-1" not in page.content.decode()


@pytest.mark.django_db
def test_an_expired_form_gives_back_each_of_several_answers_in_their_language() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "pl"})
    strict.cookies["hub_language"] = "pl"
    page = strict.post("/ask/abc/q/what/", {"answer": ["Fridge", "Sofa"]}).content.decode()
    assert "Fridge\nSofa" in page
    assert "Twoja odpowiedź" in page


def test_a_forgotten_journey_says_so_and_offers_a_new_start(visitor: Visitor) -> None:
    page = visitor.client.get("/ask/never-was/q/description/")
    assert page.status_code == 404
    assert "no longer here" in page.content.decode()
    assert "Start again" in page.content.decode()


def test_tabs_do_not_mix(visitor: Visitor) -> None:
    other = Visitor(client=visitor.client)
    visitor.start("fly-tipping")
    other.start("pothole")
    other.answer(answer="local")
    visitor.answer(postcode=EVESHAM)
    other.answer(nowhere="on")
    visitor.answer(description="Rubbish")
    other.answer(description="A hole")
    visitor.answer(tell_by="none")
    other.answer(tell_by="none")
    visitor.answer()
    other.answer()
    rows = Enquiry.objects.order_by("pk").values_list("service__slug", "description", "postcode")
    assert list(rows) == [("fly-tipping", "Rubbish", EVESHAM), ("pothole", "A hole", "")]


def test_a_later_step_without_the_earlier_ones_leads_back(visitor: Visitor) -> None:
    visitor.start()
    for step in ("what", "you", "check", "sent"):
        visitor.open(step)
        assert visitor.at.endswith("/q/place/"), step


def test_change_links_lead_to_the_question_and_back_to_the_check(visitor: Visitor) -> None:
    visitor.to_check()
    links = re.findall(r'href="(/ask/[^"]+/q/description/)"', visitor.text)
    visitor.go(visitor.client.get(links[0]))
    visitor.at = links[0]
    assert "A mattress by the bridge" in visitor.text
    visitor.answer(description="Two mattresses")
    assert visitor.at.endswith("/check/")
    assert "Two mattresses" in visitor.text


def test_another_service_asks_again_for_the_place_but_keeps_the_words(visitor: Visitor) -> None:
    visitor.to_check()
    visitor.open("about")
    visitor.at = re.sub(r"[^/]+/$", "about/", visitor.at)
    visitor.answer(service="street-light")
    assert visitor.at.endswith("/q/place/")
    assert EVESHAM in visitor.text
    visitor.answer(postcode=EVESHAM)
    assert visitor.at.endswith("/q/you/")


def test_a_service_without_a_place_is_not_asked_for_one(visitor: Visitor) -> None:
    visitor.start("join-library")
    assert visitor.at.endswith("/q/description/")
    assert "Question 1 of 2" in visitor.text


def test_something_else_goes_to_a_person_at_the_hub(visitor: Visitor) -> None:
    visitor.start("unsure")
    assert "What happened?" in visitor.text
    visitor.answer(description="I do not know whom to ask about this")
    visitor.answer(nowhere="on")
    visitor.answer(tell_by="sms", phone="07700 900123", name="Jo Example")
    assert "A person at the hub reads it" in visitor.text
    visitor.answer()
    assert the_enquiry().service is None
    assert "A person at the hub reads it" in visitor.text
    assert "07700 900123" in visitor.text


def test_only_services_that_say_so_can_be_asked_without_a_name(visitor: Visitor) -> None:
    visitor.start("blue-badge")
    visitor.answer(description="A new badge")
    assert "stay anonymous" not in visitor.text
    visitor.answer(tell_by="none")
    assert visitor.at.endswith("/q/you/")
    assert "Error:" in visitor.text


def test_what_was_not_chosen_is_not_kept(visitor: Visitor) -> None:
    visitor.start()
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="A mattress")
    visitor.answer(tell_by="none", email="jo@example.com", phone="rubbish", name="Jo Example")
    assert "stay anonymous" in visitor.text
    visitor.answer()
    assert the_enquiry().person is None


@pytest.mark.parametrize("service", ["report-crime", "child-protection", "adult-safeguarding"])
def test_who_is_in_danger_is_told_to_call_999_before_writing(
    visitor: Visitor, service: str
) -> None:
    page = visitor.client.get(f"/services/{service}/").content.decode()
    assert "If someone is in danger now, call 999" in page
    visitor.start(service)
    assert "If someone is in danger now, call 999" in visitor.text


def test_answers_are_never_kept_by_a_browser_or_a_proxy(visitor: Visitor) -> None:
    visitor.to_check()
    for step in ("about", "where", "what", "you", "check"):
        assert "no-store" in str(visitor.open(step)["Cache-Control"]), step
    visitor.answer()
    assert "no-store" in str(visitor.page["Cache-Control"])


def test_a_sent_journey_leaves_no_words_behind_in_the_session(visitor: Visitor) -> None:
    visitor.to_check()
    visitor.answer()
    kept = str(dict(visitor.client.session.items()))
    assert "mattress" not in kept
    assert "Jo Example" not in kept


def test_the_page_about_it_finds_services_in_peoples_words(visitor: Visitor) -> None:
    page = visitor.client.get("/ask/?q=mattress dumped").content.decode()
    assert "Rubbish dumped on land" in page
    nothing = visitor.client.get("/ask/?q=zzzzqqq").content.decode()
    assert "No service fits" in nothing
    unanswered = visitor.client.post("/ask/", {}).content.decode()
    assert "<title>Error: " in unanswered


def test_a_strangers_number_gets_ten_texts_and_every_enquiry_is_kept(partnership: None) -> None:
    most = limits.DOORS["confirm"]["to"].most
    spellings = ("07700 900123", "+447700900123", "0044 7700 900 123", "(07700) 900123")
    for number in range(most + 2):
        visitor = Visitor()
        visitor.start("fly-tipping")
        visitor.answer(postcode=EVESHAM)
        visitor.answer(description=f"Rubbish number {number} lies by the road")
        visitor.answer(tell_by="sms", phone=spellings[number % 4], name="Jo Example")
        visitor.answer()
        assert visitor.at.endswith("/sent/")
        assert ("We text this reference to" in visitor.text) is (number < most)
    run_outbox()
    told = Notification.objects.filter(event="received", medium="sms", to="+447700900123")
    assert (Enquiry.objects.count(), told.count()) == (most + 2, most)
    page = visitor.client.get(visitor.at).content.decode()
    assert "none goes there about this now. Keep the reference" in page
    assert "We text this reference to" not in page
