// Calls at my telephone, on whatever page of the desk I am. What rings is said to screen readers and
// put above the page; the focus and what is being typed stay where they are, and nothing changes
// under who has the focus in it.
const EVERY = 15_000;
const FIRST = 300;

export function popper(place) {
  const said = document.createElement("div");
  said.className = "govuk-visually-hidden";
  said.setAttribute("role", "status");
  place.before(said);

  const words = (from) => [...from.querySelectorAll("[data-said]")].map((one) => one.dataset.said).join(". ");

  const look = async () => {
    if (document.hidden || place.contains(document.activeElement)) return;
    try {
      const headers = { "X-Hub-Looks-Again": "1", "HX-Request": "true", "HX-Target": place.id };
      const answer = await fetch(place.dataset.href, { headers, cache: "no-store" });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById(place.id);
      // On the page of its own contact a call is no news.
      for (const one of next?.querySelectorAll("[data-contact]") ?? []) {
        if (location.pathname.includes(one.dataset.contact)) one.remove();
      }
      if (!next || next.innerHTML === shown || place.contains(document.activeElement)) return;
      shown = next.innerHTML;
      const news = words(next);
      if (news !== words(place)) said.textContent = news;
      put(next);
    } catch {
      // The line is away: what stands there stays.
    }
  };

  // Whoever reads further down goes on reading the same line.
  const put = (next) => {
    const above = place.getBoundingClientRect().bottom < 0;
    const before = document.documentElement.scrollHeight;
    place.replaceChildren(...next.childNodes);
    // As with any part of a page that comes later: its buttons are started, its keys are shown.
    for (const one of place.children) {
      document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: one } }));
    }
    if (above) window.scrollBy(0, document.documentElement.scrollHeight - before);
  };

  let shown = place.innerHTML;
  // Told as it happens, where the page hears it (docs/desk.md, Live); elsewhere it looks by itself.
  // What rang before the stream was open, or while it was cut, is seen when it opens.
  const unheard = () => document.body.dataset.live !== "on" && look();
  setTimeout(unheard, FIRST);
  setInterval(unheard, EVERY);
  document.addEventListener("hub-live", ({ detail }) => {
    const rings = detail.kind === "said" && detail.data?.what === "rings";
    if (rings || detail.kind === "open" || detail.kind === "missed") look();
  });
  document.addEventListener("visibilitychange", unheard);
}
