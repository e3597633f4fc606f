// The one place that knows the desk's keys. data-key on the link, button, summary or field that
// does it ("r", or "g q" for one after the other), data-number on choices. A single key is silent
// while a field has the focus, and for who switched it off (WCAG 2.1.4); the browser remembers
// which. Every step can be taken without it. What it finds is looked up when a key is pressed, so
// a part of a page that came since counts, too.
import { after, before, entered, isTyped, presses, reach, strayed } from "./stray.js";

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
    // A key that is held is pressed once; only a way through a list goes on.
    (!event.repeat || event.key in MOVES) &&
    !event.defaultPrevented &&
    !event.isComposing &&
    !withCommand(event) &&
    // A field that went with its dialog has the focus until the next picture is drawn.
    !(event.target.closest(TYPED_INTO) && seen(event.target)) &&
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
// A list that says `data-numbers="entered"` is gone into by its own key, or with the focus on one
// of its choices: how a contact ends is chosen by no number that was meant for something else.
function numbered() {
  const found = all("[data-number]");
  const group = (one) => one.closest("[data-numbers]") ?? one.closest("fieldset, form, ol, ul");
  const isOpen = (one) => {
    const list = group(one);
    if (list?.dataset.numbers !== "entered") return true;
    const on = document.activeElement;
    return entered() === list || (list.contains(on) && "number" in on.dataset);
  };
  const open = found.filter(isOpen);
  const near = open.filter((one) => group(one)?.contains(document.activeElement));
  const first = near[0] ?? open[0];
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

// Says the keys of a part: beside it and to who hears it.
export function show(root = document) {
  for (const one of root.querySelectorAll("[data-key]")) {
    announce(one, one.dataset.key);
    if (one.matches("button, summary, a[role=button], .hub-chip")) sign(one, one.dataset.key);
  }
  for (const [number, one] of numbered()) {
    if (number.length > 1) continue;
    announce(one, number);
    sign(one.labels ? one.labels[0] : one, number);
  }
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const button = sender(form);
    if (!button || button.dataset.key) continue;
    button.setAttribute("aria-keyshortcuts", "Control+Enter Meta+Enter");
    sign(button, "Ctrl Enter");
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
    if (one.localName === "button") reach(one);
    one.focus();
    if (one.localName === "input") one.select?.();
  }
}

const sendsAtOnce = (one) => "keyNow" in one.dataset;

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
  const earlier = first;
  const key = earlier ? `${earlier} ${event.key}` : event.key;
  if (earlier) rest();
  // Of a key that each row of a list has, that of the row with the focus.
  const named = all(`[data-key="${CSS.escape(key)}"]`);
  // A second key of something, where nothing else has it.
  const every = named.length > 0 ? named : all(`[data-key-also="${CSS.escape(key)}"]`);
  const own = every.filter((one) => here()?.contains(one));
  const found = own.length > 0 ? own : every;
  const following = all(`[data-key^="${CSS.escape(`${key} `)}"]`);
  if (following.length > 0 && found.length === 0) {
    begin(key, following);
    return true;
  }
  if (earlier) {
    if (found.length > 0) step(found[0]);
    return true;
  }
  if (isTyped()) return false;
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
    if (sendsAtOnce(found[0]) && isTyped(true)) return false;
    step(found[0]);
    return true;
  }
  const digit = /^[0-9]$/.test(event.key);
  const choice = digit ? numbered().get(event.key) : undefined;
  if (isTyped(true)) return false;
  if (!choice) return digit && further(event.key);
  if (choice.localName === "input") choice.click();
  else step(choice);
  choice.focus();
  return true;
}

// A number that nothing on the page has goes on to where numbers are (the macros of a case).
function further(digit) {
  const link = all("a[data-key-digits]")[0];
  if (!link) return false;
  const there = new URL(link.href);
  there.searchParams.set("key", digit);
  window.location.assign(there);
  return true;
}

// Ctrl and Enter, from any field of a form in which something is written: as its button does it.
function sent(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return false;
  const button = sender(event.target.closest("form[data-draft]"));
  if (!button || event.isComposing || event.repeat) return false;
  event.preventDefault();
  // As if it had been pressed: the field of the next form does not get the focus of this one.
  button.focus({ preventScroll: true });
  button.click();
  return true;
}

// The button that sends a form: those with a name do something else with the same words.
function sender(form) {
  return form ? all("button[type=submit]:not([name], [formaction])", form).at(-1) : undefined;
}

function said(words) {
  const place = document.getElementById("hub-keys-next");
  if (!place || !words) return;
  place.textContent = words;
  window.clearTimeout(waiting);
  waiting = window.setTimeout(rest, PATIENCE);
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
    if (sent(event)) return;
    const was = before();
    if (meant(event)) {
      if (pressed(event, dialog)) event.preventDefault();
      else if (strayed(event)) said(dialog.dataset.typing);
    }
    after(was);
  });
  presses((target) => target.closest(TYPED_INTO) || !singleKeys());
}
