"""Every page of the agent's desk in Chromium, with axe: one that is new is walked by itself.

The addresses are those of the table of who may open what (tests/isolation/access.toml), filled
with what the scene there holds; an administrator opens them all. Of a new address whose page that
scene cannot fill it is said below who walks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from tests.accessibility import axe
from tests.desk.test_contact_keys_browser import shot
from tests.isolation import scene as scenery
from tests.isolation.ids import ids
from tests.isolation.stage import Scene
from tests.isolation.table import Entry, entries, filled, readers

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
WHO = "administrator"
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
# Other desks than the agent's: their areas have walks of their own.
NOT_OURS = (
    "desk/account/", "desk/answers/", "desk/forms/", "desk/help/", "desk/holding/",
    "desk/notices/", "desk/performance/", "desk/referrals/", "desk/settings/", "desk/live/",
)  # fmt: skip
OURS = ("desk/settings/checklists/", "desk/settings/security-questions/")
STATES = "tests/desk/test_states_browser.py"
QUEUE = "tests/desk/test_queue_browser.py"
KEYS = "tests/desk/test_contact_keys_browser.py"
# Who walks the pages that the scene has no ids for, and what its forms alone are sent to.
WALKED = {
    "desk/undo/<uuid:public_id>/": STATES,
    "desk/settings/checklists/<slug:slug>/": STATES,
    "desk/team/quality/<slug:number>/<slug:act>/": STATES,
    "desk/texts/<uuid:public_id>/": STATES,
    "desk/texts/<uuid:public_id>/end/": STATES,
    "desk/together/": QUEUE,
    "desk/together/<slug:act>/": QUEUE,
    "desk/together/<uuid:public_id>/": QUEUE,
    "desk/together/<uuid:public_id>/<slug:act>/": QUEUE,
    "desk/views/<uuid:public_id>/<slug:act>/": QUEUE,
    "desk/contact/offered/<uuid:public_id>/<slug:act>/": KEYS,
    "desk/moves/<uuid:public_id>/known/": "tests/people/test_browser.py",
}


def _ours() -> Iterator[Entry]:
    for route, entry in entries().items():
        if route.startswith(OURS) or (route.startswith("desk/") and not route.startswith(NOT_OURS)):
            yield entry


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    return scenery.build()


@pytest.fixture
def client(scene: Scene) -> Client:
    here = Client(raise_request_exception=False)
    here.force_login(scene.users[WHO])
    session = here.session
    session["second_factor"] = "app"  # as if a code had been given
    session.save()
    return here


@pytest.fixture
def seen(client: Client, live_server: Any, page: Page) -> Page:
    """A browser in which they are signed in."""
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    return page


def walked(page: Page, site: str, paths: list[str]) -> list[str]:
    """What is wrong with these pages, wide, narrow and at 400 % zoom."""
    wrong = []
    for path in paths:
        answer = page.goto(site + path)
        assert answer is not None, path
        if answer.status >= 400:
            wrong.append(f"{path}: {answer.status}")
        wrong += axe.walk(page, SIZES)
        name = re.sub(r"[0-9a-f-]{36}|WH[A-Z0-9-]{8,}", "X", path).strip("/").replace("/", "-")
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            shot(page, f"{name}-{size}")
    return wrong


def test_every_page_of_the_desk(scene: Scene, client: Client, live_server: Any, seen: Page) -> None:
    paths, unseen = list[str](), list[str]()
    for entry in _ours():
        own = ids(scene, entry, readers()[WHO]).own
        if entry.id == "nothing" or entry.route in WALKED:
            unseen.append(entry.route)
        for _, values in own if entry.route not in WALKED and not entry.acts else []:
            answer = client.get(path := filled(entry.route, values))
            assert answer.status_code < 500, path
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                paths.append(path)
                break
    # A page that is new is there by now, or who walks it is named.
    assert sorted(unseen) == sorted(WALKED)
    for route, file in WALKED.items():
        assert re.search(r"axe\.|walked", (ROOT / file).read_text()), route
    assert len(paths) > 40
    assert walked(seen, str(live_server.url), paths) == []
