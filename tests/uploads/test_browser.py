"""Chromium at the files of a form, without scripts: chosen, seen, taken out, sent; with axe."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from channels.asking import spam
from enquiries.models import Attachment, Upload
from tests.accessibility import axe
from tests.partnership import load_partnership
from tests.uploads import corpus

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 2


def keep(page: Page, name: str) -> None:
    """A picture for who wants to look: HUB_SHOTS names the folder."""
    folder = os.environ.get("HUB_SHOTS")
    for size, width in (("desk", 1440), ("phone", 390)) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(folder or "") / f"{name}-{size}.png", full_page=True)


def to_the_files(page: Page, site: str) -> None:
    page.goto(f"{site}/ask/?service=fly-tipping")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Postcode").first.fill("WR11 4AA")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("What happened?")).to_be_visible()


def picture(name: str = "hole.jpg", content: bytes | None = None) -> FilePayload:
    made = content or corpus.image(size=(400, 300), exif=corpus.exif())
    return {"name": name, "mimeType": "image/jpeg", "buffer": made}


def to_the_check(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Email", exact=True).check()
    page.get_by_label("Email address").fill("jo@example.com")
    page.get_by_label("Full name").fill("Jo Example")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()


def test_a_photo_without_any_script(
    transactional_db: None, live_server: Any, browser: Browser
) -> None:
    load_partnership()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    to_the_files(page, str(live_server.url))
    page.get_by_label("What happened?").fill("A mattress by the bridge")
    page.get_by_label("Add photos or files").set_input_files(
        [picture(), picture("b.jpg", corpus.image(size=(90, 60)))]
    )
    page.get_by_role("button", name="Upload and see").click()
    expect(page.get_by_role("img", name="Your picture 1")).to_be_visible()
    expect(page.get_by_label("What happened?")).to_have_value("A mattress by the bridge")
    page.get_by_role("button", name="Remove b.jpg").click()
    expect(page.get_by_text("Removed: b.jpg")).to_be_visible()
    assert [row.name for row in Upload.objects.all()] == ["hole.jpg"]
    to_the_check(page)
    expect(page.get_by_text("hole.jpg")).to_be_visible()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("We have it")).to_be_visible()
    assert [row.name for row in Attachment.objects.all()] == ["hole.jpg"]
    context.close()


def test_every_state_in_three_sizes(transactional_db: None, live_server: Any, page: Page) -> None:
    load_partnership()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    to_the_files(page, str(live_server.url))
    wrong = axe.walk(page)
    page.get_by_label("What happened?").fill("A mattress by the bridge")
    files = [picture(), picture(f"{LONG}.jpg", corpus.image(size=(30, 90)))]
    page.get_by_label("Add photos or files").set_input_files(files)
    page.get_by_role("button", name="Upload and see").click()
    expect(page.get_by_role("img", name="Your picture 2")).to_be_visible()
    wrong += axe.walk(page)
    keep(page, "files-kept")
    Upload.objects.filter(name__startswith="Donau").update(scan="infected", file="", thumbnail=None)
    page.get_by_label("Add another file").set_input_files([picture("bad.jpg", b"MZ")])
    page.get_by_role("button", name="Upload and see").click()
    expect(page.get_by_role("link", name="bad.jpg: Only pictures")).to_be_visible()
    wrong += axe.walk(page)
    keep(page, "files-refused")
    page.get_by_role("link", name="bad.jpg: Only pictures").click()
    expect(page.get_by_label("Add another file")).to_be_focused()
    page.get_by_label("Add another file").set_input_files(
        [picture(f"{n}.png", corpus.image("PNG", size=(20 + n, 20))) for n in range(3)]
    )
    page.get_by_role("button", name="Upload and see").click()
    expect(page.get_by_text("no more can be added")).to_be_visible()
    wrong += axe.walk(page)
    keep(page, "files-full")
    assert not wrong, "\n".join(wrong)
    assert [line for line in said if "status of 4" not in line] == []


def test_the_trap_is_met_by_nobody_who_looks_or_tabs(
    transactional_db: None, live_server: Any, page: Page
) -> None:
    load_partnership()
    to_the_files(page, str(live_server.url))
    trap = page.locator(f"[name={spam.TRAP}]")
    box = trap.evaluate("field => field.parentElement.getBoundingClientRect().toJSON()")
    assert max(box["width"], box["height"]) <= 1
    names = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        names.add(page.evaluate("document.activeElement.getAttribute('name')"))
    assert "description" in names
    assert spam.TRAP not in names
    assert page.get_by_role("textbox", name="Leave this empty").count() == 0
