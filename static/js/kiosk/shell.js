// The kiosk's own pages, while the line is away: one address, one page, and a visit that lives in
// memory until it is sent or left. What is asked next says flow.js; what is kept and sent, engine.js.
import { face } from "../face.js";
import { idle } from "../idle.js";
import { asBefore } from "../modes.js";
import * as engine from "./engine.js";
import * as flow from "./flow.js";
import { draw, saySent } from "./screens/drawing.js";
import { screens } from "./screens/every.js";
import { resumedAnyhow } from "./screens/resuming.js";

const AGAIN = "/kiosk/again/";
// Milliseconds that the server is ahead of our clock, as was known at the last touch.
let ahead = 0;
const words = (id) => JSON.parse(document.getElementById(id).textContent);
const labels = document.getElementById("words").content;
const main = document.getElementById("main-content");
const still = [...main.childNodes];
const A_MINUTE = 60_000;

const here = {
  language: document.documentElement.lang,
  words: words("rules-words"),
  word: (name) => labels.querySelector(`[data-word="${name}"]`).textContent.trim(),
  uuid: engine.uuid,
  run: () => performance.now(),
  // The server's time, where it is known: what stands now.
  clock: () => Date.now() + ahead,
  // A day of this county and of the server's time, whatever the device thinks that it is.
  today: () => new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" }).format(Date.now() + ahead),
  visit: null, moved: [], receipt: null, at: null, screen: null, cannot: "", settings: {}, send, print, another,
};
let unwatch = () => {};
let untyped = () => {};
// Whether what the server's pages began went on here, and so is counted here: they are told with
// the next of them that is opened, however often this page began anew meanwhile.
let isOurs = new URLSearchParams(location.search).has("counted");
function lead(path, facts = {}) {
  const said = String(new URLSearchParams({ ...facts, ...(isOurs && { counted: 1 }) }));
  location.replace(said ? `${path}?${said}` : path);
}

const screenFor = (state, at) => screens[at.to](state, at);

// Shows a screen; what is not its turn sends on to what is.
function show(to) {
  let at = to;
  let screen = screenFor(here, at);
  for (let turns = 0; screen.to && turns < 9; turns += 1) {
    at = screen;
    screen = screenFor(here, at);
  }
  Object.assign(here, { at, screen });
  draw(here, screen);
  if (at.to === "kept") printAtOnce(at);
}

async function go(to) {
  const at = await to;
  if (at) show(await onNewest(at));
}

// The line may have been back for a moment: what is asked from here on is what is asked now. What
// was answered stays where it still is an answer.
async function onNewest(at) {
  if (!here.visit?.asked || !engine.isOnline() || !["question", "check"].includes(at.to)) return at;
  const newest = await engine.content(here.language).catch(() => null);
  if (!newest || newest.edition === here.content.edition) return at;
  here.content = newest;
  const { visit, again } = flow.carried(here.visit, newest, here.today());
  here.visit = visit;
  here.moved = again;
  return again.length ? flow.onward(visit, here.today()) : at;
}

async function begin() {
  await tryToKeep();
  here.visit = flow.begun({ id: engine.uuid(), language: here.language, began: here.run() });
  here.moved = [];
  here.receipt = null;
  engine.busy(true);
  engine.count("starts");
  return { to: "menu" };
}

async function tryToKeep() {
  const can = here.content ? await engine.canKeep() : { ok: false, why: "no_content" };
  here.cannot = can.ok ? "" : can.why;
}

async function send() {
  const { visit } = here;
  let is;
  try {
    const { reference, at, ...how } = await engine.handIn(flow.entry(visit, here.content.edition, { clock: Date.now(), run: here.run() }));
    const { tell_by, email, phone } = visit;
    ({ is } = how);
    here.receipt = { reference, at, tell_by, email, phone, service: visit.asked.name };
  } catch (error) {
    // Nothing of what was said is lost: it stays here, and can be sent again.
    const why = typeof error.code === "string" ? error.code : "storage_full";
    return { to: "check", why };
  }
  here.visit = null;
  engine.count("completions");
  const at = { to: "kept", is };
  unwatch();
  if (is === "kept") watchFor(at);
  return at;
}

function watchFor(at) {
  unwatch = engine.watch(here.receipt.reference, (is) => {
    at.is = is;
    if (here.at === at) saySent(is);
  });
}

// A number in the hand at once, where the device has a printer; again as long as the visit lasts.
function printAtOnce(at) {
  saySent(at.is);
  if (!here.settings.printer || at.printed) return;
  at.printed = true;
  print();
}

function print() {
  engine.count("prints");
  window.print();
}

async function another() {
  forget();
  return begin();
}

function forget() {
  unwatch();
  unwatch = () => {};
  untyped();
  Object.assign(here, { visit: null, moved: [], receipt: null, at: null });
}

// Leaves nothing: neither in memory nor on the screen. The next visit begins on the server's pages
// where the line is back, else here.
function leave(why, typed = false) {
  const { visit, receipt, screen } = here;
  try {
    if (visit && screen?.where && why !== "finish") engine.count("left", screen.where);
    if (why === "idle") engine.count("resets");
    if (why === "idle" && visit && (typed || flow.hasData(visit))) engine.count("resets_with_data");
    forget();
    asBefore();
    for (const open of document.querySelectorAll("dialog[open]")) open.close();
    engine.busy(false);
    show({ to: "attract" });
  } catch (error) {
    stand(error);
  }
  lead(AGAIN, { why: receipt ? "finish" : why });
}

const everywhere = {
  again: () => leave("start"),
  finish: () => leave("finish"),
  back: () => here.screen.back,
  people: () => ({ to: "people", from: here.at }),
  begin: (button) => start(button.dataset.language),
  easier: async () => {
    show(await begin());
    document.querySelector("[data-easier-open]").click();
  },
};

// In another language it is another page; in this one too where the line may be back.
function start(language) {
  if (language === here.language && !engine.isOnline()) return begin();
  lead("/kiosk/start/", { language });
  return null;
}

async function onTime() {
  ahead = (await engine.now().catch(() => Date.now())) - Date.now();
}

let waiting = Promise.resolve();
// One touch after another: nothing is done twice by two of them.
function next(act) {
  waiting = waiting.then(onTime).then(() => go(act())).catch(failed);
}

// What is touched twice, or as the screen changes, is not meant for the next screen.
function touched(act) {
  const { screen } = here;
  next(() => (here.screen === screen ? act() : null));
}

// What breaks a screen takes nothing of the visit with it. Nothing is tried again by itself.
function failed(error) {
  noted(error);
  try {
    show({ to: "failed" });
  } catch (another) {
    stand(another);
  }
  if (!here.visit && !here.receipt) setTimeout(anew, A_MINUTE, here.at);
}

function noted(error) {
  console.error(error);
  engine.screenFailed().catch(() => {});
}

// The last resort: the words that the page came with.
function stand(error) {
  noted(error);
  forget();
  main.replaceChildren(...still);
  document.getElementById("bar").hidden = true;
}

// Nobody touched what failed: it may be better by now.
function anew(at) {
  if (here.at === at) lead(AGAIN);
}

const typed = () => new FormData(main.querySelector("form") ?? undefined);

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (link) {
    // The address stays as it is: it is kept by nobody and has no steps back.
    event.preventDefault();
    document.getElementById(link.hash.slice(1))?.focus();
    return;
  }
  const key = event.target.closest("[data-act]");
  if (!key) return;
  event.preventDefault();
  const act = here.screen?.on?.[key.dataset.act] ?? everywhere[key.dataset.act];
  if (act) touched(() => act(key, typed()));
});

document.addEventListener("submit", (event) => {
  if (!event.target.closest("main")) return;
  event.preventDefault();
  const data = new FormData(event.target);
  touched(() => here.screen.submit?.(data));
});

// How large a finger is on this screen, where it is known (channels/kiosk/modes.py).
function wide(mm) {
  const known = document.getElementById("bar").dataset.widths.split(" ").map(Number);
  const width = Math.max(0, ...known.filter((one) => one <= mm));
  if (width) document.body.classList.add(`hub-mm-${width}`);
}

// What was made easier on the page before stays so.
function easier(chosen) {
  for (const [name, step] of Object.entries(chosen)) {
    const key = [...document.querySelectorAll("[data-steps]")].find((one) => one.value.startsWith(`${name}:`));
    const steps = key?.dataset.steps.split("|") ?? [];
    for (let at = 0; at < steps.length && step && !document.body.classList.contains(`hub-${name}-${step}`); at += 1) key.click();
  }
}

// The line went when it was sent already: its number stays in sight, whatever was touched.
function stillSent({ path, visit }) {
  const isOver = ["/kiosk/", "/kiosk/start/", "/kiosk/again/"].some((one) => path.split("?")[0] === one);
  if (!visit?.reference || isOver) return null;
  const { reference, tell_by, email, phone, service_name: service } = visit;
  here.receipt = { reference, at: Date.now() + ahead, tell_by, email, phone, service, isCut: true };
  return { to: "kept", is: "sent", printed: true };
}

async function first(taken) {
  await tryToKeep();
  const before = here.content && taken && stillSent(taken);
  if (before) {
    isOurs = true;
    engine.busy(true);
    easier(taken.visit.easier ?? {});
    return before;
  }
  if (here.content && taken?.visit) {
    const at = resumedAnyhow(here, taken, screenFor, noted);
    if (at) {
      isOurs = true;
      engine.busy(true);
      easier(taken.visit.easier ?? {});
      return at.to === "send" ? send() : at;
    }
  }
  return taken?.path.startsWith("/kiosk/start/") ? begin() : { to: "attract" };
}

async function open() {
  const { device, settings, content, places, languages, taken, locked } = await engine.ready();
  Object.assign(here, { device, settings, content, places, languages });
  document.getElementById("site").textContent = device.site ?? "";
  face(document.body);
  wide(settings.screen_mm ?? 0);
  untyped = idle(document.getElementById("idle"), { isOn: () => here.visit || here.receipt, end: (typed) => leave("idle", typed) });
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, engine.touched, { passive: true, capture: true });
  // While nobody is here, the server's pages come back with the line.
  engine.onLine((is) => {
    if (is && ["attract", "failed"].includes(here.at?.to) && !here.visit && !here.receipt) {
      // What was to be told when the line was away is told now.
      const isTold = location.pathname === AGAIN;
      lead(isTold || isOurs ? AGAIN : "/kiosk/", isTold ? Object.fromEntries(new URLSearchParams(location.search)) : {});
    }
  });
  if (!locked) next(() => first(taken));
}

await open().catch(failed);
