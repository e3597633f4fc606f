// What the server's time is. A kiosk's clock is often wrong, so what the server said last is
// believed, for as long as it is certain that the clock has not been set since: while the browser
// runs, a mark is made every few seconds; a gap or a jump between two of them ends it.
import { change, read } from "./store.js";

const EVERY = 5_000;
const GAP = 20_000;
const JUMP = 5_000;
const ROW = "clock";
let mark = null;

const isFresh = (row, now) => row && now >= row.alive && now - row.alive < GAP;

// Whether the clock has gone as the time went, since this page last looked.
function isSteady() {
  const now = { wall: Date.now(), run: performance.now() };
  const off = mark ? now.wall - mark.wall - (now.run - mark.run) : 0;
  mark = now;
  return Math.abs(off) <= JUMP;
}

// Milliseconds to add to our clock for the server's; null where that is not certain.
export async function offset() {
  const row = await tick();
  return row?.offset ?? null;
}

export async function tick() {
  const steady = isSteady();
  return change("device", ROW, (row) => {
    if (!row) return undefined;
    const now = Date.now();
    const known = steady && isFresh(row, now) ? row.offset : null;
    return { ...row, offset: known, alive: now };
  });
}

// The server said what time it is, in answer to what was asked at `asked`.
export async function heard(server, asked) {
  isSteady();
  const now = Date.now();
  // Half of the way there and back; a clock that was set meanwhile is seen at the next turn.
  const middle = now >= asked ? (asked + now) / 2 : now;
  await change("device", ROW, () => ({ offset: Math.round(server - middle), alive: now }));
}

// The best that is known of the server's time, for days and dates; `isSure` says how good it is.
export async function serverTime() {
  const known = await offset();
  return { now: Date.now() + (known ?? 0), isSure: known !== null };
}

// The day there, as the county writes it.
export async function day() {
  const { now } = await serverTime();
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/London" }).format(now);
}

let going = null;
export function go() {
  going ??= setInterval(() => tick().catch(() => {}), EVERY);
}

export const lastKnown = () => read("device", ROW);
