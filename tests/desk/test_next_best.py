"""The next best case: chosen with a reason, taken by one, in twenty hands at once."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

import accounts.actions
import accounts.queries
from accounts.models import User
from accounts.permissions import Role, Viewer
from core.audit import SYSTEM
from enquiries.actions.next_best import NothingWaits, take_next
from enquiries.lifecycle import Priority
from enquiries.models import Enquiry
from enquiries.queries import next_best
from enquiries.queries.next_best import ANYTHING, Fit
from enquiries.queries.queue_names import names
from teamwork import actions_skills, queries_skills
from tests.enquiries.test_races import together
from tests.world import NOW, World, ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)


def _free(number: int, **fields: object) -> Enquiry:
    case = enquiry_of(ask(service=None, words=f"Unheard of, number {number}", postcode=""))
    fields = {"due_at": NOW + timedelta(days=9, minutes=number), **fields}
    Enquiry.objects.filter(pk=case.pk).update(**fields)
    case.refresh_from_db()
    return case


def _next(viewer: Viewer, fit: Fit = ANYTHING, **more: object) -> next_best.NextCase:
    given = {"most": None, "opened": (), "key": uuid.uuid4().hex, "now": NOW, **more}
    return take_next(viewer=viewer, fit=fit, **given)  # type: ignore[arg-type]


def _agents(world: World, number: int) -> list[Viewer]:
    found = []
    for one in range(number):
        user = accounts.actions.create_user(
            email=f"hand{one}@hub.demo",
            password="x",
            full_name=f"Hand {one}",
            actor=SYSTEM,
            now=NOW,
        )
        accounts.actions.grant(
            user=user, organisation=world.organisations["hub"], role=Role.AGENT,
            from_on=date(2026, 1, 1), actor=SYSTEM, now=NOW,
        )  # fmt: skip
        viewer = accounts.queries.viewer_for_user(user)
        assert viewer is not None
        found.append(viewer)
    return found


def test_twenty_hands_at_once_get_twenty_different_cases(transactional_db: None) -> None:
    agents = _agents(build(), 20)
    cases = [_free(number) for number in range(19)]
    got = together(20, lambda index: _next(agents[index]))
    taken = [one.reference for one in got if isinstance(one, next_best.NextCase)]
    assert sorted(taken) == sorted(case.reference for case in cases)
    assert [type(one) for one in got if not isinstance(one, next_best.NextCase)] == [NothingWaits]
    held = Enquiry.objects.exclude(assignee=None).values_list("assignee_id", flat=True)
    assert len(set(held)) == 19


def test_what_presses_comes_first_then_what_one_can_do_and_it_says_why(
    transactional_db: None,
) -> None:
    world = build()
    agent, manager = _viewer(world.agent), _viewer(world.manager)
    late = _free(1, due_at=NOW - timedelta(hours=2))
    soon = _free(2, due_at=NOW + timedelta(minutes=40))
    polish = _free(3, language="pl")
    first = _free(4, due_at=NOW + timedelta(days=8))
    danger = _free(5, priority=Priority.EMERGENCY.value)
    actions_skills.set_skills(
        viewer=manager, staff_id=agent.id or 0, kind="language", levels={"pl": 3}
    )
    fit = queries_skills.fit(agent, names())

    got = [_next(agent, fit) for _ in range(5)]
    assert [one.reference for one in got] == [
        one.reference for one in (danger, late, soon, polish, first)
    ]
    assert got[0].why.startswith("it is an emergency; ")
    assert got[1].why == "late by 1 working hour"
    assert got[2].why == "breaches in 40 working minutes"
    assert got[3].why.endswith("; you speak Polish")


def _viewer(user: User) -> Viewer:
    found = accounts.queries.viewer_for_user(user)
    assert found is not None
    return found


def test_the_same_press_again_says_the_same_case_and_what_is_open_comes_last(
    transactional_db: None,
) -> None:
    world = build()
    agent = _viewer(world.agent)
    first, second = _free(1), _free(2)
    one = _next(agent, key="press", opened=[first.reference])
    again = _next(agent, key="press")
    assert one.reference == again.reference == second.reference
    assert Enquiry.objects.filter(assignee=world.agent).count() == 1
    # It is ranked lower, not locked.
    assert _next(agent, opened=[first.reference]).reference == first.reference


def test_full_hands_get_no_more(world: World, client_for) -> None:
    actions_skills.set_capacity(viewer=_viewer(world.manager), staff_ids=[world.agent.pk], most=1)
    _free(1), _free(2)
    client = client_for(world.agent)
    taken = client.post("/desk/next/", {"key": str(uuid.uuid4())})
    assert "/desk/cases/WH" in taken["Location"]
    refused = client.post("/desk/next/", {"key": str(uuid.uuid4())}, follow=True)
    assert "You have 1 in hand, as many as was agreed for you" in refused.content.decode()
    assert Enquiry.objects.filter(assignee=world.agent).count() == 1
