// Asks whether somebody is still there, then clears the screen for whoever comes next. Who needs
// longer has it: a class of the body says so. `end` is told whether something was typed; without
// one the page is left for the dialog's address. `isOn` says whether a visit is on at all. Answers
// with what is called where another visit begins on the same page.
const SLOWER = ".hub-time-on, .hub-read-on, [class*='hub-switch-']";
// No "scroll": what moves the page by itself is nobody.
const SIGNS = ["pointerdown", "keydown", "input", "wheel"];

export function idle(dialog, { end, isOn = () => true } = {}) {
  const seconds = dialog.querySelector("[data-seconds]");
  const now = () => ({ wall: Date.now(), run: performance.now() });
  let last = now();
  let typed = false;

  const patience = () => {
    const { warn, forget, slowWarn, slowForget } = dialog.dataset;
    const slow = slowWarn && document.body.matches(SLOWER);
    return slow ? [slowWarn * 1000, slowForget * 1000] : [warn * 1000, forget * 1000];
  };
  const leave = () => {
    const was = typed;
    typed = false;
    if (dialog.open) dialog.close();
    if (end) end(was);
    else location.replace(dialog.dataset.href + (was ? "&typed=1" : ""));
  };
  const touched = (event) => {
    last = now();
    typed ||= event.type === "input" && event.target.matches("input, textarea");
    if (dialog.open) dialog.close();
  };
  for (const kind of SIGNS) {
    document.addEventListener(kind, touched, { passive: true, capture: true });
  }
  // A page that comes back from the browser's memory may belong to the person before.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) leave();
  });
  setInterval(() => {
    if (!isOn()) last = now();
    const { wall, run } = now();
    // A clock that is set back keeps nothing on the screen; a device that slept clears it at once.
    const quiet = Math.max(wall - last.wall, run - last.run);
    const [warn, forget] = patience();
    if (quiet >= forget) {
      last = now();
      leave();
    } else if (quiet >= warn) {
      const left = String(Math.ceil((forget - quiet) / 1000));
      if (seconds.textContent !== left) seconds.textContent = left;
      if (!dialog.open) dialog.showModal();
    }
  }, 250);
  return () => {
    typed = false;
  };
}
