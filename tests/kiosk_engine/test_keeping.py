"""What somebody sends while the line is away: sealed, under a number, on the disk, or refused."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import Error, Page

from kiosks.models import Kiosk
from tests.kiosk_engine.conftest import Engine, cut_off, enrol, opened

pytestmark = pytest.mark.django_db(transaction=True)
A_DAY = 24 * 60 * 60 * 1000
# RFC 7518, appendix C: what Alice and Bob agree on.
AGREED = bytes.fromhex("9e56d91d817135d372834283bf84269cfb316ea3da806a48f6daa7798cfe90c4")


def test_the_key_is_derived_as_the_standard_has_it(alone: Engine) -> None:
    call = (
        "import('/static/js/kiosk/device.js').then(async ({ encoded }) => encoded(await it.derived("
        "new Uint8Array(facts.z), { enc: 'A128GCM', bits: 128, apu: 'Alice', apv: 'Bob' })))"
    )
    assert alone.ask("seal", call, z=list(AGREED)) == "VqqN6vgjbSBcIijNcacQGg"


def test_what_is_kept_is_for_the_server_alone_and_has_a_number_of_this_device(
    alone: Engine,
) -> None:
    given = alone.give(3)
    kept = alone.keep("Canary Ärger 🛒", name="Kanarek Zażółć")
    assert kept["reference"] in given
    [row] = alone.rows("kept")
    header, said = opened(row["jwe"])
    device = str(Kiosk.objects.get().public_id)
    assert (header["alg"], header["enc"]) == ("ECDH-ES", "A256GCM")
    assert (header["id"], header["kiosk"], header["made"]) == (kept["id"], device, kept["made"])
    assert said["description"] == "Canary Ärger 🛒"
    assert (said["id"], said["reference"]) == (kept["id"], kept["reference"])
    assert (said["v"], said["made"]) == (1, kept["made"])
    assert kept["reference"] not in [one["reference"] for one in alone.rows("numbers")]
    assert alone.ask("keeping", "it.numbersLeft()") == 2
    assert alone.ask("keeping", "it.waiting()") == {"kept": 1, "oldest": kept["made"]}
    # Nothing that the device stores can be read.
    stored = json.dumps([alone.page.evaluate(DUMP), alone.page.context.storage_state()])
    assert "Canary" not in stored
    assert "Kanarek" not in stored
    assert kept["reference"] in stored


DUMP = """async () => {
  const { rows } = await import("/static/js/kiosk/store.js");
  const found = [];
  for (const name of ["device", "numbers", "kept", "counts"]) found.push(await rows(name));
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const asked of await cache.keys()) {
      found.push(asked.url, await (await cache.match(asked)).text());
    }
  }
  found.push({ ...localStorage }, { ...sessionStorage }, document.cookie);
  return JSON.stringify(found);
}"""


def test_a_second_touch_is_the_same_sending_and_two_tabs_give_no_number_twice(
    alone: Engine,
) -> None:
    given = alone.give(41)
    same = "5d5bd1c4-0b5c-4c7e-9a0e-6f2f1f8f4a11"
    first = alone.keep("once", id=same)
    assert alone.keep("once", id=same) == first
    other = alone.page.context.new_page()
    other.goto(alone.page.url)
    begin = (
        "(async () => { window.many = Promise.all(Array.from({ length: 20 },"
        " (_, at) => it.keep({ ...facts.entry, description: `${facts.tab} ${at}` }))); })()"
    )
    both = [alone, Engine(other, alone.site)]
    for tab, one in enumerate(both):
        one.ask("keeping", begin, entry={}, tab=tab)
    for one in both:
        assert len(one.page.evaluate("window.many")) == 20
    references = [row["reference"] for row in alone.rows("kept")]
    assert sorted(references) == sorted(given)
    assert alone.rows("numbers") == []
    assert alone.ask("keeping", "it.canKeep()") == {"ok": False, "why": "no_numbers"}
    with pytest.raises(Error, match="no_numbers"):
        alone.keep("too many")


def test_where_nothing_fits_any_more_it_is_said_and_nothing_is_half_done(
    hub: str, page: Page
) -> None:
    cut_off(page)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": hub, "quotaSize": 600_000})
    enrol(page, hub)
    engine = Engine(page, hub)
    engine.give(20)
    many = "(async () => { for (;;) await it.keep({ ...facts.entry, id: undefined }); })()"
    with pytest.raises(Error, match="storage_full"):
        engine.ask("keeping", many, entry={"description": "w" * 100_000})
    kept = len(engine.rows("kept"))
    assert engine.ask("keeping", "it.numbersLeft()") == 20 - kept
    assert kept < 6
    # What the browser tidies away meanwhile leaves no room either.
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": hub, "quotaSize": 1_000})
    # Chromium may go by the room that there was a while ago.
    full, said, deadline = {"ok": False, "why": "storage_full"}, None, time.monotonic() + 45
    while said != full and time.monotonic() < deadline:
        said = engine.ask("keeping", "it.canKeep()")
        page.wait_for_timeout(250)
    assert said == full
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": hub})
    assert len(engine.rows("kept")) == kept


def test_the_servers_time_is_known_until_the_clock_is_set(alone: Engine) -> None:
    alone.give(3)
    page = alone.page
    heard = "it.heard(Date.now() + facts.ahead, performance.now()).then(() => it.offset())"
    assert alone.ask("clock", heard, ahead=A_DAY) == pytest.approx(A_DAY, abs=50)
    # The next page knows it still.
    page.reload()
    assert alone.ask("clock", "it.offset()") == pytest.approx(A_DAY, abs=50)
    kept = alone.keep("with the time")
    # Set back while a page looks on, it is seen through, and so is what was made before.
    page.evaluate("() => { const now = Date.now; Date.now = () => now() - 3_600_000; }")
    later = pytest.approx(A_DAY + 3_600_000, abs=50)
    assert alone.ask("clock", "it.offset()") == later
    oldest = alone.ask("keeping", "it.waiting()")["oldest"]
    assert oldest == pytest.approx(kept["made"] - 3_600_000, abs=50)
    alone.keep("with the time, too")
    # Set ahead it may be a device that slept: what was known is worth nothing.
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 90_000; }")
    assert alone.ask("clock", "it.offset()") is None
    alone.keep("without")
    offsets = [opened(row["jwe"])[1]["offset"] for row in alone.rows("kept")]
    assert offsets == [pytest.approx(A_DAY, abs=50), later, None]
    # So does a browser that was started anew.
    alone.ask("clock", heard, ahead=5)
    row = "it.write('device', { offset: 5, alive: Date.now() - 60_000 }, 'clock')"
    alone.ask("store", row)
    assert alone.ask("clock", "it.offset()") is None


def test_a_device_that_is_not_enrolled_keeps_nothing(alone: Engine) -> None:
    alone.give(1)
    alone.ask("store", "it.write('device', { off: true }, 'me')")
    with pytest.raises(Error, match="not_enrolled"):
        alone.keep("never")
    assert alone.ask("keeping", "it.numbersLeft()") == 1
