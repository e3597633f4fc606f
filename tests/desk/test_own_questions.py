"""Agents and a service's own questions: asked with the need, or answered later on the case."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Viewer
from enquiries.actions import answering, referrals, triage
from enquiries.models import Enquiry, EnquiryEvent, Referral
from kb.models import FormVersion
from kb.questions import NotAnAnswer
from tests.desk.steps import act, new_key, open_contact, raise_one, text, work
from tests.not_ours import HAND_OFF, NAME, give_away
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def motorways(world: World) -> None:
    give_away("pothole")


@pytest.fixture
def desk(world: World, client_for: Callable[[User], Client]) -> Client:
    return client_for(world.agent)


def hole(contact: str, **more: str) -> dict[str, str]:
    return {"service": "pothole", "description": "A deep hole", "postcode": "WR1 3EZ", **more}


def test_the_questions_of_the_chosen_service_stand_in_the_form(
    motorways: None, desk: Client
) -> None:
    contact = open_contact(desk)
    page = text(desk.get(f"{contact}?service=pothole"))
    assert "What kind of road is it on?" in page
    assert 'name="own-road"' in page
    assert "Not asked" in page
    assert 'name="own-road"' not in text(desk.get(f"{contact}?service=missed-bin"))
    raise_one(desk, contact, **hole(contact), **{"own-road": "local"})
    assert Enquiry.objects.get().answers == {"road": "local"}


def test_an_agent_may_leave_a_question_open_but_not_invent_an_answer(
    motorways: None, desk: Client
) -> None:
    contact = open_contact(desk)
    refused = raise_one(desk, contact, **hole(contact), **{"own-road": "a lane"})
    assert "Choose one from the list" in text(refused)
    assert not Enquiry.objects.exists()
    assert raise_one(desk, contact, **hole(contact)).status_code == 303
    work()
    assert (Enquiry.objects.get().answers, Enquiry.objects.get().status) == ({}, "referred")


def test_who_deals_with_it_is_seen_before_anything_is_raised(motorways: None, desk: Client) -> None:
    contact = open_contact(desk)
    page = text(raise_one(desk, contact, **hole(contact), look="1"))
    assert "Worcestershire County Council deals with it" in page
    assert "A deep hole" in page
    page = text(raise_one(desk, contact, **hole(contact), **{"own-road": "motorway"}, look="1"))
    assert f"Not ours: {NAME} deals with it" in page
    assert HAND_OFF in page
    assert 'value="motorway" selected' in page
    # Half a postcode, or a service that was chosen in the list alone, is no error here.
    page = text(raise_one(desk, contact, **hole(contact, postcode="WR1"), look="1"))
    assert "Who deals with it depends on where" in page
    assert not Enquiry.objects.exists()


def test_what_is_not_ours_is_read_out_and_ends_signposted(motorways: None, desk: Client) -> None:
    contact = open_contact(desk)
    raise_one(desk, contact, **hole(contact), **{"own-road": "motorway"})
    assert f"This is for {NAME}" in text(desk.get(contact))
    work()
    enquiry = Enquiry.objects.get()
    assert (enquiry.status, enquiry.outcome) == ("resolved", "signposted")
    assert f"This is for {NAME}" in text(desk.get(contact))


def test_answers_stand_on_the_case_in_words_and_a_late_one_routes_anew(
    motorways: None, world: World, desk: Client
) -> None:
    enquiry = enquiry_of(ask(service="pothole", postcode="WR1 3EZ"))
    assert enquiry.owner == world.organisations["worcestershire-county"]
    page = f"/desk/cases/{enquiry.reference}/"
    assert "Answer its questions" in text(desk.get(page))
    nothing = act(desk, page, "answers")
    assert "Choose an answer" in text(nothing)
    done = act(desk, page, "answers", **{"own-road": "motorway"})
    assert done.status_code == 303
    enquiry.refresh_from_db()
    assert (enquiry.outcome, enquiry.owner_id) == ("signposted", None)
    assert Referral.objects.get().status == "withdrawn"
    seen = text(desk.get(page))
    assert "A motorway or trunk road" in seen
    assert "Said by Asha Agent" in seen


def test_once_somebody_has_accepted_it_an_answer_moves_nothing(
    motorways: None, world: World, agent: Viewer
) -> None:
    enquiry = enquiry_of(ask(service="pothole", postcode="WR1 3EZ"))
    referral = Referral.objects.get()
    Referral.objects.filter(pk=referral.pk).update(status="accepted", accepted_at=NOW)
    answering.answer(
        reference=enquiry.reference, viewer=agent, answers={"road": "motorway"}, now=NOW
    )
    enquiry.refresh_from_db()
    assert enquiry.answers == {"road": "motorway"}
    assert enquiry.owner == world.organisations["worcestershire-county"]


def test_the_same_answer_again_writes_nothing(motorways: None, world: World, agent: Viewer) -> None:
    enquiry = enquiry_of(ask(service="pothole", postcode="WR1 3EZ"))
    said = {"reference": enquiry.reference, "viewer": agent, "now": NOW}
    answering.answer(answers={"road": "local"}, **said)  # type: ignore[arg-type]
    lines = EnquiryEvent.objects.filter(enquiry=enquiry).count()
    answering.answer(answers={"road": "local"}, **said)  # type: ignore[arg-type]
    assert EnquiryEvent.objects.filter(enquiry=enquiry).count() == lines
    with pytest.raises(NotAnAnswer):
        answering.answer(answers={"road": "sea"}, **said)  # type: ignore[arg-type]


def test_another_service_keeps_only_what_is_an_answer_to_it_too(
    motorways: None, world: World, agent: Viewer
) -> None:
    enquiry = enquiry_of(ask(service="pothole", postcode="WR1 3EZ"))
    answering.answer(reference=enquiry.reference, viewer=agent, answers={"road": "local"}, now=NOW)
    triage.place(reference=enquiry.reference, viewer=agent, service="missed-bin", now=NOW)
    enquiry.refresh_from_db()
    assert enquiry.answers == {}
    assert referrals.offer is not None


def test_a_partner_reads_the_answers_with_what_was_referred_to_it(
    motorways: None, world: World, client_for: Callable[[User], Client], agent: Viewer
) -> None:
    enquiry = enquiry_of(ask(service="pothole", postcode="WR11 3DA"))
    answering.answer(reference=enquiry.reference, viewer=agent, answers={"road": "local"}, now=NOW)
    referrals.offer(
        reference=enquiry.reference, viewer=agent, organisation="wychavon", reason="", now=NOW
    )
    partner = client_for(world.officer)
    address = Referral.objects.filter(organisation__slug="wychavon").latest("pk").public_id
    page = text(partner.get(f"/desk/referrals/{address}/"))
    assert "What kind of road is it on?" in page
    assert "An ordinary road or street" in page


def test_a_service_that_asks_nothing_has_no_such_act(world: World, desk: Client) -> None:
    assert not FormVersion.objects.exists()
    enquiry = enquiry_of(ask())
    page = f"/desk/cases/{enquiry.reference}/"
    assert "Answer its questions" not in text(desk.get(page))
    desk.post(f"{page}answers/", {"key": new_key()})
    enquiry.refresh_from_db()
    assert enquiry.answers == {}
