// Shows beside a form how what stands in it would look. Without this a button does the same.
const PATIENCE = 500;

export function looker(form) {
  const place = document.getElementById("look");
  if (!place) return;
  let waiting = 0;
  let asked = 0;
  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.look, { method: "POST", body: new FormData(form) });
      // Only the newest answer is shown; what was refused leaves what stands there.
      if (!answer.ok || answer.redirected || mine !== asked) return;
      place.innerHTML = await answer.text();
    } catch {
      // Nothing is lost: the button still shows it.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PATIENCE);
  });
}
