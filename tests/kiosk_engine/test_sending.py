"""Two hundred enquiries kept, the power cut in mid-sync: each once, in order (T-R13)."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import BrowserContext, BrowserType, Page

from enquiries.models import Enquiry
from kiosks.models import ReservedNumber
from tests.kiosk_engine.conftest import ENTRY, Engine, enrol, until
from tests.kiosk_engine.line import CUT, DEAF, THROUGH, Line

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 200
KEEP_MANY = """Promise.all([]).then(async () => {
  const kept = [];
  for (let at = 0; at < facts.many; at += 1) {
    kept.push(await it.keep({ ...facts.entry, description: `Mattress ${at}` }));
  }
  return kept;
})"""


class Machine:
    """A kiosk whose browser can be killed and started again, with what its disk holds."""

    def __init__(self, kind: BrowserType, home: Path, options: dict[str, Any]) -> None:
        self._kind, self._home, self._options = kind, home, options
        self.context: BrowserContext | None = None

    def start(self) -> Page:
        self.context = self._kind.launch_persistent_context(self._home, **self._options)
        return self.context.pages[0]

    def kill(self) -> None:
        """The power goes: nothing is tidied up."""
        named = f"--user-data-dir={self._home}"
        mine = [one for one in psutil.process_iter(["cmdline"]) if named in one.info["cmdline"]]
        assert mine
        for one in mine:
            os.kill(one.pid, signal.SIGKILL)
        psutil.wait_procs(mine, timeout=10)
        self.context = None

    def stop(self) -> None:
        if self.context is not None:
            self.context.close()


@pytest.fixture
def machine(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Iterator[Machine]:
    made = Machine(browser_type, tmp_path / "disk", browser_type_launch_args)
    yield made
    made.stop()


def test_two_hundred_kept_and_the_power_cut_in_mid_sync_are_stored_once_each_in_order(
    line: Line, machine: Machine
) -> None:
    page = machine.start()
    enrol(page, line.url)
    engine = Engine(page, line.url)
    until(page, lambda: engine.ask("keeping", "it.numbersLeft()") == 300)
    line.is_now(CUT)
    engine.ask("pulse", "it.pulse()")
    kept = engine.ask("keeping", KEEP_MANY, many=MANY, entry=ENTRY)
    assert engine.ask("keeping", "it.waiting()")["kept"] == MANY
    assert "Mattress" not in json.dumps(engine.rows("kept"))
    # The line is back for a moment. What the server has and could not say so comes again.
    line.is_now(THROUGH)
    page.evaluate("import('/static/js/kiosk/sending.js').then(({ send }) => void send())")
    until(page, lambda: Enquiry.objects.count() >= 30, seconds=60)
    line.is_now(DEAF)
    until(page, lambda: Enquiry.objects.count() % 20 == 0, seconds=30)
    machine.kill()
    assert 0 < Enquiry.objects.count() < MANY
    line.is_now(THROUGH)
    page = machine.start()
    page.goto(f"{line.url}/kiosk/")
    engine = Engine(page, line.url)
    until(page, lambda: engine.ask("keeping", "it.waiting()")["kept"] == 0, seconds=120)
    stored = list(Enquiry.objects.order_by("pk"))
    assert [one.reference for one in stored] == [one["reference"] for one in kept]
    assert [one.description for one in stored] == [f"Mattress {at}" for at in range(MANY)]
    assert engine.rows("kept") == []
    assert ReservedNumber.objects.exclude(used_at=None).count() == MANY
    for one, touch in zip(stored, kept, strict=True):
        assert abs(one.received_at.timestamp() * 1000 - touch["made"]) < 1_500


def test_two_tabs_send_each_once(engine: Engine, line: Line) -> None:
    until(engine.page, lambda: engine.ask("keeping", "it.numbersLeft()") == 300)
    other = Engine(engine.page.context.new_page(), engine.site)
    other.page.goto(f"{engine.site}/kiosk/")
    line.is_now(CUT)
    kept = engine.ask("keeping", KEEP_MANY, many=25, entry=ENTRY)
    line.is_now(THROUGH)
    begin = "import('/static/js/kiosk/sending.js').then(({ send }) => void send())"
    for _turn in range(3):
        for one in (engine, other):
            one.page.evaluate(begin)
    until(engine.page, lambda: engine.rows("kept") == [], seconds=60)
    stored = Enquiry.objects.order_by("pk").values_list("reference", flat=True)
    assert list(stored) == [one["reference"] for one in kept]
