// A device that was switched off, and keeps what it can send no more: that is forgotten after a
// week as well, by the server's time, which each of its pages says, and by the time that ran.
import * as clock from "./clock.js";
import { forgetOld } from "./sending.js";
import { change, size } from "./store.js";

const EVERY = 30_000;
const pause = (time) => new Promise((done) => setTimeout(done, time));

async function fades() {
  for (let last = performance.now(); await size("kept"); ) {
    await forgetOld();
    await pause(EVERY);
    const ran = performance.now() - last;
    last += ran;
    await change("device", "ran", (so = 0) => so + Math.round(ran));
  }
}

// `now`: the server's time when it made this page.
export async function fading(now) {
  if (!(await size("kept"))) return;
  if (now) await clock.heard(now, 0);
  clock.go();
  await navigator.locks.request("hub-kiosk-pulse", fades);
}
