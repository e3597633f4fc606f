// Texts of the content, and words for what is wrong.

// A text as it is shown; what nobody has translated is English.
export const plain = (text) => (typeof text === "string" ? text : (text?.en ?? ""));

// Its attribute `lang`, where it is not in the language of the page.
export const lang = (text) => (text && typeof text === "object" ? "en-GB" : "");

// What is wrong in words. `words` is what channels.kiosk.shell_words.words() gave.
export function say(words, code, facts = {}) {
  const known = { ...facts };
  if (facts.day) {
    known.day = longDay(words, facts.day);
  }
  if (facts.question !== undefined) {
    known.question = plain(facts.question);
  }
  if (facts.missing) {
    [known.one, known.other] = facts.missing.map((name) => words.parts[name]);
    known.part = known.one;
  }
  const text = words.wrong[code] ?? words.wrong.unknown;
  return text.replace(/%\((\w+)\)s|%%/g, (found, name) => (name ? (known[name] ?? "") : "%"));
}

// An ISO day as people write it: "27 March 2026".
export function longDay(words, iso) {
  const [year, month, day] = iso.split("-").map(Number);
  return `${day} ${words.months[month - 1]} ${year}`;
}
