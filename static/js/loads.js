// Shows what the chosen service asks and says, where it stands, as soon as it is chosen, and what
// is known at a place as soon as it is typed. The same comes by a button; what was typed stays, and
// the focus never moves.
import { initAll } from "../vendor/govuk-frontend.min.js";

export function loader(form) {
  const service = form.elements.namedItem("service");
  const button = form.querySelector("[data-loads-now]");
  const status = form.querySelector("[data-loads-status]");
  if (!service || !button) return;
  let asked = 0;
  let told = "";

  const swap = (page) => {
    for (const place of document.querySelectorAll("[data-loads]")) {
      const fresh = page.querySelector(`[data-loads="${place.dataset.loads}"]`);
      // Where somebody is at work, nothing is taken away under them.
      if (!fresh || place.contains(document.activeElement)) continue;
      const typed = [...place.querySelectorAll("textarea, input:not([type=hidden]), select")];
      place.replaceChildren(...fresh.childNodes);
      // What was typed while the answer was on its way is newer than the answer.
      for (const old of typed) {
        const same = place.querySelectorAll(`[name="${old.name}"]`);
        for (const one of same) {
          if (one.type !== "radio" && one.type !== "checkbox") one.value = old.value;
          else if (one.value === old.value) one.checked = old.checked;
        }
      }
      initAll({ scope: place });
      window.htmx?.process(place);
    }
  };

  const load = async () => {
    const mine = ++asked;
    const body = new FormData(form);
    // No answer depends on a file, and it is not sent twice.
    for (const file of form.querySelectorAll("[type=file]")) body.delete(file.name);
    body.set(button.name, button.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // Only the newest choice is shown.
      if (mine !== asked) return;
      swap(page);
      const said = service.value;
      if (said === told) return;
      told = said;
      const count = form.querySelectorAll('[data-loads="questions"] [name^="own-"]').length;
      const name = service.selectedOptions[0]?.textContent ?? "";
      status.textContent = count ? `${name}: its questions are shown below` : `${name}: no questions of its own`;
    } catch {
      // Nothing is lost: the button still shows it, and so does raising it.
    }
  };
  service.addEventListener("change", load);
  form.elements.namedItem("postcode")?.addEventListener("change", () => service.value && load());
}
