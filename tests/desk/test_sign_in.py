"""The door for staff: who comes in, where they land, and who is kept out."""

from __future__ import annotations

import pytest
from django.test import Client

import accounts.queries
from accounts.models import Membership, SignInTry
from core.models import AuditEvent
from tests.desk.steps import text
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post("/sign-in/", {"username": email, "password": password, **more})


@pytest.mark.parametrize(
    ("email", "start"),
    [
        ("agent@hub.demo", "/desk/"),
        ("Agent@Hub.Demo", "/desk/"),
        ("admin@hub.demo", "/desk/"),
        ("officer@wychavon.demo", "/desk/referrals/"),
        ("manager@hub.demo", "/desk/performance/"),
    ],
)
def test_everybody_lands_where_their_work_waits(world, client, email, start):
    assert sign_in(client, email)["Location"] == start
    assert AuditEvent.objects.filter(action="user.signed_in").exists()
    # The wordmark leads to /desk/, which sends everybody on to the same place.
    response = client.get("/desk/")
    assert response.status_code == 200 or response["Location"] == start


def test_a_wrong_password_says_nothing_of_whether_there_is_an_account(world, client):
    known = text(sign_in(client, "agent@hub.demo", "wrong"))
    unknown = text(sign_in(client, "nobody@hub.demo", "wrong"))
    words = "That email address and password do not fit together"
    assert words in known
    assert words in unknown


def test_after_ten_tries_even_the_right_password_is_not_looked_at(world, client):
    for _ in range(10):
        assert sign_in(client, "agent@hub.demo", "wrong").status_code == 200
    refused = sign_in(client, "agent@hub.demo")
    assert refused.status_code == 429
    assert "Wait 15 minutes" in text(refused)
    assert "_auth_user_id" not in client.session
    # Others at the same place are not kept out.
    assert sign_in(Client(), "officer@wychavon.demo").status_code == 302


def test_a_quarter_of_an_hour_later_the_door_opens_again(world, client):
    for _ in range(10):
        sign_in(client, "agent@hub.demo", "wrong")
    SignInTry.objects.update(at="2026-01-01T00:00:00Z")
    assert sign_in(client, "agent@hub.demo").status_code == 302


def test_no_address_is_kept_of_who_tried(world, client):
    sign_in(client, "agent@hub.demo", "wrong")
    kept = SignInTry.objects.get()
    assert len(kept.email_hash) == len(kept.network_hash) == 64


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_nobody_is_led_elsewhere_after_signing_in(world, client, elsewhere):
    assert sign_in(client, "agent@hub.demo", next=elsewhere)["Location"] == "/desk/"


def test_who_was_asked_to_sign_in_comes_to_the_page_they_wanted(world, client):
    asked = client.get("/desk/?view=mine")
    assert asked["Location"] == "/sign-in/?next=/desk/%3Fview%3Dmine"
    assert 'name="next" value="/desk/?view=mine"' in text(client.get(asked["Location"]))
    assert sign_in(client, "agent@hub.demo", next="/desk/?view=mine")["Location"] == (
        "/desk/?view=mine"
    )


def test_somebody_without_a_role_today_is_told_so_and_stays_outside(world, client):
    Membership.objects.filter(user=world.agent).update(until_on="2026-01-02")
    assert "you have no role today" in text(sign_in(client, "agent@hub.demo"))
    # One who is still signed in from before is asked to sign in, and not sent in circles.
    client.force_login(world.agent)
    assert client.get("/desk/", follow=True).status_code == 200


def test_signing_out_takes_a_button_not_a_link(world, client):
    sign_in(client, "agent@hub.demo")
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/desk/").status_code == 302


def test_reference_data_has_the_same_door(world, client):
    response = client.get("/desk/settings/reference/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/sign-in/?next=/desk/settings/reference/")
    sign_in(client, "agent@hub.demo")
    assert client.get("/desk/settings/reference/", follow=True).status_code == 404


def test_staff_of_a_body_that_has_left_the_partnership_are_nobody_here(world: World) -> None:
    body = world.organisations["wychavon"]
    body.is_active = False
    body.save()
    assert accounts.queries.viewer_for_user(world.officer) is None
