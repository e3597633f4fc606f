// The button says who will read what is written, once that is chosen.
const WORDS = { us: "Keep it among us", hub: "Share it with the hub", public: "Send it to the citizen" };

export function says(form) {
  const button = form.querySelector(".hub-actions button:not([name])");
  const preview = form.querySelector(".hub-actions button[name=preview]");
  const settle = () => {
    const chosen = form.querySelector("input[name=seen_by]:checked");
    // A button whose words are replaced while it is being pressed loses the press.
    if (chosen && button.textContent !== WORDS[chosen.value]) button.textContent = WORDS[chosen.value];
    if (preview) preview.hidden = chosen?.value !== "public";
  };
  form.addEventListener("change", settle);
  settle();
}
