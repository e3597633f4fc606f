"""Whoever types on the screen sees what they type, on the lowest screen, in every size of text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests import browsing
from tests.kiosk_face.test_in_chromium import begin, kiosk

__all__ = ["kiosk"]
pytestmark = pytest.mark.django_db(transaction=True)
# How much of the field is seen above the keyboard, how much of it must be (all of a line, two lines
# of a text area), whether the last line written is in sight, and the smallest key.
SEEN = """
() => {
  const field = document.querySelector(".hub-typing");
  const box = field.getBoundingClientRect();
  const board = document.querySelector(".hub-keyboard").getBoundingClientRect();
  const style = getComputedStyle(field);
  const lines = 2 * parseFloat(style.lineHeight) + parseFloat(style.paddingTop);
  const most = board.top - Math.max(box.top, 0);
  const keys = [...document.querySelectorAll(".hub-key")].map((one) => one.getBoundingClientRect());
  return [
    Math.min(most, box.height), field.localName === "textarea" ? lines : box.height,
    box.top >= 0 && box.bottom <= board.top
      && field.scrollHeight - field.scrollTop - field.clientHeight
        < parseFloat(style.paddingBottom) + 2,
    Math.min(...keys.map((key) => key.height)), board.bottom <= innerHeight,
  ];
}
"""


LOOK = "(names) => { document.body.className = names; }"
WIDTHS = {"": 57, "hub-mm-180": 15 * 1024 / 180, "hub-mm-150": 15 * 1024 / 150}
SIZES = ("", "hub-text-larger", "hub-text-largest")


def unseen(page: Page, label: str) -> list[str]:
    """In which sizes and on which screens a field is not seen while it is typed in."""
    wrong = []
    field = page.get_by_label(label)
    usual = page.evaluate("document.body.className")
    for width, finger in WIDTHS.items():
        for size in SIZES:
            field.blur()
            page.locator(".hub-keyboard").wait_for(state="detached")
            page.evaluate(LOOK, f"{usual} {width} {size}")
            field.click()
            field.press("Control+End")
            for key in ("LINE", "1") if label.endswith("?") else ("1",):
                page.locator(f".hub-keyboard button[data-key='{key}']").click()
            seen, least, is_whole, tall, is_on = page.evaluate(SEEN)
            if seen < least - 1 or not is_whole or tall < finger - 1 or not is_on:
                said = f"{seen:.0f} of {least:.0f} px, whole {is_whole}, keys {tall:.0f}, {is_on}"
                wrong.append(f"{label} {width} {size}: {said}")
            if pictures := os.environ.get("HUB_PICTURES"):
                name = f"typing-{label[:4]}{width}{size}.png"
                page.screenshot(path=Path(pictures) / name)
    field.blur()
    page.locator(".hub-keyboard").wait_for(state="detached")
    page.evaluate(LOOK, usual)
    return wrong


def test_what_is_typed_is_seen_above_the_keyboard(kiosk: Page) -> None:
    page = kiosk
    page.set_viewport_size({"width": 1024, "height": 768})
    begin(page)
    wrong = unseen(page, "Postcode")
    page.get_by_label("Postcode").fill("WR11 4AA")
    browsing.press(page, "Continue")
    page.get_by_label("What happened?").fill("\n".join(f"Line {one}" for one in range(9)))
    wrong += unseen(page, "What happened?")
    assert not wrong, "\n".join(wrong)
