// The one place that knows the desk's keys. data-key on the link, button, summary or field that
// does it ("r", or "g q" for one after the other), data-number on choices. A single key is silent
// while a field has the focus, and for who switched it off (WCAG 2.1.4); the browser remembers
// which. Every step can be taken without it. What it finds is looked up when a key is pressed, so
// a part of a page that came since counts, too.
const STORE = "hub-single-keys";
const MOVES = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
// So long after the first of two keys the second one may come, in milliseconds.
const PATIENCE = 2000;
const TYPED_INTO =
  "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit], [type=file])";
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

const withCommand = (event) => event.ctrlKey || event.metaKey || event.altKey;

// Whether a key is meant for us rather than for a field, the browser or a dialog.
export function meant(event) {
  return (
    singleKeys() &&
    !event.defaultPrevented &&
    !event.isComposing &&
    !withCommand(event) &&
    !event.target.closest(TYPED_INTO) &&
    !document.querySelector("dialog[open]")
  );
}

export function seen(element) {
  return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
}

// Those of the page in front, in its order.
export function all(selector, root = document) {
  return [...root.querySelectorAll(selector)].filter(seen);
}

// What an act is called: data-key-words, or what stands on it without the sign of its key.
export function words(element) {
  if (element.dataset.keyWords) return element.dataset.keyWords;
  const copy = (element.labels?.[0] ?? element).cloneNode(true);
  for (const sign of copy.querySelectorAll("kbd, svg, [data-key-quiet]")) sign.remove();
  return copy.textContent.replace(/\s+/g, " ").trim() || element.getAttribute("aria-label") || "";
}

// Choices that are numbered, and by which number: those that the focus is among, else the first.
function numbered() {
  const found = all("[data-number]");
  const group = (one) => one.closest("[data-numbers], fieldset, form, ol, ul");
  const near = found.filter((one) => group(one)?.contains(document.activeElement));
  const first = near[0] ?? found[0];
  const mine = first ? found.filter((one) => group(one) === group(first)) : [];
  return new Map(mine.map((one, at) => [one.dataset.number || String(at + 1), one]));
}

// A sign of the key, seen only where keys are on; read to nobody, for aria-keyshortcuts says it.
function sign(place, key) {
  if (!place || place.querySelector(":scope > .hub-key") || "keyQuiet" in place.dataset) return;
  const mark = document.createElement("kbd");
  mark.className = "hub-key";
  mark.setAttribute("aria-hidden", "true");
  mark.textContent = key;
  place.append(mark);
}

function announce(one, key) {
  const alone = !key.includes(" ");
  const name = alone ? "aria-keyshortcuts" : "aria-description";
  if (singleKeys()) one.setAttribute(name, alone ? key : `Keys: ${key.replace(" ", ", then ")}`);
  else one.removeAttribute(name);
}

function show(root = document) {
  for (const one of root.querySelectorAll("[data-key]")) {
    announce(one, one.dataset.key);
    if (one.matches("button, summary, a[role=button], .hub-chip")) sign(one, one.dataset.key);
  }
  for (const [number, one] of numbered()) {
    if (number.length > 1) continue;
    announce(one, number);
    sign(one.labels ? one.labels[0] : one, number);
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

function here() {
  return document.activeElement.closest("[data-keys-rows] > *");
}

function move(step) {
  const rows = all("[data-keys-rows] > *").filter((row) => row.querySelector("a"));
  const at = rows.indexOf(here());
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  if (next) next.querySelector("a").focus();
  return rows.length > 0;
}

function choose(row) {
  const box = row?.querySelector("input[type=checkbox]");
  if (!box) return false;
  box.click();
  return true;
}

// A link is followed, a part is opened at its first field, a field is gone into, a button is
// brought under Enter: no single key sends anything but what says so (`data-key-now`).
export function step(one) {
  const bar = one.closest("[data-choose-bar]");
  if (bar && !document.querySelector("[data-choose] input:checked")) choose(here());
  if (one.localName === "a" || "keyNow" in one.dataset) {
    one.click();
  } else if (one.localName === "summary") {
    const part = one.parentElement;
    part.open = true;
    one.scrollIntoView({ block: "nearest" });
    const first = "input:not([type=hidden]), textarea, select, button";
    part.querySelector("[data-draft-offer] button")?.focus();
    if (!part.contains(document.activeElement)) part.querySelector(first)?.focus();
  } else {
    one.focus();
    if (one.localName === "input") one.select?.();
  }
}

// Two keys, one after the other: what may follow the first is said while there is time for it.
let first = "";
let waiting = 0;

function rest() {
  first = "";
  window.clearTimeout(waiting);
  document.getElementById("hub-keys-next")?.replaceChildren();
}

function begin(key, following) {
  first = key;
  window.clearTimeout(waiting);
  waiting = window.setTimeout(rest, PATIENCE);
  const place = document.getElementById("hub-keys-next");
  if (!place) return;
  place.replaceChildren(
    ...following.map((one) => {
      const line = document.createElement("span");
      const mark = document.createElement("kbd");
      mark.textContent = one.dataset.key.slice(key.length + 1);
      line.append(mark, ` ${words(one)}`);
      return line;
    }),
  );
}

function pressed(event, dialog) {
  const before = first;
  const key = before ? `${before} ${event.key}` : event.key;
  if (before) rest();
  // Of a key that each row of a list has, that of the row with the focus.
  const every = all(`[data-key="${CSS.escape(key)}"]`);
  const own = every.filter((one) => here()?.contains(one));
  const found = own.length > 0 ? own : every;
  const following = all(`[data-key^="${CSS.escape(`${key} `)}"]`);
  if (following.length > 0 && found.length === 0) {
    begin(key, following);
    return true;
  }
  if (before) {
    if (found.length > 0) step(found[0]);
    return true;
  }
  if (event.key === "?") {
    open(dialog);
    return true;
  }
  if (event.key in MOVES) {
    // Arrows scroll the page, or go from choice to choice, until somebody is in the list.
    const arrow = event.key.startsWith("Arrow");
    const among = document.activeElement.matches("input[type=radio]");
    return arrow && (among || !here()) ? false : move(MOVES[event.key]);
  }
  if (event.key === "x" && choose(here())) return true;
  if (found.length > 0) {
    step(found[0]);
    return true;
  }
  const choice = /^[0-9]$/.test(event.key) ? numbered().get(event.key) : undefined;
  if (!choice) return false;
  if (choice.localName === "input") choice.click();
  else step(choice);
  choice.focus();
  return true;
}

// The keys of the page in front, as they are at this moment.
function open(dialog) {
  const list = dialog.querySelector("[data-keys-here]");
  const rows = new Map();
  for (const one of all("[data-key]")) {
    if (!rows.has(one.dataset.key)) rows.set(one.dataset.key, words(one));
  }
  const numbers = [...numbered()].filter(([number]) => number.length === 1);
  for (const [number, one] of numbers) rows.set(number, words(one));
  list?.replaceChildren(...[...rows].map(([key, said]) => row(key, said)));
  const empty = dialog.querySelector("[data-keys-none]");
  if (empty) empty.hidden = rows.size > 0;
  dialog.showModal();
}

function row(key, said) {
  const line = document.createElement("div");
  const term = document.createElement("dt");
  key.split(" ").forEach((part, at) => {
    const mark = document.createElement("kbd");
    mark.textContent = part;
    term.append(at > 0 ? " then " : "", mark);
  });
  const what = document.createElement("dd");
  what.textContent = said;
  line.append(term, what);
  return line;
}

export function keys(dialog) {
  show();
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keys-open]")) return;
    event.preventDefault();
    open(dialog);
  });
  document.addEventListener("htmx:load", () => show());
  document.addEventListener("keydown", (event) => {
    if (["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock"].includes(event.key)) return;
    if (meant(event) && pressed(event, dialog)) event.preventDefault();
  });
}
