"""An officer's day in Chromium, in three sizes, with axe; by keys alone; and without any script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

import accounts.actions
from accounts.models import Organisation, Team
from accounts.permissions import Role
from core.audit import SYSTEM
from enquiries.inbound import Sender
from enquiries.models import Attachment, Referral
from tests import browsing
from tests.accessibility import axe
from tests.desk.steps import work
from tests.desk.test_browser import sign_in
from tests.desk.test_browser import watched as watched
from tests.world import PASSWORD, ask, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 8


@pytest.fixture
def site(transactional_db: None, live_server: Any, settings: Any, tmp_path: Path) -> str:
    """The desk with a colleague, a second team and four referrals that came just now."""
    settings.MEDIA_ROOT = tmp_path / "media"
    build()
    body, now = Organisation.objects.get(slug="wychavon"), timezone.now()
    Team.objects.create(organisation=body, slug="streets", name="Streets and litter")
    colleague = accounts.actions.create_user(
        email="cara@wychavon.demo", password=PASSWORD, full_name="Cara Colleague", actor=SYSTEM,
        now=now,
    )  # fmt: skip
    accounts.actions.grant(
        user=colleague,
        organisation=body,
        role=Role.OFFICER,
        team=Team.objects.get(organisation=body, is_default=True),
        from_on=timezone.localdate() - timedelta(days=1),
        actor=SYSTEM,
        now=now,
    )
    for number, words in enumerate(("The bin is full", "Not emptied", LONG, "Left behind")):
        sender = Sender(name=f"{LONG[:60]} {number}", email=f"p{number}@example.com")
        ask(words=words, at=now, sender=sender)
    return str(live_server.url)


@pytest.fixture
def walk(site: str, watched: Page) -> Iterator[Any]:
    """Opens a page, or looks at the one that is open, in three sizes; no breach at the end."""
    wrong: list[str] = []

    def look(path: str = "", again: bool = False) -> None:
        if path:
            watched.goto(site + path)
        wrong.extend(axe.walk(watched, again=again))

    sign_in(watched, site, "officer@wychavon.demo")
    yield look
    assert wrong == []


def rows() -> list[Referral]:
    return list(Referral.objects.order_by("pk"))


def test_from_the_offer_to_the_answer_for_the_citizen(
    site: str, watched: Page, walk: Any, tmp_path: Path
) -> None:
    page, first = watched, rows()[0]
    walk("/desk/referrals/")
    page.get_by_role("link", name="Missed bin").first.click()
    walk()
    expect(page.get_by_text("Shown when you have accepted it")).to_be_visible()
    page.locator(".hub-nameplate__do").get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Accepted, and yours")).to_be_visible()
    walk()
    for act in page.locator("details.hub-act").all():
        act.evaluate("one => { one.removeAttribute('name'); one.open = true }")
    walk(again=True)

    page.goto(f"{site}/desk/referrals/{first.public_id}/")
    page.locator("summary", has_text="Ask the citizen").click()
    page.get_by_label("Your question").fill("Which bin is it?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.locator(".hub-nameplate").get_by_text("Waiting for the citizen")).to_be_visible()
    walk("/desk/referrals/?tab=waiting")
    expect(page.get_by_text("Stands still until they answer")).to_be_visible()

    page.get_by_role("link", name="Missed bin").click()
    page.locator("summary", has_text="Complete").click()
    page.get_by_label("Decided: no").check()
    page.get_by_role("button", name="Complete and tell the citizen").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    walk()
    page.get_by_label("What can they do next?").fill("Put it out on Monday")
    page.get_by_label("Words for the citizen").fill("The lid was open")
    page.get_by_role("button", name="See first what they get").click()
    expect(page.get_by_role("heading", name="What they get by email")).to_be_visible()
    walk()
    page.locator(".hub-preview").get_by_role("button").click()
    expect(page.get_by_role("heading", name="What you told the citizen")).to_be_visible()
    walk()
    walk("/desk/referrals/?tab=done")
    work()
    first.refresh_from_db()
    assert (first.status, first.outcome) == ("completed", "decided_no")
    assert first.public_words.endswith("What you can do next: Put it out on Monday")


def test_three_of_one_cause_are_answered_together(site: str, watched: Page, walk: Any) -> None:
    page = watched
    page.goto(f"{site}/desk/referrals/")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    walk()
    page.get_by_label("All on this page").check()
    expect(page.get_by_text("4 chosen")).to_be_visible()
    page.locator("[data-choose] input").last.uncheck()
    expect(page.get_by_text("3 chosen")).to_be_visible()
    walk(again=True)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="Accept 3 referrals")).to_be_visible()
    walk()
    page.get_by_role("button", name="Accept those chosen").click()
    expect(page.get_by_role("heading", name="3 referrals accepted")).to_be_visible()
    walk()
    browsing.follow(page.get_by_role("link", name="Back to the list"))
    assert sorted(row.status for row in rows()) == ["accepted"] * 3 + ["offered"]
    browsing.follow(page.get_by_role("link", name="Mine"))
    page.get_by_role("link", name="Missed bin").first.click()
    expect(page.get_by_text("2 chosen and this one")).to_be_visible()
    page.get_by_role("button", name="Complete", exact=True).click()
    page.get_by_label("Done", exact=True).check()
    page.get_by_label("Words for the citizen").fill("All emptied")
    walk()
    page.get_by_role("button", name="Complete those chosen").click()
    expect(page.get_by_role("heading", name="3 referrals completed")).to_be_visible()


def test_a_file_is_added_and_saved_and_work_goes_to_a_colleague(
    site: str, watched: Page, walk: Any, tmp_path: Path
) -> None:
    page, one = watched, rows()[1]
    photograph = tmp_path / "lane.png"
    Image.new("RGB", (40, 20), "green").save(photograph)
    page.goto(f"{site}/desk/referrals/{one.public_id}/")
    page.locator("summary", has_text="Add a file").click()
    page.get_by_label("File", exact=True).set_input_files(str(photograph))
    page.locator("#act-attach").get_by_label("Us and the hub").check()
    walk(again=False)
    page.locator("#act-attach").get_by_role("button", name="Share it with the hub").click()
    expect(page.get_by_text("The file is added")).to_be_visible()
    walk()
    with page.expect_download() as saved:
        page.get_by_role("link", name="lane.png").click()
    assert saved.value.suggested_filename == "lane.png"
    assert Path(saved.value.path()).read_bytes() == Attachment.objects.get().file.read()

    page.locator("summary", has_text="Write a note").click()
    note = page.locator("#act-note")
    expect(note.get_by_role("button", name="See first")).not_to_be_visible()
    note.get_by_label("The citizen").check()
    expect(note.get_by_role("button", name="Send it to the citizen")).to_be_visible()
    expect(note.get_by_role("button", name="See first what they get")).to_be_visible()
    note.get_by_label("Only us").check()
    note.get_by_label("Your words").fill("The lorry is being mended")
    note.get_by_role("button", name="Keep it among us").click()
    expect(page.get_by_text("Only your organisation reads it")).to_be_visible()

    page.locator("summary", has_text="Hand to a colleague").click()
    page.get_by_label("Colleague").select_option(label="Cara Colleague")
    page.get_by_role("button", name="Hand it over").click()
    expect(page.locator(".hub-nameplate").get_by_text("Cara Colleague")).to_be_visible()
    walk()


def test_the_desk_by_keys_alone(site: str, watched: Page) -> None:
    page = watched
    sign_in(page, site, "officer@wychavon.demo")
    page.goto(f"{site}/desk/referrals/")
    page.wait_for_load_state("load")
    first, second = page.locator(".hub-row__main").all()[:2]
    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("k")
    expect(first).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_text("1 chosen")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Accept")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    accept = page.locator(".hub-nameplate__do button")
    expect(accept).to_be_visible()
    page.wait_for_load_state("load")
    page.keyboard.press("a")
    expect(accept).to_be_focused()
    assert {row.status for row in rows()} == {"offered"}
    page.keyboard.press("Enter")
    expect(page.get_by_text("Accepted, and yours")).to_be_visible()
    page.wait_for_load_state("load")
    page.keyboard.press("n")
    expect(page.locator("#note_seen_by_0")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("among us, a c j k / ?")
    expect(page.locator("#note_words")).to_have_value("among us, a c j k / ?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Only your organisation reads it")).to_be_visible()
    page.wait_for_load_state("load")
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Referrals to Wychavon")).to_be_visible()


def test_single_keys_are_switched_off_and_stay_so(site: str, watched: Page, walk: Any) -> None:
    page = watched
    page.goto(f"{site}/desk/referrals/")
    page.wait_for_load_state("load")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_be_visible()
    walk(again=True)
    dialog.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    for key in ("?", "j", "/", "x"):
        page.keyboard.press(key)
    expect(dialog).not_to_be_visible()
    expect(page.locator(".hub-row__main").first).not_to_be_focused()
    expect(page.get_by_label("Reference")).not_to_be_focused()
    page.reload()
    page.wait_for_load_state("load")
    page.keyboard.press("j")
    expect(page.locator(".hub-row__main").first).not_to_be_focused()
    page.get_by_role("link", name="Keyboard").click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("Single keys are on").check()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.locator(".hub-row__main").first).to_be_focused()
    walk("/desk/keyboard/")


def test_everything_goes_without_any_script(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "officer@wychavon.demo")
    page.get_by_label("Choose", exact=False).first.check()
    browsing.press(page, "Accept")
    page.get_by_role("button", name="Accept those chosen").click()
    expect(page.get_by_role("heading", name="1 referral accepted")).to_be_visible()
    page.get_by_role("link", name="Missed bin").click()
    page.locator("summary", has_text="Complete").click()
    page.get_by_label("Decided: no").check()
    page.get_by_label("What can they do next?").fill("Ask again in May")
    page.get_by_label("Words for the citizen").fill("The lane is closed")
    page.get_by_role("button", name="Complete and tell the citizen").click()
    expect(page.get_by_role("heading", name="What you told the citizen")).to_be_visible()
    page.get_by_role("link", name="Keyboard").click()
    expect(page.get_by_text("Your browser runs no scripts")).to_be_visible()
    context.close()
