"""The face of a kiosk in Chromium: nothing stays for the next; keyboard, switch, and each mode."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import accounts.queries
from channels.kiosk import visit
from enquiries.models import Enquiry
from tests import browsing, kiosk_device
from tests.accessibility import axe
from tests.kiosk.test_in_chromium import A_FINGER, SCREENS, TARGETS
from tests.kiosk_face.asked import KEPT, WEAK
from tests.partnership import load_partnership

pytestmark = pytest.mark.django_db(transaction=True)
CANARIES = ("Kanarek", "kanarek@example.com", "Canary Lane")


@pytest.fixture
def kiosk(transactional_db: None, live_server: Any, page: Page) -> Iterator[Page]:
    """A device that has its session already."""
    load_partnership()
    device = kiosk_device.enrolled(accounts.queries.sites("kiosk")[0].slug)
    token = device.client.cookies["kiosk"].value
    page.context.add_cookies([{"name": "kiosk", "value": token, "url": live_server.url}])
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.set_default_timeout(15_000)
    page.set_viewport_size({"width": 1080, "height": 1920})
    page.goto(f"{live_server.url}/kiosk/")
    yield page
    assert wrong == []


def begin(page: Page, service: str = "fly-tipping") -> str:
    """A visit about a service; the address of the kiosk."""
    home = page.url.split("/kiosk/")[0] + "/kiosk/"
    page.goto(f"{home}start/")
    page.goto(f"{home}search/?q={service}")
    browsing.follow(page.get_by_role("button", name=re.compile(service)).first)
    return home


def to_check(page: Page) -> None:
    page.get_by_label("Postcode").fill("WR11 4AA")
    page.get_by_label("Street, landmark").fill(CANARIES[2])
    browsing.press(page, "Continue")
    page.get_by_label("What happened?").fill(f"{CANARIES[0]} lies there")
    browsing.press(page, "Continue")
    browsing.press(page, "Email")
    page.get_by_label("Email address").fill(CANARIES[1])
    page.get_by_label("Full name").fill(CANARIES[0])


def test_silence_leaves_nothing_of_one_person_for_the_next(kiosk: Page) -> None:
    page = kiosk
    browsing.still(page)
    home = begin(page)
    to_check(page)
    browsing.press(page, "Continue")
    page.get_by_role("link", name="Change your name").click()
    browsing.press(page, "Email")
    page.get_by_label("Full name").fill("Kanarek again, typed and not sent")
    session = {one["name"]: one["value"] for one in page.context.cookies()}
    page.clock.run_for(61_000)
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()
    after = {one["name"]: one["value"] for one in page.context.cookies()}
    assert set(session) - set(after) == {"sessionid", "csrftoken"}
    for _step in range(6):
        kept = page.evaluate(KEPT)
        assert not [one for one in (*CANARIES, "fly-tipping-x") if one in kept]
        assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
        if page.evaluate("history.length") < 2:
            break
        page.go_back(wait_until="domcontentloaded")
        if not page.url.startswith("chrome-error:"):
            expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()
    # Nor does the old session open anything by hand.
    page.context.add_cookies([{"name": "sessionid", "value": session["sessionid"], "url": home}])
    page.goto(f"{home}check/")
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()


def test_each_mode_on_both_screens_with_axe(kiosk: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    # Looking takes longer than standing there.
    monkeypatch.setattr(visit, "WARN_AFTER", 3_000)
    monkeypatch.setattr(visit, "FORGET_AFTER", 3_600)
    page = kiosk
    home = begin(page)
    to_check(page)
    browsing.press(page, "Continue")
    wrong = []
    for said in ("text:largest", "low:on", "contrast:on"):
        page.get_by_role("link", name="Easier to use").click()
        dialog = page.get_by_role("dialog", name="Easier to use")
        wrong += axe.walk(page, SCREENS, again=said != "text:largest")
        name = said.partition(":")[0]
        key = dialog.locator(f"button[value^='{name}:']")
        while not page.evaluate(f"document.body.matches('.hub-{said.replace(':', '-')}')"):
            key.click()
        dialog.get_by_role("button", name="Close").click()
        for path in ("check/", "menu/", "where/", "tell/"):
            page.goto(home + path)
            wrong += axe.walk(page, SCREENS)
            wrong += [f"{path} {said}: {words}" for words in small(page)]
    page.goto(f"{home}you/email/")
    page.get_by_label("Full name").focus()
    wrong += axe.walk(page, SCREENS)
    wrong += [f"weak: {words}" for words in page.evaluate(WEAK)]
    for path in ("check/", "people/", "where/"):
        page.goto(home + path)
        wrong += [f"{path}: weak: {words}" for words in page.evaluate(WEAK)]
    # What is touched is in the lower half.
    page.set_viewport_size({"width": 1080, "height": 1920})
    page.goto(f"{home}menu/")
    box = page.get_by_role("link", name="Report or ask").bounding_box()
    assert box is not None
    assert box["y"] > 1920 * 0.4
    assert not wrong, "\n".join(wrong)


def small(page: Page) -> list[str]:
    """What is smaller than a finger, on both screens."""
    found = []
    for width, height in SCREENS.values():
        page.set_viewport_size({"width": width, "height": height})
        found += [
            f"{words} is {wide:.0f} × {tall:.0f}"
            for words, tall, wide in page.evaluate(TARGETS)
            if tall < A_FINGER or wide < A_FINGER
        ]
        if pictures := os.environ.get("HUB_PICTURES"):
            look = page.evaluate("document.body.className").split("hub-kiosk")[1].split(" js-")[0]
            name = page.url.split("/")[-2] + look.replace(" ", "-")
            page.screenshot(path=Path(pictures) / f"mode-{name}-{width}.png")
    return found


def key(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="Keyboard").get_by_role("button", name=name, exact=True)


def tap(page: Page, words: str) -> None:
    """On the keyboard of the screen, as fingers do it."""
    for letter in words:
        name = {" ": "Space", "@": "at sign", ".": "full stop", "'": "apostrophe"}.get(
            letter, letter
        )
        found = key(page, name)
        if not found.count():
            key(page, "Capital letters").click()
        found.click()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_visit_on_the_keyboard_of_the_screen_alone(kiosk: Page, screen: str) -> None:
    page = kiosk
    width, height = SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    home = page.url
    page.get_by_role("link", name="Touch to begin").click()
    page.get_by_role("link", name="Report or ask").click()
    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").click()
    tap(page, "fly tipping")
    browsing.press(page, "Search")
    browsing.follow(page.get_by_role("button", name=re.compile("fly-tipping")).first)
    page.get_by_label("Postcode").click()
    expect(key(page, "full stop")).to_have_count(0)
    tap(page, "WR11 4AA")
    in_sight(page, "Postcode")
    key(page, "Next").click()
    expect(page.get_by_label("Street, landmark")).to_be_focused()
    tap(page, "Mill L.")
    key(page, "Delete").click()
    in_sight(page, "Street, landmark")
    expect(page.get_by_label("Street, landmark")).to_have_value("Mill L")
    key(page, "Done").click()
    expect(page.get_by_role("group", name="Keyboard")).to_have_count(0)
    browsing.press(page, "Continue")
    page.get_by_label("What happened?").click()
    tap(page, "Opony. Tak")
    key(page, "More characters").click()
    tap(page, "ż")
    browsing.press(page, "Continue")
    browsing.press(page, "Email")
    page.get_by_label("Email address").click()
    assert page.get_by_label("Email address").get_attribute("inputmode") == "none"
    tap(page, "jo@example.com")
    small_keys = page.evaluate(
        "[...document.querySelectorAll('.hub-key')].map((one) => one.getBoundingClientRect())"
        ".filter((box) => box.width < 57 || box.height < 57).length"
    )
    assert small_keys == 0
    key(page, "Next").click()
    tap(page, "Jo O'Neil")
    in_sight(page, "Full name")
    is_veiled(page)
    browsing.press(page, "Continue")
    assert page.url == f"{home}check/"
    browsing.press(page, "Send it")
    made = Enquiry.objects.get()
    assert made.description == "Opony. Takż"
    expect(page.locator(".hub-kiosk-reference")).to_have_text(made.reference)


def is_veiled(page: Page) -> None:
    """Who stands behind reads neither of them, but the one that is being typed."""
    hidden = "(one) => getComputedStyle(one).webkitTextSecurity"
    assert page.get_by_label("Email address").evaluate(hidden) == "disc"
    assert page.get_by_label("Full name").evaluate(hidden) == "none"
    key(page, "Done").click()
    page.get_by_role("button", name="Show what I typed").click()
    assert page.get_by_label("Email address").evaluate(hidden) == "none"


def in_sight(page: Page, label: str) -> None:
    """The field lies above the keyboard, and what goes on from here is in sight."""
    field = page.get_by_label(label).bounding_box()
    board = page.get_by_role("group", name="Keyboard").bounding_box()
    assert field is not None
    assert board is not None
    assert field["y"] >= 0
    assert field["y"] + field["height"] <= board["y"]
    expect(page.get_by_role("button", name="Continue")).to_be_in_viewport()


def test_real_keys_and_escape_put_the_keyboard_away(kiosk: Page) -> None:
    page = kiosk
    begin(page)
    board = page.get_by_role("group", name="Keyboard")
    page.get_by_label("Postcode").focus()
    expect(board).to_be_visible()
    page.keyboard.press("Tab")
    expect(key(page, "1")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Postcode")).to_have_value("Q")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Street, landmark")).to_be_focused()
    page.keyboard.press("Escape")
    expect(board).to_have_count(0)
    page.get_by_label("Postcode").click()
    expect(board).to_be_visible()
    page.keyboard.type("W")
    expect(board).to_have_count(0)
    expect(page.get_by_label("Postcode")).to_have_value("QW")


class Switch:
    """One key, and patience."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def until(self, css: str, what: Locator) -> None:
        """Waits until what is wanted is shown, then presses."""
        for _turn in range(120):
            shown = self.page.locator(css)
            wanted = what.element_handle()
            if shown.count() and self.page.evaluate(
                "([css, one]) => [...document.querySelectorAll(css)].some((it) =>"
                " it === one || [...(one.labels ?? [])].includes(it))",
                [css, wanted],
            ):
                self.page.clock.run_for(300)
                self.page.keyboard.press("Space")
                return
            self.page.clock.run_for(400)
        raise AssertionError(f"never shown: {what}")

    def choose(self, what: Locator) -> None:
        """A group, then what it has; a group of one is what it is."""
        self.until(".hub-scan-group", what)
        if self.page.locator(".hub-scan").count():
            self.until(".hub-scan", what)

    def follow(self, what: Locator) -> None:
        with self.page.expect_navigation():
            self.choose(what)
        self.page.wait_for_load_state()
        self.page.locator(".hub-scan-group").first.wait_for()

    def write(self, words: str) -> None:
        for letter in words:
            self.choose(key(self.page, {" ": "Space"}.get(letter, letter)))


def test_a_visit_with_one_switch_alone(kiosk: Page) -> None:
    page, home = kiosk, kiosk.url
    # Before anybody begins: the hour that this goes on is a silence that would end a visit.
    browsing.still(page)
    page.goto(f"{home}start/?easier=1")
    page.locator("button[value='switch:slow']").click()
    # From now on a touch anywhere is the switch: the other steps are chosen by a script.
    for step in ("middle", "fast"):
        page.evaluate(f"document.querySelector('button[value=\\'switch:{step}\\']').click()")
        expect(page.locator(f"body.hub-switch-{step}")).to_be_visible()
    page.goto(f"{home}menu/")
    switch = Switch(page)
    page.locator(".hub-scan-group").first.wait_for()
    switch.follow(page.get_by_role("link", name="Report or ask"))
    switch.follow(page.get_by_role("button", name="Not sure"))
    switch.choose(page.get_by_label("What happened?"))
    expect(page.get_by_role("group", name="Keyboard")).to_be_visible()
    page.clock.run_for(300)
    switch.write("Hi")
    switch.choose(key(page, "Done"))
    switch.follow(page.get_by_role("button", name="Continue"))
    if page.get_by_label("Postcode").count():
        switch.choose(page.get_by_label("Postcode"))
        switch.write("WR114AA")
        switch.choose(key(page, "Next"))
        switch.choose(key(page, "Done"))
        switch.follow(page.get_by_role("button", name="Continue"))
    switch.follow(page.get_by_role("button", name="Email"))
    switch.choose(page.get_by_label("Email address"))
    switch.write("a")
    switch.choose(key(page, "at sign"))
    switch.write("b")
    switch.choose(key(page, "full stop"))
    switch.write("uk")
    switch.choose(key(page, "Next"))
    switch.write("Al")
    switch.choose(key(page, "Done"))
    switch.follow(page.get_by_role("button", name="Continue"))
    switch.follow(page.get_by_role("button", name="Send it"))
    expect(page.get_by_role("heading", name="We have it")).to_be_visible()
    assert Enquiry.objects.get().description == "Hi"


def test_a_page_is_read_aloud_only_where_there_is_a_voice_and_until_a_touch(kiosk: Page) -> None:
    page, home = kiosk, kiosk.url
    page.goto(f"{home}start/?easier=1")
    expect(page.locator("[data-reads]")).to_be_hidden()
    page.add_init_script(
        "window.spoken = [];"
        "Object.defineProperty(window, 'speechSynthesis', { value: {"
        " getVoices: () => [{ lang: 'en-GB', localService: true, name: 'Test' }],"
        " speak: (one) => window.spoken.push(one.text),"
        " cancel: () => { window.spoken.push('hush'); },"
        " addEventListener: () => {} } });"
        "window.SpeechSynthesisUtterance = function (text) { this.text = text; };"
    )
    page.goto(f"{home}easier/")
    # Kept beside the page: the next page reads by it once the server has it.
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Read aloud").click()
    page.goto(f"{home}menu/")
    expect(page.get_by_role("button", name="Read this page")).to_be_visible()
    spoken = page.evaluate("window.spoken")
    assert "What would you like to do?" in spoken
    assert spoken.index("What would you like to do?") < len(spoken) - 1
    page.get_by_role("heading", level=1).click()
    assert page.evaluate("window.spoken.at(-1)") == "hush"
    page.get_by_role("link", name="I have a code").focus()
    assert "I have a code" in page.evaluate("window.spoken.at(-1)")
