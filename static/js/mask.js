// Who a person is can be read on the screen only while they type it (static/css/kiosk-keyboard.css
// hides it as soon as they go on), or after they touched this.
export function masked(key) {
  key.hidden = false;
  key.addEventListener("click", () => {
    const shown = document.body.classList.toggle("hub-unmasked");
    key.setAttribute("aria-pressed", String(shown));
  });
}
