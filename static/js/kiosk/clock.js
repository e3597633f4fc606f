// What the server's time is. A kiosk's clock is often wrong, so what the server said last is
// believed, for as long as it is certain that the clock has not been set since: while the browser
// runs, a mark is made every few seconds; a gap or a jump between two of them ends it. A clock that
// is set back while a page looks on is seen through: the time that ran says what time it is.
import { change, read } from "./store.js";

const EVERY = 5_000;
const GAP = 20_000;
const JUMP = 5_000;
const ROW = "clock";
let mark = null;

const isFresh = (row, now) => row && now >= row.alive && now - row.alive < GAP;

// Whether the clock has gone as the time went, since this page last looked, and what it is off by
// for all that this page knows itself. One that jumps ahead may be a device that slept.
function look() {
  const now = { wall: Date.now(), run: performance.now() };
  const ran = mark ? now.run - mark.run : 0;
  const off = mark ? now.wall - mark.wall - ran : 0;
  const isSteady = Math.abs(off) <= JUMP;
  const isSeenThrough = isSteady || (off < 0 && ran < GAP);
  const known = mark?.offset ?? null;
  const offset = known === null || !isSeenThrough ? null : known - (isSteady ? 0 : off);
  mark = { ...now, offset };
  if (!isSteady) window.dispatchEvent(new Event("kiosk:clock-set"));
  return { isSteady, offset };
}

// Milliseconds to add to our clock for the server's; null where that is not certain.
export async function offset() {
  const row = await tick().catch(() => mark);
  return row?.offset ?? null;
}

export async function tick() {
  const seen = look();
  const row = await change("device", ROW, (row) => {
    if (!row) return undefined;
    const now = Date.now();
    const kept = isFresh(row, now) ? row.offset : null;
    return { ...row, offset: seen.isSteady ? kept : seen.offset, alive: now };
  });
  mark.offset = row?.offset ?? null;
  return row;
}

// The server said what time it is, in answer to what was asked at `asked` of this page's run.
export async function heard(server, asked) {
  look();
  // Half of the way there and back, by the time that ran: no clock that is set changes that.
  const middle = mark.wall - (mark.run - asked) / 2;
  mark.offset = Math.round(server - middle);
  const { offset: fresh, wall: alive } = mark;
  await change("device", ROW, () => ({ offset: fresh, alive }));
}

// The best that is known of the server's time, for days and dates; `isSure` says how good it is.
export async function serverTime() {
  const known = await offset();
  return { now: Date.now() + (known ?? 0), isSure: known !== null };
}

// The day of a moment, as the county writes it.
export const dayOf = (now) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/London" }).format(now);

// The day there.
export async function day() {
  const { now } = await serverTime();
  return dayOf(now);
}

let going = null;
export function go() {
  going ??= setInterval(() => tick().catch(() => {}), EVERY);
}

export const lastKnown = () => read("device", ROW);
