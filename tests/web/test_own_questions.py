"""A service's own questions on the website, and what a citizen reads when it is not ours."""

from __future__ import annotations

import re

import pytest

from enquiries.actions import answering
from enquiries.models import Enquiry, Referral
from kb.models import FormVersion
from tests import forms_of
from tests.not_ours import HAND_OFF, NAME, PHONE, agent_viewer, give_away
from tests.outbox import run_outbox
from tests.web.conftest import EVESHAM, Visitor


@pytest.fixture
def motorways(partnership: None, db: None) -> None:
    give_away("pothole")


def back_to(visitor: Visitor, path: str) -> None:
    """The link of a page back to a question."""
    visitor.at = re.sub(r"^(/ask/[^/]+/).*", rf"\1{path}/", visitor.at)
    visitor.go(visitor.client.get(visitor.at))


def answer_up_to_the_check(visitor: Visitor, road: str) -> None:
    visitor.start("pothole")
    visitor.answer(answer=road)
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="A deep hole in the left lane")
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")


def test_what_decides_is_asked_on_a_page_of_its_own_and_kept(visitor: Visitor) -> None:
    visitor.start("pothole")
    assert visitor.at.endswith("/q/road/")
    assert "Question 1 of 4" in visitor.text
    assert visitor.text.count('type="radio"') == 4
    visitor.answer()
    assert "Choose one, or “I do not know”" in visitor.text
    visitor.answer(answer="a country lane")
    assert "Choose one from the list" in visitor.text
    visitor.answer(answer="local")
    assert visitor.at.endswith("/q/place/")
    assert "/q/road/" in visitor.text  # the way back
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="A deep hole")
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    page = re.sub(r"\s+", " ", visitor.text)
    assert "What kind of road is it on?" in page
    assert "An ordinary road or street" in page
    visitor.answer()
    assert Enquiry.objects.get().answers == {"road": "local"}


def test_an_answer_is_changed_from_the_check_page_and_leads_back_to_it(visitor: Visitor) -> None:
    answer_up_to_the_check(visitor, "local")
    back_to(visitor, "q/road")
    assert re.search(r'value="local"[^>]*checked', visitor.text)
    visitor.answer(answer="private")
    assert visitor.at.endswith("/check/")
    assert "A private road or drive" in visitor.text


def test_another_service_forgets_the_answers_of_the_one_before(visitor: Visitor) -> None:
    visitor.start("pothole")
    visitor.answer(answer="local")
    back_to(visitor, "about")
    visitor.answer(service="council-house-repair")
    assert visitor.at.endswith("/q/landlord/")
    assert "checked" not in visitor.text
    # The question of the service before is nobody's here.
    back_to(visitor, "q/road")
    assert visitor.at.endswith("/q/landlord/")


def test_a_form_that_changed_meanwhile_asks_on_as_it_began_and_the_enquiry_knows_which(
    visitor: Visitor,
) -> None:
    answer_up_to_the_check(visitor, "private")
    began = FormVersion.objects.get(service__slug="pothole", state="live")
    (question,) = began.data["questions"]
    fewer = [one for one in question["choices"] if one["value"] != "private"]
    forms_of.publish("pothole", {**question, "choices": fewer})
    visitor.answer()
    assert visitor.at.endswith("/sent/")
    enquiry = Enquiry.objects.get()
    assert (enquiry.answers, enquiry.form_id) == ({"road": "private"}, began.pk)
    # Who begins now is asked by the new one.
    later = Visitor()
    later.start("pothole")
    assert 'value="private"' not in later.text


def test_what_need_not_be_answered_may_be_left(visitor: Visitor) -> None:
    (question,) = FormVersion.objects.get(service__slug="pothole", state="live").data["questions"]
    forms_of.publish("pothole", {**question, "required": False})
    visitor.start("pothole")
    visitor.answer()
    assert visitor.at.endswith("/q/place/")


def test_a_citizen_reads_whose_it_is_as_soon_as_the_answer_says_so(
    visitor: Visitor, motorways: None
) -> None:
    told = f"This is for {NAME}, not for us"
    visitor.start("pothole")
    assert told not in visitor.text
    visitor.answer(answer="motorway")
    assert visitor.at.endswith("/q/place/")
    page = re.sub(r"\s+", " ", visitor.text)
    assert told in page
    assert 'href="tel:03001235000"' in page
    assert "You need not go on here" in page
    visitor.answer(postcode=EVESHAM)
    assert told in re.sub(r"\s+", " ", visitor.text)
    back_to(visitor, "q/road")
    assert told not in visitor.text
    visitor.answer(answer="local")
    assert visitor.at.endswith("/q/description/")
    assert told not in visitor.text


def test_a_citizen_reads_whose_it_is_before_anything_is_sent(
    visitor: Visitor, motorways: None
) -> None:
    answer_up_to_the_check(visitor, "motorway")
    page = re.sub(r"\s+", " ", visitor.text)
    assert f"This is for {NAME}, not for us" in page
    assert HAND_OFF in page
    assert 'href="tel:03001235000"' in page
    assert "Where it goes" not in page
    # A page from before, sent as it is, shows this first.
    visitor.answer()
    assert visitor.at.endswith("/check/")
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    ("service", "answer", "body"),
    [
        ("gritting", "motorway", "National Highways"),
        ("dead-animal", "motorway", "National Highways"),
        ("council-house-repair", "association", "Example Homes"),
    ],
)
def test_the_partnerships_own_rules_say_what_is_not_ours(
    visitor: Visitor, service: str, answer: str, body: str
) -> None:
    visitor.start(service)
    visitor.answer(answer=answer)
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="Here it is")
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    assert f"This is for {body}" in visitor.text
    assert 'href="tel:0' in visitor.text
    visitor.answer()
    assert not Enquiry.objects.exists()


def test_who_thinks_that_it_is_ours_sends_it_and_a_person_looks(
    visitor: Visitor, motorways: None
) -> None:
    answer_up_to_the_check(visitor, "motorway")
    visitor.answer(to_us="1")
    assert visitor.at.endswith("/sent/")
    assert NAME not in visitor.text
    assert "A person at the hub reads it" in visitor.text
    run_outbox()
    enquiry = Enquiry.objects.get()
    assert (enquiry.status, enquiry.outside) == ("open", None)
    assert enquiry.owner is None or enquiry.owner.is_hub
    assert "thinks that it is ours" in enquiry.routing_reason
    assert NAME in enquiry.routing_reason
    assert not Referral.objects.exists()


def test_what_was_handed_off_shows_its_telephone_on_the_page_of_progress(
    visitor: Visitor, motorways: None
) -> None:
    answer_up_to_the_check(visitor, "local")
    visitor.answer()
    run_outbox()
    enquiry = Enquiry.objects.get()
    assert enquiry.owner is not None
    answering.answer(
        reference=enquiry.reference,
        viewer=agent_viewer(),
        answers={"road": "motorway"},
        now=enquiry.received_at,
    )
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.outcome) == ("resolved", "signposted")
    page = visitor.client.get(f"/track/{enquiry.reference}/{enquiry.secret}/").content.decode()
    assert f"This is for {NAME}" in page
    assert f'href="tel:03001235000">{PHONE}' in page
