"""The times of a case on its page, its priority, and people who need it sooner."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.models import AuditEvent
from customers.models import Alert
from enquiries.models import ClockRule, Enquiry
from tests.world import World, ask, enquiry_of

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def test_a_case_shows_every_clock_with_whose_it_is(world: World, client_for: SignIn) -> None:
    enquiry = enquiry_of(ask())

    page = client_for(world.agent).get(f"/desk/cases/{enquiry.reference}/").content.decode()

    assert "Promise to the citizen" in page
    assert "Answer to the offer" in page


def test_a_more_pressing_case_is_due_sooner(world: World, client_for: SignIn) -> None:
    ClockRule.objects.create(priority="urgent", percent=50)
    enquiry = enquiry_of(ask(at=timezone.now()))
    before = enquiry.due_at
    client = client_for(world.agent)

    answer = client.post(
        f"/desk/cases/{enquiry.reference}/priority/",
        {"key": str(uuid.uuid4()), "priority": "urgent", "words": "It blocks the way"},
    )

    assert answer.status_code == 303
    enquiry.refresh_from_db()
    assert enquiry.priority == "urgent"
    assert before is not None
    assert enquiry.due_at is not None
    assert enquiry.due_at < before
    page = client.get(f"/desk/cases/{enquiry.reference}/").content.decode()
    assert "It blocks the way" in page


def test_a_priority_without_a_reason_comes_back(world: World, client_for: SignIn) -> None:
    enquiry = enquiry_of(ask())

    answer = client_for(world.agent).post(
        f"/desk/cases/{enquiry.reference}/priority/",
        {"key": str(uuid.uuid4()), "priority": "urgent", "words": " "},
    )

    assert "Write why" in answer.content.decode()
    enquiry.refresh_from_db()
    assert enquiry.priority == "normal"


def _alert(**more: str) -> dict[str, str]:
    alert = {"kind": "vulnerable", "why": "Lives alone, on oxygen", "seen_by": "all"}
    return {"key": str(uuid.uuid4()), **alert, **more}


def test_a_person_is_marked_and_the_mark_is_taken_away(world: World, client_for: SignIn) -> None:
    person = enquiry_of(ask()).person
    assert person is not None
    client, page = client_for(world.agent), f"/desk/people/{person.public_id}/"

    client.post(f"{page}details/alert/", _alert())

    shown = client.get(page).content.decode()
    assert "Lives alone, on oxygen" in shown
    assert AuditEvent.objects.filter(action="person.alert_recorded").count() == 1
    enquiry = Enquiry.objects.get()
    assert "Vulnerable" in client.get(f"/desk/cases/{enquiry.reference}/").content.decode()

    over = {"which": str(Alert.objects.get().public_id), "words": "Moved to her daughter"}
    client.post(f"{page}details/alert-over/", {"key": str(uuid.uuid4()), **over})

    person.refresh_from_db()
    assert (person.is_vulnerable, person.vulnerable_why) == (False, "")


def test_why_somebody_is_vulnerable_has_to_be_said(world: World, client_for: SignIn) -> None:
    person = enquiry_of(ask()).person
    assert person is not None

    answer = client_for(world.agent).post(
        f"/desk/people/{person.public_id}/details/alert/", _alert(why="")
    )

    assert "Write why" in answer.content.decode()
    person.refresh_from_db()
    assert not person.is_vulnerable


def test_who_may_not_see_people_marks_nobody(world: World, client_for: SignIn) -> None:
    person = enquiry_of(ask()).person
    assert person is not None

    for user in (world.officer, world.manager):
        answer = client_for(user).post(f"/desk/people/{person.public_id}/details/alert/", _alert())
        assert answer.status_code == 404
