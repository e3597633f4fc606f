// The heartbeat: every thirty seconds, from one tab, this device says how it is and hears what it
// should be. Everything that comes from the server to the device comes by it.
import * as clock from "./clock.js";
import { forgetOld, totals } from "./counting.js";
import * as commands from "./commands.js";
import { call, me, useNonce } from "./device.js";
import { numbersLeft, waiting } from "./keeping.js";
import { forgetOld as forgetKept, send } from "./sending.js";
import * as stocking from "./stocking.js";
import { change, read, within, write } from "./store.js";

const EVERY = 30_000;
const PATIENCE = 10_000;
const HERE = 60_000;
const told = new BroadcastChannel("hub-kiosk");

let line = navigator.onLine;
let isKnown = false;
const listeners = new Set();
export const isOnline = () => line;
export function onLine(fn) {
  listeners.add(fn);
}
function setLine(is) {
  // The first word on a page is news: where the device's own stands, it says that the line is back.
  if (line === is && isKnown) return;
  isKnown = true;
  line = is;
  for (const fn of listeners) fn(is);
}

// Who uses it: of this page, and as pages before it left it. What was printed is a total that only
// grows. A page that is left has no time to write: it is written as it happens.
const use = { touched: null, printed: 0 };
const SELDOM = 5_000;
let written = -SELDOM;
let isBusy = () => false;
export function touched() {
  use.touched = Date.now();
  if (performance.now() - written < SELDOM) return;
  written = performance.now();
  keepUse().catch(() => {});
}
export function printed() {
  use.printed += 1;
  keepUse().catch(() => {});
}
async function keepUse() {
  const more = { ...use };
  use.printed = 0;
  try {
    return await change("device", "use", (row = {}) => ({
      touched: more.touched ?? row.touched ?? null,
      printed: (row.printed ?? 0) + more.printed,
    }));
  } catch (error) {
    use.printed += more.printed;
    throw error;
  }
}

const ways = {
  go: (path) => location.replace(path),
  isFree: () => !isBusy(),
  show: () => document.dispatchEvent(new CustomEvent("kiosk:message")),
  // What is so already takes no page away again: the state and the order come in one answer.
  async lock(is) {
    let isNews = false;
    await change("device", "me", (row) => {
      isNews = Boolean(row) && Boolean(row.locked) !== is;
      return isNews ? { ...row, locked: is } : undefined;
    });
    if (isNews) location.replace("/kiosk/");
  },
};

async function said(device) {
  const row = await keepUse();
  const { kept, oldest } = await waiting();
  return {
    v: 1,
    now: Date.now(),
    release: await stocking.release().catch(() => ""),
    content: (await stocking.here())?.edition ?? "",
    queued: kept,
    oldest,
    numbers: await numbersLeft(),
    touched: row.touched,
    printed: row.printed,
    here: isBusy() || (row.touched !== null && Math.abs(Date.now() - row.touched) < HERE),
    problems: await stocking.problems(),
    done: await commands.done(),
    counts: await totals(),
  };
}

// What was forgotten, and how long this device runs: after a week it forgets what it keeps as well.
const STAYS = ["gone", "ran", "clock"];

// Switched off: key, numbers, counts and shell go; what is kept sealed stays until the device is enrolled anew.
async function switchedOff() {
  await within(["device", "numbers", "counts"], "readwrite", (device, numbers, counts) => {
    counts.clear();
    numbers.clear();
    device.getAllKeys().onsuccess = ({ target }) => {
      for (const name of target.result) if (!STAYS.includes(name)) device.delete(name);
      device.put({ off: true }, "me");
    };
  });
  await stocking.clear();
  location.replace("/kiosk/");
}

async function obey(device, sent, answer, asked) {
  await clock.heard(answer.now, asked);
  if (answer.nonce) await write("device", answer.nonce, "nonce");
  const now = await within(["device", "numbers"], "readwrite", (rows, numbers, say) => {
    for (const reference of answer.numbers ?? []) numbers.put({ reference });
    rows.get("me").onsuccess = ({ target }) => {
      const row = target.result;
      if (!row?.key) return;
      const { name = row.name, site = row.site } = answer.settings ?? {};
      const fresh = { ...row, name, site, settings: answer.settings ?? row.settings };
      fresh.sealing = answer.sealing ?? row.sealing;
      fresh.commands = answer.commands_key ?? row.commands;
      rows.put(fresh, "me");
      say(fresh);
    };
  });
  if (!now) return;
  await commands.heard(sent.done);
  await forgetOld(answer.now);
  told.postMessage({ settings: now.settings });
  const isLocked = answer.locked === "locked";
  if (isLocked !== Boolean(now.locked)) await ways.lock(isLocked);
  await commands.fade(answer.now, ways.show);
  await commands.perform(answer.commands ?? [], now, answer.now, { ...ways, wanted: answer.release });
  await stock(answer, now);
}

export let languages = () => [];
async function stock(answer, device) {
  const offered = languages().filter(
    (one) => !device.settings?.languages?.length || device.settings.languages.includes(one),
  );
  await stocking.haveContent(answer.content, offered);
  if (ways.isFree() || !(await stocking.release())) await stocking.have(answer.release);
}

// One heartbeat; whether the server answered.
export async function pulse() {
  const device = await me();
  if (!device?.key) return false;
  useNonce((await read("device", "nonce")) ?? "");
  const body = await said(device);
  const asked = performance.now();
  let heard;
  try {
    heard = await call(device, "/kiosk/pulse/", body, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    setLine(false);
    return false;
  }
  setLine(![502, 503, 504].includes(heard.status));
  if (heard.status === 403 && ["revoked", "unknown"].includes(heard.said.locked)) await switchedOff();
  if (heard.status !== 200) return false;
  await obey(device, body, heard.said, asked);
  await send();
  return true;
}

// Milliseconds until the next is due, whichever page made the last; at once where the clock jumped.
async function due() {
  const ago = Date.now() - ((await read("device", "beat")) ?? 0);
  return ago >= 0 && ago < EVERY ? EVERY - ago : 0;
}

function pause(after) {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = (isNews) => {
      clearTimeout(timer);
      over.abort();
      resolve(isNews);
    };
    const timer = setTimeout(end, after, false);
    for (const news of ["online", "kiosk:clock-set"]) {
      window.addEventListener(news, () => end(true), { signal: over.signal });
    }
  });
}

async function beats() {
  for (let isBack = false, last = performance.now(); ; ) {
    const wait = isBack ? 0 : await due();
    if (wait) {
      isBack = await pause(wait);
      continue;
    }
    isBack = false;
    const ran = performance.now() - last;
    last = performance.now();
    await write("device", Date.now(), "beat");
    await change("device", "ran", (so = 0) => so + Math.max(0, Math.round(ran)));
    if (!(await pulse().catch(() => false))) await forgetKept().catch(() => {});
  }
}

let begun = false;
// Begins on this page: `busy()` says whether somebody's visit is on it, `offered()` which languages
// there are. The tab that has the lock beats; another takes over when that is closed.
export function begin({ busy, offered, now = false }) {
  isBusy = busy;
  languages = offered;
  if (begun) return;
  begun = true;
  clock.go();
  window.addEventListener("beforeprint", printed);
  for (const kind of ["pointerdown", "keydown"]) {
    document.addEventListener(kind, touched, { passive: true, capture: true });
  }
  send();
  window.addEventListener("online", send);
  navigator.storage?.persist?.().catch(() => {});
  const first = now ? write("device", 0, "beat") : Promise.resolve();
  first.then(() => navigator.locks.request("hub-kiosk-pulse", beats)).catch(() => {});
}
