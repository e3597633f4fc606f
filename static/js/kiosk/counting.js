// How often what happened on a day, where the server could not count it. Numbers only.
import { day } from "./clock.js";
import { change, rows, within } from "./store.js";

const NAMES = ["starts", "completions", "resets", "resets_with_data", "helps", "prints", "left"];
const DAYS = 8;

export async function count(name, where = "") {
  if (!NAMES.includes(name)) throw new TypeError(`nothing is counted as ${name}`);
  const key = `${await day()} ${name}${where ? ` ${where.slice(0, 160)}` : ""}`;
  await change("counts", key, (so = 0) => so + 1);
}

// The totals as the heartbeat says them: by day, then by name; where people left by service/question.
export async function totals() {
  const found = {};
  for (const [key, times] of await rows("counts")) {
    const [on, name, ...where] = key.split(" ");
    found[on] ??= {};
    if (name === "left") (found[on].left ??= {})[where.join(" ") || "/"] = times;
    else found[on][name] = times;
  }
  return found;
}

// Days that are long over were heard: they go.
export const forgetOld = (now) =>
  within(["counts"], "readwrite", (store) => {
    const first = new Date(now - DAYS * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    store.delete(IDBKeyRange.upperBound(first));
  });
