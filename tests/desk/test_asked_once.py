"""What every page of the desk asks PostgreSQL: who looks in one statement, and what is planned
once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, User
from tests.world import World, ask, enquiry_of

pytestmark = pytest.mark.django_db


def _asked(client: Client, page: str) -> list[str]:
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return [one["sql"] for one in captured.captured_queries]


def test_who_looks_and_what_they_may_is_read_with_the_session(
    world: World, client_for: Any
) -> None:
    asked = _asked(client_for(world.agent), "/desk/")
    assert [sql for sql in asked if sql.startswith('SELECT "accounts_user"')] == []
    assert [sql for sql in asked if sql.startswith("SELECT") and "accounts_membership" in sql] == [
        sql for sql in asked if 'FROM "accounts_session"' in sql
    ]


def test_what_was_read_with_the_session_is_of_today(world: World, client_for: Any) -> None:
    client = client_for(world.agent)
    roles = Membership.objects.filter(user=world.agent)
    assert client.get("/desk/").status_code == 200
    roles.update(until_on=timezone.localdate() - timedelta(days=1))
    assert client.get("/desk/").status_code == 302
    roles.update(until_on=None, from_on=date(2020, 1, 1))
    assert client_for(world.agent).get("/desk/").status_code == 200


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"password": "another"}], ids=["left", "password"]
)
def test_who_has_left_or_has_another_password_is_out(
    world: World, client_for: Any, change: dict[str, Any]
) -> None:
    client = client_for(world.agent)
    assert client.get("/desk/").status_code == 200
    User.objects.filter(pk=world.agent.pk).update(**change)
    assert client.get("/desk/").status_code == 302


def test_a_view_of_the_queue_is_planned_once_for_everybody(world: World, client_for: Any) -> None:
    for number in range(3):
        ask(words=f"Bin {number} was not emptied")
    for who in (world.agent, world.manager):
        client = client_for(who)
        for view in ("all", "unassigned"):
            assert client.get(f"/desk/?view={view}").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s",
            ['SELECT "enquiries_enquiry"."id" AS "pk"%"is_watched"%'],
        )
        assert cursor.fetchone()[0] == 2
    assert enquiry_of(ask()).reference in client.get("/desk/?view=all").content.decode()
