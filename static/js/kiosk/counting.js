// How often what happened on a day, where the server could not count it. Numbers only.
import { day } from "./clock.js";
import { change, rows, within } from "./store.js";

const NAMES = ["starts", "completions", "resets", "resets_with_data", "helps", "prints", "left"];
const DAYS = 8;
const PLACES = 400;

// `service/question`, as the server takes it: one that it cannot read would silence the heartbeat.
function place(where) {
  const plain = where.replace(/[^\w./-]/g, "");
  const at = plain.lastIndexOf("/");
  return `${plain.slice(0, Math.max(at, 0)).slice(0, 80)}/${plain.slice(at + 1, at + 81) || "unknown"}`;
}

export async function count(name, where = "") {
  if (!NAMES.includes(name)) throw new TypeError(`nothing is counted as ${name}`);
  const key = [await day(), name, ...(name === "left" ? [place(where)] : [])].join(" ");
  await change("counts", key, (so = 0) => so + 1);
}

// The totals as the heartbeat says them: by day, then by name; where people left by service/question.
export async function totals() {
  const found = {};
  for (const [key, times] of await rows("counts")) {
    const [on, name, where] = key.split(" ");
    const today = (found[on] ??= {});
    if (name !== "left") today[name] = times;
    else if (Object.keys((today.left ??= {})).length < PLACES) today.left[where] = times;
  }
  return Object.fromEntries(Object.entries(found).sort().slice(-DAYS));
}

const iso = (time) => new Date(time).toISOString().slice(0, 10);
const A_DAY = 24 * 60 * 60 * 1000;

// Days that are long over were heard: they go. So do days that a wrong clock was ahead to.
export const forgetOld = (now) =>
  within(["counts"], "readwrite", (store) => {
    store.delete(IDBKeyRange.upperBound(iso(now - DAYS * A_DAY)));
    store.delete(IDBKeyRange.lowerBound(iso(now + 2 * A_DAY)));
  });
