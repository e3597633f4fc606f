// What somebody sent while the line is away: sealed, under a number of this device's own, on the
// disk before anybody is told so.
import { offset } from "./clock.js";
import { me } from "./device.js";
import { sealed } from "./seal.js";
import { read, rows, size, within, write } from "./store.js";

class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}
export class StorageFull extends Refused {
  constructor() {
    super("storage_full");
  }
}
export class NoNumbers extends Refused {
  constructor() {
    super("no_numbers");
  }
}
export class NotEnrolled extends Refused {
  constructor() {
    super("not_enrolled");
  }
}

// About what a long enquiry takes, sealed.
const TRIED = 64 * 1024;

export const numbersLeft = () => size("numbers");

const aNumber = () =>
  within(["numbers"], "readonly", (numbers, say) => {
    numbers.openCursor().onsuccess = ({ target }) => say(target.result?.value.reference ?? "");
  });

const isFull = (error) => error?.name === "QuotaExceededError" || error?.name === "UnknownError";

// Whether this entry is kept already: a second touch of Send is the same sending.
const keptAs = (id) =>
  within(["kept"], "readonly", (kept, say) => {
    kept.openCursor().onsuccess = ({ target }) => {
      const at = target.result;
      if (!at) return;
      if (at.value.id === id) say(at.value);
      else at.continue();
    };
  });

// Writes the entry and takes its number out, both or neither; false where another tab has taken it.
async function put(entry) {
  try {
    return await within(["numbers", "kept"], "readwrite", (numbers, kept, say) => {
      numbers.get(entry.reference).onsuccess = ({ target }) => {
        if (!target.result) return;
        numbers.delete(entry.reference);
        kept.add(entry);
        say(true);
      };
    });
  } catch (error) {
    throw isFull(error) ? new StorageFull() : error;
  }
}

// What the screens hear of it; `at` is the best that is known of the server's time.
const told = ({ id, reference, made, at }) => ({ id, reference, made, at: at ?? made });

async function keepAs(id, said) {
  const before = await keptAs(id);
  if (before) return told(before);
  const device = await me();
  if (!device?.key || !device.sealing) throw new NotEnrolled();
  const made = Date.now();
  const off = await offset();
  const ran = (await read("device", "ran")) ?? 0;
  for (;;) {
    const reference = await aNumber();
    if (!reference) throw new NoNumbers();
    const entry = { ...said, v: 1, id, reference, made, offset: off };
    const jwe = await sealed(entry, device.sealing, { id, kiosk: device.kiosk, made });
    const at = off === null ? null : made + off;
    if (await put({ id, reference, made, at, ran, jwe })) return told({ id, reference, made, at });
  }
}

// One after the other: two touches at once, in two tabs even, are one.
export function keep(said) {
  const id = said.id ?? crypto.randomUUID();
  return navigator.locks.request(`hub-kiosk-keep-${id}`, () => keepAs(id, said));
}

// Whether something can be kept now: room is tried, not asked for.
export async function canKeep() {
  const device = await me().catch(() => null);
  if (!device?.key || !device.sealing) return { ok: false, why: "not_enrolled" };
  if (!(await numbersLeft())) return { ok: false, why: "no_numbers" };
  try {
    await write("device", "x".repeat(TRIED), "trial");
  } catch {
    return { ok: false, why: "storage_full" };
  } finally {
    await within(["device"], "readwrite", (store) => void store.delete("trial")).catch(() => {});
  }
  return { ok: true };
}

// How many, and when the oldest was made: by this device's clock as it is now, whatever it was then.
export async function waiting() {
  const found = await rows("kept");
  if (!found.length) return { kept: 0, oldest: null };
  const [[, { made, at }]] = found;
  const off = at === null ? null : await offset();
  return { kept: found.length, oldest: off === null ? made : at - off };
}
