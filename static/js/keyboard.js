// A keyboard of our own on the screen of a kiosk: nothing is suggested, learnt or kept. It opens
// for every field that is typed in, stands after it in the order of the page, is one stop for Tab
// with the arrows inside, and goes when somebody types on real keys, leaves, or presses Escape.
import { LAYOUTS, LINES, layoutOf, wantsCapital } from "./layouts.js";

const FIELDS = "input:not([type]), input[type=text], input[type=email], input[type=tel], "
  + "input[type=number], input[type=search], textarea";
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const SIGNS = { "@": "at", ".": "dot", ",": "comma", "-": "dash", "'": "apostrophe", _: "underscore" };
const FACES = { SHIFT: "⇧", DELETE: "⌫", LINE: "⏎", MORE: "ąż?", LESS: "abc" };
const A_GAP = 6;
const A_MOMENT = 250; // longer than a press takes: what is pressed must not move away under it

let words = {};
let board = null;
let status = null;
let field = null;
let layout = "text";
let isMore = false;
let isCapital = false;
let isInside = false; // whether the keyboard has the focus: then it keeps it
let pressing = false;

const usable = (one) => one?.matches?.(FIELDS) && !one.readOnly && !one.disabled;
const fieldsAfter = () => {
  const all = [...document.querySelectorAll(FIELDS)].filter((one) => usable(one) && one.offsetParent);
  return all.slice(all.indexOf(field) + 1);
};

// Where the words end that stand before the caret. Some kinds of fields do not say where it is.
function caret() {
  try {
    return field.selectionStart ?? field.value.length;
  } catch {
    return field.value.length;
  }
}

function put(text, from = caret()) {
  const most = field.maxLength > 0 ? field.maxLength : Infinity;
  if (text && field.value.length + text.length > most) return false;
  if (field.selectionStart === null) {
    field.value = text ? field.value + text : field.value.slice(0, -1);
  } else {
    const end = field.selectionEnd;
    field.setRangeText(text, from === end && !text ? Math.max(0, from - 1) : from, end, "end");
  }
  field.dispatchEvent(new InputEvent("input", { bubbles: true, data: text || null }));
  return true;
}

function say(sentence) {
  // The same again is said again.
  status.textContent = status.textContent === sentence ? `${sentence}\u00a0` : sentence;
}

const letter = (key) => (isCapital && key.length === 1 ? key.toLocaleUpperCase("pl") : key);
const nameOf = (key) => words[SIGNS[key]] ?? key;

function settle() {
  isCapital = (layout === "text" || layout === "more") && wantsCapital(field, field.value.slice(0, caret()));
  label();
  showCaret();
}

const DOES = {
  SHIFT: () => {
    isCapital = !isCapital;
    label();
  },
  DELETE: () => {
    put("");
    say(words.deleted);
    settle();
  },
  SPACE: () => write(" ", words.space),
  LINE: () => write("\n", words.line),
  MORE: () => {
    isMore = !isMore;
    draw();
    if (isInside) board.querySelector("[data-key=MORE]").focus({ preventScroll: true });
  },
  NEXT: () => {
    const [next] = fieldsAfter();
    if (next && next.form === field.form) next.focus();
    else done();
  },
};

function write(text, name) {
  if (put(text)) say(`${words.typed}: ${name}`);
  settle();
}

function press(key) {
  isInside = board.contains(document.activeElement);
  if (key in DOES) DOES[key]();
  else write(letter(key), nameOf(letter(key)));
}

function keyFor(key) {
  const one = document.createElement("button");
  one.type = "button";
  one.tabIndex = -1;
  one.dataset.key = key;
  one.className = key.length > 1 ? `hub-key hub-key--${key.toLowerCase()}` : "hub-key";
  return one;
}

// What each key shows and is called now.
function label() {
  const isLast = fieldsAfter()[0]?.form !== field.form;
  for (const one of board.querySelectorAll("button")) {
    const key = one.dataset.key;
    const called = {
      SHIFT: words.shift, DELETE: words.delete, SPACE: words.space, LINE: words.line,
      MORE: isMore ? words.less : words.more, NEXT: isLast ? words.done : words.next,
    }[key] ?? nameOf(letter(key));
    const face = key === "MORE" && isMore ? FACES.LESS : FACES[key];
    one.textContent = face ?? (key.length > 1 ? called : letter(key));
    if (one.textContent !== called) one.setAttribute("aria-label", called);
    else one.removeAttribute("aria-label");
    if (key === "SHIFT") one.setAttribute("aria-pressed", String(isCapital));
  }
}

function draw() {
  const rows = LAYOUTS[isMore ? "more" : layout].map((row) => {
    const line = document.createElement("div");
    line.className = "hub-keyboard__row";
    const isLong = field.localName === "textarea" && row[0] === "MORE";
    line.append(...(isLong ? LINES : row).map(keyFor));
    return line;
  });
  board.className = `hub-keyboard hub-keyboard--${isMore ? "text" : layout}`;
  board.replaceChildren(...rows);
  board.querySelector("button").tabIndex = 0;
  settle();
}

// It lies over the foot of the page: the page grows by as much, and the field comes above it, with
// its label where both fit. Where the field does not, the bar makes room until Done; a text area is
// as tall as there is room, and shows the line that is written.
function makeRoom() {
  const isLong = field.localName === "textarea";
  const style = getComputedStyle(field);
  const edges = [style.paddingTop, style.paddingBottom, style.borderTopWidth, style.borderBottomWidth];
  const lines = 2 * parseFloat(style.lineHeight) + edges.reduce((sum, one) => sum + parseFloat(one), 0);
  const least = isLong ? Math.min(lines, field.scrollHeight) : field.offsetHeight;
  const above = labelAbove();
  document.body.classList.remove("hub-tight");
  let room = lay();
  if (room < above + least) {
    document.body.classList.add("hub-tight");
    room = lay();
  }
  const isBoth = room >= above + least;
  const most = room - (isBoth ? above : 0);
  document.documentElement.style.setProperty("--hub-room", `${most}px`);
  bringUp(isBoth ? above : 0);
  showCaret();
}

// How far above the field its label begins.
function labelAbove() {
  const label = field.labels?.[0];
  const above = label ? field.getBoundingClientRect().top - label.getBoundingClientRect().top : 0;
  return Math.max(0, above);
}

// Stands on the bar, if that is there; how much of the window is left above it.
function lay() {
  const bar = document.querySelector(".hub-kiosk-bar");
  board.style.bottom = `${bar ? bar.getBoundingClientRect().height : 0}px`;
  const { height, top } = board.getBoundingClientRect();
  document.documentElement.style.setProperty("--hub-keyboard", `${height}px`);
  return Math.floor(top - 2 * A_GAP);
}

function bringUp(above) {
  const box = field.getBoundingClientRect();
  const below = box.bottom - (board.getBoundingClientRect().top - A_GAP);
  const short = box.top - above - A_GAP;
  if (below > 0) window.scrollBy({ top: below, behavior: "instant" });
  else if (short < 0) window.scrollBy({ top: short, behavior: "instant" });
}

// What is put in by a script does not move a text area along: how far down the caret is says a
// copy of it that has only the words before.
function showCaret() {
  if (field.localName !== "textarea" || field.scrollHeight <= field.clientHeight) return;
  const copy = document.createElement("textarea");
  copy.className = `${field.className} hub-caret`;
  copy.tabIndex = -1;
  copy.style.width = `${field.offsetWidth}px`;
  copy.value = field.value.slice(0, caret());
  board.after(copy);
  const bottom = copy.scrollHeight;
  copy.remove();
  const line = parseFloat(getComputedStyle(field).lineHeight) * 2;
  if (bottom > field.scrollTop + field.clientHeight) field.scrollTop = bottom - field.clientHeight;
  else if (bottom - line < field.scrollTop) field.scrollTop = Math.max(0, bottom - line);
}

function open(one) {
  if (field === one && board.isConnected) return;
  field?.classList.remove("hub-typing");
  field = one;
  isMore = false;
  layout = layoutOf(field);
  field.classList.add("hub-typing");
  field.after(board);
  document.body.classList.add("hub-has-keyboard");
  draw();
  makeRoom();
  document.dispatchEvent(new CustomEvent("hub-keyboard"));
}

export function close() {
  if (!field) return;
  field.classList.remove("hub-typing");
  field = null;
  board.remove();
  document.body.classList.remove("hub-has-keyboard", "hub-tight");
  document.dispatchEvent(new CustomEvent("hub-keyboard"));
}

function done() {
  const was = field;
  was.dispatchEvent(new Event("change", { bubbles: true }));
  close();
  was.focus({ preventScroll: true });
  close();
}

// Puts the keys back under the reader's finger: one stop for Tab, arrows from key to key.
function walk(event) {
  const rows = [...board.children].map((row) => [...row.children]);
  const at = rows.findIndex((row) => row.includes(event.target));
  const [down, right] = ARROWS[event.key];
  const row = rows[Math.min(Math.max(at + down, 0), rows.length - 1)];
  const place = rows[at].indexOf(event.target) + right;
  const next = row[Math.min(Math.max(place, 0), row.length - 1)];
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus({ preventScroll: true });
}

function typed(event) {
  if (!field) return;
  if (event.key === "Escape") {
    event.preventDefault();
    done();
  } else if (board.contains(event.target) && event.key in ARROWS) {
    event.preventDefault();
    walk(event);
  } else if (event.target === field && event.isTrusted && (event.key.length === 1 || event.key === "Backspace")) {
    close(); // there are real keys
  }
}

function leave() {
  setTimeout(() => {
    if (pressing) return;
    const here = document.activeElement;
    if (field && here !== field && !board.contains(here)) close();
  }, A_MOMENT);
}

function listen() {
  board.addEventListener("pointerdown", (event) => event.preventDefault());
  board.addEventListener("mousedown", (event) => event.preventDefault());
  board.addEventListener("click", (event) => {
    const key = event.target.closest("button")?.dataset.key;
    if (key) press(key);
  });
  document.addEventListener("focusin", (event) => {
    if (usable(event.target)) open(event.target);
  });
  document.addEventListener("focusout", leave);
  document.addEventListener("keydown", typed);
  window.addEventListener("resize", () => field && makeRoom());
  document.addEventListener("click", (event) => {
    if (event.target !== document.activeElement || !usable(event.target)) return;
    open(event.target);
    showCaret();
  });
  document.addEventListener("pointerdown", () => { pressing = true; }, { capture: true });
  for (const kind of ["pointerup", "pointercancel"]) {
    document.addEventListener(kind, () => {
      pressing = false;
      if (field) leave();
    }, { capture: true });
  }
}

export function keyboard(place) {
  words = { ...place.dataset };
  board = document.createElement("div");
  board.setAttribute("role", "group");
  board.setAttribute("aria-label", words.title);
  status = document.createElement("p");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  place.after(status);
  prepare(document);
  // Fields that come later, as they do in the device's own pages, are fields as well.
  new MutationObserver((news) => {
    for (const one of news.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (one.querySelectorAll) prepare(one);
    }
  }).observe(document.body, { childList: true, subtree: true });
  listen();
  if (usable(document.activeElement)) open(document.activeElement);
}

// No other keyboard comes up for a field, and nothing is remembered, corrected or offered in it.
function prepare(root) {
  for (const one of root.querySelectorAll(FIELDS)) {
    if (one.inputMode && one.inputMode !== "none") one.dataset.inputmode = one.inputMode;
    one.inputMode = "none";
    for (const name of ["autocomplete", "autocorrect"]) one.setAttribute(name, "off");
    one.spellcheck = false;
  }
}
