// A print button, shown only where a script can print.
export function printer(element) {
  element.hidden = false;
  element.addEventListener("click", () => window.print());
}
