// What was just done can be taken back: how long there is for it is seen each second and said
// once. When it is over, the words say so and stay.
export function undo(element) {
  const button = element.querySelector("button");
  const words = element.querySelector("[data-undo-words]");
  const until = performance.now() + 1000 * Number(element.dataset.seconds);
  const left = () => Math.ceil((until - performance.now()) / 1000);

  const over = () => {
    window.clearInterval(ticking);
    const had = button === document.activeElement;
    button.remove();
    words.textContent = element.dataset.over;
    if (had) {
      words.tabIndex = -1;
      words.focus();
    }
  };
  const tick = () => {
    if (!element.isConnected) window.clearInterval(ticking);
    else if (left() <= 0) over();
    else words.textContent = `${left()} seconds left`;
  };
  // The seconds are for the eye; a screen reader hears once how long there is.
  const once = document.querySelector("[data-module~=hub-swaps]");
  window.setTimeout(() => {
    if (once && left() > 0) once.textContent = `You can take this back for ${left()} seconds: press z, then Enter.`;
  }, 1000);
  const ticking = window.setInterval(tick, 250);
  tick();
}
