"""T-I6: a key is shown once, when it is made; nothing that can be read again opens anything."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import ApiToken
from tests.isolation import probe
from tests.isolation.stage import Scene
from tests.isolation.table import readers

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def _somewhere(text: str) -> list[str]:
    """The tables in which a text stands."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{text}%"]
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_no_table_holds_a_key_of_a_system_or_a_device(scene: Scene) -> None:
    for name, token in scene.tokens.items():
        assert _somewhere(token.partition(".")[2]) == [], name
    assert _somewhere(scene.kiosk_token) == []


def test_a_key_is_shown_to_who_makes_it_and_never_again(scene: Scene) -> None:
    administrator = readers()["administrator"]
    body = {
        "key": str(uuid4()), "organisation": "wychavon", "name": "A new system",
        "scopes": ["enquiries:read"],
    }  # fmt: skip
    made = probe.ask(scene, administrator, "POST", "/desk/settings/keys/", body)
    prefix = ApiToken.objects.get(name="A new system").prefix
    assert f"{prefix}." in made.text
    again = probe.ask(scene, administrator, "POST", "/desk/settings/keys/", body)
    listed = probe.ask(scene, administrator, "GET", "/desk/settings/keys/")
    secret = made.text.partition(f"{prefix}.")[2][:30]
    for answer in (again, listed):
        assert f"{prefix}." not in answer.text
        assert secret not in answer.text
    assert prefix in listed.text


def test_a_key_does_nothing_that_it_was_not_issued_for(scene: Scene) -> None:
    """Told so plainly: it is the caller's own key, and nobody else's secret."""
    referral = scene.things["a.offered"].referrals["a"]
    for name, method, path in (
        ("token_a_read", "GET", "/api/v1/referrals/"),
        ("token_a_read", "POST", f"/api/v1/referrals/{referral}/accept/"),
        ("token_a_create", "GET", f"/api/v1/enquiries/{scene.things['a.offered'].reference}/"),
        ("token_a_referrals", "POST", "/api/v1/enquiries/"),
    ):
        answer = probe.ask(scene, readers()[name], method, path, {} if method == "POST" else None)
        assert (answer.status, answer.code) == (403, "scope_missing"), (name, path)
