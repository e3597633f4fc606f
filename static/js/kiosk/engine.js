// What the shell's screens ask for (docs/kiosks.md, "The engine"). They know nothing of stores,
// caches, keys or calls.
import { serverTime } from "./clock.js";
import { me } from "./device.js";
import { canKeep as canBeKept, keep as keepEntry, numbersLeft, waiting } from "./keeping.js";
import { begin, isOnline, onLine, touched } from "./pulse.js";
import { send, watch } from "./sending.js";
import { content, here, places } from "./stocking.js";
import { showLocked, showMessage } from "./visiting.js";

export { count } from "./counting.js";
export { NoNumbers, NotEnrolled, StorageFull } from "./keeping.js";
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
  const can = await canBeKept();
  return can.ok && !(await here()) ? { ok: false, why: "no_content" } : can;
}

export async function keep(entry) {
  const kept = await keepEntry(entry);
  send();
  return kept;
}

function start(element) {
  const offered = () => element.dataset.languages.split(" ");
  begin({ busy: () => isBusy, offered });
  const show = () => showMessage(element, () => !isBusy);
  document.addEventListener("kiosk:message", show);
  show();
}

const taken = () => JSON.parse(document.getElementById("taken")?.textContent ?? "null");

let started = false;
export async function ready({ language = document.documentElement.lang } = {}) {
  const element = document.querySelector("[data-module~='hub-kiosk']");
  const device = await me();
  if (device?.key && element && !started) {
    started = true;
    start(element);
  }
  if (device?.locked && element) showLocked(element);
  return {
    device: { kiosk: device?.kiosk, name: device?.name, site: device?.site },
    settings: device?.settings ?? {},
    content: await content(language),
    places: await places(language),
    languages: (await here())?.languages ?? [],
    numbersLeft: await numbersLeft(),
    taken: taken(),
    locked: Boolean(device?.locked),
  };
}
