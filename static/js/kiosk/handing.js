// Where nothing can be kept, what somebody sends goes to the hub at once: by the same door and under
// the same id as what is kept, so that it is stored once whichever way it comes.
import { offset } from "./clock.js";
import { call, me } from "./device.js";
import { NotEnrolled } from "./keeping.js";
import { sealed } from "./seal.js";
import { within } from "./store.js";

const PATIENCE = 10_000;
let known = null;
let given = { id: "", reference: "" };

// Who this device is, also when its store does not answer any more.
export async function whoIAm() {
  known = await me().catch(() => known);
  return known;
}

// A number of this device's own, taken out for good; none where that cannot be written down, for
// the next person would be given it again.
const aNumber = () =>
  within(["numbers"], "readwrite", (numbers, say) => {
    numbers.openCursor().onsuccess = ({ target }) => {
      if (!target.result) return;
      target.result.delete();
      say(target.result.value.reference);
    };
  });

// Answers as keep() does, when the hub has it; throws where it does not say so.
export async function hand(said) {
  const device = await whoIAm();
  if (!device?.key || !device.sealing) throw new NotEnrolled();
  const { id } = said;
  if (given.id !== id) given = { id, reference: (await aNumber().catch(() => "")) ?? "" };
  const made = Date.now();
  const off = await offset().catch(() => null);
  const entry = { ...said, v: 1, reference: given.reference, made, offset: off };
  const jwe = await sealed(entry, device.sealing, { id, kiosk: device.kiosk, made });
  const { said: answer } = await call(
    device,
    "/kiosk/kept/",
    { now: Date.now(), entries: [{ id, jwe }] },
    { signal: AbortSignal.timeout(PATIENCE) },
  );
  const reference = answer.references?.[id] || given.reference;
  if (!answer.taken?.includes(id) || !reference) throw new Error("not taken");
  return { id, reference, made, at: made + (off ?? 0) };
}
