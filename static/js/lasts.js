// How long somebody has been in touch, counted from what the server said. Read to nobody as it goes
// on: the facts below say since when.
export function lasts(place) {
  const began = performance.now() - Number(place.dataset.seconds) * 1000;
  const tell = () => {
    if (!place.isConnected) {
      window.clearInterval(going);
      return;
    }
    const seconds = Math.floor((performance.now() - began) / 1000);
    const rest = String(seconds % 60).padStart(2, "0");
    place.textContent = `${Math.floor(seconds / 60)}:${rest} min`;
  };
  const going = window.setInterval(tell, 1000);
  place.setAttribute("aria-live", "off");
  tell();
}
