"""The line goes in the midst of a visit, and the kiosk's own page goes on with it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from enquiries.models import Enquiry
from kiosks.models import DropOut
from tests import forms_of
from tests.kiosk_engine.conftest import until
from tests.kiosk_engine.line import DEAF, THROUGH
from tests.kiosk_shell.conftest import MANY, QUESTIONS, Shell

pytestmark = pytest.mark.django_db(transaction=True)


STORE = "document.querySelector('script[src*=shell]').src.replace('shell.js', 'store.js')"
TAKE_ALL = f"""async () => {{
  const it = await import({STORE});
  const found = (await it.rows("numbers")).map(([, row]) => row.reference);
  await it.within(["numbers"], "readwrite", (all) => all.clear());
  return found;
}}"""
GIVE = f"""async (given) => {{
  const it = await import({STORE});
  await it.within(["numbers"], "readwrite", (all) => {{
    for (const reference of given) all.put({{ reference }});
  }});
}}"""


def clock_off(days: int) -> str:
    """A clock that is so many days fast."""
    return f"""(() => {{
  const Real = Date;
  const off = {days} * 86400000;
  globalThis.Date = class extends Real {{
    constructor(...all) {{ all.length ? super(...all) : super(Real.now() + off); }}
    static now() {{ return Real.now() + off; }}
  }};
}})()"""


AHEAD = "it.offset().then((is) => Math.round(is / 86400000))"


def to_items(shell: Shell) -> None:
    """On the server's pages, up to a question of several answers."""
    shell.page.goto(f"{shell.engine.site}/kiosk/start/")
    shell.page.goto(f"{shell.engine.site}/kiosk/search/")
    shell.page.get_by_role("searchbox").fill("fly tipping")
    shell.page.get_by_role("searchbox").press("Enter")
    shell.page.locator("button[name=service][value=fly-tipping]").click()
    shell.touch("Thing 2")
    shell.reads("What is among it?")


def to_check(shell: Shell, seen: date = date(2026, 2, 1)) -> None:
    """The rest, on whichever pages."""
    page = shell.page
    shell.reads("Does it burn?")
    shell.touch("No")
    shell.reads("What colour is it?")
    shell.touch("Continue")
    for name, value in {"Day": seen.day, "Month": seen.month, "Year": seen.year}.items():
        page.get_by_label(name).fill(str(value))
    shell.touch("Continue")
    page.get_by_label("How many bags?").fill("3")
    shell.touch("Continue")
    page.get_by_label("Postcode").fill("WR11 4AA")
    shell.touch("Continue")
    page.get_by_label("What happened?").fill("A mattress")
    shell.touch("Continue")
    shell.touch("Do not tell me")
    shell.reads("Check and send")


def sent(shell: Shell) -> Enquiry:
    """What came of it: one enquiry."""
    shell.back()
    expect(shell.page.locator("#whether-sent")).to_have_text("Sent. The hub has it", timeout=40_000)
    until(shell.page, lambda: Enquiry.objects.count() == 1)
    return Enquiry.objects.get()


def test_what_was_wrong_is_said_and_what_cannot_be_kept_stays(shell: Shell) -> None:
    page = shell.page
    page.context.add_init_script(clock_off(-1))
    to_items(shell)
    shell.engine.ask("pulse", "it.pulse()")
    assert shell.engine.ask("clock", AHEAD) == 1
    shell.away()
    # Nothing was chosen: the same question, and why.
    shell.touch("Continue")
    expect(page.get_by_role("alert")).to_contain_text("Choose one or more")
    expect(page.get_by_text("The line to the hub has just gone")).to_be_visible()
    shell.touch("Back")
    shell.reads("Which one?")
    expect(page.get_by_role("button", name="Thing 2 Chosen before")).to_be_visible()
    shell.touch("Thing 2")
    page.get_by_label("Thing 3").check()
    shell.touch("Continue")
    # Today is the server's, and so is the time on the receipt.
    today = timezone.localdate()
    to_check(shell, today)
    # Somebody else took the last number: what was said stays, and goes with the next.
    numbers = page.evaluate(TAKE_ALL)
    shell.touch("Send it")
    expect(page.get_by_role("alert")).to_contain_text("What you answered is still here")
    expect(page.locator("main")).to_contain_text("Thing 2")
    page.evaluate(GIVE, numbers)
    shell.touch("Send it")
    shell.reads("We have kept it here")
    assert shell.reference in numbers
    printed = page.locator(".hub-receipt__where")
    expect(printed).to_contain_text(f"{today:%a} {today.day} {today:%b}")
    expect(printed).to_have_text(re.compile(r", (\d{1,2}(:\d\d)?(am|pm)|midday|midnight)$"))
    found = sent(shell)
    assert (found.answers["which"], found.answers["items"]) == ("thing-2", ["thing-3"])
    assert found.answers["seen"] == today.isoformat()


def test_a_send_it_without_an_answer_is_one_enquiry_with_the_number_that_was_shown(
    shell: Shell,
) -> None:
    page = shell.page
    to_items(shell)
    page.get_by_label("Thing 3").check()
    shell.touch("Continue")
    to_check(shell)
    shell.line.is_now(DEAF)
    shell.touch("Send it")
    shell.reads("We have kept it here")
    shown = shell.reference
    found = sent(shell)
    assert found.answers["items"] == ["thing-3"]
    # It had arrived under another number: what was shown leads there, too.
    page.goto(f"{shell.engine.site}/kiosk/start/")
    page.goto(f"{shell.engine.site}/kiosk/track/")
    page.get_by_label("Reference").fill(shown)
    page.get_by_label("Postcode").fill("WR11 4AA")
    shell.touch("Show it")
    expect(page.locator("main")).to_contain_text(found.reference)


def test_the_number_of_what_was_sent_stays_when_the_line_goes_after_it(shell: Shell) -> None:
    page = shell.page
    to_items(shell)
    page.get_by_label("Thing 3").check()
    shell.touch("Continue")
    to_check(shell)
    shell.touch("Send it")
    shell.reads("We have it")
    shell.away()
    page.get_by_role("link", name="Send it to my phone").click()
    shell.reads("We have it")
    expect(page.get_by_text("The line has just gone")).to_be_visible()
    assert shell.reference == Enquiry.objects.get().reference
    shell.touch("Finish")
    expect(page.get_by_text(Enquiry.objects.get().reference)).to_have_count(0)
    # Words of a search are posted, and go on all the same.
    shell.line.is_now(THROUGH)
    page.goto(f"{shell.engine.site}/kiosk/start/")
    page.goto(f"{shell.engine.site}/kiosk/search/")
    page.get_by_role("searchbox").fill("fly tipping")
    shell.away()
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("main [data-act=service][value=fly-tipping]")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("fly tipping")
    assert page.url.endswith("/kiosk/search/")


def test_a_visit_that_is_left_after_the_line_went_is_counted_once(shell: Shell) -> None:
    page = shell.page
    to_items(shell)
    shell.away()
    page.get_by_label("Thing 3").check()
    shell.touch("Continue")
    shell.reads("Does it burn?")
    shell.touch("Start again")
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()
    page.wait_for_url("**/kiosk/again/**")
    shell.line.is_now(THROUGH)
    until(page, lambda: bool(shell.engine.ask("pulse", "it.pulse()")) and bool(left()))
    page.wait_for_url("**/kiosk/")
    assert left() == [("fly-tipping", "burning", "device", 1)]


def left() -> list[tuple[str, str, str, int]]:
    return list(DropOut.objects.values_list("service", "question", "source", "count"))


def test_where_the_form_changed_only_what_is_needed_is_asked_again(shell: Shell) -> None:
    page = shell.page
    page.context.add_init_script(clock_off(1))
    began = timezone.now()
    to_items(shell)
    shell.engine.ask("pulse", "it.pulse()")
    page.get_by_label("Thing 3").check()
    # The device does not know it yet; the visit does.
    changed = [dict(one) for one in QUESTIONS]
    changed[0] = {**changed[0], "choices": [MANY[0], MANY[4]]}
    new = {"key": "dog", "type": "yes_no", "words": "Is there a dog?"}
    forms_of.publish("fly-tipping", *changed, new)
    shell.away()
    # Who calls somebody now is told that nobody comes, and goes back to where they were.
    page.get_by_text("Call somebody").click()
    expect(page.get_by_text("This device cannot call them")).to_be_visible()
    shell.touch("Back")
    shell.reads("What is among it?")
    page.get_by_label("Thing 3").check()
    shell.touch("Continue")
    to_check(shell)
    shell.touch("Change What happened?")
    shell.line.is_now("through")
    edition = "(await it.here()).edition"
    before = shell.engine.ask("stocking", edition)
    shell.back()
    until(page, lambda: shell.engine.ask("stocking", edition) != before, seconds=60)
    shell.touch("Continue")
    shell.reads("Which one?")
    expect(page.get_by_text("This form was changed a moment ago")).to_be_visible()
    shell.touch("Thing 1")
    shell.reads("Is there a dog?")
    shell.touch("Yes")
    shell.reads("Check and send")
    shell.touch("Send it")
    found = sent(shell)
    assert found.answers["which"] == "thing-1"
    assert found.answers["items"] == ["thing-3"]
    assert found.answers["dog"] == "yes"
    # By our own clock, as it was begun on our own pages.
    assert timedelta() < found.first_contact.started_at - began < timedelta(seconds=10)
