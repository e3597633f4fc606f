// Looks again every half minute, and puts what has changed into its place: nothing moves under who
// reads with the focus in it, and nobody's time at the desk grows longer by it.
const EVERY = 30_000;

export function fresh(place) {
  const { fresh: name } = place.dataset;
  const look = async () => {
    if (document.hidden || place.contains(document.activeElement)) return;
    try {
      const answer = await fetch(location.href, { headers: { "X-Hub-Looks-Again": "1" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector(`[data-fresh="${name}"]`);
      if (!next || place.contains(document.activeElement)) return;
      if (next.innerHTML !== place.innerHTML) place.replaceChildren(...next.childNodes);
    } catch {
      // The line is away: what stands there stays.
    }
  };
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
