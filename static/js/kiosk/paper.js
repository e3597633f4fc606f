// Staff say that paper was put in: the device counts what it prints from nothing again, then the
// server is told. Without a store the server knows alone.
import { change } from "./store.js";

export function paper(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await change("device", "use", (row = {}) => ({ ...row, printed: 0 })).catch(() => {});
    form.submit();
  });
}
