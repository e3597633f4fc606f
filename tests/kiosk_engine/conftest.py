"""A kiosk in Chromium with a release, numbers to give, and what its engine is asked by a test."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from django.utils import timezone
from playwright.sync_api import Error, Page, expect

import accounts.queries
from channels.kiosk import shell
from core import references
from kiosks import actions_numbers, keys, queries_releases, server_keys
from kiosks.models import Kiosk
from tests.kiosk.conftest import code_for
from tests.kiosk_engine.line import Line
from tests.partnership import load_partnership

ENTRY = {
    "language": "en-gb",
    "content": "",
    "began": 0,
    "began_at": None,
    "service": "fly-tipping",
    "form_id": None,
    "answers": {},
    "passed": [],
    "done": ["about", "place", "description", "person"],
    "postcode": "WR11 4AA",
    "address": "",
    "nowhere": False,
    "tell_by": "none",
    "name": "",
    "email": "",
    "phone": "",
    "assist": None,
    "journey": None,
}
ALL = """async (name) => {
  const { rows } = await import("/static/js/kiosk/store.js");
  return (await rows(name)).map(([key, value]) => ({ key, value }));
}"""


@dataclass
class Engine:
    """The engine of a page, asked as screens ask it."""

    page: Page
    site: str

    def ask(self, module: str, call: str, **facts: Any) -> Any:
        """What a module of the kiosk answers: `call` sees its names as `it`, and `facts`."""
        script = (
            f"async (facts) => {{ const it = await import('/static/js/kiosk/{module}.js');"
            f" return {call}; }}"
        )
        return self.page.evaluate(script, facts)

    def rows(self, store: str) -> list[Any]:
        """What stands in a store."""
        return [row["value"] for row in self.page.evaluate(ALL, store)]

    def keep(self, words: str, **more: Any) -> Any:
        """Somebody sends this."""
        entry = {**ENTRY, "description": words, **more}
        return self.ask("keeping", "it.keep(facts.entry)", entry=entry)

    def at_work(self) -> None:
        """The worker of this device's release is there, and holds its pages."""
        version = queries_releases.release_for(Kiosk.objects.get())
        self.ask("stocking", "it.have(facts.version)", version=version)
        until(self.page, lambda: self.ask("stocking", "it.release()") == version)
        until(self.page, lambda: self.page.evaluate("navigator.serviceWorker.controller !== null"))

    def give(self, count: int) -> list[str]:
        """Numbers of its own."""
        drawn = [references.for_kiosk() for _ in range(count)]
        given = actions_numbers._given(Kiosk.objects.get(), drawn, timezone.now())
        self.ask(
            "store",
            "it.within(['numbers'], 'readwrite', (all) => {"
            " for (const reference of facts.given) all.put({ reference }); })",
            given=given,
        )
        return given


def opened(jwe: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A kept entry, opened as RFC 7516 has it: its header, and what was sealed."""
    shown, wrapped, iv, body, tag = jwe.split(".")
    header = json.loads(keys.decoded(shown))
    assert wrapped == ""
    private = server_keys.opens(header["kid"])
    secret = private.exchange(ec.ECDH(), keys.public(header["epk"]))
    enc = header["enc"].encode()
    parties = len(enc).to_bytes(4) + enc + bytes(8) + (256).to_bytes(4)
    key = ConcatKDFHash(algorithm=SHA256(), length=32, otherinfo=parties).derive(secret)
    sealed = keys.decoded(body) + keys.decoded(tag)
    return header, json.loads(AESGCM(key).decrypt(keys.decoded(iv), sealed, shown.encode()))


def enrol(page: Page, site: str) -> None:
    """As staff do it."""
    page.goto(f"{site}/kiosk/")
    page.get_by_label("Code").fill(code_for(accounts.queries.sites("kiosk")[0].slug))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()


@pytest.fixture
def hub(transactional_db: None, live_server: Any) -> str:
    """The hub with its partnership and a release of the shell; where it is."""
    load_partnership()
    shell.put_down(now=timezone.now())
    url: str = live_server.url
    return url


@pytest.fixture
def line(hub: str) -> Iterator[Line]:
    """The way to the hub, which can be cut."""
    made = Line(hub)
    yield made
    made.close()


@pytest.fixture
def engine(line: Line, page: Page) -> Iterator[Engine]:
    """An enrolled device whose page says no error."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_viewport_size({"width": 1080, "height": 1920})
    enrol(page, line.url)
    yield Engine(page, line.url)
    assert said == []


@pytest.fixture
def alone(hub: str, page: Page) -> Engine:
    """An enrolled device to which nothing comes by itself, and from which nothing goes."""
    cut_off(page)
    enrol(page, hub)
    return Engine(page, hub)


def cut_off(page: Page) -> None:
    """No heartbeat, and nothing that is kept, leaves any page of this browser."""
    page.context.route(re.compile("/kiosk/(pulse|kept)/"), lambda route: route.abort())


def until(page: Page, what: Callable[[], bool], *, seconds: float = 45) -> None:
    """Waits for it. Fails when it does not come."""
    for _ in range(int(seconds * 10)):
        try:
            if what():
                return
        except Error as error:
            # It went on to another page meanwhile.
            if "context was destroyed" not in str(error):
                raise
        page.wait_for_timeout(100)
    raise AssertionError("it did not come")
