"""The second factor: who is asked, what opens before it, which codes count, and how often."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connections
from django.test import Client

import accounts.queries
from accounts import second_factor
from accounts.models import SecondFactor, Session, SpareCode, User
from accounts.permissions import Role
from accounts.second_factor import CodeNotRight
from core import sealing
from core.models import AuditEvent
from tests.architecture.test_doors import STAFF, _address, all_routes
from tests.desk.staff import EMAIL, Phone, enter, is_in, phone_from, set_up, somebody
from tests.desk.steps import text
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(world: World) -> User:
    return somebody(world)


def test_a_first_sign_in_connects_a_code_app_and_shows_the_spare_codes_once(
    user: User, client: Client
) -> None:
    assert enter(client, next="/desk/?view=mine")["Location"] == "/sign-in/set-up/"
    page = client.get("/sign-in/set-up/")
    assert 'src="data:image/svg+xml' in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0")
    phone = phone_from(page)
    done = client.post("/sign-in/set-up/", {"code": phone.code()})
    assert text(done).count("<code>") == 10
    assert 'href="/desk/?view=mine"' in text(done)
    assert is_in(client)
    # Sent again, and asked for again: nothing is shown a second time.
    assert "<code>" not in text(client.post("/sign-in/set-up/", {"code": phone.code()}))
    assert client.get("/sign-in/set-up/").status_code == 303
    said = AuditEvent.objects.filter(target=f"user:{user.pk}").values_list("action", flat=True)
    assert {"second_factor.set_up", "user.signed_in"} <= set(said)


def test_the_next_sign_in_takes_a_code(user: User, client: Client) -> None:
    phone, _ = set_up(client)
    other = Client()
    assert enter(other)["Location"] == "/sign-in/code/"
    page = text(other.get("/sign-in/code/"))
    assert 'autocomplete="one-time-code"' in page
    assert "That code is not right" in text(other.post("/sign-in/code/", {"code": phone.wrong()}))
    assert not is_in(other)
    assert other.post("/sign-in/code/", {"code": phone.code()})["Location"] == "/desk/"
    assert is_in(other)


def test_half_way_in_opens_nothing(user: User, client: Client) -> None:
    set_up(Client())
    enter(client)
    held = str(dict(client.session))
    for secret in ("correct horse", user.password):
        assert secret not in held
    walked = 0
    for route in all_routes():
        address = _address(route)
        if address is None or not route.startswith((*STAFF, "api/v1/enquiries", "api/v1/ref")):
            continue
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            assert answer.status_code in (301, 302, 401, 404, 405), (method, address)
            if answer.status_code in (301, 302) and address != "/desk/settings/reference/logout/":
                assert "/login/" in answer["Location"] or answer["Location"].startswith(
                    "/sign-in/"
                ), (method, address, answer["Location"])
            walked += 1
    assert walked > 60
    assert "Sign out" not in text(client.get("/sign-in/code/"))
    # The door of Django's own pages is ours.
    assert client.get("/desk/settings/reference/login/")["Location"].startswith("/sign-in/")
    assert client.post(
        "/desk/settings/reference/login/", {"username": EMAIL, "password": "correct horse battery"}
    )["Location"].startswith("/sign-in/")


def test_half_way_in_ends_after_ten_minutes_and_with_the_password(
    user: User, client: Client
) -> None:
    phone, _ = set_up(Client())
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=11)):
        enter(client)
    gone = client.post("/sign-in/code/", {"code": phone.code()})
    assert gone["Location"] == "/sign-in/?late=1"
    assert "Start with your password again" in text(client.get(gone["Location"]))
    enter(client)
    user.set_password("another battery of horses")
    user.save()
    assert client.post("/sign-in/code/", {"code": phone.code()})["Location"] == "/sign-in/?late=1"


def test_somebody_closed_between_the_steps_stays_outside(user: User, client: Client) -> None:
    phone, _ = set_up(Client())
    enter(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.post("/sign-in/code/", {"code": phone.code()})["Location"] == "/sign-in/?late=1"
    assert not is_in(client)


def test_a_session_without_a_second_factor_is_nobodys(user: User) -> None:
    """Whatever signs somebody in past our door has not signed them in."""
    client = Client()
    client.force_login(user)
    assert client.get("/desk/")["Location"].startswith("/sign-in/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_half_a_minute_wrong(user: User, steps: int, taken: bool) -> None:
    with time_machine.travel(datetime(2026, 11, 17, 10, 0, 10, tzinfo=UTC), tick=False):
        phone, _ = set_up(Client())
        SecondFactor.objects.update(last_step=0)
        client = Client()
        enter(client)
        client.post("/sign-in/code/", {"code": phone.code(steps)})
        assert is_in(client) is taken


def test_a_code_counts_once_and_so_does_an_older_one(user: User) -> None:
    with time_machine.travel(datetime(2026, 11, 17, 10, 0, 10, tzinfo=UTC), tick=False):
        phone, _ = set_up(Client())
        first, second = Client(), Client()
        enter(first)
        first.post("/sign-in/code/", {"code": phone.code()})
        assert is_in(first)
        enter(second)
        for code in (phone.code(), phone.code(-1)):
            again = text(second.post("/sign-in/code/", {"code": code}))
            assert "was used already" in again
        assert not is_in(second)


def test_the_code_that_set_the_app_up_signs_nobody_in(user: User) -> None:
    with time_machine.travel(datetime(2026, 11, 17, 10, 0, 10, tzinfo=UTC), tick=False):
        phone, _ = set_up(Client())
        other = Client()
        enter(other)
        assert "used already" in text(other.post("/sign-in/code/", {"code": phone.code(-1)}))


@pytest.mark.django_db(transaction=True)
def test_of_two_tries_at_one_instant_one_comes_in(world: World) -> None:
    user = somebody(world)
    phone, _ = set_up(Client())
    code, won, gate = phone.code(), list[bool](), threading.Barrier(4)

    def hurry() -> None:
        gate.wait()
        try:
            second_factor.check_code(user=user, code=code, now=datetime.now(UTC))
            won.append(True)
        except CodeNotRight:
            won.append(False)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=hurry) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False, False, False, True]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345"])
def test_what_is_no_code_is_refused_in_words(user: User, client: Client, typed: str) -> None:
    set_up(Client())
    enter(client)
    page = text(client.post("/sign-in/code/", {"code": typed}))
    assert "six digits" in page
    assert not is_in(client)


def test_a_code_may_be_typed_with_a_space(user: User, client: Client) -> None:
    phone, _ = set_up(Client())
    enter(client)
    code = phone.code()
    client.post("/sign-in/code/", {"code": f" {code[:3]} {code[3:]} "})
    assert is_in(client)


def test_five_wrong_codes_and_even_the_right_one_is_not_looked_at(
    user: User, client: Client
) -> None:
    phone, codes = set_up(Client())
    enter(client)
    for _ in range(5):
        client.post("/sign-in/code/", {"code": phone.wrong()})
    refused = client.post("/sign-in/code/", {"code": phone.code()})
    assert refused.status_code == 429
    assert "Wait 15 minutes" in text(refused)
    # Nor by another page, another browser or another network.
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    enter(elsewhere)
    assert elsewhere.post("/sign-in/spare/", {"code": codes[0]}).status_code == 429
    assert not is_in(client)
    assert not is_in(elsewhere)
    assert AuditEvent.objects.filter(action="user.code_refused").count() == 5
    # A quarter of an hour later it is.
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        enter(client)
        client.post("/sign-in/code/", {"code": phone.code()})
        assert is_in(client)


def test_a_day_has_twenty_wrong_codes(user: User) -> None:
    phone, _ = set_up(Client())
    start = datetime.now(UTC)
    for quarter in range(4):
        with time_machine.travel(start + timedelta(minutes=16 * quarter)):
            client = Client()
            enter(client)
            for _ in range(5):
                client.post("/sign-in/code/", {"code": phone.wrong()})
    with time_machine.travel(start + timedelta(minutes=80)):
        client = Client()
        enter(client)
        refused = client.post("/sign-in/code/", {"code": phone.code()})
        assert refused.status_code == 429
        assert "Tell your administrator" in text(refused)


def test_without_a_count_there_is_no_sign_in(
    user: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, _ = set_up(Client())
    enter(client)

    def away(*_args: object, **_more: object) -> None:
        raise RuntimeError("the table is away")

    monkeypatch.setattr("accounts.actions_sign_in._write", away)
    client.raise_request_exception = False
    assert client.post("/sign-in/code/", {"code": phone.code()}).status_code == 500
    assert not is_in(client)
    fresh = Client(raise_request_exception=False)
    assert enter(fresh).status_code == 500


def test_a_spare_code_works_once_however_it_is_typed(user: User, client: Client) -> None:
    _, codes = set_up(Client())
    enter(client)
    client.post("/sign-in/spare/", {"code": codes[3].upper().replace("-", " ")})
    assert is_in(client)
    assert second_factor.spare_codes_left(user) == 9
    other = Client()
    enter(other)
    assert "used before" in text(other.post("/sign-in/spare/", {"code": codes[3]}))
    assert not is_in(other)


def test_neither_key_nor_spare_codes_can_be_read_in_the_database(user: User) -> None:
    phone, codes = set_up(Client())
    kept = SecondFactor.objects.get().sealed_key
    assert phone.key.hex() not in kept
    import base64

    key = base64.b32encode(phone.key).decode()
    assert key not in kept
    assert sealing.unseal(kept, purpose="second_factor") == key
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(kept, purpose="something else")
    hashes = "".join(SpareCode.objects.values_list("hash", flat=True))
    assert codes[0].replace("-", "") not in hashes
    # And while it waits to be proved, not in the session either.
    waiting = Client()
    somebody_else = User.objects.create_superuser("root@hub.demo", "a first long passphrase")
    enter(waiting, somebody_else.email, "a first long passphrase")
    shown = phone_from(waiting.get("/sign-in/set-up/"))
    row = Session.objects.get(pk=waiting.session.session_key)
    assert base64.b32encode(shown.key).decode() not in str(row.get_decoded())


def test_a_key_sealed_with_a_lost_secret_is_said_to_need_a_reset(
    user: User, client: Client, settings: object
) -> None:
    phone, _ = set_up(Client())
    old = list(settings.SEALING_KEYS)  # type: ignore[attr-defined]
    settings.SEALING_KEYS = ["a new key that came without the old"]  # type: ignore[attr-defined]
    enter(client)
    assert "Ask your administrator" in text(client.post("/sign-in/code/", {"code": phone.code()}))
    settings.SEALING_KEYS = ["a new key in front of the old", *old]  # type: ignore[attr-defined]
    client.post("/sign-in/code/", {"code": phone.code()})
    assert is_in(client)


def test_who_has_an_app_cannot_set_up_another_with_a_password_alone(
    user: User, client: Client
) -> None:
    # Two first sign-ins side by side: the one that is proved first is the one that counts.
    other = Client()
    enter(client)
    enter(other)
    theirs = phone_from(other.get("/sign-in/set-up/"))
    set_up_phone = phone_from(client.get("/sign-in/set-up/"))
    client.post("/sign-in/set-up/", {"code": set_up_phone.code()})
    assert is_in(client)
    late = other.post("/sign-in/set-up/", {"code": theirs.code()})
    assert "You have a code app already" in text(late)
    assert not is_in(other)


def test_the_demonstrations_sign_ins_work_in_the_demonstration_alone(
    world: World, client: Client, settings: object
) -> None:
    assert enter(client, "agent@hub.demo")["Location"] == "/desk/"
    assert is_in(client)
    settings.HUB_DEMO = False  # type: ignore[attr-defined]
    assert not is_in(client)
    assert "belongs to the demonstration" in text(enter(client, "agent@hub.demo"))
    assert not is_in(client)


def test_a_lost_phone_is_reset_by_an_administrator_and_stands_in_the_audit(
    world: World, user: User, client_for: object
) -> None:
    mine = Client()
    set_up(mine)
    hands = client_for(world.administrator)  # type: ignore[operator]
    chosen = {"action": "reset_code_app", "_selected_action": [user.pk]}
    answer = hands.post("/desk/settings/reference/accounts/user/", chosen)
    assert answer.status_code == 302
    assert not is_in(mine)
    assert not SecondFactor.objects.exists()
    assert not SpareCode.objects.exists()
    said = AuditEvent.objects.get(action="second_factor.taken_away")
    assert said.actor_name == "Adam Admin"
    assert enter(Client())["Location"] == "/sign-in/set-up/"


def test_an_agent_resets_nobody(world: World, user: User, client_for: object) -> None:
    set_up(Client())
    hands = client_for(world.agent)  # type: ignore[operator]
    chosen = {"action": "reset_code_app", "_selected_action": [user.pk]}
    assert hands.post("/desk/settings/reference/accounts/user/", chosen).status_code in (302, 404)
    assert SecondFactor.objects.exists()


def test_an_administrator_gives_codes_too_and_lands_in_django_s_pages(world: World) -> None:
    boss = somebody(world, email="boss@hub.demo", role=Role.ADMINISTRATOR)
    client = Client()
    set_up(client, boss.email)
    assert accounts.queries.edits_reference(boss)
    assert client.get("/desk/settings/reference/").status_code == 200


def test_other_phones_say_the_same_as_the_standard() -> None:
    """RFC 6238, appendix B, in six digits."""
    with time_machine.travel(datetime.fromtimestamp(1111111109, UTC), tick=False):
        assert Phone(b"12345678901234567890").code() == "081804"
