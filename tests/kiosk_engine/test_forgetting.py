"""What a device forgets: by order, and after a week what never went out."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

import kiosks.actions
from core.audit import SYSTEM
from kiosks.models import CommandKind, Kiosk, Uncarried
from tests.kiosk_engine.conftest import ALL, Engine, until
from tests.kiosk_engine.line import CUT, THROUGH, Line
from tests.kiosk_engine.test_orders import beat, is_done, order

pytestmark = pytest.mark.django_db(transaction=True)
A_WEEK = 7 * 24 * 60 * 60 * 1000
# The first that is kept was made more than a week ago.
OLDER = (
    "it.within(['kept'], 'readwrite', (all) => { all.openCursor().onsuccess = ({ target }) => {"
    " const { value } = target.result;"
    " target.result.update({ ...value, at: value.at - facts.week - 1000 }); }; })"
)


def test_an_order_to_clear_and_a_week_forget_each_what_they_should(
    engine: Engine, line: Line
) -> None:
    page = engine.page
    until(page, lambda: engine.ask("keeping", "it.numbersLeft()") == 300)
    until(page, lambda: engine.ask("stocking", "it.release()") != "")
    page.context.route("**/kiosk/kept/", lambda route: route.abort())
    kept = engine.keep("It waits here")
    command = order(CommandKind.CLEAR)
    until(page, lambda: is_done(engine, command))
    assert engine.ask("keeping", "it.numbersLeft()") == 299
    assert [one["id"] for one in engine.rows("kept")] == [kept["id"]]
    assert engine.ask("device", "it.me().then((me) => Boolean(me.key))")
    # It was kept more than a week ago, by the server's time.
    line.is_now(CUT)
    engine.ask("store", OLDER, week=A_WEEK)
    line.is_now(THROUGH)
    until(page, lambda: engine.ask("pulse", "it.pulse()") and engine.rows("kept") == [])
    until(page, lambda: engine.ask("pulse", "it.pulse()") and Uncarried.objects.exists())
    assert Uncarried.objects.get().reference == kept["reference"]
    page.goto(f"{engine.site}/track/?reference={kept['reference']}")
    page.get_by_label("Postcode").fill("WR11 4AA")
    page.locator("main form").get_by_role("button").first.click()
    expect(page.get_by_text("never reached us")).to_be_visible()


def test_what_is_kept_on_a_device_that_was_switched_off_is_forgotten_after_a_week_as_well(
    engine: Engine, line: Line
) -> None:
    page = engine.page
    until(page, lambda: engine.ask("keeping", "it.numbersLeft()") == 300)
    page.context.route("**/kiosk/kept/", lambda route: route.abort())
    kept = [engine.keep(words) for words in ("One", "Another", "A third")]
    kiosks.actions.revoke(
        public_id=str(Kiosk.objects.get().public_id), actor=SYSTEM, now=timezone.now()
    )
    beat(engine)
    expect(page.get_by_role("heading", level=1)).to_have_text("This kiosk is switched off")
    assert len(engine.rows("kept")) == 3
    engine.ask("store", OLDER, week=A_WEEK)
    page.reload()
    until(page, lambda: len(engine.rows("kept")) == 2)
    # Nor by a browser that is started later, which knows no time but what the page says.
    engine.ask("store", OLDER, week=A_WEEK)
    engine.ask("store", "it.within(['device'], 'readwrite', (all) => void all.delete('clock'))")
    page.context.clear_cookies()
    page.goto(f"{engine.site}/kiosk/")
    expect(page.get_by_label("Code")).to_be_visible()
    until(page, lambda: len(engine.rows("kept")) == 1)
    # Where nobody says the time, by the time that it ran.
    engine.ask("store", "it.change('device', 'ran', (so) => so + facts.week + 60000)", week=A_WEEK)
    page.reload()
    until(page, lambda: engine.rows("kept") == [])
    [gone] = [row["value"] for row in page.evaluate(ALL, "device") if row["key"] == "gone"]
    assert [one["reference"] for one in gone] == [one["reference"] for one in kept]
