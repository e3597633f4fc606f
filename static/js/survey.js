// One press answers, without leaving the page. Without it the same form leads to a page of its own.
export function survey(section) {
  section.addEventListener("submit", async (event) => {
    const form = event.target;
    const pressed = event.submitter;
    event.preventDefault();
    const data = new FormData(form);
    if (pressed?.name) data.set(pressed.name, pressed.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(data) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector('[data-module~="hub-survey"]');
      if (!fresh) throw new Error("no question in the answer");
      section.replaceChildren(...fresh.childNodes);
      (section.querySelector(".govuk-error-message + textarea") ?? section.querySelector("h2")).focus();
    } catch {
      // As it would have gone without a script, so that nothing is lost.
      if (pressed?.name) {
        const said = document.createElement("input");
        Object.assign(said, { type: "hidden", name: pressed.name, value: pressed.value });
        form.append(said);
      }
      form.submit();
    }
  });
}
