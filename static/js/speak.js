// Reads a page aloud: its heading, its words, and what has the focus. Only where this device has a
// voice for the page's language, and only for who switched it on: beside a screen reader it is off.
const SKIPPED = "[hidden], .govuk-visually-hidden, .hub-keyboard, dialog, script, noscript, template, [aria-hidden=true]";
const READ = "h1, h2, h3, p, li, dt, dd, label, legend, button, a, summary";
const voices = () => globalThis.speechSynthesis?.getVoices() ?? [];
const tongue = (text) => text.toLowerCase().split("-")[0];
const isOn = () => document.body.classList.contains("hub-read-on");

function voiceFor(lang) {
  const own = voices().filter((one) => tongue(one.lang) === tongue(lang));
  // One that lives on the device: nothing of a person goes to whoever sells voices.
  return own.find((one) => one.localService) ?? null;
}

function say(words, lang = document.documentElement.lang) {
  const spoken = new SpeechSynthesisUtterance(words);
  spoken.lang = lang;
  spoken.voice = voiceFor(lang);
  if (spoken.voice) speechSynthesis.speak(spoken);
}

function hush() {
  globalThis.speechSynthesis?.cancel();
}

// The outermost of what is read, in the order of the page, each with its language.
function words(root) {
  const found = [];
  for (const one of root.querySelectorAll(READ)) {
    if (one.closest(SKIPPED) || one.parentElement.closest(READ)) continue;
    const text = one.innerText.replace(/\s+/g, " ").trim();
    if (text) found.push([text, one.closest("[lang]").lang]);
  }
  return found;
}

function name(control) {
  const label = control.labels?.[0]?.innerText ?? control.getAttribute("aria-label") ?? control.innerText;
  return (label ?? "").replace(/\s+/g, " ").trim();
}

export function readPage() {
  hush();
  for (const [text, lang] of words(document.querySelector("main"))) say(text, lang);
}

export function speaker(key) {
  const keys = () => document.querySelectorAll("[data-reads]");
  const settle = () => {
    const can = voiceFor(document.documentElement.lang) !== null;
    for (const one of keys()) one.hidden = !can;
    key.hidden = !can || !isOn();
  };
  key.addEventListener("click", readPage);
  document.addEventListener("hub-easier", (event) => {
    if (event.detail.name !== "read") return;
    settle();
    if (event.detail.step) readPage();
    else hush();
  });
  // A touch stops it, before what was touched says its own.
  document.addEventListener("pointerdown", hush, { capture: true });
  document.addEventListener("focusin", (event) => {
    if (!isOn() || event.target.matches("main, body, h1")) return;
    hush();
    say(name(event.target), event.target.closest("[lang]").lang);
  });
  window.addEventListener("pagehide", hush);
  globalThis.speechSynthesis?.addEventListener("voiceschanged", () => {
    const was = key.hidden;
    settle();
    if (was && !key.hidden) readPage();
  });
  settle();
  if (!key.hidden) readPage();
}
