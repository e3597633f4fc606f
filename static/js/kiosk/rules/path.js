// Which questions are asked, which comes next, and where a form ends: kb/forms/path.py.
import { read } from "./answers.js";
import { holds, questions as looking } from "./conditions.js";

const has = (answers, key) => Object.hasOwn(answers, key);

// The questions that these answers lead through, in their order, answered or not.
export function asked(form, answers, today) {
  const found = [];
  const counts = {};
  for (const question of form.questions) {
    if (holds(question.when, counts, today)) {
      found.push(question);
      if (has(answers, question.key)) {
        counts[question.key] = answers[question.key];
      }
    }
  }
  return found;
}

// The answers that count: those to questions that are asked.
export function counting(form, answers, today) {
  const keys = asked(form, answers, today).map((question) => question.key);
  return Object.fromEntries(
    keys.filter((key) => has(answers, key)).map((key) => [key, answers[key]]),
  );
}

// Whether what was answered is an answer still; a question that was passed has none.
export function isStill(question, answers, today) {
  return has(answers, question.key)
    ? !("wrong" in read(question, answers[question.key], today))
    : !question.required;
}

// The first question that is asked and not done, or whose answer is none any more.
export function nextOpen(form, answers, done, today) {
  const isOpen = (one) => !done.includes(one.key) || !isStill(one, answers, today);
  return asked(form, answers, today).find(isOpen) ?? null;
}

// The first end that the answers lead to, an emergency before all others; `passed` were read.
export function end(form, answers, today, passed = []) {
  const given = counting(form, answers, today);
  const first = form.ends.filter((one) => one.kind === "emergency");
  const rest = form.ends.filter((one) => one.kind !== "emergency");
  const leads = (one) => !passed.includes(one.key) && holds(one.when, given, today);
  return [...first, ...rest].find(leads) ?? null;
}

// The passed ends that stay passed when a question is answered anew: none looks at it.
export function notTouched(form, passed, key) {
  const looks = new Map(form.ends.map((one) => [one.key, looking(one.when)]));
  return passed.filter((one) => !(looks.get(one) ?? []).includes(key));
}

// Whether it hangs on an answer that is still to come how many questions there are.
export function mayDiffer(form, answers, today) {
  const given = counting(form, answers, today);
  return form.questions.some((one) => looking(one.when).some((key) => !has(given, key)));
}

// The key of the last question that an end looks at: where it interrupts.
export function at(form, one) {
  const order = form.questions.map((question) => question.key);
  const places = looking(one.when).map((key) => order.indexOf(key));
  return order[Math.max(-1, ...places)] ?? "";
}

// The form as it is asked where the areas of these codes are, the smallest first.
export function forArea(form, codes) {
  const questions = [];
  for (const question of form.questions) {
    const code = codes.find((one) => has(question.areas ?? {}, one));
    const different = code === undefined ? null : question.areas[code];
    if (different === null) {
      questions.push(question);
    } else if (!different.skip) {
      questions.push(changed(question, different));
    }
  }
  return { ...form, questions };
}

function changed(question, different) {
  const known = {};
  for (const key of ["words", "hint", "why", "required", "choices"]) {
    if (has(different, key)) {
      known[key] = different[key];
    }
  }
  return { ...question, ...known };
}
