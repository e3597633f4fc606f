// References that can be read out on the phone: core/references.py.
import { SPACE } from "./python.js";

const PREFIX = "WH";
const ALPHABET = "23456789CDFGHJKMNPRTWXY";
const BODY = 6;
const WEIGHTS = [2, 3, 4, 5, 6, 7];
const LOOKALIKES = { B: "8", S: "5", Z: "2" };
const SEPARATORS = new RegExp(`[${SPACE}\\u2010-\\u2015_.-]+`, "g");

// The last character of a reference, from the six before it.
export function checkCharacter(body) {
  const total = WEIGHTS.reduce((sum, weight, at) => sum + weight * ALPHABET.indexOf(body[at]), 0);
  return ALPHABET[total % ALPHABET.length];
}

// The form in which a reference is kept, `{reference}`; case, dashes and spaces do not matter.
export function parse(text) {
  const letters = text.replace(SEPARATORS, "").toUpperCase();
  if ([...letters].length !== PREFIX.length + BODY + 1 || !letters.startsWith(PREFIX)) {
    return { wrong: "reference", facts: {} };
  }
  const body = letters.slice(PREFIX.length).replace(/[BSZ]/g, (one) => LOOKALIKES[one]);
  const isOurs = [...body].every((one) => ALPHABET.includes(one));
  if (!isOurs || checkCharacter(body.slice(0, BODY)) !== body[BODY]) {
    return { wrong: "reference_mistyped", facts: {} };
  }
  const whole = PREFIX + body;
  return { reference: `${whole.slice(0, 3)}-${whole.slice(3, 7)}-${whole.slice(7)}` };
}
