"""Pages in another language, and in one that is read from the right, as a browser draws them."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.audit import SYSTEM
from hub.languages import COOKIE
from kb import actions_tongues
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.partnership import load_partnership
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)
PATHS = ("/", "/services/", "/search/?q=bin", "/track/", "/ask/?service=pothole", "/no/such/page/")


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    load_partnership()
    return str(live_server.url)


def speak(page: Page, site: str, code: str) -> None:
    page.context.add_cookies([{"name": COOKIE, "value": code, "url": site}])


def test_the_language_is_changed_by_one_press_and_stays(site: str, page: Page) -> None:
    page.goto(f"{site}/services/")
    page.get_by_role("link", name="Polski").click()
    page.wait_for_url(f"{site}/services/")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    page.get_by_role("navigation", name="Główna").get_by_role("link", name="Sprawdź postęp").click()
    page.wait_for_url(f"{site}/track/")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    wrong = axe.walk(page)
    page.get_by_role("button", name="Pokaż postęp").click()
    expect(page.get_by_role("alert")).to_be_visible()
    wrong += axe.walk(page)
    page.goto(f"{site}/track/")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-gb")
    assert wrong == []


def test_pages_read_from_the_right_stay_within_the_screen(
    site: str, page: Page, settings: Any
) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "العربية")]
    speak(page, site, "ar")
    wrong = []
    for path in PATHS:
        page.goto(site + path)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        for name, (width, height) in {**axe.SIZES, "400 %": (320, 640)}.items():
            page.set_viewport_size({"width": width, "height": height})
            wrong += axe.sideways(page, name)
    assert wrong == []
    # What stands first in a line stands on the right.
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(site)
    mark, links = page.locator(".hub-wordmark"), page.locator(".hub-header__nav")
    first, then = mark.bounding_box(), links.bounding_box()
    assert first is not None
    assert then is not None
    assert first["x"] > then["x"]


def test_a_form_is_read_in_polish_with_nothing_broken(site: str, page: Page) -> None:
    call_command("import_forms", "--replace", stdout=StringIO())
    call_command("import_words", stdout=StringIO())
    speak(page, site, "pl")
    wrong = []
    # What is suggested while somebody types is in Polish, and found by Polish words.
    name = "Dziura w jezdni lub zła nawierzchnia"
    page.goto(f"{site}/search/")
    page.get_by_role("searchbox").first.fill("dziura w jez")
    expect(page.get_by_role("link", name=name).first).to_be_visible()
    page.goto(f"{site}/services/pothole/")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Dziura w jezdni lub zła nawierzchnia"
    )
    expect(page.get_by_role("heading", level=1)).not_to_have_attribute("lang", "en-GB")
    wrong += axe.walk(page)
    page.locator("form.hub-no-print button").click()
    page.wait_for_url("**/ask/**")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    wrong += axe.walk(page)
    # Its error names the question in Polish too, and no part of the form says that it is English.
    page.get_by_role("button", name="Dalej").first.click()
    expect(page.locator(".govuk-error-summary")).to_contain_text(heading.inner_text())
    wrong += axe.walk(page)
    assert page.locator("main [lang='en-GB']").count() == 0
    # A whole answer is in English, and says so.
    page.goto(f"{site}/answers/report-a-pothole/")
    wrong += axe.walk(page)
    assert wrong == []


@pytest.fixture
def desk(transactional_db: None, live_server: Any) -> str:
    build()
    return str(live_server.url)


def test_editors_translate_with_a_file(desk: str, page: Page, tmp_path: Path) -> None:
    site, wrong = desk, []
    texts = {"Missed bin": "Kosz", "Allotments": "Działki"}
    actions_tongues.save(language="pl", texts=texts, actor=SYSTEM, now=timezone.now())
    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}/desk/settings/")
    page.get_by_role("link", name="Languages", exact=True).click()
    page.wait_for_url("**/languages/")
    wrong += axe.walk(page)
    page.get_by_role("link", name="Polski").click()
    page.wait_for_url("**/languages/pl/")
    wrong += axe.walk(page)
    with page.expect_download() as got:
        page.get_by_role("link", name="those that are missing").click()
    path = tmp_path / "missing.po"
    path.write_text(
        Path(got.value.path())
        .read_text(encoding="utf-8")
        .replace('msgid "Pothole"\nmsgstr ""', 'msgid "Pothole"\nmsgstr "Dziura"'),
        encoding="utf-8",
    )
    page.get_by_role("link", name="Upload the file").click()
    page.wait_for_url("**/upload/")
    page.get_by_role("button", name="Show what changes").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Choose a file")
    wrong += axe.walk(page)
    page.get_by_label("PO file").set_input_files(path)
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What changes in Polski")
    wrong += axe.walk(page)
    page.get_by_role("button", name="Save these translations").click()
    page.wait_for_url("**/languages/pl/")
    expect(page.get_by_role("alert")).to_contain_text("1 translation is saved")
    assert wrong == []
    speak(page, site, "pl")
    page.goto(f"{site}/services/pothole/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dziura")
