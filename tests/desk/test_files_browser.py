"""A file added in Chromium, with axe: to a case, with a need, by a partner; and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from enquiries.actions import triage
from enquiries.models import Attachment, ContactItem, Enquiry, Referral
from tests import browsing
from tests.desk.test_browser import sign_in
from tests.desk.test_browser import watched as watched
from tests.desk.test_contact_keys_browser import JO, walked
from tests.world import ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)
PROBLEM = "There is a problem"


@pytest.fixture
def site(transactional_db: None, live_server: Any, settings: Any, tmp_path: Path) -> str:
    settings.MEDIA_ROOT = tmp_path / "media"
    build()
    return str(live_server.url)


@pytest.fixture
def case(site: str) -> Enquiry:
    found = enquiry_of(ask(at=timezone.now(), sender=JO))
    triage.triage(enquiry_id=found.pk, now=timezone.now())
    return found


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """One that is taken, and one that is not."""
    good, bad = tmp_path / "letter.jpg", tmp_path / "letter.docx"
    Image.new("RGB", (80, 60), "teal").save(good, "JPEG")
    bad.write_bytes(b"PK\x03\x04 no picture")
    return good, bad


def test_to_a_case_in_place(
    site: str, case: Enquiry, watched: Page, files: tuple[Path, Path]
) -> None:
    page, wrong = watched, list[str]()
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/cases/{case.reference}/")
    page.keyboard.press("f")
    page.keyboard.press("Enter")
    act = page.locator("#act")
    expect(act.locator("#attach_file")).to_be_focused()
    wrong += walked(page, "file-form")
    act.locator("#attach_file").set_input_files(files[1])
    act.get_by_role("button", name="Add the file").click()
    expect(page.get_by_role("heading", name=PROBLEM)).to_be_visible()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    wrong += walked(page, "file-refused")
    act.locator("#attach_file").set_input_files(files[0])
    act.get_by_label("For the citizen").check()
    wrong += walked(page, "file-public")
    act.get_by_role("button", name="Send it to the citizen").click()
    expect(page.get_by_text("File added. The citizen is being told").first).to_be_visible()
    wrong += walked(page, "file-added")
    assert (Attachment.objects.get().seen_by, wrong) == ("public", [])


def test_without_scripts(site: str, case: Enquiry, plain: Page, files: tuple[Path, Path]) -> None:
    page = plain
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/cases/{case.reference}/")
    browsing.follow(page.get_by_role("link", name="Add a file"))
    for file, words in ((files[1], PROBLEM), (files[0], "File added. Partners who")):
        page.locator("#attach_file").set_input_files(file)
        page.get_by_label("Shared with partners").check()
        browsing.follow(page.locator("#act button[type=submit]"))
        expect(page.get_by_text(words).first).to_be_visible()
    assert Attachment.objects.get().seen_by == "shared"

    page.goto(f"{site}/desk/contact/")
    browsing.press(page, "Start the contact")
    page.get_by_label("What happened").fill("Their letter says so")
    page.get_by_text("Add a file", exact=True).click()
    for file, words in ((files[1], PROBLEM), (files[0], "is on its way")):
        page.get_by_label("A file that goes with it").set_input_files(file)
        browsing.press(page, "Raise this enquiry")
        expect(page.get_by_text(words).first).to_be_visible()
    assert Attachment.objects.order_by("pk")[1].enquiry == ContactItem.objects.latest("pk").enquiry


def test_with_a_need(site: str, watched: Page, files: tuple[Path, Path]) -> None:
    page, wrong = watched, list[str]()
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/")
    browsing.press(page, "Start the contact")
    need = page.locator("#contact-need")
    need.get_by_text("Add a file", exact=True).click()
    wrong += walked(page, "need-file")
    need.get_by_label("A file that goes with it").set_input_files(files[1])
    need.get_by_label("Service", exact=True).select_option("missed-bin")
    need.get_by_label("What happened").fill("Their letter says so")
    need.get_by_label("Postcode", exact=True).fill("WR11 3DA")
    need.get_by_role("button", name="Raise this enquiry").click()
    expect(need.locator(".govuk-error-summary")).to_be_focused()
    expect(need.get_by_label("A file that goes with it")).to_be_visible()
    wrong += walked(page, "need-file-refused")
    assert not ContactItem.objects.exists()
    need.get_by_label("A file that goes with it").set_input_files(files[0])
    need.get_by_label("Shared with partners").check()
    need.get_by_role("button", name="Raise this enquiry").click()
    expect(page.locator("#contact-cards .hub-raised__item")).to_have_count(1)
    row = Attachment.objects.get()
    assert (row.enquiry, row.seen_by) == (ContactItem.objects.get().enquiry, "shared")
    page.goto(f"{site}/desk/cases/{row.enquiry.reference}/")
    expect(page.get_by_text("letter.jpg").first).to_be_visible()
    assert wrong == []


def test_by_a_partner(site: str, case: Enquiry, watched: Page, files: tuple[Path, Path]) -> None:
    page, wrong = watched, list[str]()
    sign_in(page, site, "officer@wychavon.demo")
    page.goto(f"{site}/desk/referrals/{Referral.objects.get().public_id}/")
    page.locator("summary", has_text="Add a file").click()
    for file, done in ((files[1], PROBLEM), (files[0], re.compile("letter.jpg"))):
        page.locator("#attach_file").set_input_files(file)
        page.get_by_role("radio", name="Only us").check()
        wrong += walked(page, f"partner-file-{file.suffix[1:]}")
        browsing.follow(page.get_by_role("button", name="Keep it among us"))
        expect(page.get_by_text(done).first).to_be_visible()
        wrong += walked(page, f"partner-file-{file.suffix[1:]}-done")
    added = Attachment.objects.filter(organisation__slug="wychavon", seen_by="us")
    assert (added.count(), wrong) == (1, [])
