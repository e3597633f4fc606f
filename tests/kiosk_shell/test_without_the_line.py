"""A whole visit on the kiosk's own page while the line is away, and what comes of it after."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from enquiries.models import Enquiry
from kiosks.models import Kiosk
from tests.kiosk_engine.conftest import ALL, until
from tests.kiosk_engine.test_keeping import DUMP
from tests.kiosk_shell.conftest import Shell

pytestmark = pytest.mark.django_db(transaction=True)
CANARIES = ("Kanarek", "07700 900456", "+447700900456", "jo.canary")


def every_kind(shell: Shell) -> list[str]:
    """From the first question to the check; what is wrong with the screens."""
    page = shell.page
    shell.reads("Which one?")
    wrong = shell.looks("s-own")
    expect(page.locator("main [data-act=touched]")).to_have_count(5)
    shell.touch("More")
    shell.touch("Thing 6")
    shell.reads("What is among it?")
    shell.touch("Continue")
    expect(page.locator("[data-summary]")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: What is among it\\? 1 of 2 – Rubbish"))
    wrong += shell.looks("s-several-error")
    page.get_by_label("Thing 1").check()
    shell.touch("More choices")
    page.get_by_label("Thing 7").check()
    shell.touch("Continue")
    shell.reads("Does it burn?")
    shell.touch("Yes")
    # Danger first: nothing else is asked before it was said.
    shell.reads("Call 999 now")
    wrong += shell.looks("s-end")
    shell.touch("Back")
    shell.touch("No")
    shell.reads("What colour is it?")
    shell.touch("Continue")
    shell.reads("When did you see it?")
    for name, value in {"Day": "31", "Month": "2", "Year": "2026"}.items():
        page.get_by_label(name).fill(value)
    shell.touch("Continue")
    expect(page.locator("[data-summary]")).to_be_focused()
    wrong += shell.looks("s-date-error")
    page.get_by_label("Day").fill("1")
    shell.touch("Continue")
    shell.reads("How many bags?")
    wrong += shell.looks("s-number")
    page.get_by_label("How many bags?").fill("3")
    page.get_by_label("How many bags?").press("Enter")
    return wrong


def place_and_person(shell: Shell) -> list[str]:
    """Where it is, what happened, whom we tell."""
    page = shell.page
    shell.reads("Where is it?")
    page.get_by_label("Postcode").fill("ZZ99 9ZZ")
    shell.touch("Continue")
    expect(page.get_by_role("alert")).to_contain_text("postcode")
    wrong = shell.looks("s-where-error")
    page.get_by_label("Postcode").fill("wr114aa")
    page.get_by_label("Street, landmark").fill("By the Kanarek bridge")
    shell.touch("Continue")
    shell.reads("What happened?")
    page.get_by_label("What happened?").fill("A mattress, says Kanarek")
    wrong += shell.looks("s-words")
    shell.touch("Continue")
    shell.reads("How should we tell you")
    wrong += shell.looks("s-tell")
    shell.touch("Text message")
    page.get_by_label("Mobile number").fill("07700 900456")
    page.get_by_label("Full name").fill("Jo Kanarek")
    wrong += shell.looks("s-you")
    shell.touch("Continue")
    return wrong


def test_a_visit_without_the_line_is_one_enquiry_when_it_is_back(shell: Shell) -> None:
    page = shell.page
    shell.away()
    shell.begin()
    expect(page.get_by_text("You can still tell us")).to_be_visible()
    wrong = shell.looks("s-menu")
    shell.touch("What cannot be done now")
    shell.reads("This needs the line to the hub")
    wrong += shell.looks("s-away")
    shell.touch("Back")
    shell.touch("Report or ask")
    shell.reads("What is it about?")
    wrong += shell.looks("s-about")
    shell.touch("Back")
    shell.to_service()
    wrong += every_kind(shell)
    wrong += place_and_person(shell)
    shell.reads("Check and send")
    wrong += shell.looks("s-check")
    expect(page.locator("main")).to_contain_text("1 February 2026")
    page.get_by_role("button", name="Change How many bags?").click()
    page.get_by_label("How many bags?").fill("4")
    shell.touch("Continue")
    touched_at = timezone.now()
    # Twice, as fingers do.
    shell.key("Send it").evaluate("key => { key.click(); key.click(); }")
    shell.reads("We have kept it here")
    wrong += shell.looks("s-kept")
    reference = shell.reference
    kept = "Kept here. It will be sent when the line is back"
    expect(page.locator("#whether-sent")).to_have_text(kept)
    assert not Enquiry.objects.exists()
    page.wait_for_timeout(1_500)
    shell.back()
    expect(page.locator("#whether-sent")).to_have_text("Sent. The hub has it", timeout=40_000)
    is_as_told(Enquiry.objects.get(), reference, touched_at)
    assert "/kiosk/start/" in page.url
    shell.touch("Finish")
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()
    page.wait_for_url("**/kiosk/")
    assert wrong == [], "\n".join(wrong)
    _nothing_stays(page)


def is_as_told(found: Enquiry, reference: str, touched_at: datetime) -> None:
    """One enquiry, with the number that was shown, at the time of the touch."""
    assert found.reference == reference
    assert found.reference.startswith("WHK-")
    assert found.answers == {
        "which": "thing-6",
        "items": ["thing-1", "thing-7"],
        "burning": "no",
        "seen": "2026-02-01",
        "bags": "4",
    }
    assert found.description == "A mattress, says Kanarek"
    assert abs(found.received_at - touched_at) < timedelta(seconds=1.4)


def _nothing_stays(page: Page) -> None:
    """Nowhere on the device, and not behind the back key."""
    stored = page.evaluate(DUMP) + str(page.context.storage_state())
    for _ in range(4):
        assert [one for one in CANARIES if one in page.content()] == []
        page.go_back()
        page.wait_for_load_state()
    assert [one for one in CANARIES if one in stored] == []


def _left_out(shell: Shell) -> None:
    """The line goes; an answer is read, and what it leads to is not offered at this device."""
    Kiosk.objects.update(hidden_services=["missed-bin"])
    until(shell.page, lambda: bool(shell.engine.ask("pulse", "it.pulse()")))
    shell.away()
    shell.begin()
    shell.touch("Report or ask")
    shell.touch("Search")
    shell.page.get_by_role("searchbox").fill("bin not emptied")
    shell.page.get_by_role("searchbox").press("Enter")
    expect(shell.page.locator("main [data-act=article]").first).to_be_visible()
    expect(shell.page.locator("main [data-act=service][value=missed-bin]")).to_have_count(0)
    shell.page.locator("main [data-act=article][value=bin-not-emptied]").click()
    expect(shell.page.get_by_text("This cannot be done at this kiosk")).to_be_visible()
    expect(shell.page.locator("[data-act=service]")).to_have_count(0)
    assert shell.looks("s-not-here") == []
    shell.touch("Back")
    shell.touch("Back")


def _in_polish_by_keys(shell: Shell) -> None:
    """From the first screen of a visit to the check, the beginning by keys alone."""
    page = shell.page
    shell.by_keys(page.locator("[data-act=about]"))
    page.keyboard.press("Enter")
    shell.reads("Czego to dotyczy?")
    shell.by_keys(page.locator("main [data-act=unsure]"))
    page.keyboard.press("Space")
    shell.by_keys(page.locator("textarea"))
    page.keyboard.type("Dziura w drodze")
    shell.by_keys(page.locator("#bar [type=submit]"))
    page.keyboard.press("Enter")
    page.get_by_label("Kod pocztowy").fill("WR11 4AA")
    page.locator("#bar [type=submit]").click()
    shell.touch("E-mail")
    page.get_by_label("Adres e-mail").fill("jo.canary@example")
    page.locator("#bar [type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Adres e-mail").fill("jo.canary@example.com")
    page.get_by_label("Imię i nazwisko").fill("Jo Kanarek")
    page.locator("#bar [type=submit]").click()


def test_silence_leaves_nothing_and_the_next_person_is_asked_in_polish(shell: Shell) -> None:
    page = shell.page
    _left_out(shell)
    shell.touch("Not sure")
    page.get_by_label("What happened?").fill("Kanarek was here")
    shell.touch("Continue")
    page.get_by_label("Postcode").fill("WR11 4AA")
    page.evaluate("Object.assign(document.getElementById('idle').dataset, {warn: 1, forget: 4})")
    # A clock that is set back keeps nothing on the screen.
    page.evaluate("() => { const now = Date.now; Date.now = () => now() - 3_600_000; }")
    expect(page.get_by_role("dialog", name="Are you still there?")).to_be_visible()
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()
    page.wait_for_url("**/kiosk/again/?why=idle")
    _nothing_stays(page)
    page.goto(f"{shell.engine.site}/kiosk/")
    page.get_by_role("link", name="Polski").click()
    shell.reads("Co chcesz zrobić?")
    _in_polish_by_keys(shell)
    # Where they live, it may be: not for who stands behind.
    expect(page.locator(".hub-veil__veiled").first).to_have_text("W•• 4••")
    shell.touch("Wyślij")
    shell.reads("Zapisaliśmy to tutaj")
    shell.back()
    expect(page.locator("#whether-sent")).to_have_text(
        "Wysłane. Zgłoszenie do nas dotarło", timeout=40_000
    )
    found = Enquiry.objects.get()
    assert found.description == "Dziura w drodze"
    assert found.language == "pl"
    until(page, lambda: shell.engine.rows("kept") == [])
    # Whoever walks off now has sent everything.
    page.evaluate("Object.assign(document.getElementById('idle').dataset, {warn: 1, forget: 4})")
    page.wait_for_url("**/kiosk/")
    counted = {row["key"].partition(" ")[2]: row["value"] for row in page.evaluate(ALL, "counts")}
    assert counted == {
        "starts": 2,
        "completions": 1,
        "resets": 2,
        "resets_with_data": 1,
        "left /place": 1,
    }
