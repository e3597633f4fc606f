// Texts, numbers and days read as Python reads them: the server reads every answer once more, and
// neither may see another answer in it.
export const SPACE =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const ENDS = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");
const SPACES = new RegExp(`[${SPACE}]+`, "gu");
const DIGITS = "\\d+(?:_\\d+)*";
const FLOAT = new RegExp(
  `^[+-]?(?:${DIGITS}\\.?(?:${DIGITS})?|\\.${DIGITS})(?:e[+-]?${DIGITS})?$`,
);
const DAY_MS = 86_400_000;
const SIGNIFICANT = 6;

// `text.strip()`
export const stripped = (text) => text.replace(ENDS, "");

// `" ".join(text.split())`
export const single = (text) => stripped(text).replace(SPACES, " ");

// `len(text)`: characters, not halves of a pair.
export const length = (text) => [...text].length;

// `f"{number:,}"`
export const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

// Whether Python takes a value for false: nothing, "", an empty list, an empty table.
export function isEmpty(value) {
  if (value && typeof value === "object") {
    return Object.keys(value).length === 0;
  }
  return !value;
}

// Digits of other scripts as ours: Python counts with all of them.
function plainDigits(text) {
  return text.replace(/\p{Nd}/gu, (digit) => {
    let zero = digit.codePointAt(0);
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) {
      zero -= 1;
    }
    return String((digit.codePointAt(0) - zero) % 10);
  });
}

// A few digits with perhaps a point, as kb.forms.answers takes them; null for what is none.
export function decimal(text) {
  const plain = plainDigits(text);
  return /^-?\d{1,12}(\.\d{1,4})?$/.test(plain) ? Number(plain) : null;
}

// `float(text)`; null where Python refuses. Never NaN where that would count: nothing equals it.
export function float(text) {
  const plain = plainDigits(stripped(text)).toLowerCase();
  const endless = /^([+-]?)inf(?:inity)?$/.exec(plain);
  if (endless) {
    return endless[1] === "-" ? -Infinity : Infinity;
  }
  if (/^[+-]?nan$/.test(plain)) {
    return NaN;
  }
  return FLOAT.test(plain) ? Number(plain.replaceAll("_", "")) : null;
}

// `f"{number:g}"`: six digits, of two that are as near the even one.
export function general(number) {
  if (!Number.isFinite(number) || number === 0) {
    return Object.is(number, -0) ? "-0" : String(number).replace("Infinity", "inf").toLowerCase();
  }
  const [exact, power] = Math.abs(number).toExponential(100).split("e");
  const digits = exact.replace(".", "");
  const rest = digits.slice(SIGNIFICANT);
  let kept = Number(digits.slice(0, SIGNIFICANT));
  const isTie = /^50*$/.test(rest);
  if (isTie ? kept % 2 === 1 : rest[0] >= "5") {
    kept += 1;
  }
  let at = Number(power);
  if (String(kept).length > SIGNIFICANT) {
    kept /= 10;
    at += 1;
  }
  return (number < 0 ? "-" : "") + placed(String(kept), at);
}

function placed(digits, at) {
  if (at < -4 || at >= SIGNIFICANT) {
    const rest = digits.slice(1).replace(/0+$/, "");
    const power = String(Math.abs(at)).padStart(2, "0");
    return `${digits[0]}${rest && `.${rest}`}e${at < 0 ? "-" : "+"}${power}`;
  }
  const whole = at < 0 ? "0" : digits.slice(0, at + 1);
  const rest = (at < 0 ? "0".repeat(-at - 1) + digits : digits.slice(at + 1)).replace(/0+$/, "");
  return rest ? `${whole}.${rest}` : whole;
}

// A number as an answer is kept: whole ones without a point (`math.isclose`, then `int`).
export function kept(number) {
  const whole = Math.round(number);
  const isWhole = Math.abs(number - whole) <= 1e-9 * Math.max(Math.abs(number), Math.abs(whole));
  return isWhole ? String(Math.trunc(number) + 0) : general(number);
}

// `date.fromisoformat(text)` as a count of days since 1970; null for what is no day.
export function day(text) {
  const found = /^(\d{4})(-?)(\d{2})\2(\d{2})$/.exec(text);
  if (found) {
    return dayOf(Number(found[1]), Number(found[3]), Number(found[4]));
  }
  const week = /^(\d{4})(-?)W(\d{2})(?:\2([1-7]))?$/.exec(text);
  return week ? dayOfWeek(Number(week[1]), Number(week[3]), Number(week[4] ?? 1)) : null;
}

export function dayOf(year, month, date) {
  const made = new Date(0);
  made.setUTCFullYear(year, month - 1, date);
  const isReal = made.getUTCMonth() === month - 1 && made.getUTCDate() === date;
  return isReal && year >= 1 && year <= 9999 ? made.getTime() / DAY_MS : null;
}

function dayOfWeek(year, week, weekday) {
  const first = year >= 1 ? monday(year) : null;
  const found = first === null ? null : first + (week - 1) * 7 + weekday - 1;
  const isWithin = week >= 1 && week <= 53 && (week < 53 || monday(year + 1) > first + 52 * 7);
  return first !== null && isWithin && parts(found).year <= 9999 && found >= dayOf(1, 1, 1)
    ? found
    : null;
}

// The Monday of a year's first week: the one with the fourth of January.
function monday(year) {
  const made = new Date(0);
  made.setUTCFullYear(year, 0, 4);
  return made.getTime() / DAY_MS - ((made.getUTCDay() + 6) % 7);
}

export function parts(count) {
  const made = new Date(count * DAY_MS);
  return { year: made.getUTCFullYear(), month: made.getUTCMonth() + 1, date: made.getUTCDate() };
}

// `day.isoformat()`
export function iso(count) {
  const { year, month, date } = parts(count);
  const two = (number) => String(number).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(date)}`;
}
