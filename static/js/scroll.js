// Keys that move a page which is longer than the screen: nobody has to drag it.
const A_SCREEN = 0.7; // so much of it at once: something stays to go on reading from

export function scroller(place) {
  const keys = [...place.querySelectorAll("[data-by]")];
  const page = document.scrollingElement;

  const settle = () => {
    const room = page.scrollHeight - page.clientHeight;
    // Once there it stays: it takes room itself.
    if (room > 4) place.hidden = false;
    for (const key of keys) {
      const over = key.dataset.by < 0 ? page.scrollTop < 2 : page.scrollTop > room - 2;
      key.setAttribute("aria-disabled", String(over));
    }
  };
  for (const key of keys) {
    key.addEventListener("click", () => {
      window.scrollBy({ top: key.dataset.by * A_SCREEN * page.clientHeight });
    });
  }
  document.addEventListener("scroll", settle, { passive: true });
  window.addEventListener("resize", () => {
    place.hidden = true;
    settle();
  });
  new ResizeObserver(settle).observe(document.body);
  settle();
}
