"""T-I5: what a form or a body does not ask for, nobody sets by sending it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests.isolation import bodies, probe
from tests.isolation.ids import ids
from tests.isolation.matrix import tries
from tests.isolation.stage import Scene, undone
from tests.isolation.table import Entry, Reader, entries, filled, readers

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
KEY = "6f1c9a8e-6b0f-4a57-9a51-0f6c0f6f4b1d"
MARK = "zqmassassignedqz"
# Columns that decide who may do what, and whose something is.
PROTECTED = {
    "accounts_user": "id, email, is_active, is_staff, is_superuser, is_demo, password",
    "accounts_membership": "id, user_id, organisation_id, team_id, role, from_on, until_on",
    "accounts_apitoken": "organisation_id, scopes, revoked_at",
    "enquiries_enquiry": (
        "owner_id, team_id, assignee_id, person_id, status, outcome, priority, service_id,"
        " outside_id, promised_on, disputed_at IS NULL, tell_by, reopened_count"
    ),
    "enquiries_referral": (
        "organisation_id, team_id, assignee_id, status, outcome, accepted_by, reject_reason,"
        " suggested_id, offered_at, accept_due_at, expires_at, work_due_at"
    ),
    "customers_person": "is_vulnerable, vulnerable_until, merged_into_id",
}
TEXTS = ("accounts_user", "enquiries_enquiry", "enquiries_referral", "enquiries_enquiryevent",
         "customers_person", "accounts_apitoken", "notifications_notification")  # fmt: skip


def _extras(scene: Scene) -> dict[str, Any]:
    body, user = scene.body("b").pk, scene.users["agent"].pk
    return {
        "organisation_id": body, "owner": body, "owner_id": body, "team_id": 1, "assignee": user,
        "assignee_id": user, "user": user, "user_id": user, "viewer": MARK, "actor": MARK,
        "role": "administrator", "roles": "administrator", "is_staff": "1", "is_superuser": "1",
        "is_active": "1", "is_demo": "1", "permissions": "administer", "status": "closed",
        "secret": MARK, "reference": MARK, "public_id": MARK, "id": 1, "pk": 1, "person_id": 1,
        "accepted_by": MARK, "accepted_at": "2020-01-01", "offered_at": "2020-01-01",
        "settled_at": "2020-01-01", "promised_on": "2020-01-01", "disputed_at": "2020-01-01",
        "digest": MARK, "prefix": MARK, "version": 99, "routing_reason": MARK, "token": MARK,
    }  # fmt: skip


def _state() -> dict[str, list[str]]:
    found = {}
    with connection.cursor() as cursor:
        for table, columns in PROTECTED.items():
            cursor.execute(f"SELECT ({columns})::text FROM {table} ORDER BY 1")
            found[table] = [row[0] for row in cursor.fetchall()]
        for table in TEXTS:
            cursor.execute(
                f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE %s", [f"%{MARK}%"]
            )
            found[f"{table} marked"] = [str(cursor.fetchone()[0])]
    return found


def _posts() -> list[tuple[Entry, str, str]]:
    """Every address that takes a form or a body, with an act, and one role that may send it."""
    return [
        (entry, one.act, min(one.roles))
        for entry in entries().values()
        for one in tries(entry)
        if one.method == "POST" and one.roles and "reference/" not in entry.route
    ]


def _post(scene: Scene, entry: Entry, act: str, reader: Reader, more: dict[str, Any]) -> Any:
    mine = ids(scene, entry, reader).own
    if not mine:
        return None
    path = filled(entry.route, {**mine[0][1], "act": act})
    if path.startswith("/api/"):
        body: Any = {**(bodies.json_of(entry.route) or {}), **more}
    else:
        body = {
            **more,
            **bodies.form(scene, entry.route),
            "key": "6f1c9a8e-6b0f-4a57-9a51-0f6c0f6f4b1d",
        }
        body = bodies.with_file(body) if act == "attach" else body
    with undone():
        _people_count_on()
        answer = probe.ask(scene, reader, "POST", path, body)
        return answer, _state()


def _people_count_on() -> None:
    """Whoever is new has the same number each time: what is undone takes no number back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('customers_person', 'id'), max(id))"
            " FROM customers_person"
        )


@pytest.mark.parametrize(
    ("entry", "act", "role"), _posts(), ids=lambda one: getattr(one, "route", one) or "-"
)
def test_fields_that_nobody_asked_for_change_nothing(
    scene: Scene, entry: Entry, act: str, role: str
) -> None:
    reader = readers()[role]
    plain = _post(scene, entry, act, reader, {})
    if plain is None:
        pytest.skip("nobody's to send")
    answer, state = _post(scene, entry, act, reader, _extras(scene))
    if entry.route.startswith("api/") and bodies.json_of(entry.route) is not None:
        assert answer.status == 422, "a field that is not described must be refused"
        return
    assert answer.status == plain[0].status
    faults = [table for table in state if state[table] != plain[1][table]]
    assert faults == []
