// A visit without the line, as values: nothing here knows of pages, of the clock or of storage.
// What was answered lives in one object in memory, and is gone with it.
import { forArea } from "./rules/path.js";
import { look } from "./rules/places.js";
import * as rules from "./rules/visit.js";

const ABOUT = "about";
const DESCRIPTION = "description";
const ANSWERS = { postcode: "", address: "", nowhere: false, description: "", tell_by: "", name: "", email: "", phone: "" };

// `began`: milliseconds of this page's run, which no clock that is set can change. `began_at`: the
// server's own time, where it began on the server's pages.
export function begun({ id, language, began }) {
  return {
    id, language, began, began_at: null, journey: null, assist: null, service: "", asked: null, codes: [],
    answers: {}, done: [], passed: [], ...ANSWERS,
  };
}

// What the catalogue has of a service; "" is whoever is not sure.
export function catalogued(content, slug) {
  return (slug && content.services[slug]) || null;
}

function pinned(content, slug) {
  const found = catalogued(content, slug);
  return found
    ? { name: found.name, urgent: found.urgent, where: found.where, form: found.form, home: found.location !== "map" }
    : { name: null, urgent: "", where: content.unsure.where, form: content.unsure.form, home: true };
}

// The visit about a service. Another one asks for the place and for names in other words, so those
// are asked again; what was typed stays in the fields.
export function about(visit, content, slug) {
  const chosen = catalogued(content, slug) ? slug : "";
  if (chosen === visit.service && visit.done.includes(ABOUT)) return visit;
  return {
    ...visit,
    service: chosen,
    asked: pinned(content, chosen),
    done: [ABOUT, ...visit.done.filter((key) => key === DESCRIPTION)],
    passed: [],
    answers: {},
  };
}

// The form as it is asked where it is about.
export const formOf = (visit) => forArea(visit.asked.form, visit.codes);

export const question = (visit, key, today) =>
  rules.asked(formOf(visit), visit, today).find((one) => one.key === key) ?? null;

// Where the visit goes on: an end, else the first open question, else everything once more.
export function onward(visit, today) {
  if (!visit.asked || !visit.done.includes(ABOUT)) return { to: "about" };
  const form = formOf(visit);
  const end = rules.end(form, visit, today);
  if (end) return { to: "end", key: end.key };
  const open = rules.firstOpen(form, visit, today);
  return open ? { to: "question", key: open.key } : { to: "check" };
}

export function mayAnswer(visit, key, today) {
  return Boolean(visit.asked) && rules.mayAnswer(formOf(visit), visit, key, today);
}

// Where "Back" leads from a question, or from the check.
export function before(visit, key, today) {
  const found = rules.before(formOf(visit), visit, key, today);
  return found === ABOUT ? { to: "about" } : { to: "question", key: found };
}

export function answered(visit, asked, value, places) {
  const next = rules.answered(formOf(visit), visit, asked, value);
  return asked.role === "where" ? placed(next, places) : next;
}

function placed(visit, places) {
  const found = visit.postcode && places ? look(places, visit.postcode) : {};
  return { ...visit, codes: found.codes ?? [] };
}

export const goneOn = (visit, key) => rules.goneOn(visit, key);

// The visit on another edition of the content: what still answers stays. `again` are the questions
// that somebody meets (again) because of it.
export function carried(visit, content, today) {
  if (!visit.asked || !visit.done.includes(ABOUT)) return { visit, again: [] };
  const now = pinned(content, visit.service);
  if (now.form.id === visit.asked.form.id) return { visit: { ...visit, asked: now }, again: [] };
  const was = formOf(visit);
  const moved = rules.carryOver(was, forArea(now.form, visit.codes), visit, today);
  return { visit: { ...visit, ...moved.visit, asked: now }, again: [...moved.again, ...moved.fresh] };
}

// Whether somebody has said anything yet that is theirs.
export function hasData(visit) {
  return Boolean(visit) && (visit.done.some((key) => key !== ABOUT) || Object.keys(visit.answers).length > 0);
}

// What is kept of it, for engine.keep(); `now`: the device's clock and this page's run.
export function entry(visit, edition, now) {
  const { id, language, began_at, service, journey, assist, answers, done, passed } = visit;
  const began = Math.round(now.clock - (now.run - visit.began));
  const said = Object.fromEntries(Object.keys(ANSWERS).map((name) => [name, visit[name]]));
  return {
    id, language, began, began_at, service, journey, assist, answers, done, passed, ...said,
    content: edition, form_id: visit.asked.form.id,
  };
}

// What the worker took over from a page of the server, as a visit of ours.
export function takenOver(held, content, places, { id, began, today }) {
  const fresh = begun({ id, language: held.language, began });
  const known = Object.fromEntries(Object.keys(ANSWERS).map((name) => [name, held[name] ?? ANSWERS[name]]));
  const visit = placed({ ...fresh, ...known, began_at: held.began ?? null, journey: held.id, assist: held.assist || null }, places);
  const done = held.done ?? [];
  if (!done.includes(ABOUT)) return { visit, moved: [] };
  const chosen = { ...visit, service: catalogued(content, held.service) ? held.service : "" };
  const asked = pinned(content, chosen.service);
  const full = { ...chosen, asked, done, passed: held.passed ?? [], answers: held.answers ?? {} };
  if (asked.form.id === held.form_id) return { visit: full, moved: [] };
  // Answered by an edition that this device does not have: what is no answer here is asked again.
  const form = formOf(full);
  const moved = rules.carryOver(form, form, full, today);
  return { visit: { ...full, ...moved.visit }, moved: moved.again };
}
