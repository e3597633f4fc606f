"""Walks pages with axe: any rule of WCAG 2.2 A and AA, and axe's best practices, none broken."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page

SIZES = {"desk": (1440, 900), "laptop": (1024, 768), "phone": (390, 844)}
KIOSK = {"kiosk": (1080, 1920)}
# WCAG 2.2 AA has target-size; axe leaves it out unless asked. Every rule runs; of what is well
# nothing is written down, for nobody reads it. What still changes its colour is let to end.
_LOOK = """
() => {
  if (!window.axe) return false;
  window.hubFound = null;
  const options = { reporter: "no-passes", rules: { "target-size": { enabled: true } } };
  const ended = document.getAnimations().map((one) => one.finished);
  Promise.allSettled(ended).then(() => window.axe.run(document, options)).then((found) => {
    window.hubFound = found.violations.map((rule) => [rule.id, rule.help,
      rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))]);
  }, (error) => { window.hubFound = [["axe", String(error), []]]; });
  return true;
}
"""
# Longer than the slowest page takes on the slowest machine, in milliseconds.
_PATIENCE = 60_000
# A clock that stands goes on by no more than this for one look, in milliseconds.
_MOST_STEPS = 1_000


def breaches(page: Page, *, still: bool = False) -> list[str]:
    """What axe finds wrong with a page, in words. `still`: its clock stands (browsing.still), and
    goes on by a few milliseconds. A page that gives way to another while axe looks is looked at
    anew, once. Raises playwright's TimeoutError where axe never ends.
    """
    try:
        found = _looked(page, still=still)
    except Error as error:
        if "context was destroyed" not in str(error):
            raise
        found = None
    if found is None:
        page.wait_for_load_state()
        found = _looked(page, still=still)
    assert found is not None, f"{page.url} gives way to another again and again"
    return [f"{rule}: {words}: " + "; ".join(nodes) for rule, words, nodes in found]


def _looked(page: Page, *, still: bool) -> list[Any] | None:
    """What axe found; None where the page that it looked at is another now."""
    if not page.evaluate(_LOOK):
        # Here by hand; in this page's next documents by itself, from what is compiled already.
        page.evaluate(AXE_SCRIPT)
        page.add_init_script(AXE_SCRIPT)
        page.evaluate(_LOOK)
    # What axe puts off, a clock that stands would put off for ever.
    for _ in range(_MOST_STEPS if still else 0):
        if page.evaluate("window.hubFound !== null"):
            break
        page.clock.run_for(1)
    # A new document knows nothing of the look: undefined, where one that goes on is null.
    ended = page.wait_for_function(
        "() => window.hubFound === null ? false : [window.hubFound ?? null]", timeout=_PATIENCE
    )
    found: list[Any] | None = ended.json_value()[0]
    return found


def arrived(page: Page) -> None:
    """Waits until the next document is there, whole: a click does not wait for where it leads.

    Raises playwright's TimeoutError where the page never changes, so that no page is walked in
    the place of another.
    """
    page.wait_for_function("() => document.readyState === 'complete' && !window.hubWalked")
    page.evaluate("window.hubWalked = true")


def walk(
    page: Page,
    sizes: dict[str, tuple[int, int]] = SIZES,
    *,
    again: bool = False,
    still: bool = False,
) -> list[str]:
    """Every breach of the page that is open, in each size; and whether it scrolls sideways.

    `again` says that it is still the document of the last walk, in another state; `still` that
    its clock stands.
    """
    if not again:
        arrived(page)
    wrong = []
    for name, (width, height) in sizes.items():
        page.set_viewport_size({"width": width, "height": height})
        wrong += [f"{page.url} at {name}: {breach}" for breach in breaches(page, still=still)]
        wrong += sideways(page, name)
    wrong += typefaces(page)
    if sizes is KIOSK:
        return wrong
    # A laptop at 400 % zoom (WCAG 1.4.10).
    page.set_viewport_size({"width": 320, "height": 640})
    return wrong + sideways(page, "400 %")


def sideways(page: Page, name: str) -> list[str]:
    """Whether the page as a whole has to be scrolled sideways; tables and charts may, alone."""
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        return [f"{page.url} at {name}: wider than the screen"]
    return []


def typefaces(page: Page) -> list[str]:
    """Whether anything is set in the typeface of GOV.UK, which is not ours to use."""
    found = page.evaluate(
        """() => [...document.querySelectorAll("*")]
          .filter((one) => getComputedStyle(one).fontFamily.includes("GDS"))
          .map((one) => one.outerHTML.slice(0, 80))"""
    )
    return [f"{page.url} in the typeface of GOV.UK: {one}" for one in found[:3]]
