// What is kept goes out: while there is a line, in its order, from one tab at a time. Only what the
// server says that it has is deleted; whoever is cut off anywhere begins again where it was.
import { serverTime } from "./clock.js";
import { call, me } from "./device.js";
import { change, read, within } from "./store.js";

const MANY = 20;
const A_WEEK = 7 * 24 * 60 * 60 * 1000;
const PATIENCE = 30_000;
const told = new BroadcastChannel("hub-kiosk");

const first = (many) =>
  within(["kept"], "readonly", (kept, say) => {
    kept.getAll(null, many).onsuccess = ({ target }) => say(target.result);
  });

const asked = (device, path, value) => call(device, path, value, { signal: AbortSignal.timeout(PATIENCE) });

const taken = (entries) =>
  within(["kept"], "readwrite", (kept) => {
    for (const { seq } of entries) kept.delete(seq);
  });

// Sends all there is. True where nothing is left, false where it has to be tried again.
async function sendAll() {
  const device = await me();
  if (!device?.key) return false;
  for (let many = MANY; ; ) {
    const entries = await first(many);
    if (!entries.length) return true;
    const { status, said } = await asked(device, "/kiosk/kept/", {
      now: Date.now(),
      entries: entries.map(({ id, jwe }) => ({ id, jwe })),
    });
    if ([401, 403, 404, 429].includes(status)) return false;
    const has = new Set(status === 200 ? said.taken : []);
    const gone = entries.filter(({ id }) => has.has(id));
    await taken(gone);
    if (gone.length) told.postMessage({ sent: gone.map(({ reference }) => reference) });
    // Something among them is too much for the server: one by one the rest gets through.
    else if (many > 1) many = 1;
    else return false;
  }
}

// After a week what could not be sent is forgotten, and that is said. A week by the server's time,
// then and now; where a clock was nobody's word, a week in which this device ran.
export async function forgetOld() {
  const { now, isSure } = await serverTime();
  await within(["kept", "device"], "readwrite", (kept, device) => {
    const ran = device.get("ran");
    const gone = device.get("gone");
    kept.getAll().onsuccess = ({ target }) => {
      const old = target.result.filter(
        (one) =>
          (isSure && one.at !== null && now - one.at > A_WEEK) ||
          (ran.result ?? 0) - one.ran > A_WEEK,
      );
      if (!old.length) return;
      for (const { seq } of old) kept.delete(seq);
      const more = old.map(({ id, reference, made }) => ({ id, reference, made }));
      device.put([...(gone.result ?? []), ...more], "gone");
    };
  });
}

async function tellGone() {
  const device = await me();
  const gone = (await read("device", "gone")) ?? [];
  if (!gone.length || !device?.key) return;
  const { status } = await asked(device, "/kiosk/kept/gone/", {
    now: Date.now(),
    entries: gone.slice(0, MANY),
  });
  if (status !== 200) return;
  const ids = new Set(gone.slice(0, MANY).map(({ id }) => id));
  await change("device", "gone", (all = []) => all.filter(({ id }) => !ids.has(id)));
}

// One tab at a time; who comes while another sends leaves it to that one.
export const send = () =>
  navigator.locks.request("hub-kiosk-sending", { ifAvailable: true }, async (lock) => {
    if (!lock) return false;
    try {
      const isAll = await sendAll();
      await tellGone();
      return isAll;
    } catch {
      return false;
    } finally {
      await forgetOld().catch(() => {});
    }
  });

// fn("kept") now, and fn("sent") once when the server has it.
export function watch(reference, fn) {
  const heard = new BroadcastChannel("hub-kiosk");
  let isOver = false;
  const end = () => {
    isOver = true;
    heard.close();
  };
  const look = async () => {
    const kept = await within(["kept"], "readonly", (store, say) => {
      store.getAll().onsuccess = ({ target }) => say(target.result.map((one) => one.reference));
    });
    if (isOver || kept.includes(reference)) return;
    end();
    fn("sent");
  };
  heard.onmessage = ({ data }) => data.sent && look();
  fn("kept");
  look();
  return end;
}
