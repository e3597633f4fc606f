// What this device holds for when the line is away: the worker with its release of the shell, and
// the questions and answers of its languages. All of an edition, or the one before.
import { read, within, write } from "./store.js";

const WORKER = "/kiosk/sw.js";
const SCOPE = "/kiosk/";
const PLACES = "/kiosk/content/places/";
const PATIENCE = 60_000;
const bundle = (language) => `/kiosk/content/${language}/`;

// A release that did not come is asked for again after so long; an order does so at once.
const AGAIN = 5 * 60_000;
const A_DAY = 24 * 60 * 60_000;
let broke = 0;
let isContentLost = false;

// A screen of the shell failed in somebody's hands: the desk hears of it for a day, or until
// another release is here.
export async function screenFailed() {
  broke = Date.now();
  await write("device", broke, "broke");
}

// Words for what is wrong here, as the heartbeat says them.
export async function problems() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.().catch(() => ({}))) ?? {};
  const full = quota ? usage / quota : 0;
  const found = full > 0.95 ? ["storage_full"] : full > 0.8 ? ["storage_low"] : [];
  if (await read("device", "failed")) found.push("update_failed");
  if (isContentLost) found.push("content_failed");
  const failedAt = Math.max(broke, (await read("device", "broke")) ?? 0);
  return failedAt && Math.abs(Date.now() - failedAt) < A_DAY ? [...found, "screen_failed"] : found;
}

const registration = () => navigator.serviceWorker?.getRegistration(SCOPE);

// The release that the worker at work here is of; nothing where none is.
export async function release() {
  const worker = (await registration())?.active;
  if (!worker) return "";
  const { port1, port2 } = new MessageChannel();
  const said = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, 5_000, "");
  });
  worker.postMessage({ ask: "release" }, [port2]);
  const name = await said;
  // What the browser threw away is fetched again by a worker that begins anew.
  if (name && !(await caches.match(`/kiosk/shell/${name}/manifest.json`, { ignoreVary: true }))) {
    await (await registration())?.unregister();
    return "";
  }
  return name;
}

// Whether the worker that is coming has all that it needs.
async function isWhole(worker) {
  const ends = ["installed", "activating", "activated", "redundant"];
  while (!ends.includes(worker.state)) {
    await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
  }
  return worker.state !== "redundant";
}

async function fetchWorker(wanted) {
  const known = await registration();
  if (known?.active) await known.update();
  else await navigator.serviceWorker.register(WORKER, { scope: SCOPE, updateViaCache: "none" });
  const now = await registration();
  const coming = now?.installing ?? now?.waiting;
  return coming ? isWhole(coming) : (await release()) === wanted;
}

// Sees to it that the worker is the one of this release. None is wanted where none was made.
export const have = (wanted, { now = false } = {}) =>
  navigator.locks.request("hub-kiosk-release", { ifAvailable: !now }, async (lock) => {
    if (!lock || !wanted || !navigator.serviceWorker) return;
    const is = await release();
    const failed = await read("device", "failed");
    const ago = Date.now() - (failed?.at ?? 0);
    if (is !== wanted && !now && failed?.release === wanted && ago >= 0 && ago < AGAIN) return;
    const came = is === wanted || (await fetchWorker(wanted).catch(() => false));
    await within(["device"], "readwrite", (rows) => {
      if (came) rows.delete("failed");
      else rows.put({ release: wanted, at: Date.now() }, "failed");
      if (came && is !== wanted) rows.delete("broke");
    });
  });

// The edition that is here, whole: {edition, languages}.
export const here = () => read("device", "content");

async function fetched(path) {
  const answer = await fetch(path, {
    cache: "no-cache",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

async function stock(languages) {
  const found = await Promise.all(languages.map((one) => fetched(bundle(one))));
  const editions = await Promise.all(found.map(async (one) => (await one.clone().json()).edition));
  const edition = editions[0];
  // It changed while we read: the next heartbeat brings us back.
  if (!edition || editions.some((one) => one !== edition)) return;
  const places = await fetched(PLACES);
  if ((await places.clone().json()).edition !== edition) return;
  await Promise.all(
    languages.map(async (one, at) => {
      const cache = await caches.open(`content-${edition}-${one}`);
      await cache.put(bundle(one), found[at]);
      await cache.put(PLACES, places.clone());
    }),
  );
  await write("device", { edition, languages }, "content");
  const live = new Set(languages.map((one) => `content-${edition}-${one}`));
  const old = (await caches.keys()).filter((one) => one.startsWith("content-") && !live.has(one));
  await Promise.all(old.map((one) => caches.delete(one)));
}

// Fetches the newest edition where the one that is here is another or lacks a language.
export const haveContent = (edition, languages) =>
  navigator.locks.request("hub-kiosk-content", { ifAvailable: true }, async (lock) => {
    const now = await here();
    const isHere = now?.edition === edition && languages.every((one) => now.languages.includes(one));
    isContentLost &&= !isHere;
    if (!lock || !edition || isHere) return;
    isContentLost = await stock(languages).then(() => false, () => true);
  });

async function from(language, path) {
  const now = await here();
  if (!now?.languages.includes(language)) return null;
  const cacheName = `content-${now.edition}-${language}`;
  const kept = await caches.match(path, { cacheName, ignoreVary: true });
  return kept ? kept.json() : null;
}

export const content = (language) => from(language, bundle(language));
export const places = (language) => from(language, PLACES);

// Takes the shell and the questions away; they come again where the device may have them. What was
// counted stays: the server keeps the greater of two totals, so a count begun anew would be lost.
export async function clear() {
  for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) await one.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
  await within(["device"], "readwrite", (device) => void device.delete("content"));
}
