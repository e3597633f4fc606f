"""Somebody with a keyboard and nothing else: every step is a press, and every stop is looked at.

A stop is wrong where nobody would see that the focus is there, where something lies over it
(WCAG 2.4.7 and 2.4.11), or where Tab went back to it.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

# What an element looks like with the focus and without; a copy of it has none.
_STOP = """
(wanted) => {
  const one = document.activeElement;
  if (!one || one === document.body) return { words: "", wrong: [], there: false };
  const words = (one.innerText || one.labels?.[0]?.innerText || one.name || one.id).trim();
  const isChoice = one.matches("input[type=radio], input[type=checkbox]");
  const whole = isChoice ? one.parentElement : one;
  const twin = whole.cloneNode(true);
  for (const part of [twin, ...twin.querySelectorAll("[id], [name]")]) {
    part.removeAttribute("id");
    part.removeAttribute("name");
  }
  const looks = (here, box) => {
    const drawn = isChoice && here.querySelector("label")
      ? [getComputedStyle(here.querySelector("label"), "::before"), getComputedStyle(box)]
      : [getComputedStyle(here)];
    return drawn.map((style) => [style.outline, style.boxShadow, style.backgroundColor,
      style.borderColor, style.borderWidth].join("|")).join("||");
  };
  whole.after(twin);
  const same = looks(whole, one) === looks(twin, isChoice ? twin.querySelector("input") : twin);
  twin.remove();
  const wrong = same ? ["nobody sees the focus"] : [];
  const box = one.getBoundingClientRect();
  const inside = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].some(([x, y]) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return top && (one.contains(top) || top.contains(one) || [...(one.labels ?? [])].includes(top));
  });
  if (!inside) wrong.push("something lies over the focus");
  const before = window.hubStop;
  if (before?.isConnected && before !== one
    && !(before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING)) {
    wrong.push("Tab goes back to it");
  }
  window.hubStop = one;
  return { words: words.slice(0, 60), wrong, there: one === wanted };
}
"""


class Keys:
    """The keyboard of a page. `wrong` gathers what was wrong with the stops."""

    def __init__(self, page: Page) -> None:
        self.page, self.wrong = page, list[str]()

    def open(self, address: str) -> None:
        """A page by its address, which is typed as well."""
        self.page.goto(address)
        self.arrive()

    def arrive(self) -> None:
        """On a new page: at what was wrong or done, else past its head by the first stop of all."""
        self.page.wait_for_function("() => document.readyState === 'complete' && !window.hubKeys")
        self.page.evaluate("window.hubKeys = true")
        news = self.page.locator(".govuk-error-summary, .govuk-notification-banner[role=alert]")
        if news.count():
            expect(news).to_be_focused()
            return
        self.press("Tab")
        expect(self.page.get_by_role("link", name="Skip to main content")).to_be_focused()
        self.press("Enter")
        expect(self.page.locator("#main-content")).to_be_focused()
        # A form without an address of its own would hand the link's "#" on to the next page, where
        # Tab begins behind the head or before it, as the machine is quick.
        self.page.evaluate("history.replaceState(null, '', location.pathname + location.search)")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def tab_to(self, what: Locator, most: int = 60) -> None:
        """Tab until it is there; what is wrong with the stops on the way is written down."""
        wanted, stops = what.element_handle(), []
        for _ in range(most):
            self.press("Tab")
            stop = self.page.evaluate(_STOP, wanted)
            stops.append(stop["words"])
            self.wrong += [f"{self.page.url}: “{stop['words']}”: {one}" for one in stop["wrong"]]
            if stop["there"]:
                return
        raise AssertionError(f"Tab never comes to {what}: {stops}")

    def write(self, what: Locator, words: str) -> None:
        """Into a field; what stood there is replaced."""
        self.tab_to(what)
        self.press("ControlOrMeta+a")
        self.type(words)

    def choose(self, what: Locator) -> None:
        """One of some radios: Tab comes to the group, the arrows go from one to the next."""
        name = what.get_attribute("name")
        group = self.page.locator(f"input[type=radio][name={name}]")
        chosen = self.page.locator(f"input[type=radio][name={name}]:checked")
        self.tab_to(chosen if chosen.count() else group.first)
        for _ in range(group.count()):
            if what.evaluate("one => one === document.activeElement"):
                break
            self.press("ArrowDown")
        self.press("Space")
        expect(what).to_be_checked()
        expect(what).to_be_focused()

    def follow(self, what: Locator, key: str = "Enter") -> None:
        """Presses a link or a button, and arrives at where it leads."""
        self.tab_to(what)
        self.press(key)
        self.arrive()

    def to_the_field(self) -> None:
        """From what was wrong to the field that it names, by its link."""
        summary = self.page.locator(".govuk-error-summary")
        expect(summary).to_be_focused()
        self.tab_to(summary.get_by_role("link").first)
        named = (summary.get_by_role("link").first.get_attribute("href") or "")[1:]
        self.press("Enter")
        expect(self.page.locator(f'[id="{named}"]')).to_be_focused()
