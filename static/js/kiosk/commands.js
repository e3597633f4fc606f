// What an administrator orders: signed by the server's key that this device was given when it was
// enrolled, for this device, in time by the server's clock, once.
import { day, dayOf } from "./clock.js";
import { clear, have } from "./stocking.js";
import { change, read } from "./store.js";

const SIGNING = { name: "ECDSA", hash: "SHA-256" };
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const ROW = "done";
const REMEMBERED = 50;
// These take the screen from whoever stands there: they wait until nobody does.
const WAITING = ["reload", "update", "clear"];
const text = new TextEncoder();

function bytes(part) {
  const plain = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

const json = (part) => JSON.parse(new TextDecoder().decode(bytes(part)));

// What is ordered, or null: not signed by the server, not for this device, or too late.
export async function verified(jws, device, now) {
  try {
    const [shown, body, signature] = jws.split(".");
    const { alg, kid } = json(shown);
    const { kty, crv, x, y, kid: ours } = device.commands;
    if (alg !== "ES256" || kid !== ours) return null;
    const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, CURVE, false, ["verify"]);
    const said = text.encode(`${shown}.${body}`);
    if (!(await crypto.subtle.verify(SIGNING, key, bytes(signature), said))) return null;
    const claims = json(body);
    return claims.kiosk === device.kiosk && claims.exp > now ? claims : null;
  } catch {
    return null;
  }
}

// Ids that were done and not yet heard.
export async function done() {
  const all = (await read("device", ROW)) ?? [];
  return all.filter((one) => !one.heard).map((one) => one.id);
}

export const heard = (ids) =>
  change("device", ROW, (all = []) =>
    all.map((one) => (ids.includes(one.id) ? { ...one, heard: true } : one)),
  );

// Whether it is to be done: notes it as done first, so that what begins the page anew is done once.
async function isNew(id) {
  let fresh = false;
  await change("device", ROW, (all = []) => {
    fresh = !all.some((one) => one.id === id);
    const others = all.filter((one) => one.id !== id);
    return [...others, { id, heard: false }].slice(-REMEMBERED);
  });
  return fresh;
}

const KINDS = {
  reload: async ({ go }) => go("/kiosk/"),
  update: async ({ wanted }) => have(wanted, { now: true }),
  clear: async ({ go }) => {
    await clear();
    go("/kiosk/again/");
  },
  // Words are for the day; none take away those that stand.
  message: async ({ words, day, show }) => {
    await change("device", "message", () => (words ? { words, day } : null));
    show();
  },
  lock: async ({ lock }) => lock(true),
  unlock: async ({ lock }) => lock(false),
};

// `ways`: go(path), lock(is), show(), isFree(), wanted (the release to have).
export async function perform(orders, device, now, ways) {
  for (const jws of orders) {
    const order = await verified(jws, device, now);
    const act = order && KINDS[order.kind];
    if (!act || (WAITING.includes(order.kind) && !ways.isFree())) continue;
    if (await isNew(order.id)) await act({ ...ways, words: order.words, day: dayOf(now) });
  }
}

// What an administrator has to say today, or nothing.
export async function message() {
  const row = await read("device", "message");
  return row?.words && row.day === (await day()) ? row.words : "";
}

// Takes words of a day that is over from the screen.
export async function fade(now, show) {
  const row = await read("device", "message");
  if (!row || row.day === dayOf(now)) return;
  await change("device", "message", () => null);
  show();
}
