// A whole visit with one switch: what can be pressed is shown in turn, first in groups (a row of
// the keyboard, a list, the bar), then one by one; Space, Enter or a touch anywhere chooses.
const PACE = { slow: 2_500, middle: 1_500, fast: 800 };
const CONTROLS = "a[href], button, input:not([type=hidden]), textarea, select, summary";
const GROUPS = ".hub-keyboard__row, .hub-choices, .hub-kiosk-ways, .hub-kiosk-bar, fieldset, section, .govuk-error-summary";
const TYPED = "input:not([type=radio], [type=checkbox], [type=submit], [type=button]), textarea";
const ROUNDS = 2; // so often through a group without a choice, then out of it again
const A_TREMOR = 250;

let timer = 0;
let inside = null; // the group that was chosen, if any
let at = -1;
let rounds = 0;
let last = 0;

const pace = () => Object.keys(PACE).find((one) => document.body.classList.contains(`hub-switch-${one}`));
const shown = (one) => !one.disabled && one.getClientRects().length > 0;

function controls(root) {
  return [...root.querySelectorAll(CONTROLS)].filter(shown);
}

function groups() {
  const dialog = document.querySelector("dialog[open]");
  const rows = dialog ? [] : [...document.querySelectorAll(".hub-keyboard__row")].map(controls);
  const roots = dialog ? [dialog] : [...document.querySelectorAll("main, .hub-kiosk-bar")];
  const found = rows;
  for (const one of roots.flatMap(controls)) {
    if (one.closest(".hub-keyboard")) continue;
    const own = one.closest(GROUPS);
    const before = found.at(-1);
    if (own && before?.[0].closest(GROUPS) === own && before.length < 8) before.push(one);
    else found.push([one]);
  }
  return found;
}

function show(items, name) {
  for (const one of document.querySelectorAll(".hub-scan, .hub-scan-group")) {
    one.classList.remove("hub-scan", "hub-scan-group");
  }
  // A tick box is seen by its label.
  for (const one of items) (one.labels?.[0] && !one.matches(TYPED) ? one.labels[0] : one).classList.add(name);
  if (!items[0].closest(".hub-keyboard")) items[0].scrollIntoView({ block: "nearest" });
}

function step() {
  const here = inside?.filter((one) => one.isConnected && shown(one));
  if (here?.length) {
    at += 1;
    if (at === here.length) {
      at = 0;
      rounds += 1;
    }
    if (rounds < ROUNDS) return show([here[at]], "hub-scan");
  }
  if (inside) out();
  const all = groups();
  if (!all.length) return;
  at = (at + 1) % all.length;
  show(all[at], "hub-scan-group");
}

function out() {
  inside = null;
  at = -1;
  rounds = 0;
}

function act(one) {
  out();
  if (one.matches(TYPED)) one.focus();
  else one.click();
}

function choose() {
  const chosen = inside ? [inside[at]] : groups()[at];
  if (!chosen?.[0]?.isConnected) return;
  if (chosen.length === 1) {
    act(chosen[0]);
  } else {
    inside = chosen;
    at = -1;
    rounds = 0;
  }
  tick();
}

function tick() {
  clearInterval(timer);
  const now = pace();
  if (!now) return;
  step();
  timer = setInterval(step, PACE[now]);
}

function pressed(event) {
  if (!pace() || !event.isTrusted) return;
  if (event.type.startsWith("key") && event.key !== " " && event.key !== "Enter") return;
  event.preventDefault();
  event.stopPropagation();
  if (event.type !== "pointerdown" && event.type !== "keydown") return;
  if (event.repeat || performance.now() - last < A_TREMOR) return;
  last = performance.now();
  choose();
}

function stop() {
  clearInterval(timer);
  out();
  for (const one of document.querySelectorAll(".hub-scan, .hub-scan-group")) {
    one.classList.remove("hub-scan", "hub-scan-group");
  }
}

export function scanning() {
  for (const kind of ["pointerdown", "mousedown", "touchstart", "click", "keydown", "keyup"]) {
    document.addEventListener(kind, pressed, { capture: true, passive: false });
  }
  document.addEventListener("hub-easier", (event) => {
    if (event.detail.name !== "switch") return;
    stop();
    tick();
  });
  document.addEventListener("hub-keyboard", () => {
    if (pace()) out();
  });
  tick();
}
