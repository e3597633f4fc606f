// What stands on the keys of the keyboard on the screen, row by row. A word in capitals is a key
// that does something; anything else is written as it stands.
const DIGITS = [..."1234567890"];
const BELOW = ["MORE", "@", "SPACE", "-", "NEXT"];
// Polish first, then what else is written here; and the signs that letters have no room for.
const MORE = [
  [..."ąćęłńóśźż"],
  [..."áéíöüäñçè"],
  [..."!?:;\"()/&"],
  ["SHIFT", ..."£+#_%=", "DELETE"],
  ["MORE", "@", "SPACE", "-", "NEXT"],
];

export const LAYOUTS = {
  text: [DIGITS, [..."qwertyuiop"], [..."asdfghjkl'"], ["SHIFT", ..."zxcvbnm,.", "DELETE"], BELOW],
  email: [DIGITS, [..."qwertyuiop"], [..."asdfghjkl_"], ["SHIFT", ..."zxcvbnm.", "DELETE"],
    ["MORE", "@", "-", "+", "NEXT"]],
  postcode: [DIGITS, [..."QWERTYUIOP"], [..."ASDFGHJKL"], [..."ZXCVBNM", "DELETE"], ["SPACE", "-", "NEXT"]],
  tel: [[..."123"], [..."456"], [..."789"], ["+", "0", "DELETE"], ["SPACE", "NEXT"]],
  number: [[..."123"], [..."456"], [..."789"], [".", "0", "DELETE"], ["-", "NEXT"]],
  more: MORE,
};
// Where several lines may be written, what goes on has a line of its own as well.
export const LINES = ["MORE", "@", "SPACE", "LINE", "-", "NEXT"];

const KINDS = { email: "email", tel: "tel", number: "number" };
const MODES = { email: "email", tel: "tel", numeric: "number", decimal: "number" };

// Which of them a field takes.
export function layoutOf(field) {
  const asked = field.dataset.keyboard;
  if (asked in LAYOUTS) return asked;
  if (/postcode|reference|^code$/.test(field.name)) return "postcode";
  return KINDS[field.type] ?? MODES[field.dataset.inputmode ?? ""] ?? "text";
}

// Whether the next letter is a capital: at the beginning, after a full stop, and in names.
export function wantsCapital(field, before) {
  if (field.name === "name") return before === "" || /[\s'-]$/.test(before);
  return field.type !== "search" && (before === "" || /[.!?]\s+$/.test(before));
}
