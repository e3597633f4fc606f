"""A case as a story, its tasks, its place, on paper; and two people at its fields."""

from __future__ import annotations

import json
import re

import pytest

from enquiries.models import Enquiry
from kb.models import Service
from teamwork.models import Checklist, Task
from tests.desk.steps import act, text
from tests.forms_of import choice, publish
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world):
    return enquiry_of(ask(service="pothole", words="A hole", postcode="WR1 3EZ"))


@pytest.fixture
def desk(world, client_for):
    return client_for(world.agent)


def page_of(case: Enquiry) -> str:
    return f"/desk/cases/{case.reference}/"


def test_a_story_is_told_in_sentences_narrowed_and_turned_for_good(case, desk) -> None:
    act(desk, page_of(case), "note", words="The lane is closed")
    act(desk, page_of(case), "reply", words="We look into it")
    story = {"HX-Request": "true", "HX-Target": "story"}
    page = text(desk.get(page_of(case), headers=story))
    assert '<span class="hub-story__who">Asha Agent</span> wrote a note' in page
    assert "To come" in page
    assert page.index("told the citizen") < page.index("wrote a note")
    notes = text(desk.get(f"{page_of(case)}?story=notes", headers=story))
    assert "wrote a note" in notes
    assert "told the citizen" not in notes
    assert "wrote a note" not in text(desk.get(f"{page_of(case)}?story=messages", headers=story))
    desk.get(f"{page_of(case)}?order=oldest", headers=story)
    turned = text(desk.get(page_of(case), headers=story))
    assert turned.index("wrote a note") < turned.index("told the citizen")


def test_tasks_are_added_ticked_and_taken_from_a_list_once(world, case, desk, client_for) -> None:
    leader, tasks = client_for(world.manager), f"{page_of(case)}tasks/"
    lists = "/desk/settings/checklists/pothole/"
    assert act(leader, "/desk/settings/checklists/", "pothole", seen="0",
               lines="Ring the depot | 2 days\nLook again").status_code == 303  # fmt: skip
    assert (
        act(leader, "/desk/settings/checklists/", "pothole", seen="0", lines="x").status_code == 422
    )
    assert desk.get(lists).status_code == 404
    for _ in range(2):
        desk.post(tasks, {"do": "list"})
    assert (
        act(
            desk, page_of(case), "tasks", words="Ask Jo Bloggs", who=str(world.agent.pk)
        ).status_code
        == 303
    )
    assert act(desk, page_of(case), "tasks", words=" ").status_code == 422
    assert Task.objects.count() == 3
    assert all("Bloggs" not in one.sealed for one in Task.objects.all())
    assert "Ask Jo Bloggs" in text(desk.get("/desk/tasks/"))
    assert "Ask Jo Bloggs" not in text(leader.get("/desk/tasks/"))
    mine = Task.objects.get(staff=world.agent)
    desk.post(f"{tasks}?from=tasks", {"do": "done", "task": str(mine.public_id)})
    page = text(desk.get(page_of(case)))
    assert "did a task: Ask Jo Bloggs" in page
    assert "added a task: Ring the depot" in page
    assert "Ask Jo Bloggs" not in text(desk.get("/desk/tasks/"))
    other = enquiry_of(ask())
    wrong = {"do": "undone", "task": str(mine.public_id)}
    assert desk.post(f"{page_of(other)}tasks/", wrong).status_code == 404
    Checklist.objects.get(service=Service.objects.get(slug="pothole"))


def test_what_else_happened_at_a_place_and_a_case_on_paper(world, case, desk, client_for) -> None:
    other = enquiry_of(ask(service="missed-bin", postcode="WR1 3EZ"))
    far = enquiry_of(ask(service="missed-bin", postcode="WR11 3DA"))
    place = {"HX-Request": "true", "HX-Target": "place"}
    here = text(desk.get(f"{page_of(case)}?place=on", headers=place))
    assert other.reference in here
    assert far.reference not in here
    paper = text(desk.get(f"{page_of(case)}print/"))
    assert "Jo Bloggs" in paper
    assert "<nav" not in paper
    assert act(desk, page_of(case), "note", words="She shouts at us").status_code == 303
    assert "Only the hub" in text(desk.get(page_of(case)))
    assert "She shouts" not in text(desk.get(f"{page_of(case)}print/"))
    assert "She shouts" in text(desk.get(f"{page_of(case)}print/?notes=ours"))
    theirs = text(client_for(world.manager).get(f"{page_of(case)}print/"))
    assert "Known to those who handle it" in theirs
    assert "Jo Bloggs" not in theirs


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1].replace("&quot;", '"')


def test_two_at_the_same_field_see_theirs_and_mine_and_choose(
    world, case, desk, client_for
) -> None:
    other = client_for(world.administrator)
    opened = text(other.get(f"{page_of(case)}?act=priority"))
    old = {"version": field(opened, "version"), "base": field(opened, "base")}
    assert json.loads(old["base"]) == {"priority": "normal"}
    assert (
        act(desk, page_of(case), "priority", priority="urgent", words="A school").status_code == 303
    )
    refused = act(other, page_of(case), "priority", priority="emergency", words="A hospital", **old)
    assert refused.status_code == 422
    page = text(refused)
    assert 'Theirs: <strong class="hub-said">Urgent' in page
    assert 'Yours: <strong class="hub-said">Emergency' in page
    assert "A hospital" in page
    fresh = {"version": field(page, "version"), "base": field(page, "base")}
    again = act(other, page_of(case), "priority", priority="emergency", words="A hospital",
                pick_priority="mine", **fresh)  # fmt: skip
    assert again.status_code == 303
    case.refresh_from_db()
    assert case.priority == "emergency"


def test_two_at_different_questions_of_one_case_both_hold(world, client_for) -> None:
    publish(
        "missed-bin",
        choice("colour", "Which colour?", False, black="Black", green="Green"),
        choice("out", "Was it out by seven?", False, yes="Yes", no="No"),
    )
    case = enquiry_of(ask())
    clients = [client_for(world.agent), client_for(world.administrator)]
    pages = [text(one.get(f"{page_of(case)}?act=answers")) for one in clients]
    chosen = [("own-colour", "black"), ("own-out", "no")]
    for client, page, (name, value) in zip(clients, pages, chosen, strict=True):
        data = {"version": field(page, "version"), "base": field(page, "base"), name: value}
        assert act(client, page_of(case), "answers", **data).status_code == 303
    case.refresh_from_db()
    assert case.answers == {"colour": "black", "out": "no"}
