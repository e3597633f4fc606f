// A visit that was begun on the server's pages goes on here: at the same question, with what was
// typed and posted when the line went. `taken` is what the worker hands over (docs/kiosks.md).
import * as flow from "../flow.js";
import { passed } from "./known.js";

const PAST = new Set(["tell", "you", "check"]);
const PLACES = { where: "where", what: "description", tell: "you", you: "you" };
const PLAIN = { menu: "menu", people: "people", help: "people", track: "away", return: "away", save: "away", staff: "staff" };

// The address without /kiosk/, in its parts.
function partsOf(path) {
  const { pathname, searchParams } = new URL(path, "http://kiosk.invalid");
  return { parts: pathname.split("/").filter(Boolean).slice(1), query: searchParams };
}

// Where an address of the server's leads here: a screen that may send us on where it is not its turn.
function screenAt(here, taken) {
  const { parts: [first, key, name], query } = partsOf(taken.path);
  const form = here.visit.asked && flow.formOf(here.visit);
  const ofRole = (role) => form?.questions.find((one) => one.role === role)?.key ?? "";
  // From what needs the line one goes back to where one was.
  const from = here.visit.asked ? flow.onward(here.visit, here.today()) : { to: "menu" };
  if (PLAIN[first]) return { to: PLAIN[first], from };
  if (first === "about" && key) return name ? { to: "group", slug: key, group: name } : { to: "subject", slug: key };
  if (first === "search") return { to: "search", text: query.get("q") ?? "" };
  if (first === "answers") return { to: "article", slug: key };
  if (first === "question") return { to: "question", key, screen: query.get("screen") };
  if (first === "you") return { to: "question", key: ofRole("you"), way: key };
  if (PLACES[first]) return { to: "question", key: ofRole(PLACES[first]) };
  return first === "about" ? { to: "about" } : flow.onward(here.visit, here.today());
}

// Which key of the screen was touched, by the names that the server's buttons have.
function touch(fields) {
  const value = (name) => fields[name]?.[0] ?? "";
  if (value("screen")) return ["turn", value("screen")];
  if (value("nowhere")) return ["nowhere", ""];
  if (value("go_on")) return ["go_on", ""];
  if (value("tell_by")) return ["way", value("tell_by")];
  return ["touched", value("answer")];
}

function posted(fields) {
  const data = new FormData();
  for (const [name, values] of Object.entries(fields)) for (const value of values) data.append(name, value);
  return data;
}

// The next screen after what was posted, as if it had been touched here.
function pressed(here, at, fields, screenFor) {
  const screen = screenFor(here, at);
  const [act, value] = touch(fields);
  const data = posted(fields);
  if (screen.on?.[act]) return screen.on[act]({ value }, data);
  return screen.submit ? screen.submit(data) : at;
}

// What was posted last is lost where it breaks us: all that was answered before it stays.
export function resumedAnyhow(here, taken, screenFor, failed) {
  try {
    return resumed(here, taken, screenFor);
  } catch (error) {
    failed(error);
    return resumed(here, { ...taken, path: "/kiosk/check/", method: "GET", fields: {} }, screenFor);
  }
}

// Where a visit goes on that was taken over; null where there is nothing to go on with.
function resumed(here, taken, screenFor) {
  const { parts: [first] } = partsOf(taken.path);
  if (!taken.visit || taken.visit.reference || ["again", "start", undefined].includes(first)) return null;
  const begin = { id: here.uuid(), began: here.run(), today: here.today() };
  const { visit, moved } = flow.takenOver({ language: here.language, ...taken.visit }, here.content, here.places, begin);
  // Who is past it has read what is known already.
  here.visit = PAST.has(first) || (first === "nearby" && taken.fields?.go_on) ? passed(visit) : visit;
  here.moved = moved;
  if (first === "about" && taken.method === "POST") {
    here.visit = flow.about(visit, here.content, taken.fields.service?.[0] ?? "");
    return flow.onward(here.visit, here.today());
  }
  if (first === "check") {
    const next = flow.onward(visit, here.today());
    return taken.method === "POST" && next.to === "check" ? { to: "send" } : { ...next, taken: true };
  }
  const at = screenAt(here, taken);
  const known = first === "nearby" ? flow.onward(visit, here.today()) : at;
  if (taken.method !== "POST" || first === "nearby") return { ...known, taken: true };
  return { ...pressed(here, at, taken.fields, screenFor), taken: true };
}
