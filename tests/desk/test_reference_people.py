"""An administrator adds a colleague in the reference pages; the colleague signs in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

import accounts.queries
from accounts.models import User
from core.models import AuditEvent
from tests.world import World

pytestmark = pytest.mark.django_db
ROOT = "/desk/settings/reference/accounts/user/"
FIRST = "a first long passphrase"


def membership(world: World, **more: str) -> dict[str, str]:
    return {
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-organisation": str(world.organisations["hub"].pk),
        "memberships-0-role": "agent",
        "memberships-0-from_on": "2026-01-01",
        **more,
    }


def test_a_new_colleague_gets_a_role_and_signs_in(
    world: World, client_for: Callable[[User], Client]
) -> None:
    person = {
        "email": "New.Person@Hub.demo",
        "full_name": "Nell New",
        "usable_password": "true",
        "password1": FIRST,
        "password2": FIRST,
    }
    answer = client_for(world.administrator).post(f"{ROOT}add/", {**person, **membership(world)})
    assert answer.status_code == 302

    user = User.objects.get(email="new.person@hub.demo")
    viewer = accounts.queries.viewer_for_user(user)
    assert viewer is not None
    assert viewer.name == "Nell New"
    entered = Client().post("/sign-in/", {"username": user.email, "password": FIRST})
    assert entered.status_code == 302
    said = set(AuditEvent.objects.filter(target=f"user:{user.pk}").values_list("action", flat=True))
    assert {"user.created", "membership.changed"} <= said


def test_no_page_shows_a_password(world: World, client_for: Callable[[User], Client]) -> None:
    page = client_for(world.administrator).get(f"{ROOT}{world.agent.pk}/change/").content.decode()
    assert world.agent.password not in page


def test_only_administrators_come_in(world: World, client_for: Callable[[User], Client]) -> None:
    for user in (world.agent, world.officer, world.manager):
        assert client_for(user).get(ROOT).status_code in (302, 404)
