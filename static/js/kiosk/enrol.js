// Makes this device's key, shows the code that staff typed (or scanned: it stands after the #, so
// that it is in nobody's log), and keeps who the device is from now on.
import { call, keepMe, newKey, useNonce } from "./device.js";
import { within, write } from "./store.js";

export async function enroller(form) {
  const code = form.querySelector("input");
  const summary = document.getElementById("wrong");
  const wrong = document.getElementById("code-wrong");
  const button = form.querySelector("button");
  useNonce(form.dataset.nonce);
  const scanned = location.hash.slice(1);
  if (/^[0-9]{8}$/.test(scanned)) {
    code.value = scanned;
    history.replaceState(null, "", location.pathname);
  }

  const title = document.title;
  const refuse = (words) => {
    for (const place of [summary, wrong]) {
      place.querySelector("[data-words]").textContent = words;
      place.hidden = false;
    }
    document.title = `${form.dataset.error} ${title}`;
    code.setAttribute("aria-invalid", "true");
    code.setAttribute("aria-describedby", `${code.dataset.hint} ${wrong.id}`);
    form.querySelector(".govuk-form-group").classList.add("govuk-form-group--error");
    summary.focus();
  };

  summary.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    code.focus();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const made = await newKey();
      const { status, said } = await call(made, form.dataset.href, { code: code.value });
      if (status === 200) {
        const { kiosk, name, site, now, sealing, commands } = said;
        const offset = now - Date.now();
        // What was counted was the device that it was before.
        await within(["counts", "device"], "readwrite", (counts, device) => {
          counts.clear();
          device.delete("use");
        });
        await keepMe({ ...made, kiosk, name, site, offset, sealing, commands });
        await write("device", said.nonce, "nonce"); // the first heartbeat is signed at once
        location.replace(form.dataset.next);
        return;
      }
      refuse(said.error ?? form.dataset.later);
    } catch {
      refuse(form.dataset.later);
    } finally {
      button.disabled = false;
    }
  });
  // A device that has only lost its cookie needs no code; one that was scanned begins anew.
  const { woken } = await import("./waking.js");
  if (!code.value && (await woken())) location.replace(form.dataset.next);
  else form.hidden = false;
}
