"""Sessions of staff: how long they last, who ends them, what each says of itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.base import UpdateError
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import browsers
from accounts.hashers import Argon2id
from accounts.models import Membership, Session, User
from accounts.sessions import SessionStore
from core.models import AuditEvent
from hub import settings as production
from tests.desk.staff import enter, is_in, phone_from, session_of, set_up, somebody
from tests.desk.steps import text
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
OTHER = "a quite different battery of words"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


def demo(**more: str) -> Client:
    """Asha, signed in at the demonstration's door."""
    client = Client(**more)  # type: ignore[arg-type]
    assert enter(client, "agent@hub.demo")["Location"] == "/desk/"
    return client


def test_half_an_hour_without_a_click_ends_it(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = demo()
        for _ in range(6):
            clock.shift(timedelta(minutes=29))
            assert is_in(client)
        clock.shift(timedelta(minutes=31))
        assert not is_in(client)


def test_twelve_hours_after_it_began_it_ends_however_busy(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = demo()
        for _ in range(35):
            clock.shift(timedelta(minutes=20))
            assert is_in(client)
        clock.shift(timedelta(minutes=20, seconds=1))
        assert not is_in(client)


def test_the_limits_are_settings(world: World, settings: object) -> None:
    settings.STAFF_IDLE_MINUTES = 5  # type: ignore[attr-defined]
    with time_machine.travel(NOON, tick=False) as clock:
        client = demo()
        clock.shift(timedelta(minutes=6))
        assert not is_in(client)


def test_a_visit_of_a_citizen_has_no_such_limit_and_no_name(world: World, client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        held = client.session
        held["journeys"] = {"one": {}}
        held.save()
        clock.shift(timedelta(hours=3))
        assert client.session["journeys"]
        row = Session.objects.get()
        assert (row.user_id, row.started_at, row.network_hash) == (None, None, "")


def test_a_click_costs_no_statement_but_one_update_a_minute(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = demo()
        client.get("/desk/account/")
        with CaptureQueriesContext(connection) as at_once:
            client.get("/desk/account/")
        clock.shift(timedelta(seconds=61))
        with CaptureQueriesContext(connection) as later:
            client.get("/desk/account/")
        assert len(later) == len(at_once) + 1
        assert sum('"accounts_session"' in q["sql"] for q in at_once) == 2  # read, and listed


def test_signing_in_begins_a_new_session(world: World, client: Client) -> None:
    client.get("/sign-in/")
    before = client.session
    before["planted"] = "by somebody else"
    before.save()
    client.cookies["sessionid"] = str(before.session_key)
    somebody(world)
    enter(client)
    half = client.session.session_key
    phone = phone_from(client.get("/sign-in/set-up/"))
    client.post("/sign-in/set-up/", {"code": phone.code()})
    assert len({before.session_key, half, client.session.session_key}) == 3
    assert "planted" not in client.session
    assert set(Session.objects.values_list("pk", flat=True)) == {client.session.session_key}


def test_signing_out_leaves_nothing_behind(world: World) -> None:
    client = demo()
    client.post("/sign-out/")
    assert not Session.objects.exists()


def test_an_account_that_is_closed_is_out_at_once(
    world: World, client_for: Callable[[User], Client]
) -> None:
    one, two = demo(), demo()
    User.objects.filter(pk=world.agent.pk).update(is_active=False)
    assert not is_in(one)
    assert not is_in(two)


def test_closing_it_in_the_reference_pages_ends_its_sessions(
    world: World, client_for: Callable[[User], Client]
) -> None:
    client, hands = demo(), client_for(world.administrator)
    page = f"/desk/settings/reference/accounts/user/{world.agent.pk}/change/"
    membership = Membership.objects.get(user=world.agent)
    fields = {
        "email": world.agent.email,
        "full_name": world.agent.full_name,
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": str(membership.pk),
        "memberships-0-user": str(world.agent.pk),
        "memberships-0-organisation": str(membership.organisation_id),
        "memberships-0-team": str(membership.team_id),
        "memberships-0-role": "agent",
        "memberships-0-from_on": "2026-01-01",
    }
    assert hands.post(page, {**fields, "is_active": "on"}).status_code == 302
    assert is_in(client)
    assert hands.post(page, fields).status_code == 302
    assert not Session.objects.filter(user=world.agent).exists()
    said = AuditEvent.objects.get(action="user.signed_out")
    assert (said.actor_name, said.data) == ("Adam Admin", {"sessions": 1})


def test_the_last_role_ends_and_so_does_the_session_for_good(world: World) -> None:
    client = demo()
    Membership.objects.filter(user=world.agent).update(until_on="2026-01-02")
    assert not is_in(client)
    Membership.objects.filter(user=world.agent).update(until_on=None)
    assert not is_in(client)


def test_an_administrator_signs_somebody_out_everywhere(
    world: World, client_for: Callable[[User], Client]
) -> None:
    one, two, hands = demo(), demo(), client_for(world.administrator)
    chosen = {"action": "sign_out_everywhere", "_selected_action": [world.agent.pk]}
    assert hands.post("/desk/settings/reference/accounts/user/", chosen).status_code == 302
    assert not is_in(one)
    assert not is_in(two)
    assert is_in(demo())
    assert AuditEvent.objects.get(action="user.signed_out").data == {"sessions": 2}


def test_a_password_set_by_hand_ends_the_sessions_of_before(
    world: World, client_for: Callable[[User], Client]
) -> None:
    client, hands = demo(), client_for(world.administrator)
    new = {"password1": OTHER, "password2": OTHER, "usable_password": "true"}
    page = f"/desk/settings/reference/accounts/user/{world.agent.pk}/password/"
    assert hands.post(page, {**new, "password2": "not the same words"}).status_code == 200
    assert is_in(client)
    assert hands.post(page, new).status_code == 302
    assert not is_in(client)
    assert not Session.objects.filter(user=world.agent).exists()


def test_ones_own_page_names_every_session_and_ends_one(world: World) -> None:
    here = demo()
    there = demo(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="198.51.100.7")
    page = text(here.get("/desk/account/"))
    assert "Firefox on Windows" in page
    assert "Another network" in page
    assert "You, here" in page
    for secret in (there.session.session_key, here.session.session_key, "198.51.100.7"):
        assert str(secret) not in page
    mark = page.split('name="visit" value="')[1].split('"')[0]
    assert here.post("/desk/account/end/", {"visit": mark})["Location"] == "/desk/account/"
    assert not is_in(there)
    assert is_in(here)
    # Sent again it changes nothing, and a made-up mark ends nobody.
    here.post("/desk/account/end/", {"visit": mark})
    here.post("/desk/account/end/", {"visit": "ü" * 32})
    assert is_in(here)


def test_a_page_that_was_being_made_meanwhile_does_not_bring_a_session_back(world: World) -> None:
    client = demo()
    begun = SessionStore(client.session.session_key)
    assert begun["_auth_user_id"]
    Session.objects.all().delete()
    begun["late"] = True
    with pytest.raises(UpdateError):
        begun.save()
    begun.touch(NOON + timedelta(days=900))
    assert not Session.objects.exists()


def test_nobody_ends_another_persons_session(world: World) -> None:
    mine, theirs = demo(), Client()
    enter(theirs, "officer@wychavon.demo")
    from accounts.visits import _mark

    mine.post("/desk/account/end/", {"visit": _mark(theirs.session.session_key or "")})
    mine.post("/desk/account/end-others/")
    assert theirs.get("/desk/referrals/").status_code == 200


def test_out_everywhere_else(world: World) -> None:
    here, one, two = demo(), demo(), demo()
    here.post("/desk/account/end-others/")
    assert [is_in(client) for client in (here, one, two)] == [True, False, False]


def test_a_new_password_ends_all_other_sessions_and_keeps_the_second_factor(world: World) -> None:
    user = somebody(world)
    here, there = Client(), Client()
    phone, codes = set_up(here)
    enter(there)
    there.post("/sign-in/spare/", {"code": codes[0]})
    form = {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER}
    wrong = {**form, "old_password": "something else entirely"}
    assert "That is not your password" in text(here.post("/desk/account/password/", wrong))
    assert is_in(there)
    assert here.post("/desk/account/password/", form)["Location"] == "/desk/account/"
    assert is_in(here)
    assert not is_in(there)
    assert session_of(here).user_id == user.pk
    assert "do not fit together" in text(enter(there))
    assert enter(there, password=OTHER)["Location"] == "/sign-in/code/"
    there.post("/sign-in/code/", {"code": phone.code()})
    assert is_in(there)


def test_guessing_the_old_password_is_counted(world: World) -> None:
    somebody(world)
    here = Client()
    set_up(here)
    form = {"old_password": "x", "new_password1": OTHER, "new_password2": OTHER}
    codes = [here.post("/desk/account/password/", form).status_code for _ in range(12)]
    assert codes[-1] == 429


def test_new_spare_codes_and_another_phone(world: World) -> None:
    somebody(world)
    here = Client()
    phone, codes = set_up(here)
    assert "not right" in text(here.post("/desk/account/spare-codes/", {"code": phone.wrong()}))
    page = text(here.post("/desk/account/spare-codes/", {"code": phone.code()}))
    fresh = [part.split("<")[0] for part in page.split("<code>")[1:]]
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    other = Client()
    enter(other)
    assert "not one of your spare codes" in text(other.post("/sign-in/spare/", {"code": codes[0]}))

    new = phone_from(here.get("/desk/account/phone/"))
    without = here.post("/desk/account/phone/", {"old": "aaaa-bbbb-cccc", "code": new.code(-1)})
    assert "not one of your spare codes" in text(without)
    done = here.post("/desk/account/phone/", {"old": fresh[0], "code": new.code(-1)})
    assert text(done).count("<code>") == 10
    enter(other)
    assert "not right" in text(other.post("/sign-in/code/", {"code": phone.code(1)}))
    other.post("/sign-in/code/", {"code": new.code()})
    assert is_in(other)


def test_the_demonstrations_shared_sign_ins_keep_their_password(world: World) -> None:
    here = demo()
    assert "belongs to the demonstration" in text(here.get("/desk/account/"))
    for page in ("password", "spare-codes", "phone"):
        assert here.get(f"/desk/account/{page}/").status_code == 404


def test_django_s_own_page_for_a_password_leads_to_ours(world: World) -> None:
    boss = demo()
    page = "/desk/settings/reference/password_change/"
    assert boss.get(page)["Location"] == "/desk/account/password/"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) Chrome/142.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("", "Another browser"),
        ("<script>alert(1)</script>", "Another browser"),
    ],
)
def test_a_browser_by_its_family(agent: str, name: str) -> None:
    assert browsers.name_of(agent) == name


@pytest.mark.parametrize(
    "weak",
    [
        "too short here",
        "Worcestershire2026!",
        "WelcomeToTheHub2026",
        "wychavondistrictcouncil",
        "password12345678",
        "qwertyuiop123456",
        "aaaaaaaaaaaaaaaaaaaa",
        "abababababababab",
        "rea.real@hub.demo",
        "SummerAutumnWinter",
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(world: World, weak: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak, somebody(world))


@pytest.mark.parametrize(
    "good",
    [
        "correct horse battery",
        "vier gelbe Enten im Regen",
        "заливной луг и мост",
        "4821 9930 1174 0026 55",
        "k" + "jd8 3nf9 sl2 pq7 " * 20,
    ],
)
def test_any_long_password_will_do_whatever_its_characters(world: World, good: str) -> None:
    validate_password(good, somebody(world))


def test_passwords_are_kept_with_argon2id_and_the_figures_that_are_stated() -> None:
    assert production.PASSWORD_HASHERS[0] == "accounts.hashers.Argon2id"
    kept = Argon2id().encode("correct horse battery", "a-salt-of-its-own")
    assert kept.startswith("argon2$argon2id$v=19$m=65536,t=3,p=4$")
    assert Argon2id().verify("correct horse battery", kept)
