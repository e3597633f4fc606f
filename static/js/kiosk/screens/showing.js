// How what was answered reads: days, choices, places, people.
import { lang, plain } from "../rules/texts.js";

function day(iso, language) {
  const found = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? new Date(`${iso}T12:00:00Z`) : null;
  if (!found || Number.isNaN(found.getTime())) return iso;
  const how = { day: "numeric", month: "long", year: "numeric", timeZone: "Europe/London" };
  return new Intl.DateTimeFormat(language, how).format(found);
}

const ZONE = { timeZone: "Europe/London" };
const HOURS = { "12am": "midnight", "12pm": "midday" };

// The time as the server writes it: 2:10pm, 9am, midday; 14:10 in other languages.
function clock(date, language) {
  const how = { hour: "numeric", minute: "2-digit", ...ZONE };
  if (!language.startsWith("en")) return new Intl.DateTimeFormat(language, how).format(date);
  const words = new Intl.DateTimeFormat("en-GB", { ...how, hour12: true }).format(date);
  const short = words.replace(":00", "").replace(/^0(?=[: ])/, "12").replace(/\s/g, "");
  return HOURS[short] ?? short;
}

function moment(ms, language) {
  const date = new Date(ms);
  const how = { weekday: "short", day: "numeric", month: "short", ...ZONE };
  return `${new Intl.DateTimeFormat(language, how).format(date)}, ${clock(date, language)}`;
}

function chosen(question, given) {
  const values = Array.isArray(given) ? given : [given];
  const words = values.map((value) => question.choices.find((one) => one.value === value)?.words ?? value);
  const joined = words.map(plain).join(", ");
  return words.some((one) => lang(one)) ? { en: joined } : joined;
}

function answer(question, given, language) {
  if (question.choices?.length) return chosen(question, given);
  if (question.kind === "date") return day(given, language);
  return `${given} ${plain(question.unit ?? "")}`.trim();
}

export const shown = { day, moment, answer };
