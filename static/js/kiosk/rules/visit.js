// A visit's answers and the form that they answer: channels/asking/questions.py. Nothing here
// changes a visit that it was given; who answers gets a new one.
import { isEmpty } from "./python.js";
import * as path from "./path.js";

export const ABOUT = "about";
// Which answers of a visit each part of a form gives.
const FIELDS = {
  where: ["postcode", "address", "nowhere"],
  description: ["description"],
  you: ["tell_by", "email", "phone", "name"],
};
const NOTHING = { nowhere: false };

// Nobody has answered anything yet.
export function begun() {
  const texts = Object.values(FIELDS).flat().map((name) => [name, NOTHING[name] ?? ""]);
  return { answers: {}, done: [], passed: [], ...Object.fromEntries(texts) };
}

const parts = (visit, role) =>
  Object.fromEntries(FIELDS[role].map((name) => [name, visit[name] ?? NOTHING[name] ?? ""]));

// What was answered, by the keys of the questions; also to what is asked no more.
export function given(form, visit) {
  const found = { ...visit.answers };
  for (const { key, role } of form.questions) {
    if (role && visit.done.includes(key)) {
      found[key] = role === "description" ? (visit.description ?? "") : parts(visit, role);
    }
  }
  return found;
}

export const asked = (form, visit, today) => path.asked(form, given(form, visit), today);

// The first question without an answer; null when all have one.
export const firstOpen = (form, visit, today) =>
  path.nextOpen(form, given(form, visit), visit.done, today);

// Where the answers end the form, if they do and nobody went on from there.
export const end = (form, visit, today) =>
  path.end(form, given(form, visit), today, visit.passed);

// The asked question of a role ("where", "description", "you"), or null.
export const part = (form, visit, role, today) =>
  asked(form, visit, today).find((one) => one.role === role) ?? null;

// The key of the asked question before one; "about" before the first, the last before "".
export function before(form, visit, key, today) {
  const order = asked(form, visit, today).map((one) => one.key);
  const at = order.includes(key) ? order.indexOf(key) : order.length;
  return at ? order[at - 1] : ABOUT;
}

// The key of the question that an end hangs on: where to change one's mind.
export const beforeEnd = (form, found) => path.at(form, found) || ABOUT;

// Whether a question is asked, nothing before it is open, and no end stands before it.
export function mayAnswer(form, visit, key, today) {
  const order = asked(form, visit, today).map((one) => one.key);
  const turn = firstOpen(form, visit, today);
  const found = end(form, visit, today);
  const bounds = [turn?.key, found ? path.at(form, found) : undefined];
  const places = bounds.map((one) => order.indexOf(one)).filter((place) => place >= 0);
  return order.includes(key) && places.every((place) => order.indexOf(key) <= place);
}

// The visit with one question answered, or answered anew. `value` is an answer as answers.js has
// read it; of a place or a person a table of their fields.
export function answered(form, visit, question, value) {
  const { key, role } = question;
  const done = visit.done.includes(key) ? visit.done : [...visit.done, key];
  const passed = path.notTouched(form, visit.passed, key);
  if (role) {
    const said = role === "description" ? { description: value } : parts(value, role);
    return { ...visit, ...said, done, passed };
  }
  const answers = Object.fromEntries(Object.entries(visit.answers).filter(([one]) => one !== key));
  if (!isEmpty(value)) {
    answers[key] = value;
  }
  return { ...visit, answers, done, passed };
}

// The visit of somebody who read an end and goes on all the same.
export const goneOn = (visit, key) => ({
  ...visit,
  passed: [...visit.passed.filter((one) => one !== key), key],
});

// The visit about a service; about another one than before, all but its words is asked again.
export function about(visit, service, formId) {
  if (service === visit.service && visit.done.includes(ABOUT)) {
    return visit;
  }
  const done = [ABOUT, ...visit.done.filter((key) => key === "description")];
  return { ...visit, service, form_id: formId, answers: {}, done, passed: [] };
}

// The answers that are sent: to the questions that are asked, and kept by their keys.
export function sent(form, visit, today) {
  const own = new Set(form.questions.filter((one) => !one.role).map((one) => one.key));
  const counts = Object.entries(path.counting(form, given(form, visit), today));
  return Object.fromEntries(counts.filter(([key, value]) => own.has(key) && !isEmpty(value)));
}

// The visit of somebody whose form has changed under their hands. What is an answer still stays;
// `again` are the keys that were answered and have to be asked again, `fresh` those that are new.
export function carryOver(oldForm, newForm, visit, today) {
  const known = new Map(newForm.questions.map((one) => [one.key, one]));
  const was = new Map(oldForm.questions.map((one) => [one.key, one]));
  const said = given(oldForm, visit);
  const stays = (key) => {
    const now = known.get(key);
    const isKnown = now && was.has(key) && fits(was.get(key), now);
    return isKnown && path.isStill(now, said, today) && isEnough(now, said[key]);
  };
  const asks = (key) => key !== ABOUT && was.has(key) && !stays(key);
  const gone = visit.done.filter(asks);
  const ends = new Set(newForm.ends.map((one) => one.key));
  const answers = Object.entries(visit.answers).filter(([key]) => !gone.includes(key));
  const now = {
    ...visit,
    form_id: newForm.id,
    answers: Object.fromEntries(answers),
    done: visit.done.filter((key) => !gone.includes(key)),
    passed: visit.passed.filter((key) => ends.has(key)),
  };
  const keys = asked(newForm, now, today).map((one) => one.key);
  return {
    visit: now,
    again: keys.filter((key) => gone.includes(key)),
    fresh: keys.filter((key) => !was.has(key) && !now.done.includes(key)),
  };
}

// Whether an answer to one question can be one to another: of the same kind, or kept alike.
const ALIKE = { yes_no: "choice", words: "text", place: "address" };
const alike = ({ kind, role }) => `${role} ${ALIKE[kind] ?? kind}`;
const fits = (one, other) => alike(one) === alike(other);

// A home that has to be exact is none with a postcode alone; who must be told is told.
function isEnough(question, said) {
  if (question.role === "where" && question.exact) {
    return Boolean(said?.postcode && said?.address);
  }
  return question.role !== "you" || Boolean(question.anonymous) || said?.tell_by !== "none";
}
