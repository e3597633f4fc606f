// What makes the screen easier to use (channels/kiosk/modes.py), at once and without leaving the
// page: a class of the body, told to the server where there is a visit to keep it in, else kept in
// this page alone. Without this the same keys lead to a page of their own.
export function modes(form) {
  const said = form.querySelector("[data-said]");

  const keep = (button) => {
    const body = new URLSearchParams(new FormData(form));
    body.set(button.name, button.value);
    fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {});
  };

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    event.preventDefault();
    if (!button?.dataset.steps) return;
    const steps = button.dataset.steps.split("|");
    const words = button.dataset.words.split("|");
    const [name, step] = button.value.split(":");
    const at = steps.indexOf(step);
    if ("keep" in form.dataset) keep(button);
    for (const one of steps) {
      if (one) document.body.classList.toggle(`hub-${name}-${one}`, one === step);
    }
    button.value = `${name}:${steps[(at + 1) % steps.length]}`;
    button.querySelector("[data-now]").textContent = words[at];
    said.textContent = button.innerText.replace(/\s+/g, " ");
    document.dispatchEvent(new CustomEvent("hub-easier", { detail: { name, step } }));
  });
}

// For the next person nothing is easier than it is for all: where a page outlives a visit.
export function asBefore() {
  document.body.classList.remove("hub-unmasked");
  for (const button of document.querySelectorAll("[data-steps]")) {
    const steps = button.dataset.steps.split("|");
    const [name] = button.value.split(":");
    for (const one of steps) if (one) document.body.classList.remove(`hub-${name}-${one}`);
    button.value = `${name}:${steps[1]}`;
    button.querySelector("[data-now]").textContent = button.dataset.words.split("|")[0];
    document.dispatchEvent(new CustomEvent("hub-easier", { detail: { name, step: "" } }));
  }
}

// Opens over the page that is read; the keys that do are links to the page of its own.
export function modesDialog(dialog) {
  for (const key of document.querySelectorAll("[data-easier-open]")) {
    key.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
  }
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
}
