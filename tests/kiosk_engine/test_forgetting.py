"""What a device forgets: by order, and after a week what never went out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kiosks.models import CommandKind, Uncarried
from tests.kiosk_engine.conftest import Engine, until
from tests.kiosk_engine.line import CUT, THROUGH, Line
from tests.kiosk_engine.test_orders import is_done, order

pytestmark = pytest.mark.django_db(transaction=True)
A_WEEK = 7 * 24 * 60 * 60 * 1000


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
    older = (
        "it.within(['kept'], 'readwrite', (all) => { all.openCursor().onsuccess = ({ target }) => {"
        " const { value } = target.result;"
        " target.result.update({ ...value, at: value.at - facts.week - 1000 }); }; })"
    )
    engine.ask("store", older, week=A_WEEK)
    line.is_now(THROUGH)
    until(page, lambda: engine.ask("pulse", "it.pulse()") and engine.rows("kept") == [])
    until(page, lambda: engine.ask("pulse", "it.pulse()") and Uncarried.objects.exists())
    assert Uncarried.objects.get().reference == kept["reference"]
    page.goto(f"{engine.site}/track/?reference={kept['reference']}")
    page.get_by_label("Postcode").fill("WR11 4AA")
    page.locator("main form").get_by_role("button").first.click()
    expect(page.get_by_text("never reached us")).to_be_visible()
