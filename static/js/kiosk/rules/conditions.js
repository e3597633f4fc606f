// When a question is asked, and when a form ends: kb/forms/conditions.py, in the browser.
import { day, float, isEmpty, parts } from "./python.js";

const listed = (value) => (Array.isArray(value) ? value : [value]);

const daysAgo = (answer, today) => {
  const on = typeof answer === "string" ? day(answer) : null;
  return on === null ? null : day(today) - on;
};

// Whole years since a day, as ages are counted.
function years(answer, today) {
  const on = typeof answer === "string" ? day(answer) : null;
  if (on === null) {
    return null;
  }
  const born = parts(on);
  const now = parts(day(today));
  const isBefore = now.month < born.month || (now.month === born.month && now.date < born.date);
  return now.year - born.year - (isBefore ? 1 : 0);
}

const number = (answer) => (Array.isArray(answer) ? null : float(String(answer)));
const compared = (found, test) => found !== null && test(found);

const TESTS = {
  is: (answer, value) => {
    const wanted = listed(value);
    return listed(answer).some((one) => typeof one === "string" && wanted.includes(one));
  },
  at_least: (answer, value) => compared(number(answer), (found) => found >= Number(value)),
  at_most: (answer, value) => compared(number(answer), (found) => found <= Number(value)),
  days_ago_at_least: (answer, value, today) =>
    compared(daysAgo(answer, today), (found) => found >= Number(value)),
  days_ago_at_most: (answer, value, today) =>
    compared(daysAgo(answer, today), (found) => found <= Number(value)),
  years_at_least: (answer, value, today) =>
    compared(years(answer, today), (found) => found >= Number(value)),
  years_under: (answer, value, today) =>
    compared(years(answer, today), (found) => found < Number(value)),
  answered: () => true,
};

// Whether a condition holds. What was not answered fails every test but `not` and `missing`.
export function holds(condition, answers, today) {
  if (!condition) {
    return true;
  }
  const part = (one) => holds(one, answers, today);
  if (condition.op === "all") {
    return condition.parts.every(part);
  }
  if (condition.op === "any") {
    return condition.parts.some(part);
  }
  if (condition.op === "not") {
    return !part(condition.parts[0]);
  }
  const answer = Object.hasOwn(answers, condition.question) ? answers[condition.question] : null;
  if (condition.op === "missing") {
    return isEmpty(answer);
  }
  return !isEmpty(answer) && TESTS[condition.op](answer, condition.value, today);
}

// The keys of the questions that a condition looks at.
export function questions(condition) {
  if (!condition) {
    return [];
  }
  const own = condition.question ? [condition.question] : [];
  return [...own, ...(condition.parts ?? []).flatMap(questions)];
}
