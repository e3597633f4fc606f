"""A service's own questions at the kiosk: one touch each; "not ours" before anything is sent."""

from __future__ import annotations

import re

import pytest

from core import limits
from enquiries.actions import answering
from enquiries.models import Enquiry
from enquiries.queries import surveys
from kb.models import Article
from tests.kiosk.conftest import EVESHAM, Visitor
from tests.not_ours import HAND_OFF, NAME, agent_viewer, give_away
from tests.outbox import run_outbox


def up_to_the_check(visitor: Visitor, road: str) -> None:
    visitor.open("start/")
    visitor.post("about/", service="pothole")
    visitor.post(answer=road)
    visitor.post(postcode=EVESHAM)
    visitor.post(description="A deep hole")
    visitor.post(tell_by="email")
    visitor.post(email="jo@example.com", name="Jo Example")


def test_one_touch_answers_and_back_shows_what_was_chosen(visitor: Visitor) -> None:
    visitor.open("start/")
    visitor.post("about/", service="pothole")
    assert visitor.at == "/kiosk/question/road/"
    assert visitor.text.count('name="answer"') == 4
    visitor.post(answer="nothing of it")
    assert "Choose one from the list" in visitor.text
    visitor.post(answer="local")
    assert visitor.at == "/kiosk/where/"
    assert 'href="/kiosk/question/road/"' in visitor.text
    visitor.open("question/road/")
    assert "Chosen before" in visitor.text
    visitor.post(answer="unknown")
    visitor.post(postcode=EVESHAM)
    visitor.post(description="A deep hole")
    visitor.post(tell_by="email")
    visitor.post(email="jo@example.com", name="Jo Example")
    assert "What kind of road is it on?" in visitor.text
    assert "I do not know" in visitor.text
    visitor.post("check/")
    assert visitor.at == "/kiosk/sent/"
    assert Enquiry.objects.get().answers == {"road": "unknown"}


@pytest.mark.parametrize("path", ["question/landlord/", "question/road/"])
def test_a_question_out_of_turn_leads_to_the_one_whose_turn_it_is(
    visitor: Visitor, path: str
) -> None:
    visitor.open("start/")
    visitor.open(path)
    assert visitor.at == "/kiosk/about/"
    visitor.post("about/", service="fly-tipping")
    visitor.open(path)
    assert visitor.at == "/kiosk/where/"


def test_not_ours_is_read_before_it_is_sent_and_may_be_sent_all_the_same(visitor: Visitor) -> None:
    give_away("pothole")
    up_to_the_check(visitor, "motorway")
    assert f"This is for {NAME}, not for us" in visitor.text
    assert HAND_OFF in visitor.text
    assert "<strong>0300 123 5000</strong>" in visitor.text
    visitor.post("check/")
    assert visitor.at == "/kiosk/check/"
    assert not Enquiry.objects.exists()
    visitor.post("check/", to_us="1")
    assert visitor.at == "/kiosk/sent/"
    run_outbox()
    enquiry = Enquiry.objects.get()
    assert enquiry.status == "open"
    assert "thinks that it is ours" in enquiry.routing_reason


def test_progress_shows_the_telephone_of_whose_it_is(visitor: Visitor) -> None:
    give_away("pothole")
    up_to_the_check(visitor, "local")
    visitor.post("check/")
    enquiry = Enquiry.objects.get()
    answering.answer(
        reference=enquiry.reference,
        viewer=agent_viewer(),
        answers={"road": "motorway"},
        now=enquiry.received_at,
    )
    visitor.post("track/", reference=enquiry.reference, postcode=EVESHAM)
    assert "<strong>0300 123 5000</strong>" in visitor.text


def asked_at(visitor: Visitor) -> str:
    """The end point whose question stands on the page."""
    found = re.search(r'action="/kiosk/said/([^/]+)/"', visitor.page.content.decode())
    asked = surveys.opened(found[1]) if found else None
    return asked.end_point if asked is not None else ""


def test_not_ours_is_said_before_anybody_gives_a_name(visitor: Visitor) -> None:
    give_away("pothole")
    visitor.open("start/")
    visitor.post("about/", service="pothole")
    assert "not for us" not in visitor.text
    visitor.post(answer="motorway")
    visitor.post(postcode=EVESHAM)
    visitor.post(description="A deep hole")
    assert visitor.at == "/kiosk/tell/"
    assert f"This is for {NAME}, not for us" in visitor.text
    assert "You need not go on here" in visitor.text
    visitor.open("you/email/")
    assert f"This is for {NAME}, not for us" in visitor.text


def test_what_is_not_ours_and_what_has_ended_ask_whether_it_was_what_they_needed(
    visitor: Visitor,
) -> None:
    give_away("pothole")
    up_to_the_check(visitor, "motorway")
    assert asked_at(visitor) == "not_ours"
    visitor.post("question/road/", answer="local")
    visitor.post("check/")
    assert asked_at(visitor) == "sent"
    enquiry = Enquiry.objects.get()
    visitor.post("track/", reference=enquiry.reference, postcode=EVESHAM)
    assert asked_at(visitor) == ""
    answering.answer(
        reference=enquiry.reference,
        viewer=agent_viewer(),
        answers={"road": "motorway"},
        now=enquiry.received_at,
    )
    visitor.post("track/", reference=enquiry.reference, postcode=EVESHAM)
    assert asked_at(visitor) == "done"


def test_pressing_too_often_is_refused_by_the_limit_of_its_door(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    tight = {"kiosk": limits.Bound(1, 60)}
    monkeypatch.setattr(limits, "DOORS", {**limits.DOORS, "feedback": tight})
    visitor.to_check()
    visitor.post("check/")
    pressed = re.search(r'action="(/kiosk/said/[^"]+)"', visitor.page.content.decode())
    assert pressed
    assert visitor.client.post(pressed[1], {"answer": "yes"}).status_code == 302
    assert visitor.client.post(pressed[1], {"answer": "no"}).status_code == 429
    article = Article.objects.filter(is_published=True).first()
    assert article is not None
    assert visitor.client.post(f"/kiosk/answers/{article.slug}/").status_code == 429
