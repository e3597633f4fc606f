"""Chromium at the page of what is held, and at a case with pictures; with axe."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from enquiries.models import Enquiry
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.uploads.corpus import pdf
from tests.uploads.steps import add, photo
from tests.uploads.test_browser import keep
from tests.world import ask, build

pytestmark = pytest.mark.django_db(transaction=True)
LETTERS = "مرحبا، لم يتم <b>إفراغ</b> الحاوية 🗑️ https://a.example/" + "x" * 300


def test_deciding_in_three_sizes(
    transactional_db: None, live_server: Any, page: Page, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    build()
    for key, words in (("form", "Cheap bins at www.a.example"), ("b", LETTERS), ("c", "My bin")):
        if key == "form":
            add(content=photo(140), name="bin.jpg")
            add(content=pdf(), name="letter.pdf")
        ask(words=words, suspicion=("trap", "many_links"), at=timezone.now(), triaged=False,
            external_id=key, files_of=key)  # fmt: skip
    sign_in(page, str(live_server.url), "agent@hub.demo")
    page.goto(f"{live_server.url}/desk/")
    page.get_by_role("link", name="Held").click()
    expect(page.get_by_role("heading", name="Held 3")).to_be_visible()
    wrong = axe.walk(page)
    keep(page, "held")
    first = Enquiry.objects.order_by("pk")[0]
    page.get_by_role("button", name=f"Spam: end it ({first.reference})").click()
    expect(page.get_by_text("has ended as spam")).to_be_visible()
    expect(page.get_by_role("heading", name="Called spam in the last 30 days")).to_be_visible()
    wrong += axe.walk(page)
    keep(page, "held-spam")
    last = Enquiry.objects.order_by("pk")[2]
    page.get_by_role("button", name=f"This is genuine: let it go on ({last.reference})").click()
    expect(page.get_by_text(f"{last.reference} goes on")).to_be_visible()
    page.goto(f"{live_server.url}/desk/cases/{first.reference}/")
    expect(page.get_by_role("img", name="Picture 1: bin.jpg")).to_be_visible()
    wrong += axe.walk(page)
    keep(page, "case-files")
    assert not wrong, "\n".join(wrong)
