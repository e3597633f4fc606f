// The square of a receipt: where to see how it is going. Drawn here, as nobody else can be asked.
import qrcode from "../../../vendor/qrcode.js";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4;

function part(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function square(place, address) {
  const code = qrcode(0, "M");
  code.addData(address);
  code.make();
  const count = code.getModuleCount();
  const all = Array.from({ length: count * count }, (_, at) => [Math.floor(at / count), at % count]);
  const dark = all.filter(([row, column]) => code.isDark(row, column));
  const path = dark.map(([row, column]) => `M${column + QUIET} ${row + QUIET}h1v1h-1z`).join("");
  const side = count + 2 * QUIET;
  place.setAttribute("viewBox", `0 0 ${side} ${side}`);
  place.replaceChildren(part("rect", { width: side, height: side, fill: "#fff" }), part("path", { d: path, fill: "#000" }));
}
