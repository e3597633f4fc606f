// "/" puts the reader into this field, unless they are typing already or switched single keys off.
import { meant } from "./keys.js";

export function slash(element) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && meant(event)) {
      event.preventDefault();
      element.focus();
      element.select();
    }
  });
}
