"""A case on the desk: taken, told, asked, sent on, ended and opened again; each once."""

from __future__ import annotations

import pytest

from core.models import AuditEvent
from enquiries.models import EnquiryEvent, Referral
from notifications.models import Notification
from tests.desk.steps import act, new_key, text
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world):
    """A case that no rule could place: it is the hub's."""
    return enquiry_of(ask(service=None, words="Something quite unheard of", postcode=""))


def test_two_agents_take_one_case_and_the_second_is_told_who_was_quicker(world, case, client_for):
    address = f"/desk/cases/{case.reference}/"
    client_for(world.agent).post(f"{address}take/")
    case.refresh_from_db()
    assert case.assignee == world.agent
    response = client_for(world.administrator).post(f"{address}take/", follow=True)
    assert "Asha Agent has this one already" in text(response)
    response = client_for(world.administrator).post(f"{address}put-back/", follow=True)
    assert "Asha Agent has this one, and only they can put it back" in text(response)
    case.refresh_from_db()
    assert case.assignee == world.agent
    client_for(world.agent).post(f"{address}put-back/")
    case.refresh_from_db()
    assert case.assignee is None


def test_looking_at_a_case_with_a_person_is_written_down(world, case, client_for):
    client_for(world.agent).get(f"/desk/cases/{case.reference}/")
    looked = AuditEvent.objects.get(action="person.viewed")
    assert looked.actor_id == world.agent.pk
    assert looked.data == {"reference": case.reference}


def test_a_manager_reads_the_case_but_not_who_it_is(world, case, client_for):
    client = client_for(world.manager)
    page = text(client.get(f"/desk/cases/{case.reference}/"))
    assert "Something quite unheard of" in page
    assert "Jo Bloggs" not in page
    assert "jo@example.com" not in page
    assert act(client, f"/desk/cases/{case.reference}/", "note", words="x").status_code == 404
    assert not AuditEvent.objects.filter(action="person.viewed").exists()


def test_the_life_of_a_case_on_the_desk(world, case, client_for):
    client, address = client_for(world.agent), f"/desk/cases/{case.reference}/"
    for name, data in [
        ("note", {"words": "Looks odd"}),
        ("reply", {"words": "We look into it"}),
        ("ask", {"words": "Which street?"}),
        ("service", {"service": "pothole"}),
        ("refer", {"organisation": "wychavon", "reason": "Their road"}),
        ("resolve", {"outcome": "completed", "words": "Filled this morning"}),
        ("reopen", {"words": "It came back"}),
    ]:
        assert act(client, address, name, **data).status_code == 303, name
    types = set(EnquiryEvent.objects.filter(enquiry=case).values_list("type", flat=True))
    assert types >= {
        "enquiry.noted",
        "enquiry.replied",
        "enquiry.info_requested",
        "enquiry.triaged",
        "enquiry.referred",
        "enquiry.resolved",
        "enquiry.reopened",
    }
    page = text(client.get(address))
    for words in ("Looks odd", "We look into it", "Which street?", "Filled this morning"):
        assert words in page
    assert Referral.objects.filter(enquiry=case, status="withdrawn").exists()


def test_an_act_sent_twice_is_done_once(world, case, client_for):
    client, key = client_for(world.agent), new_key()
    address = f"/desk/cases/{case.reference}/"
    for _ in range(2):
        response = client.post(f"{address}reply/", {"key": key, "words": "We look into it"})
        assert response.status_code == 303
    assert EnquiryEvent.objects.filter(type="enquiry.replied").count() == 1
    assert Notification.objects.filter(event="replied").count() == 1


def test_a_refusal_keeps_every_word_and_may_be_tried_again(world, case, client_for):
    client, key = client_for(world.agent), new_key()
    address = f"/desk/cases/{case.reference}/"
    act(client, address, "resolve", outcome="answered", words="All is well")
    late = client.post(f"{address}ask/", {"key": key, "words": "And the colour?"})
    assert late.status_code == 422
    page = text(late)
    assert "This enquiry is resolved, so it cannot become waiting" in page
    assert "And the colour?" in page
    act(client, address, "reopen", words="Not at all")
    assert (
        client.post(f"{address}ask/", {"key": key, "words": "And the colour?"}).status_code == 303
    )


def test_empty_words_are_asked_for_beside_the_field(world, case, client_for):
    response = act(client_for(world.agent), f"/desk/cases/{case.reference}/", "reply", words=" ")
    assert response.status_code == 422
    assert 'href="#reply_words"' in text(response)
    assert not EnquiryEvent.objects.filter(type="enquiry.replied").exists()


def test_what_is_not_there_and_what_is_not_theirs_reads_the_same(world, case, client_for):
    for user in (world.officer, world.outsider):
        client = client_for(user)
        assert client.get(f"/desk/cases/{case.reference}/").status_code == 404
        assert act(client, f"/desk/cases/{case.reference}/", "note", words="x").status_code == 404
    agent = client_for(world.agent)
    assert agent.get("/desk/cases/WH2-3456-78/").status_code == 404
    assert agent.get("/desk/cases/nonsense/").status_code == 404
    assert act(agent, f"/desk/cases/{case.reference}/", "explode").status_code == 404


def test_the_promise_is_the_hubs_and_the_list_beside_says_which_it_is(world, client_for):
    placed = enquiry_of(ask())
    promised = EnquiryEvent.objects.get(enquiry=placed, type="enquiry.promise_set")
    assert promised.actor_kind == "system"
    agent = client_for(world.agent)
    part = {"HX-Request": "true", "HX-Target": "beside"}
    page = f"/desk/cases/{placed.reference}/"
    assert 'href="/desk/?view=unassigned">The list you came' in text(
        agent.get(f"{page}?view=unassigned")
    )
    for view, words in [("unassigned", "In the queue"), ("all", "In this list")]:
        listed = text(agent.get(f"{page}?view={view}", headers=part))
        assert words in listed
        assert "<html" not in listed
