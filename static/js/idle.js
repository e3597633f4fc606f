// Asks whether somebody is still there, then clears the screen for whoever comes next.
export function idle(dialog) {
  const warn = Number(dialog.dataset.warn) * 1000;
  const forget = Number(dialog.dataset.forget) * 1000;
  const seconds = dialog.querySelector("[data-seconds]");
  let last = Date.now();

  const touched = () => {
    last = Date.now();
    if (dialog.open) dialog.close();
  };
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
    document.addEventListener(kind, touched, { passive: true, capture: true });
  }
  // A page that comes back from the browser's memory may belong to the person before.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.replace(dialog.dataset.href);
  });
  setInterval(() => {
    const quiet = Date.now() - last;
    if (quiet >= forget) {
      window.location.replace(dialog.dataset.href);
    } else if (quiet >= warn) {
      seconds.textContent = String(Math.ceil((forget - quiet) / 1000));
      if (!dialog.open) dialog.showModal();
    }
  }, 250);
}
