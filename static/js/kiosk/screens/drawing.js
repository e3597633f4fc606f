// Puts a screen into the page: its content, its keys in the bar, its title, and the focus where a
// person goes on reading.
import { face } from "../../face.js";
import { close as closeKeyboard } from "../../keyboard.js";
import { screen as made } from "./fill.js";
import { square } from "./square.js";

const main = document.getElementById("main-content");
const bar = document.getElementById("bar");

function keys(screen, action) {
  for (const old of bar.querySelectorAll("[data-of-screen]")) old.remove();
  for (const key of [...(action?.children ?? [])]) {
    key.dataset.ofScreen = "";
    bar.append(key);
  }
  bar.hidden = screen.name === "attract";
  bar.querySelector('[data-act="back"]').hidden = !screen.back;
}

function title(here, screen, wrong) {
  const heading = main.querySelector("h1")?.textContent.trim().replace(/\s+/g, " ") ?? "";
  const about = main.querySelector(".hub-kiosk-about")?.textContent.trim() ?? "";
  const parts = [heading, about, here.word("hub")].filter(Boolean).join(" – ");
  document.title = wrong ? `${here.word("error")} ${parts}` : parts;
}

// Fields that are wrong, where one template has several of them.
function mark(names) {
  for (const name of names ?? []) {
    const field = document.getElementById(name);
    field?.classList.add("govuk-input--error");
    field?.setAttribute("aria-invalid", "true");
  }
}

function focus(screen) {
  const heading = main.querySelector("h1");
  const named = screen.focus ? document.getElementById(screen.focus) : null;
  const first = main.querySelector("[data-summary]") ?? named ?? heading;
  if (!first) return;
  if (first === heading) heading.tabIndex = -1;
  first.focus({ preventScroll: true });
}

export function draw(here, screen) {
  const errors = screen.errors ?? [];
  const { content, action } = made(screen.name, { ...screen.values, errors });
  closeKeyboard();
  main.replaceChildren(content);
  main.querySelector(".hub-attract__touch")?.classList.add("hub-attract__touch--first");
  face(main);
  for (const place of main.querySelectorAll("[data-square]")) {
    square(place, `${place.dataset.square}?reference=${screen.values.reference}`);
  }
  keys(screen, action);
  mark(screen.invalid);
  document.body.classList.toggle("hub-kiosk--attract", screen.name === "attract");
  title(here, screen, errors.length > 0 || screen.problem);
  window.scrollTo(0, 0);
  // The keys that move a long page are for this one, if it is long.
  bar.querySelector("[data-module~=hub-scroll]").hidden = true;
  document.dispatchEvent(new Event("scroll"));
  if (screen.name !== "attract") focus(screen);
}

// The receipt says by itself that it has gone, to eyes and to ears.
export function saySent(is) {
  const line = document.getElementById("whether-sent");
  if (!line) return;
  line.textContent = is === "sent" ? line.dataset.saidSent : line.dataset.saidKept;
  if (is !== "sent") return;
  main.querySelector("h1").textContent = line.dataset.headed;
  for (const one of main.querySelectorAll("[data-until-sent]")) one.remove();
}
