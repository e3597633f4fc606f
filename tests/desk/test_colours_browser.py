"""The desk in dark colours, and in the reader's own (forced colours): what is said stays said."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from enquiries.actions import triage
from enquiries.models import Enquiry
from tests import browsing
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.desk.test_contact_keys_browser import JO, shot
from tests.world import ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
# What has the focus, and whether anything is drawn around it that forced colours leave.
_RING = """
() => {
  const one = document.activeElement;
  const seen = [one, one.nextElementSibling].filter(Boolean).some((part) =>
    ["", "::before", "::after"].some((pseudo) => {
      const style = getComputedStyle(part, pseudo);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    }));
  return seen ? "" : one.outerHTML.slice(0, 120);
}
"""


@pytest.fixture
def case(transactional_db: None) -> Enquiry:
    build()
    found = enquiry_of(ask(at=timezone.now(), sender=JO))
    triage.triage(enquiry_id=found.pk, now=timezone.now())
    ask(service=None, words="Bags in the road", postcode="")
    return found


def _pages(page: Page, site: str, case: Enquiry) -> list[str]:
    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}/desk/contact/")
    browsing.press(page, "Start the contact")
    assert case.person is not None
    person = f"{site}/desk/people/{case.person.public_id}/"
    one = f"{site}/desk/cases/{case.reference}/"
    return [
        f"{site}/desk/?view=all", one, f"{one}?act=attach", f"{one}?act=reply", page.url, person,
        f"{person}details/", f"{site}/desk/team/", f"{site}/desk/callbacks/",
    ]  # fmt: skip


def test_in_the_dark(case: Enquiry, live_server: Any, page: Page) -> None:
    wrong = list[str]()
    page.emulate_media(color_scheme="dark")
    for number, path in enumerate(_pages(page, str(live_server.url), case)):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        wrong += axe.walk(page, SIZES)
        page.set_viewport_size({"width": 1440, "height": 900})
        shot(page, f"dark-{number}")
    assert wrong == []


def test_in_the_readers_own_colours(case: Enquiry, live_server: Any, page: Page) -> None:
    wrong = list[str]()
    page.emulate_media(forced_colors="active")
    for number, path in enumerate(_pages(page, str(live_server.url), case)):
        page.goto(path)
        shot(page, f"forced-{number}")
        # All that Tab leads to shows that it has the focus.
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            if unseen := page.evaluate(_RING):
                wrong.append(f"{path}: {unseen}")
    assert wrong == []
