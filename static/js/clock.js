// What time it is, by the server's clock: a device's own is often wrong.
export function clock(place) {
  const began = Number(place.dataset.now) - performance.now();
  const shape = new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "long", hour: "2-digit", minute: "2-digit", timeZone: "Europe/London",
  });
  const tell = () => {
    const now = shape.format(began + performance.now());
    if (place.textContent !== now) place.textContent = now;
  };
  place.hidden = false;
  tell();
  setInterval(tell, 5_000);
}
