// E-mail addresses and telephone numbers that may be right: customers/contact.py reads them again
// when they arrive, with the tables of every country that a browser has not.
import { stripped } from "./python.js";

const LONGEST_EMAIL = 254;
const ATOM = "[-!#$%&'*+/=?^_`{}|~0-9a-z]+";
const PLAIN = "[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f!#-[\\]-\\x7f]";
const ESCAPED = "\\\\[\\x01-\\x09\\x0b\\x0c\\x0e-\\x7f]";
const NAME = new RegExp(`^(?:${ATOM}(?:\\.${ATOM})*|"(?:${PLAIN}|${ESCAPED})*")$`);
const U = "\u00a1-\uffff";
const HOST = `[a-z${U}0-9](?:[a-z${U}0-9-]{0,61}[a-z${U}0-9])?`;
const MIDDLE = `(?:\\.(?!-)[a-z${U}0-9-]{1,63}(?<!-))*`;
const LAST = `\\.(?!-)(?:[a-z${U}-]{2,63}|xn--[a-z0-9]{1,59})(?<!-)`;
const DOMAIN = new RegExp(`^${HOST}${MIDDLE}${LAST}$`);
// A number abroad has a country's one to three digits, and fifteen together at most (E.164).
const ABROAD = /^\+[1-9]\d{6,14}$/;
const MOBILE = /^\+447\d{9}$/;

// `{value, shown}`, or `{wrong}`.
export function email(text) {
  const typed = stripped(text);
  if (!typed) {
    return { wrong: "email_missing", facts: {} };
  }
  const at = typed.lastIndexOf("@");
  const name = typed.slice(0, at).toLowerCase();
  const domain = typed.slice(at + 1);
  const isPlain = at > 0 && typed.length <= LONGEST_EMAIL && domain.normalize("NFKC") === domain;
  if (!isPlain || !NAME.test(name) || !DOMAIN.test(domain.toLowerCase())) {
    return { wrong: "email", facts: {} };
  }
  return { value: `${name}@${domain.toLowerCase()}`, shown: `${name}@${domain.toLowerCase()}` };
}

// A number that takes texts, as E.164 and as people in this country write it; or `{wrong}`.
export function phone(text) {
  if (!stripped(text)) {
    return { wrong: "phone_missing", facts: {} };
  }
  const number = international(text.normalize("NFKC").replace(/[^+\d]/g, ""));
  if (!ABROAD.test(number)) {
    return { wrong: "phone", facts: {} };
  }
  if (!number.startsWith("+44")) {
    return { value: number, shown: number };
  }
  if (!number.startsWith("+447")) {
    return { wrong: "phone_landline", facts: {} };
  }
  if (!MOBILE.test(number)) {
    return { wrong: "phone", facts: {} };
  }
  return { value: number, shown: `0${number.slice(3, 7)} ${number.slice(7)}` };
}

function international(digits) {
  if (digits.startsWith("+44")) {
    return `+44${digits.slice(3).replace(/^0+/, "")}`;
  }
  if (digits.startsWith("+")) {
    return digits;
  }
  if (digits.startsWith("00")) {
    return international(`+${digits.slice(2)}`);
  }
  if (digits.startsWith("0")) {
    return `+44${digits.slice(1)}`;
  }
  return digits.startsWith("44") && digits.length > 10 ? `+${digits}` : `+44${digits}`;
}
