// Who opens an act by a key goes on typing before its form is there: what was typed meanwhile is
// put into its first field. `data-ahead` names the element that the forms come into.
export function ahead(place) {
  const into = place.dataset.ahead;
  let typed = null;

  const keep = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Backspace") typed = typed.slice(0, -1);
    else if (event.key.length === 1) typed += event.key;
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const rest = () => {
    typed = null;
    window.removeEventListener("keydown", keep, true);
  };
  const begins = ({ detail }) => {
    const link = detail.elt.closest?.("a");
    if (detail.target?.id !== into || !link || typed !== null) return;
    typed = "";
    window.addEventListener("keydown", keep, true);
  };
  const ends = ({ detail }) => {
    if (typed === null || detail.elt.id !== into) return;
    const words = typed;
    rest();
    const field = document.activeElement;
    if (!words || !field.matches("textarea, input[type=text]")) return;
    field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("htmx:beforeRequest", begins);
  document.addEventListener("htmx:afterSettle", ends);
  for (const lost of ["htmx:sendError", "htmx:timeout", "htmx:responseError", "htmx:sendAbort"]) {
    document.addEventListener(lost, rest);
  }
}
