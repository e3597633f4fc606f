"""What the browser is asked of a page: what it keeps, and which words are too weak."""

# Everything that a browser keeps for a site and a script can see, as text.
KEPT = """
async () => {
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie,
    document.documentElement.outerHTML, location.href];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => {
      indexedDB.open(name).onsuccess = (event) => done(event.target.result);
    });
    for (const store of db.objectStoreNames) {
      found.push(await new Promise((done) => {
        db.transaction(store).objectStore(store).getAll().onsuccess = (event) =>
          done(JSON.stringify(event.target.result));
      }));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.push(request.url, await (await cache.match(request)).text());
    }
  }
  return found.join("\\n");
}
"""
# Colours of words and of what they stand on, where that is less than seven to one.
WEAK = """
() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((parts(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()
      && !one.closest(".govuk-visually-hidden, .govuk-skip-link")
      && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
    .map((one) => [one, light(getComputedStyle(one).color), light(ground(one))])
    .map(([one, a, b]) => [one, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)])
    .filter(([, ratio]) => ratio < 7)
    .map(([one, ratio]) =>
      `${one.className}: ${one.textContent.trim().slice(0, 30)}: ${ratio.toFixed(1)}`);
}
"""
