// Asks whether somebody is still there, then lets everything be forgotten.
const MOMENT = 250;

export function quiet(dialog, { isOn, forget }) {
  const seconds = dialog.querySelector("[data-seconds]");
  let last = performance.now();
  const wait = (name) => Number(dialog.dataset[name]) * 1000;

  const touched = () => {
    last = performance.now();
    if (dialog.open) dialog.close();
  };
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
    document.addEventListener(kind, touched, { passive: true, capture: true });
  }
  setInterval(() => {
    if (!isOn()) {
      last = performance.now();
      return;
    }
    const still = performance.now() - last;
    if (still >= wait("forget")) {
      dialog.close();
      last = performance.now();
      forget();
    } else if (still >= wait("warn")) {
      seconds.textContent = String(Math.ceil((wait("forget") - still) / 1000));
      if (!dialog.open) dialog.showModal();
    }
  }, MOMENT);
}
