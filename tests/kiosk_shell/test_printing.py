"""What a kiosk prints is counted, each once, whichever page prints it and whoever says so."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kiosks.models import DayCount, Kiosk, Pulse
from tests.kiosk_engine.conftest import until
from tests.kiosk_engine.line import THROUGH
from tests.kiosk_shell.conftest import Shell
from tests.kiosk_shell.test_taken_over import to_check, to_items

pytestmark = pytest.mark.django_db(transaction=True)
# Without a printer a script's second print() waits for its first: this one is done at once.
PRINTER = """window.print = () => {
  for (const when of ["beforeprint", "afterprint"]) dispatchEvent(new Event(when));
}"""


def test_a_print_is_counted_once_on_whichever_page(shell: Shell) -> None:
    page = shell.page
    page.add_init_script(PRINTER)
    Kiosk.objects.update(printer="80mm", paper=100)
    shell.engine.ask("pulse", "it.pulse()")
    to_items(shell)
    page.get_by_label("Thing 3").check()
    shell.touch("Continue")
    to_check(shell)
    shell.touch("Send it")
    shell.reads("We have it")
    # By the key on the screen, by keys, and at once away.
    shell.touch("Print")
    until(page, lambda: DayCount.objects.filter(name="prints").exists())
    page.pdf()  # as by Ctrl and P
    shell.away()
    page.get_by_role("link", name="Send it to my phone").click()
    expect(page.get_by_text("The line has just gone")).to_be_visible(timeout=20_000)
    # The page that took over prints nothing by itself, but by its key.
    shell.touch("Print")
    shell.touch("Something else")
    shell.to_service()
    shell.touch("Thing 2")
    page.get_by_label("Thing 3").check()
    shell.touch("Continue")
    to_check(shell)
    # A number without the line is printed by itself.
    shell.touch("Send it")
    shell.reads("We have kept it here")
    page.pdf()  # as by Ctrl and P
    page.evaluate("() => location.reload()")
    page.wait_for_load_state()
    shell.line.is_now(THROUGH)
    page.goto(f"{shell.engine.site}/kiosk/")
    until(page, lambda: shell.engine.ask("pulse", "it.pulse()"))
    until(page, lambda: shell.engine.ask("pulse", "it.pulse()"))
    until(page, lambda: shell.engine.rows("kept") == [])
    assert Pulse.objects.get().printed == 5
    pressed = {one.source: one.count for one in DayCount.objects.filter(name="prints")}
    assert pressed == {"server": 1, "device": 2}
