// What is the same wherever htmx puts a part of a page in place of another: our modules start in
// it, who was signed out meanwhile is taken to the sign-in, what went wrong is said, and the focus
// does not fall off the page.
import { initAll } from "../vendor/govuk-frontend.min.js";

export function swaps(place, startIn) {
  const say = (words) => {
    place.textContent = "";
    // Said again, even where it is the same.
    setTimeout(() => {
      place.textContent = words;
    }, 50);
  };
  const wrong = (words) => {
    say(words);
    show(words);
  };

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const landed = new URL(detail.xhr.responseURL || location.href, location.href).pathname;
    if (landed.startsWith("/sign-in/")) {
      detail.shouldSwap = false;
      location.assign(`/sign-in/?next=${encodeURIComponent(location.pathname + location.search)}`);
      return;
    }
    // A form that was refused comes back as 422 with every word in it.
    if (detail.xhr.status === 422) {
      detail.shouldSwap = true;
      detail.isError = false;
    }
  });
  document.addEventListener("htmx:load", ({ detail }) => {
    if (detail.elt === document.body) return;
    initAll({ scope: detail.elt });
    startIn(detail.elt);
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const announced = detail.elt.matches?.("[data-announce]") ? detail.elt : detail.elt.querySelector?.("[data-announce]");
    const words = announced?.dataset.announce;
    if (words) say(words);
    if (document.activeElement && document.activeElement !== document.body) return;
    const first = detail.elt.querySelector?.("[data-focus]") ?? detail.elt.closest?.("[tabindex]");
    first?.focus({ preventScroll: false });
  });
  for (const lost of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(lost, () => wrong(place.dataset.lost));
  }
  document.addEventListener("htmx:responseError", () => wrong(place.dataset.refused));
}

// For who sees: above the page, until the next act.
function show(words) {
  const said = document.getElementById("hub-said");
  if (!said) return;
  const line = document.createElement("p");
  line.className = "govuk-inset-text";
  line.textContent = words;
  said.replaceChildren(line);
}
