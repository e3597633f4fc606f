"""The wall and a colleague's work in other hands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.permissions import Role
from desk.leading import key_of
from enquiries.actions import assignments, contacts
from enquiries.channels import Channel
from enquiries.models import Enquiry
from tests.accessibility import axe
from tests.desk.staff import somebody
from tests.desk.steps import text
from tests.desk.test_browser import sign_in
from tests.world import World, ask, build, enquiry_of


def free(words: str = "Zzyx") -> Enquiry:
    return enquiry_of(
        ask(service=None, words=words, postcode="", at=timezone.now() - timedelta(hours=3))
    )


@pytest.mark.django_db
def test_it_tells_how_it_stands_without_ranking_anybody(world: World, client_for: Any) -> None:
    leader = somebody(world, role=Role.LEADER)
    now = timezone.now()
    agent = world.viewer(world.agent)
    free()
    mine = free("Another one")
    assignments.take(reference=mine.reference, viewer=agent, now=now)
    contacts.open_contact(channel=Channel.PHONE, key="k", viewer=agent, site=None, now=now)
    page = client_for(leader).get("/desk/team/")
    shown = text(page)
    stats = {one.label: one.value for one in page.context["stats"]}
    assert stats["Nobody has yet"] == "1"
    assert stats["Late"] == "0"
    assert stats["One stop today, so far"] in ("–", "100%")
    row = next(one for one in page.context["colleagues"] if one.key == key_of(world.agent.pk))
    assert (row.in_hand.number, len(row.sittings)) == (1, 1)
    names = [one.name for one in page.context["colleagues"]]
    assert names == sorted(names)
    assert "Nobody is ranked" in shown


@pytest.mark.django_db
def test_work_goes_into_other_hands_once_and_not_over_anybodys_head(
    world: World, client_for: Any
) -> None:
    leader = somebody(world, role=Role.LEADER)
    other = somebody(world, email="other@hub.demo", role=Role.AGENT)
    now = timezone.now()
    agent = world.viewer(world.agent)
    one, two = free(), free("Another one")
    for case in (one, two):
        assignments.take(reference=case.reference, viewer=agent, now=now)
    desk, path = client_for(leader), f"/desk/team/{key_of(world.agent.pk)}/"
    page = desk.get(path)
    key = page.context["form"]["key"].value()
    # Meanwhile it is put back and taken by somebody else.
    assignments.release(reference=two.reference, viewer=agent, now=now)
    assignments.take(reference=two.reference, viewer=world.viewer(leader), now=now)
    wrong = desk.post(path, {"key": key, "to": str(other.pk)})
    assert (wrong.status_code, "Choose at least one case" in text(wrong)) == (422, True)
    data = {"key": key, "to": str(other.pk), "cases": [one.reference]}
    for _ in range(2):
        assert desk.post(path, data).status_code in (303, 422)
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.assignee_id == other.pk
    assert two.assignee_id == leader.pk
    assert one.events.filter(type="enquiry.assigned").count() == 2


@pytest.mark.django_db
def test_only_leaders_come_here(world: World, client_for: Any) -> None:
    for address in ("/desk/team/", "/desk/team/quality/", f"/desk/team/{key_of(world.agent.pk)}/"):
        assert client_for(world.agent).get(address).status_code == 404
        assert client_for(world.manager).get(address).status_code == 200
    assert client_for(world.manager).get(f"/desk/team/{key_of(0)}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_leaders_in_three_sizes(live_server: Any, page: Page) -> None:
    world = build()
    case = free()
    assignments.take(reference=case.reference, viewer=world.viewer(world.agent), now=timezone.now())
    site = str(live_server.url)
    sign_in(page, site, "admin@hub.demo")
    wrong = []
    for path in ("", f"{key_of(world.agent.pk)}/", "quality/"):
        page.goto(f"{site}/desk/team/{path}")
        wrong.extend(axe.walk(page))
    page.get_by_role("button", name="Draw it").click()
    wrong.extend(axe.walk(page, again=True))
    assert wrong == []
