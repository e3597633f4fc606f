"""Who reads chooses the language; staff, systems and the next person at a kiosk read English."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from hub.languages import COOKIE
from tests.world import World

pytestmark = pytest.mark.django_db


def language(page: object) -> str:
    return str(page.headers["Content-Language"])  # type: ignore[attr-defined]


def test_the_browser_says_and_the_reader_decides(world: World) -> None:
    visitor = Client()
    assert language(visitor.get("/")) == "en-gb"
    polish = visitor.get("/", headers={"accept-language": "pl-PL,pl;q=0.9,en;q=0.8"})
    assert language(polish) == "pl"
    assert 'lang="pl"' in polish.content.decode()
    assert "Accept-Language" in polish.headers["Vary"]
    assert language(visitor.get("/", headers={"accept-language": "cy, fr;q=0.5"})) == "en-gb"
    # What was chosen goes before what the browser says.
    here = {"referer": "http://testserver/services/?q=1"}
    chosen = visitor.get("/language/pl/", headers=here)
    assert (chosen.status_code, chosen.url) == (302, "/services/?q=1")  # type: ignore[attr-defined]
    assert language(visitor.get("/", headers={"accept-language": "en"})) == "pl"
    visitor.get("/language/en-gb/")
    assert language(visitor.get("/", headers={"accept-language": "pl"})) == "en-gb"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "http://testserver.evil.example/",
        "http://testserver//evil.example/",
        "javascript:alert(1)",
        "//testserver",
        "",
    ],
)
def test_choosing_a_language_leads_nowhere_else(world: World, elsewhere: str) -> None:
    chosen = Client().get("/language/pl/", headers={"referer": elsewhere})
    assert chosen.url == "/"  # type: ignore[attr-defined]


def test_what_is_no_language_is_not_there(world: World) -> None:
    assert Client().get("/language/xx/").status_code == 404
    visitor = Client()
    visitor.cookies[COOKIE] = "../../etc"
    assert language(visitor.get("/")) == "en-gb"
    assert language(visitor.get("/", headers={"accept-language": ",;=" * 500})) == "en-gb"


def test_staff_and_other_systems_read_english(
    world: World, client_for: Callable[[User], Client]
) -> None:
    staff = client_for(world.agent)
    staff.cookies[COOKIE] = "pl"
    assert language(staff.get("/desk/", headers={"accept-language": "pl"})) == "en-gb"
    assert language(staff.get("/api/v1/services/", headers={"accept-language": "pl"})) == "en-gb"
