"""What comes to a device by its heartbeat: words, locks, releases there and back, and its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from playwright.sync_api import Error, expect

import kiosks.actions
from core.audit import SYSTEM
from enquiries.models import Enquiry
from kiosks import actions_commands, actions_releases, building, queries_releases, server_keys
from kiosks.models import Command, CommandKind, Kiosk, Pulse, ReleaseFile
from tests.accessibility import axe
from tests.kiosk.test_in_chromium import SCREENS
from tests.kiosk_engine.conftest import ALL, Engine, enrol, until
from tests.kiosk_engine.line import CUT, THROUGH, Line

pytestmark = pytest.mark.django_db(transaction=True)


def beat(engine: Engine) -> None:
    """A heartbeat now; it may take the page away."""
    try:
        engine.ask("pulse", "it.pulse()")
    except Error as error:
        if "context" not in str(error):
            raise


def order(kind: CommandKind, words: str = "") -> Command:
    return actions_commands.order(
        Kiosk.objects.get(), kind=kind, words=words, actor=SYSTEM, now=timezone.now()
    )


def is_done(engine: Engine, command: Command) -> bool:
    beat(engine)
    command.refresh_from_db()
    return command.done_at is not None


def test_orders_are_done_once_and_take_the_screen_from_nobody(engine: Engine) -> None:
    page = engine.page
    until(page, Pulse.objects.exists)
    order(CommandKind.MESSAGE, "The counter closes at 4pm today")
    beat(engine)
    said = page.get_by_role("status").filter(has_text="The counter closes at 4pm today")
    expect(said).to_be_visible()
    assert axe.walk(page, SCREENS) == []
    # It is for the day, and may be taken away sooner.
    tomorrow = int((timezone.now() + timedelta(days=1)).timestamp() * 1000)
    shown = "document.dispatchEvent(new Event('kiosk:message'))"
    engine.ask("commands", f"it.fade(facts.later, () => {shown})", later=tomorrow)
    expect(said).to_have_count(0)
    order(CommandKind.MESSAGE, "The printer is out of order")
    beat(engine)
    expect(page.get_by_text("The printer is out of order")).to_be_visible()
    order(CommandKind.MESSAGE, "")
    beat(engine)
    expect(page.get_by_text("The printer is out of order")).to_have_count(0)
    order(CommandKind.MESSAGE, "The counter closes at 4pm today")
    page.goto(f"{engine.site}/kiosk/start/")
    # Somebody's visit is on: these wait, and the words are for the first screen.
    reload, clear = order(CommandKind.RELOAD), order(CommandKind.CLEAR)
    assert not is_done(engine, clear)
    assert not is_done(engine, reload)
    assert page.url.endswith("/kiosk/menu/")
    expect(said).to_have_count(0)
    # What was cleared comes again, and what was counted is counted on.
    engine.ask("counting", "it.count('prints').then(() => it.count('prints'))")
    page.goto(f"{engine.site}/kiosk/")
    until(page, lambda: is_done(engine, reload) and is_done(engine, clear))
    engine.ask("counting", "it.count('prints')")
    assert [day["prints"] for day in engine.ask("counting", "it.totals()").values()] == [3]
    # A lock is for now.
    page.goto(f"{engine.site}/kiosk/start/")
    order(CommandKind.LOCK)
    beat(engine)
    expect(page.get_by_role("heading", level=1)).to_have_text("This kiosk is locked")
    expect(page.get_by_role("link")).to_have_count(0)
    assert axe.walk(page, SCREENS) == []
    order(CommandKind.UNLOCK)
    beat(engine)
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()
    waiting = Command.objects.filter(done_at=None)
    beat(engine)
    beat(engine)
    until(page, lambda: not waiting.exists())


def test_only_the_servers_own_order_for_this_device_in_time_is_one(engine: Engine) -> None:
    now = int(timezone.now().timestamp() * 1000)
    mine = str(Kiosk.objects.get().public_id)
    good: dict[str, Any] = {"id": "1", "kiosk": mine, "kind": "lock", "words": "", "exp": now + 99}
    stranger = ec.generate_private_key(ec.SECP256R1())
    kid = server_keys.signing_key()["kid"]
    forged = jwt.encode(good, stranger, algorithm="ES256", headers={"kid": kid})
    call = (
        "import('/static/js/kiosk/device.js').then(async ({ me }) => { const device = await me();"
        " return Promise.all(facts.all.map((jws) => it.verified(jws, device, facts.now))); })"
    )
    orders = [
        server_keys.signed(good),
        forged,
        server_keys.signed({**good, "kiosk": "another"}),
        server_keys.signed({**good, "exp": now}),
        jwt.encode(good, "", algorithm="none"),
        "rubbish",
    ]
    assert engine.ask("commands", call, all=orders, now=now) == [good, *([None] * 5)]


def test_who_is_shut_out_forgets_all_but_what_it_keeps_and_sends_that_when_enrolled_anew(
    engine: Engine, line: Line
) -> None:
    page = engine.page
    until(page, lambda: engine.ask("keeping", "it.numbersLeft()") == 300)
    until(page, lambda: engine.ask("stocking", "it.release()") != "")
    line.is_now(CUT)
    kept = engine.keep("Before the end")
    kiosks.actions.revoke(
        public_id=str(Kiosk.objects.get().public_id), actor=SYSTEM, now=timezone.now()
    )
    line.is_now(THROUGH)
    beat(engine)
    expect(page.get_by_role("heading", level=1)).to_have_text("This kiosk is switched off")
    until(page, lambda: page.evaluate("caches.keys()") == [])
    assert engine.rows("numbers") == []
    assert engine.rows("counts") == []
    stays = {row["key"]: row["value"] for row in page.evaluate(ALL, "device")}
    assert sorted(stays) == ["clock", "me", "ran"]
    assert stays["me"] == {"off": True}
    workers = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
    assert page.evaluate(workers) == 0
    assert [one["id"] for one in engine.rows("kept")] == [kept["id"]]
    assert Enquiry.objects.count() == 0
    page.context.clear_cookies()
    enrol(page, engine.site)
    until(page, lambda: engine.rows("kept") == [])
    assert Enquiry.objects.get().description == "Before the end"
    assert Enquiry.objects.get().reference == kept["reference"]


def test_a_release_comes_whole_or_not_at_all_and_can_be_taken_back(engine: Engine) -> None:
    page = engine.page
    first = queries_releases.release_for(Kiosk.objects.get())

    def has(version: str) -> bool:
        # Chromium lets the worker before go when it has nothing to do: here, when no page is open.
        page.goto("about:blank")
        page.wait_for_timeout(200)
        page.goto(f"{engine.site}/kiosk/")
        names = page.evaluate("caches.keys()")
        return [name for name in names if name.startswith("shell-")] == [f"shell-{version}"]

    def hear() -> None:
        queries_releases.forget()
        beat(engine)

    hear()
    until(page, lambda: has(first))
    worker = queries_releases.file(first, building.WORKER)
    assert worker is not None
    script = worker.body.decode().replace(first, building.UNNAMED)
    pages = {one: f'{one}<link href="/static/css/base.css">' for one in ("en-gb", "pl")}
    built = building.build(pages, script)
    actions_releases.put_down(built, now=timezone.now())
    lost = ReleaseFile.objects.get(release__version=built.version, path="pl/")
    ReleaseFile.objects.filter(pk=lost.pk).delete()
    hear()
    until(page, lambda: engine.ask("stocking", "it.release()") == first)
    until(page, lambda: engine.ask("stocking", "it.problems()") == ["update_failed"])
    lost.save(force_insert=True)
    # It is not asked for all the time; an administrator need not wait.
    hear()
    assert not has(built.version)
    order(CommandKind.UPDATE)
    hear()
    until(page, lambda: has(built.version))
    assert engine.ask("stocking", "it.problems()") == []
    actions_releases.withdraw(version=built.version, actor=SYSTEM, now=timezone.now())
    hear()
    until(page, lambda: has(first))
    hear()
    assert Pulse.objects.get().release == first
