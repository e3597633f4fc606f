// A device whose session has died, or whose cookie was lost, shows its key and gets a fresh one.
import { me } from "./device.js";
import { pulse } from "./pulse.js";
import { read, write } from "./store.js";

const EVERY = 10_000;
// After so long nobody stands here any more who would go on where the page was.
const PATIENCE = 60_000;
const pause = (time) => new Promise((done) => setTimeout(done, time));

// Whether this device has a key, and the server has just handed it a session.
export async function woken() {
  const device = await me().catch(() => null);
  if (!device?.key || !(await pulse().catch(() => false))) return false;
  await write("device", Date.now(), "woken").catch(() => {});
  return true;
}

// A browser that keeps no cookie wakes and falls asleep again: not without end, and not at once.
async function wasJustWoken() {
  const ago = Date.now() - ((await read("device", "woken").catch(() => 0)) ?? 0);
  return ago >= 0 && ago < EVERY;
}

export async function waker(place) {
  const { home, again, enrol } = place.dataset;
  const began = performance.now();
  if (await wasJustWoken()) await pause(EVERY);
  for (;;) {
    const device = await me().catch(() => null);
    if (!device?.key) {
      location.replace(enrol);
      return;
    }
    if (await woken()) break;
    await pause(EVERY);
  }
  const isLong = performance.now() - began > PATIENCE;
  const there = location.pathname === again ? home : location.pathname + location.search;
  location.replace(isLong ? again : there);
}
