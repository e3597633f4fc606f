"""What goes wrong at a kiosk is said in a kiosk's words and looks, in the language of the visit."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from channels.asking import limits, lookups
from channels.kiosk import visit
from tests.kiosk.conftest import Visitor

Make = Callable[[Client, pytest.MonkeyPatch], Any]


def failing(error: Exception) -> Make:
    def make(client: Client, patch: pytest.MonkeyPatch) -> Any:
        def broken(*args: Any, **kwargs: Any) -> Any:
            raise error

        patch.setattr(visit, "page", broken)
        client.raise_request_exception = False
        return client.get("/kiosk/people/")

    return make


def too_often(client: Client, patch: pytest.MonkeyPatch) -> Any:
    def full(*args: Any, **kwargs: Any) -> Any:
        raise limits.TooMany(130)

    patch.setattr(lookups, "enquiry", full)
    return client.post("/kiosk/track/", {"reference": "WHK-2345-67"})


def forged(client: Client, patch: pytest.MonkeyPatch) -> Any:
    client.handler.enforce_csrf_checks = True
    return client.post("/kiosk/what/", {"description": "Kanarek", "name": "Jo Kanarek"})


def large(client: Client, patch: pytest.MonkeyPatch) -> Any:
    client.handler.enforce_csrf_checks = True
    return client.post("/kiosk/what/", {"description": "x" * 2_100_000})


MAKE: dict[str, tuple[int, str, Make]] = {
    "gone": (404, "Nie znaleziono strony", lambda client, _: client.get("/kiosk/nothing/")),
    "way": (405, "Ta strona tego nie potrafi", lambda client, _: client.put("/kiosk/menu/")),
    "forged": (403, "Ta strona była otwarta zbyt długo", forged),
    "large": (
        400,
        "Nie udało się tego odczytać",
        large,
    ),
    "often": (429, "Za dużo prób", too_often),
    "broken": (500, "Coś poszło nie tak po naszej stronie", failing(ValueError("no"))),
    "away": (503, "Chwilowo niedostępne", failing(OperationalError("no"))),
}


@pytest.mark.parametrize("name", MAKE)
def test_an_error_is_a_page_of_the_kiosk(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    visitor.open("start/", language="pl")
    visitor.post("easier/", set="contrast:on")
    status, title, make = MAKE[name]
    answer = make(visitor.client, monkeypatch)
    page = re.sub(r"\s+", " ", html.unescape(answer.content.decode()))
    assert (answer.status_code, answer["Content-Language"]) == (status, "pl")
    assert re.search(rf"<h1>\s*{title}\s*</h1>", page)
    assert 'class="govuk-template__body hub-kiosk hub-contrast-on' in page
    assert re.findall(r'<a class="hub-choice[^>]*href="([^"]*)"', page) == ["/kiosk/again/"]
    links = [one for one in re.findall(r'<a [^>]*href="([^"]*)"', page) if one[0] != "#"]
    assert {one for one in links if not one.startswith("/kiosk/")} == set()
    # What was typed is given back, but not to who stands behind.
    veils = re.findall(r"<details.*?</details>", page)
    assert ("Jo Kanarek" in "".join(veils)) == (name == "forged")
    assert "Jo Kanarek" not in re.sub(r"<details.*?</details>", "", page)
    words = page[page.index("<main") : page.index("</main>")]
    assert re.findall("przeglądar|ciasteczk|adres strony|zakładk|wklei|przeładuj", words) == []
