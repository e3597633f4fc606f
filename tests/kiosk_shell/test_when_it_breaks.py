"""Nothing can be kept, or a screen of the kiosk's own breaks: what was said is not lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from enquiries.models import Enquiry
from kiosks.models import Pulse
from tests.kiosk_engine.conftest import until
from tests.kiosk_engine.line import CUT, DEAF, THROUGH
from tests.kiosk_shell.conftest import Shell

pytestmark = pytest.mark.django_db(transaction=True)
FULL = """() => {
  window.add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function () { this.transaction.abort(); };
}"""
BROKEN = """() => {
  IDBDatabase.prototype.transaction = () => { throw new DOMException("broken", "UnknownError"); };
}"""
# A loaded machine may take its time over a screen; nobody's silence is looked at here.
PATIENT = "Object.assign(document.getElementById('idle').dataset, {warn: 600, forget: 900})"
TAKE_AWAY = """() => {
  window.away = document.getElementById("screen-tell");
  window.away.remove();
}"""


def to_check(shell: Shell, words: str) -> None:
    """Somebody who is not sure what it is about."""
    shell.touch("Report or ask")
    shell.touch("Not sure")
    where_and_what(shell, words)
    by_email(shell)


def where_and_what(shell: Shell, words: str) -> None:
    shell.page.get_by_label("What happened?").fill(words)
    shell.touch("Continue")
    shell.page.get_by_label("Postcode").fill("WR11 4AA")
    shell.touch("Continue")


def by_email(shell: Shell) -> None:
    shell.touch("Email")
    shell.page.get_by_label("Email address").fill("jo@example.com")
    shell.page.get_by_label("Full name").fill("Jo Example")
    shell.touch("Continue")
    shell.reads("Check and send")


def test_what_cannot_be_kept_is_told_to_the_hub_once_where_there_is_a_line(shell: Shell) -> None:
    page = shell.page
    shell.away()
    shell.begin()
    page.evaluate(PATIENT)
    to_check(shell, "Full to the brim")
    page.evaluate(FULL)
    # The hub hears it, and cannot say so.
    shell.line.is_now(DEAF)
    shell.touch("Send it")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("can keep no more just now, and the hub does not", timeout=30_000)
    assert shell.looks("s-nowhere") == []
    shell.line.is_now(THROUGH)
    shell.touch("Send it")
    shell.reads("We have it")
    found = Enquiry.objects.get()
    assert (found.description, found.reference) == ("Full to the brim", shell.reference)
    page.evaluate("() => { IDBObjectStore.prototype.add = window.add; }")
    assert shell.engine.rows("kept") == []
    numbers = [one["reference"] for one in shell.engine.rows("numbers")]
    assert shell.reference not in numbers
    # Nothing of the store answers any more: there is no number but the hub's own.
    shell.line.is_now(CUT)
    shell.touch("Something else")
    to_check(shell, "Broken to bits")
    page.evaluate(BROKEN)
    shell.touch("Send it")
    expect(alert).to_contain_text("the hub does not answer")
    shell.line.is_now(THROUGH)
    shell.touch("Send it")
    shell.reads("We have it")
    second = Enquiry.objects.get(description="Broken to bits")
    assert second.reference == shell.reference not in numbers
    assert Enquiry.objects.count() == 2


def test_a_screen_that_breaks_leaves_what_was_said_and_is_told_to_the_desk(shell: Shell) -> None:
    page = shell.page
    shell.away()
    shell.begin()
    page.evaluate(PATIENT)
    shell.touch("Report or ask")
    shell.touch("Not sure")
    page.evaluate(TAKE_AWAY)
    where_and_what(shell, "It broke on me")
    shell.reads("Something went wrong on this screen")
    assert shell.looks("s-failed") == []
    before = page.locator("main h1").element_handle()
    shell.touch("Go on")
    # Once more, not still.
    page.wait_for_function("one => !one.isConnected", arg=before)
    shell.reads("Something went wrong on this screen")
    page.evaluate("() => document.body.append(window.away)")
    shell.touch("Go on")
    by_email(shell)
    expect(page.locator("main")).to_contain_text("It broke on me")
    # Where not even that can be drawn, the page's first words stand, and nothing of anybody.
    page.evaluate("() => document.querySelectorAll('template[id]').forEach((one) => one.remove())")
    page.get_by_role("button", name="Change What happened?").click()
    shell.reads("The line is away")
    expect(page.get_by_text("It broke on me")).to_have_count(0)
    shell.line.is_now(THROUGH)
    until(page, lambda: shell.engine.ask("pulse", "it.pulse()"))
    assert Pulse.objects.get().problems == ["screen_failed"]
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()
