"""What somebody was typing survives a browser that is killed, and two windows do not fight."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from core.outbox import depth
from enquiries.inbound import Sender
from enquiries.models import Enquiry, EnquiryEvent
from teamwork.models import Draft
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.world import ask, build

pytestmark = pytest.mark.django_db(transaction=True)
WRAPPED = "He rings again on Friday"
WORDS = "We come on Thursday, and bring the long ladder for the lamp"


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    """The desk with a case of somebody."""
    build()
    ask(sender=Sender(name="Maya Fielding", email="maya@example.com"))
    return str(live_server.url)


@contextmanager
def chromium(playwright: Playwright, path: str, profile: Path) -> Iterator[tuple[Page, int]]:
    """A browser of its own on a profile that stays, and the number of its process."""
    (profile / "DevToolsActivePort").unlink(missing_ok=True)
    started = subprocess.Popen(
        [path, "--headless=new", "--no-sandbox", "--remote-debugging-port=0",
         f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        browser = playwright.chromium.connect_over_cdp(_door(profile))
        yield browser.contexts[0].new_page(), started.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def _door(profile: Path) -> str:
    """Where a browser that was just started listens."""
    for _ in range(300):
        with suppress(OSError, ValueError):
            port = int((profile / "DevToolsActivePort").read_text().splitlines()[0])
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/version"):
                return f"http://127.0.0.1:{port}"
        time.sleep(0.1)
    raise TimeoutError("Chromium did not start")


def _kept(number: int = 1) -> int:
    for _ in range(100):
        if Draft.objects.count() >= number:
            break
        time.sleep(0.1)
    return Draft.objects.count()


def _wrapping_up(page: Page) -> str:
    """A contact with words for its wrap-up that are not sent; its address."""
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/desk/contact/")
    page.wait_for_load_state("load")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/contact/*-*/")
    page.get_by_label("Note").focus()
    page.keyboard.type(WRAPPED, delay=10)
    assert _kept() == 1
    return str(page.url)


def test_a_browser_killed_while_somebody_types_and_what_they_typed_is_sent(
    site: str, playwright: Playwright, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> None:
    path = str(browser_type_launch_args.get("executable_path") or "/usr/bin/chromium")
    case = f"{site}/desk/cases/{Enquiry.objects.get().reference}/?view=all"
    with chromium(playwright, path, tmp_path) as (page, pid):
        sign_in(page, site, "agent@hub.demo")
        contact = _wrapping_up(page)
        page.goto(case)
        page.wait_for_load_state("load")
        page.keyboard.press("Control+k")
        page.keyboard.type("tell the")
        page.keyboard.press("Enter")
        page.keyboard.type(WORDS, delay=10)
        assert _kept(2) == 2
        page.keyboard.type(" and")
        os.killpg(pid, signal.SIGKILL)
    for one in Draft.objects.all():
        assert WORDS not in one.sealed
        assert WRAPPED not in one.sealed
    with chromium(playwright, path, tmp_path) as (page, _):
        # Somebody else at the same machine is shown nothing of it.
        sign_in(page, site, "manager@hub.demo")
        for where in (case, f"{site}/desk/drafts/"):
            page.goto(where)
            page.wait_for_load_state("networkidle")
            assert WORDS[:20] not in page.content()
            expect(page.locator("[data-draft-offer]")).to_have_count(0)
        page.get_by_role("button", name="Sign out").press("Enter")
        sign_in(page, site, "agent@hub.demo")
        page.goto(f"{site}/desk/drafts/")
        expect(page.locator("blockquote", has_text=WORDS[:20])).to_be_visible()
        assert axe.breaches(page) == []
        _sent_after_all(page, case)
        page.goto(contact)
        offer = page.get_by_role("group", name="You were writing this and did not send it")
        expect(offer).to_contain_text(WRAPPED)
        assert axe.breaches(page) == []
        page.keyboard.press("v")
        expect(page.get_by_label("Note")).to_have_value(WRAPPED)
    told = EnquiryEvent.objects.filter(type="enquiry.replied").get()
    assert told.data["words"].startswith(WORDS[:40])


def _sent_after_all(page: Page, case: str) -> None:
    """What was kept is offered with its time, taken up by one key, and sent."""
    page.goto(case)
    offer = page.get_by_role("group", name="You were writing this and did not send it")
    expect(offer).to_contain_text(WORDS)
    expect(offer.locator("[data-draft-words]")).to_have_text(re.compile(r"\(.*\d\d?[:.]\d\d.*\)"))
    assert axe.breaches(page) == []
    page.keyboard.press("v")
    expect(page.locator("#reply_words")).to_have_value(re.compile(f"^{WORDS[:40]}"))
    before = depth()
    page.get_by_role("button", name="Send these words").press("Enter")
    expect(page.get_by_text("The citizen is being told").first).to_be_visible()
    assert depth() > before


def test_two_windows_are_offered_the_newer_words_and_signing_out_leaves_none(
    site: str, page: Page
) -> None:
    sign_in(page, site, "agent@hub.demo")
    case = f"{site}/desk/cases/{Enquiry.objects.get().reference}/?view=all"
    other = page.context.new_page()
    for one in (page, other):
        one.goto(case)
        one.wait_for_load_state("networkidle")
        one.locator("#act-note").click()
    page.locator("#note_words").press_sequentially("Said by the first window")
    assert _kept() == 1
    other.locator("#note_words").press_sequentially("Said by the second")
    offer = other.get_by_role("group", name="Newer words of this were typed in another window")
    expect(offer).to_be_visible()
    assert axe.breaches(other) == []
    other.get_by_role("button", name="Use it").click()
    expect(other.locator("#note_words")).to_have_value("Said by the first window")
    other.close()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert Draft.objects.count() == 0
    assert page.evaluate("Object.keys(sessionStorage).filter((one) => /draft/.test(one))") == []


def test_who_signs_in_next_at_the_same_computer_is_offered_nothing_of_who_was_there(
    site: str, page: Page
) -> None:
    sign_in(page, site, "agent@hub.demo")
    case = f"{site}/desk/cases/{Enquiry.objects.get().reference}/?view=all&act=note"
    page.goto(case)
    page.locator("#note_words").press_sequentially("Said in confidence to the first")
    assert _kept() == 1
    page.context.clear_cookies()  # their session is over
    sign_in(page, site, "admin@hub.demo")
    page.goto(case)
    page.wait_for_load_state("networkidle")
    assert "in confidence" not in page.content()
    assert "in confidence" not in page.evaluate("JSON.stringify(sessionStorage)")
