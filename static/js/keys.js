// One key for one step at the desk. Silent while a field has the focus, and for who switched it off
// (WCAG 2.1.4); the browser remembers which. Every step can be taken without it.
const STORE = "hub-single-keys";
const MOVES = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
let remembered = null;

export function singleKeys() {
  if (remembered === null) {
    try {
      remembered = window.localStorage.getItem(STORE) !== "off";
    } catch {
      remembered = true;
    }
  }
  return remembered;
}

function remember(on) {
  remembered = on;
  try {
    window.localStorage.setItem(STORE, on ? "on" : "off");
  } catch {
    // Where nothing may be kept, it holds until the page is left.
  }
}

const isField = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
const withCommand = (event) => event.ctrlKey || event.metaKey || event.altKey;

// Whether a key is meant for us rather than for a field, the browser or a dialog.
export function meant(event) {
  return singleKeys() && !withCommand(event) && !isField(event.target) && !document.querySelector("dialog[open]");
}

function show() {
  for (const one of document.querySelectorAll("[data-key]")) {
    if (singleKeys()) one.setAttribute("aria-keyshortcuts", one.dataset.key);
    else one.removeAttribute("aria-keyshortcuts");
  }
  document.body.classList.toggle("hub-keys-on", singleKeys());
}

// The switch, on the page and in the dialog that lists the keys.
export function keySwitch(group) {
  const box = group.querySelector("input");
  group.hidden = false;
  box.checked = singleKeys();
  box.addEventListener("change", () => {
    remember(box.checked);
    show();
  });
}

function rows() {
  return [...document.querySelectorAll("[data-keys-rows] > tr")];
}

function here() {
  return document.activeElement.closest("[data-keys-rows] > tr");
}

function move(step) {
  const all = rows();
  const at = all.indexOf(here());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
  if (next) next.querySelector("a").focus();
  return all.length > 0;
}

function choose(row) {
  const box = row?.querySelector("input[type=checkbox]");
  if (!box) return false;
  box.click();
  return true;
}

// A link is followed, a part is opened at its first field, a button is brought under Enter: no
// single key sends anything.
function step(one) {
  const bar = one.closest("[data-choose-bar]");
  if (bar && !document.querySelector("[data-choose] input:checked")) choose(here());
  if (one.localName === "a") {
    one.click();
  } else if (one.localName === "summary") {
    one.parentElement.open = true;
    one.scrollIntoView({ block: "nearest" });
    one.parentElement.querySelector("input:not([type=hidden]), textarea, select, button")?.focus();
  } else {
    one.focus();
  }
}

function pressed(event, dialog) {
  if (event.key === "?") {
    dialog.showModal();
    return true;
  }
  if (event.key in MOVES) {
    // Arrows scroll the page until somebody is in the list.
    const arrow = event.key.startsWith("Arrow");
    return arrow && !here() ? false : move(MOVES[event.key]);
  }
  if (event.key === "x") return choose(here());
  const one = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (one) step(one);
  return one !== null;
}

export function keys(dialog) {
  show();
  for (const link of document.querySelectorAll("[data-keys-open]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (meant(event) && pressed(event, dialog)) event.preventDefault();
  });
}
