// How long somebody has been in touch, counted from what the server said. Read to nobody as it goes
// on: the facts below say since when. What has gone on for a day is told in days, and not counted.
const HOUR = 3600;
const DAY = 24 * HOUR;
const two = (number) => String(number).padStart(2, "0");

function clock(seconds) {
  if (seconds < HOUR) return `${Math.floor(seconds / 60)}:${two(seconds % 60)} min`;
  return `${Math.floor(seconds / HOUR)}:${two(Math.floor((seconds % HOUR) / 60))} h`;
}

export function lasts(place) {
  if (Number(place.dataset.seconds) >= DAY) return;
  const began = performance.now() - Number(place.dataset.seconds) * 1000;
  const tell = () => {
    if (!place.isConnected) {
      window.clearInterval(going);
      return;
    }
    place.textContent = clock(Math.floor((performance.now() - began) / 1000));
  };
  const going = window.setInterval(tell, 1000);
  place.setAttribute("aria-live", "off");
  tell();
}
