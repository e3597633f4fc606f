"""Chromium walks the pages of e-mails in three sizes, with axe; and without any script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from enquiries.models import Enquiry
from inbox.models import InboundMail
from tests import browsing
from tests.accessibility import axe
from tests.email.letters import address_of, hand_in, ours, write
from tests.world import PASSWORD, build

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/desk/settings/messages/mail/"
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 4
LETTERS = "مرحبا، لم يتم إفراغ الحاوية 🗑️ <b>שלום</b>"


@pytest.fixture
def site(transactional_db: None, live_server: Any, tmp_path: Any, settings: Any) -> str:
    settings.MEDIA_ROOT = tmp_path
    build()
    hand_in(write("", subject="", sender="Ada Example <ada@example.com>"))
    hand_in(write("I am away until Monday.", subject=f"Automatic {LONG}",
                  headers={"Auto-Submitted": "auto-replied"}))  # fmt: skip
    raw = b"From: " + LETTERS.encode() + b" <sealed@example.com>\r\nSubject: " + LETTERS.encode()
    hand_in(raw + b"\r\nContent-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--")
    files = [("letter.docx", "application/msword", b"PK\x03\x04" + b"x" * 20_000)]
    hand_in(write(top=[("Authentication-Results", "mx.hub.example; dmarc=pass")], files=files))
    quote = f"{LETTERS}\n\nOn 16 Nov 2026 at 10:02, Hub wrote:\n> {LONG}\n> Which bin is it?"
    hand_in(write(quote, to=address_of(ours()), subject=f"Re: {LETTERS}"))
    return str(live_server.url)


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.get_by_label("Email address").fill("agent@hub.demo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_the_pages_in_three_sizes(site: str, page: Page) -> None:
    wrong: list[str] = []

    def look(path: str = "", again: bool = False) -> None:
        if path:
            page.goto(site + path)
        wrong.extend(axe.walk(page, again=again))

    sign_in(page, site)
    look(PAGE)
    waiting = InboundMail.objects.filter(state="aside").order_by("pk")[0]
    look(f"{PAGE}{waiting.public_id}/")
    page.get_by_label("What they need").fill("")
    browsing.press(page, "Make the enquiry")
    look()
    reference = Enquiry.objects.latest("pk").reference
    page.goto(f"{site}/desk/cases/{reference}/")
    for one in page.locator("details.govuk-details").all():
        one.evaluate("one => { one.open = true }")
    look(again=True)
    assert wrong == []


def test_an_enquiry_is_made_without_any_script(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site}/desk/")
    browsing.follow(page.get_by_role("link", name="Emails"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Emails that need you")
    browsing.follow(page.get_by_role("button", name="Make an enquiry of it").first)
    page.get_by_label("What they need").fill("Ada's bin was missed")
    page.get_by_label("Postcode").fill("WR11 3DA")
    browsing.press(page, "Make the enquiry")
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        Enquiry.objects.latest("pk").reference
    )
    page.goto(f"{site}{PAGE}")
    browsing.follow(page.get_by_role("button", name="Ignore it").first)
    assert not InboundMail.objects.filter(state="aside").exists()
    context.close()
