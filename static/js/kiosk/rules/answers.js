// What is an answer to a question, and what is wrong when it is none: kb/forms/answers.py.
// What is wrong is a code with its facts; texts.js makes words of them.
import {
  day,
  dayOf,
  decimal,
  general,
  grouped,
  isEmpty,
  iso,
  kept,
  length,
  single,
  stripped,
} from "./python.js";

const LONGEST = { text: 200, words: 4_000 };
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const PARTS = ["day", "month", "year"];

const wrong = (code, facts = {}) => ({ wrong: code, facts });
const isPlain = (value) => typeof value === "string" || typeof value === "number";
const isBound = (bound) => bound !== null && bound !== undefined;
const values = (question) => (question.choices ?? []).map((choice) => choice.value);

function text(question, value) {
  if (typeof value !== "string") {
    return wrong("not_text");
  }
  const lines = value.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  const plain = stripped(lines.replace(CONTROL, ""));
  const words = question.kind === "text" ? single(plain) : plain;
  const longest = question.longest || LONGEST[question.kind];
  if (length(words) > longest) {
    return wrong("too_long", { longest: grouped(longest), written: grouped(length(words)) });
  }
  return !words && question.required ? wrong("write") : { answer: words };
}

function choice(question, value) {
  const isOne = typeof value === "string" && values(question).includes(value);
  return isOne ? { answer: value } : wrong("choose_one");
}

function several(question, value) {
  const given = typeof value === "string" ? [value] : value;
  const known = values(question);
  if (!Array.isArray(given) || given.some((one) => !known.includes(one))) {
    return wrong("choose");
  }
  const chosen = known.filter((one) => given.includes(one));
  if (!chosen.length && question.required) {
    return wrong("choose_some");
  }
  if (isBound(question.least) && chosen.length && chosen.length < question.least) {
    return wrong("choose_more", { number: general(question.least) });
  }
  if (isBound(question.most) && chosen.length > question.most) {
    return wrong("choose_fewer", { number: general(question.most) });
  }
  return { answer: chosen };
}

function date(question, value, today) {
  const on = isPlain(value) ? day(String(value)) : null;
  return on === null ? wrong("no_date") : bounded(question, on, today);
}

function bounded(question, on, today) {
  const edge = (bound) => day(today) + Math.trunc(bound);
  if (isBound(question.least) && on < edge(question.least)) {
    return wrong("too_early", { day: iso(edge(question.least)) });
  }
  if (isBound(question.most) && on > edge(question.most)) {
    const facts = { day: iso(edge(question.most)) };
    return question.most === 0 ? wrong("in_future") : wrong("too_late", facts);
  }
  return { answer: iso(on) };
}

function number(question, value) {
  const found = isPlain(value) ? decimal(stripped(String(value)).replaceAll(",", "")) : null;
  if (found === null) {
    return wrong("no_number");
  }
  if (isBound(question.least) && found < question.least) {
    return wrong("too_small", { number: general(question.least) });
  }
  if (isBound(question.most) && found > question.most) {
    return wrong("too_big", { number: general(question.most) });
  }
  return { answer: kept(found) };
}

const READERS = { text, words: text, choice, yes_no: choice, several, date, number };

// The answer as it is kept, `{answer}`, or what is wrong with it, `{wrong, facts}`. A place and a
// person are read where they are typed; here they pass as they are.
export function read(question, value, today) {
  const reader = READERS[question.kind];
  return reader ? reader(question, value, today) : { answer: value };
}

// The same as it is typed: what is left empty may be passed, or the question says what it wants.
export function typed(question, value, today) {
  const isTyped = typeof value === "string" && !values(question).length;
  const said = isTyped ? stripped(value) : value;
  if (!isEmpty(said)) {
    return read(question, said, today);
  }
  if (question.required) {
    return wrong(nothing(question), { question: question.words });
  }
  return { answer: question.kind === "several" ? [] : "" };
}

function nothing(question) {
  if (question.role === "description") {
    return "nothing_told";
  }
  const isUnsure = question.kind === "choice" && values(question).includes("unknown");
  return isUnsure ? "nothing_known" : `nothing_${question.kind}`;
}

// A date in three fields. `parts` are the fields to look at where it is none.
export function readDate(question, { day: date_ = "", month = "", year = "" }, today) {
  const said = { day: stripped(date_), month: stripped(month), year: stripped(year) };
  const missing = PARTS.filter((name) => !said[name]);
  if (missing.length === PARTS.length) {
    const found = typed(question, "", today);
    return "wrong" in found ? { ...found, parts: PARTS } : found;
  }
  if (missing.length) {
    const code = missing.length === 1 ? "date_without" : "date_without_both";
    return { ...wrong(code, { missing }), parts: missing };
  }
  if (!/^\d{4}$/.test(said.year)) {
    return { ...wrong("year"), parts: ["year"] };
  }
  const numbers = PARTS.map((name) => counted(said[name]));
  const on = numbers.includes(null) ? null : dayOf(numbers[2], numbers[1], numbers[0]);
  const found = on === null ? wrong("date_not_real") : bounded(question, on, today);
  return "wrong" in found ? { ...found, parts: PARTS } : found;
}

// A day, a month or a year; months may be named.
function counted(said) {
  if (/^\p{L}+$/u.test(said)) {
    const month = MONTHS.indexOf(said.toLowerCase().slice(0, 3));
    return month < 0 ? null : month + 1;
  }
  return /^\d{1,4}$/.test(said) ? Number(said) : null;
}
