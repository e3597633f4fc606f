"""What a click in Chromium does not do by itself: wait for the page that it asks for."""

from __future__ import annotations

from datetime import datetime, timedelta

from playwright.sync_api import Locator, Page

# Any will do: what a page says of time is counted from when it came.
_THEN = datetime.fromisoformat("2026-11-17T10:00:00+00:00")


def follow(what: Locator) -> None:
    """Presses a link or a button, and waits until the next page is there, whole.

    For whoever looks at that page without a locator that waits, or presses what stands on both.
    Raises playwright's TimeoutError where no page comes.
    """
    with what.page.expect_navigation():
        what.click()


def press(page: Page, name: str) -> None:
    """Follows the button of that name."""
    follow(page.get_by_role("button", name=name))


def still(page: Page) -> None:
    """From now on the clock of every page of this browser stands, until `page.clock.run_for`.

    `page.clock.install` alone lets it run on, by as much as this machine is slow.
    """
    page.clock.install(time=_THEN)
    page.clock.pause_at(_THEN + timedelta(hours=1))  # later than it is by now, however slow
