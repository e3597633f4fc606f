// One question a screen, of whatever kind.
import * as flow from "../flow.js";
import { readDate, typed as readTyped } from "../rules/answers.js";
import { email, phone } from "../rules/contact.js";
import { look } from "../rules/places.js";
import { lang, plain, say } from "../rules/texts.js";
import { fives } from "./choosing.js";
import { isDue } from "./known.js";

const LONGEST_PLACE = 300;
const LONGEST_NAME = 200;

// What every screen of a question has.
function base(here, question, at) {
  const { visit } = here;
  const label = question.required || question.role ? question.words : optional(here, question.words);
  return {
    label,
    hint: question.hint,
    why: question.why,
    service: visit.asked.name,
    urgent: visit.asked.urgent,
    moved: here.moved.includes(question.key),
    taken: Boolean(at.taken),
    optional: !question.required,
  };
}

function optional(here, words) {
  const put = (text) => `${text} ${here.word("optional")}`;
  return lang(words) ? { en: put(plain(words)) } : put(words);
}

// A field with what was typed and what is wrong with it, for the slots of its template.
function field(name, value, wrong, hinted) {
  const parts = [hinted ? `${name}-hint` : "", wrong ? `${name}-wrong` : ""].filter(Boolean).join(" ");
  return {
    [name]: value ?? "",
    [`wrong_${name}`]: wrong ?? "",
    [`${name}_described`]: parts,
    [`${name}_invalid`]: wrong ? "true" : "",
  };
}

const listed = (wrong) =>
  Object.entries(wrong).filter(([, text]) => text).map(([name, text]) => ({ href: `#${name}`, text }));

// Keeps an answer and goes on; the screen that asked is where somebody stands until then.
function answered(here, question, value) {
  here.visit = flow.answered(here.visit, question, value, here.places);
  return flow.onward(here.visit, here.today());
}

function refused(here, question, found) {
  return say(here.words, found.wrong, { ...found.facts, question: question.words });
}

function screenOf(here, question, at, made) {
  return {
    back: flow.before(here.visit, question.key, here.today()),
    where: `${here.visit.service}/${question.key}`,
    ...made,
    values: { ...base(here, question, at), ...made.values },
  };
}

export function question(here, at) {
  const asked = flow.question(here.visit, at.key, here.today());
  if (!asked || !flow.mayAnswer(here.visit, at.key, here.today())) return flow.onward(here.visit, here.today());
  if (asked.role === "you" && isDue(here)) return { to: "known", taken: at.taken };
  const draw = { where, you: tell }[asked.role] ?? KINDS[asked.kind] ?? typed;
  return draw(here, asked, at);
}

function own(here, asked, at) {
  const before = here.visit.answers[asked.key];
  const { items, ...rest } = fives(asked.choices, at.screen);
  const choices = items.map((one, place) => ({
    id: place ? `answer-${place}` : "answer", value: one.value, words: one.words, note: one.hint, chosen: one.value === before,
  }));
  return screenOf(here, asked, at, {
    name: "own",
    values: { choices, ...rest, ways: !asked.required || rest.before },
    on: {
      turn: (button) => ({ ...at, screen: Number(button.value) }),
      touched: (button) => answered(here, asked, button.value),
    },
  });
}

// What is ticked on this screen, with what was ticked on the others.
function ticked(asked, elsewhere, data) {
  const here = data.getAll("answer").map(String);
  return asked.choices.map((one) => one.value).filter((value) => here.includes(value) || elsewhere.includes(value));
}

function several(here, asked, at) {
  const chosen = at.chosen ?? here.visit.answers[asked.key] ?? [];
  const { items, ...rest } = fives(asked.choices, at.screen);
  const onScreen = items.map((one) => one.value);
  const elsewhere = chosen.filter((value) => !onScreen.includes(value));
  const choices = items.map((one, place) => ({
    id: place ? `answer-${place}` : "answer",
    value: one.value,
    words: one.words,
    note: one.hint,
    noted: one.hint ? `answer-note-${place}` : "",
    checked: chosen.includes(one.value),
  }));
  return screenOf(here, asked, at, {
    name: "several",
    values: { choices, ...rest, wrong: at.wrong, described: at.wrong ? "answer-hint answer-wrong" : "answer-hint" },
    errors: listed({ answer: at.wrong }),
    on: {
      turn: (button, data) => ({ ...at, wrong: "", screen: Number(button.value), chosen: ticked(asked, elsewhere, data) }),
    },
    submit: (data) => {
      const all = ticked(asked, elsewhere, data);
      const found = readTyped(asked, all, here.today());
      return found.wrong ? { ...at, chosen: all, wrong: refused(here, asked, found) } : answered(here, asked, found.answer);
    },
  });
}

function readAs(here, asked, at, value) {
  const found = readTyped(asked, value, here.today());
  return found.wrong ? { ...at, typed: value, wrong: refused(here, asked, found) } : answered(here, asked, found.answer);
}

function typed(here, asked, at) {
  const before = asked.role === "description" ? here.visit.description : here.visit.answers[asked.key];
  const parts = [asked.hint ? "answer-hint" : "", at.wrong ? "answer-wrong" : ""].filter(Boolean).join(" ");
  return screenOf(here, asked, at, {
    name: "typed",
    values: {
      field: "answer",
      value: at.typed ?? before ?? "",
      unit: asked.unit,
      long: asked.kind === "words",
      short: asked.kind === "text",
      number: asked.kind === "number",
      wrong: at.wrong,
      described: parts,
      invalid: at.wrong ? "true" : "",
    },
    errors: listed({ answer: at.wrong }),
    submit: (data) => readAs(here, asked, at, String(data.get("answer") ?? "")),
  });
}

function parts(iso) {
  const [year, month, day] = /^\d{4}-\d{2}-\d{2}$/.test(iso ?? "") ? iso.split("-") : ["", "", ""];
  return { day: day && String(Number(day)), month: month && String(Number(month)), year };
}

function date(here, asked, at) {
  const said = at.typed ?? parts(here.visit.answers[asked.key]);
  const hint = plain(asked.hint ?? "");
  return screenOf(here, asked, at, {
    name: "date",
    values: {
      ...said,
      wrong: at.wrong,
      example: !/\d/.test(hint),
      described: at.wrong ? "answer-hint answer-wrong" : "answer-hint",
    },
    errors: at.wrong ? [{ href: `#${at.parts?.[0] ?? "day"}`, text: at.wrong }] : [],
    invalid: at.wrong ? at.parts ?? ["day", "month", "year"] : [],
    submit: (data) => {
      const typedNow = Object.fromEntries(["day", "month", "year"].map((name) => [name, String(data.get(name) ?? "").trim()]));
      const found = readDate(asked, typedNow, here.today());
      if (!found.wrong) return answered(here, asked, found.answer);
      return { ...at, typed: typedNow, parts: found.parts, wrong: refused(here, asked, found) };
    },
  });
}

const KINDS = { choice: own, several, yes_no: own, date };

// Where it is: a postcode that we know, else the honest answer that there is none.
function where(here, asked, at) {
  const { visit } = here;
  const words = visit.asked.where;
  const said = at.typed ?? visit;
  const wrong = at.wrong ?? {};
  return screenOf(here, asked, at, {
    name: "where",
    values: {
      ...field("postcode", said.postcode, wrong.postcode, true),
      ...field("address", said.address, wrong.address, false),
      postcode_hint: words.postcode_hint,
      home: visit.asked.home || asked.exact,
      address_label: words.address_label,
      address_optional: !asked.exact,
      nowhere_label: asked.exact ? "" : words.nowhere_label,
    },
    errors: listed(wrong),
    on: { nowhere: (_button, data) => placed(here, asked, at, data, true) },
    submit: (data) => placed(here, asked, at, data, false),
  });
}

function placed(here, asked, at, data, nowhere) {
  const typedNow = { postcode: String(data.get("postcode") ?? "").trim(), address: String(data.get("address") ?? "").trim() };
  const wrong = {};
  let { postcode } = typedNow;
  if (postcode && here.places) {
    const found = look(here.places, postcode, plain(here.content.hub.ask));
    if (found.wrong) wrong.postcode = say(here.words, found.wrong, found.facts);
    else ({ postcode } = found);
  }
  if (!postcode && asked.exact) wrong.postcode = say(here.words, "postcode_missing", {});
  else if (!postcode && !nowhere) {
    wrong.postcode = say(here.words, "place_missing", { label: plain(here.visit.asked.where.nowhere_label) });
  }
  if (typedNow.address.length > LONGEST_PLACE) wrong.address = say(here.words, "address_too_long", {});
  else if (asked.exact && !typedNow.address) wrong.address = say(here.words, "address_missing", {});
  if (Object.keys(wrong).length) return { ...at, typed: typedNow, wrong };
  return answered(here, asked, { postcode, address: typedNow.address, nowhere: nowhere && !postcode && !asked.exact });
}

// How we tell the person what happens: one touch, then the address of the way.
function tell(here, asked, at) {
  if (at.way) return you(here, asked, at);
  return screenOf(here, asked, at, {
    name: "tell",
    values: { anonymous: asked.anonymous },
    on: {
      way: (button) =>
        button.value === "none"
          ? answered(here, asked, { tell_by: "none", name: "", email: "", phone: "" })
          : { ...at, way: button.value },
    },
  });
}

function you(here, asked, at) {
  const said = at.typed ?? here.visit;
  const wrong = at.wrong ?? {};
  const sms = at.way === "sms";
  return screenOf(here, asked, at, {
    name: "you",
    values: {
      sms,
      name_optional: asked.anonymous,
      ...field("phone", said.phone, wrong.phone, true),
      ...field("email", said.email, wrong.email, false),
      ...field("name", said.name, wrong.name, false),
    },
    errors: listed({ phone: wrong.phone, email: wrong.email, name: wrong.name }),
    back: { to: "question", key: asked.key },
    submit: (data) => told(here, asked, at, data),
  });
}

function told(here, asked, at, data) {
  const kind = at.way === "sms" ? "phone" : "email";
  const typedNow = { [kind]: String(data.get(kind) ?? "").trim(), name: String(data.get("name") ?? "").trim() };
  const wrong = {};
  const found = (kind === "phone" ? phone : email)(typedNow[kind]);
  if (found.wrong) wrong[kind] = say(here.words, found.wrong, found.facts ?? {});
  if (typedNow.name.length > LONGEST_NAME) wrong.name = say(here.words, "name_too_long", {});
  else if (!typedNow.name && !asked.anonymous) wrong.name = say(here.words, "name_missing", {});
  if (Object.keys(wrong).length) return { ...at, typed: typedNow, wrong };
  return answered(here, asked, { tell_by: at.way, email: "", phone: "", name: typedNow.name, [kind]: found.value });
}
