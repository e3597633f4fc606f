"""What waits for an agent stands on every page of theirs, and on nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Team, User
from accounts.permissions import Role
from enquiries.actions import callbacks, contacts, hand_overs
from enquiries.channels import Channel
from enquiries.models import Contact, HandOver
from enquiries.queries import reminders
from inbox import actions_calls
from inbox.models import Callback
from tests.desk.staff import somebody
from tests.desk.steps import text
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true", "HX-Target": "reminders"}


def test_it_takes_one_statement(world: World, client_for: Any) -> None:
    desk = client_for(world.agent)
    desk.get("/desk/people/")
    with CaptureQueriesContext(connection) as captured:
        desk.get("/desk/people/")
    assert len([one for one in captured if "enquiries_handover" in one["sql"]]) == 1
    assert len([one for one in captured if "inbox_callback" in one["sql"]]) == 1


def test_what_is_offered_to_a_team_waits_for_those_who_are_in_it(world: World) -> None:
    agent = world.viewer(world.agent)
    hub = world.organisations["hub"]
    lane, bins = (
        Team.objects.create(organisation=hub, slug=one, name=one).pk for one in ("lane", "bins")
    )
    mine = contacts.open_contact(channel=Channel.PHONE, key="a", viewer=agent, site=None, now=NOW)
    about = Contact.objects.get(public_id=mine)
    HandOver.objects.create(contact=about, to_team_id=lane, offered_at=NOW)
    for teams, is_theirs in (([lane], True), ([bins], False), ([bins, lane], True), ([], False)):
        who = replace(agent, team_ids=frozenset(teams))
        found = [one.what for one in reminders.reminders(who, now=NOW)]
        assert found == ([reminders.OFFERED] if is_theirs else []), teams


def test_callbacks_hand_overs_and_what_was_parked_stand_on_every_page_until_done(
    world: World, client_for: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STAFF_IDLE_MINUTES = 12 * 60
    told: list[str] = []
    monkeypatch.setattr("core.live.say", lambda topic, data=None: told.append(topic))
    other = somebody(world, email="second@hub.demo", role=Role.AGENT)
    User.objects.filter(pk=other.pk).update(is_demo=True)
    other.refresh_from_db()
    agent, colleague = world.viewer(world.agent), world.viewer(other)
    with time_machine.travel(NOW, tick=False) as clock:
        desk, theirs = client_for(world.agent), client_for(other)
        assert "not wrapped up" not in text(desk.get("/desk/people/"))
        mine = contacts.open_contact(
            channel=Channel.PHONE, key="a", viewer=agent, site=None, now=NOW
        )
        callbacks.ask(
            public_id=mine, viewer=agent, number="07700 900123",
            at=NOW + timedelta(minutes=30), now=NOW,
        )  # fmt: skip
        contacts.park(public_id=mine, viewer=agent, now=NOW)
        clock.shift(timedelta(minutes=20))
        page = text(desk.get("/desk/people/"))
        assert "One contact of yours is not wrapped up" in page
        assert f"/desk/contact/{mine}/" in page
        assert "is to be rung" not in page
        clock.shift(timedelta(minutes=6))
        told.clear()
        assert callbacks.remind(now=NOW + timedelta(minutes=26)) == 1
        assert told == [f"staff:{agent.id}"]
        part = desk.get("/desk/reminders/", headers=PART)
        assert "Somebody is to be rung at 10:30am" in text(part)
        assert "<html" not in text(part)
        assert "0123" not in text(part)
        assert "is to be rung" not in text(theirs.get("/desk/people/"))
        # Its time has passed and nobody took it: now it is everybody's, until somebody does.
        clock.shift(timedelta(minutes=5))
        assert "Somebody is to be rung" in text(theirs.get("/desk/people/"))
        line = Callback.objects.get().public_id
        actions_calls.take(public_id=line, viewer=colleague, now=NOW + timedelta(minutes=31))
        assert "is to be rung" not in text(desk.get("/desk/people/"))
        assert "Somebody is to be rung" in text(theirs.get("/desk/people/"))
        at = NOW + timedelta(minutes=31)
        hand_overs.offer(
            public_id=mine, viewer=agent, to=f"person:{other.pk}", words="A bin", now=at
        )
        page = text(theirs.get("/desk/reminders/"))
        assert "Asha Agent hands somebody over to you" in page
        assert "A bin" not in page
        assert "It stands above" in page
