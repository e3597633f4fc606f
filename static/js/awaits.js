// A part of the page that changes while nobody does anything: looks again every few seconds, and
// shows what is new. `data-state` says in one word what it shows, so that nothing moves without
// need; without scripts the page comes anew by itself.
export function awaiter(element) {
  const { href, every } = element.dataset;

  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(href, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(element.id);
    if (!fresh || fresh.dataset.state === element.dataset.state) return;
    const focused = element.contains(document.activeElement);
    element.replaceChildren(...fresh.childNodes);
    element.dataset.state = fresh.dataset.state;
    if (focused) element.querySelector("a, button")?.focus();
  };

  setInterval(() => look().catch(() => {}), Number(every) * 1000);
}
