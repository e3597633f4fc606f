// What the shell's screens ask for (docs/kiosks.md, "The engine"). They know nothing of stores,
// caches, keys or calls.
import { serverTime } from "./clock.js";
import * as counting from "./counting.js";
import { hand, whoIAm } from "./handing.js";
import { canKeep as canBeKept, keep as keepEntry, numbersLeft, waiting } from "./keeping.js";
import { begin, isOnline, onLine, touched } from "./pulse.js";
import { send, watch } from "./sending.js";
import { content, here, places } from "./stocking.js";
import { showLocked, showMessage } from "./visiting.js";

export { NoNumbers, NotEnrolled, StorageFull } from "./keeping.js";
export { screenFailed } from "./stocking.js";
export { content, isOnline, numbersLeft, onLine, touched, watch };

let isBusy = false;
export function busy(is) {
  isBusy = is;
  document.dispatchEvent(new CustomEvent("kiosk:message"));
}

export const uuid = () => crypto.randomUUID();
export const staffCount = waiting;
// Now, as the server has it where that is known.
export const now = async () => (await serverTime()).now;

export async function canKeep() {
  const can = await canBeKept().catch(() => ({ ok: false, why: "storage_full" }));
  return can.ok && !(await here()) ? { ok: false, why: "no_content" } : can;
}

export async function keep(entry) {
  const kept = await keepEntry(entry);
  send();
  return kept;
}

// Kept, or where nothing can be kept told to the hub at once; `is` says which.
export async function handIn(entry) {
  try {
    return { ...(await keep(entry)), is: "kept" };
  } catch (refused) {
    try {
      return { ...(await hand(entry)), is: "sent" };
    } catch {
      throw refused;
    }
  }
}

// What is not counted takes nothing else with it.
export const count = (name, where) => counting.count(name, where).catch(() => {});

function start(element) {
  const offered = () => element.dataset.languages.split(" ");
  begin({ busy: () => isBusy, offered });
  const show = () => showMessage(element, () => !isBusy);
  document.addEventListener("kiosk:message", show);
  show().catch(() => {});
}

const taken = () => JSON.parse(document.getElementById("taken")?.textContent ?? "null");

let started = false;
export async function ready({ language = document.documentElement.lang } = {}) {
  const element = document.querySelector("[data-module~='hub-kiosk']");
  const device = await whoIAm();
  if (device?.key && element && !started) {
    started = true;
    start(element);
  }
  if (device?.locked && element) showLocked(element);
  return {
    device: { kiosk: device?.kiosk, name: device?.name, site: device?.site },
    settings: device?.settings ?? {},
    content: await content(language).catch(() => null),
    places: await places(language).catch(() => null),
    languages: (await here().catch(() => null))?.languages ?? [],
    numbersLeft: await numbersLeft().catch(() => 0),
    taken: taken(),
    locked: Boolean(device?.locked),
  };
}
