"""Two colleagues at one case: each sees the other, and what the other does, within seconds."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from core import live
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.world import ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
SOON = 3_000  # the issue's own bound, in milliseconds


@pytest.fixture
def streams(transactional_db: None, pg: str, tmp_path: Path, settings: Any) -> Iterator[str]:
    """The process of the streams on this test's database; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.HUB_LIVE_URL = f"http://127.0.0.1:{port}/live"
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    own = {**policy, "connect-src": [*policy["connect-src"], f"http://127.0.0.1:{port}"]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": own}
    environment = {**os.environ, "DATABASE_URL": pg, "HUB_LIVE_PORT": str(port)}
    log = tmp_path / "live.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "hub.live.serving:application", "--port", str(port),
             "--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "1"],
            cwd=ROOT, env=environment, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        until(lambda: _answers(port), log)
        yield settings.HUB_LIVE_URL
    finally:
        process.terminate()
        process.wait(20)


def until(true: Callable[[], object], log: Path) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def heard(page: Page) -> None:
    page.wait_for_selector("body[data-live=on]", timeout=10_000)


def test_another_at_the_same_case_is_seen_and_so_is_what_they_do(
    streams: str, live_server: Any, page: Page, browser: Browser
) -> None:
    build()
    enquiry = enquiry_of(ask(at=timezone.now() - timedelta(hours=2)))
    site, path = str(live_server.url), f"/desk/cases/{enquiry.reference}/"
    other = browser.new_context().new_page()
    sign_in(page, site, "agent@hub.demo")
    sign_in(other, site, "admin@hub.demo")
    page.goto(site + path)
    heard(page)
    other.goto(site + path)
    here = page.locator("[data-live-present]")
    expect(here).to_contain_text("is here too", timeout=SOON + 7_000)

    other.locator("#act-note").click()
    words = other.locator("#act textarea")
    words.press_sequentially("The gate is locked")
    expect(here).to_contain_text("is writing", timeout=SOON)
    other.get_by_role("button", name="Keep the note").click()
    changed = page.locator("[data-live-page]")
    expect(changed).to_contain_text("wrote a note", timeout=SOON)
    assert axe.walk(page) == []
    other.close()
    expect(here).to_be_hidden(timeout=SOON)


def test_rows_of_the_queue_say_what_happens_to_them(
    streams: str, live_server: Any, page: Page, client_for: Any
) -> None:
    world = build()
    asked = ask(service=None, words="Zzyx", postcode="", at=timezone.now() - timedelta(hours=2))
    enquiry = enquiry_of(asked)
    site = str(live_server.url)
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/?view=all")
    heard(page)
    took = client_for(world.administrator).post(f"/desk/cases/{enquiry.reference}/take/")
    assert took.status_code == 303
    row = page.locator(f'[data-live-row="{enquiry.reference}"]')
    expect(row).to_contain_text("took it, or gave it to somebody just now", timeout=SOON)
    ask(words="A new one", at=timezone.now())
    expect(page.locator("[data-live-new]")).to_contain_text("1 new case came in", timeout=SOON)


def test_a_word_for_one_reaches_that_one_when_its_transaction_commits(
    streams: str, live_server: Any, page: Page
) -> None:
    world = build()
    site = str(live_server.url)
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/")
    heard(page)
    page.evaluate(
        "window.told = [];"
        "document.addEventListener('hub-live', (event) => window.told.push(event.detail))"
    )
    with transaction.atomic():
        live.say(f"staff:{world.administrator.pk}", {"what": "rings"})
        live.say(f"staff:{world.agent.pk}", {"what": "rings"})
    said: list[object] = []
    deadline = time.monotonic() + SOON / 1_000
    while not said and time.monotonic() < deadline:
        page.wait_for_timeout(100)
        said = page.evaluate("window.told.filter((one) => one.kind === 'said')")
    assert said == [{"kind": "said", "topic": f"staff:{world.agent.pk}", "data": {"what": "rings"}}]


def test_no_stream_without_a_ticket_of_ours(streams: str, transactional_db: None) -> None:
    now = timezone.now()
    for ticket in ("", "x", live.ticket(1, "Ada", ["queue"], now=now - live.LASTS * 2)):
        try:
            with urllib.request.urlopen(f"{streams}/?ticket={ticket}", timeout=5) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
        assert status == 403
