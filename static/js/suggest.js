// What may be meant, while somebody types: a plain list of links after the field. Focus never
// moves by itself, and how many there are is said once typing rests.
const REST = { box: 250, text: 900 };

export function suggester(place) {
  const field = document.getElementById(place.dataset.suggestFor);
  if (!field) return;
  const isText = field.tagName === "TEXTAREA";
  const list = place.querySelector("[data-suggest-list]");
  const status = place.querySelector("[data-suggest-status]");
  const kept = new Map();
  let timer = 0;
  let asked = "";
  let shown = isText ? list.innerHTML : "";
  const first = isText ? [...list.children] : [];

  // Words of our data, marked where they are not in the language of the page.
  const spoken = (words, lang) => {
    if (!lang) return words;
    const part = document.createElement("span");
    part.lang = lang;
    part.textContent = words;
    return part;
  };

  const one = (hit) => {
    const item = document.createElement("li");
    item.className = "hub-suggest__item";
    const link = document.createElement("a");
    link.className = "govuk-link hub-suggest__link";
    link.href = hit.href;
    link.append(spoken(hit.title, hit.lang));
    if (isText) {
      // What was written stays on the page that is left open.
      link.target = "_blank";
      link.rel = "noopener";
      link.append(` (${place.dataset.suggestNewTab})`);
    }
    const note = document.createElement("span");
    note.className = "hub-suggest__note";
    if (!isText) note.append(`${hit.kind}: `);
    note.append(spoken(hit.note, hit.note_lang));
    item.append(link, note);
    return item;
  };

  const show = (hits) => {
    // Links that somebody is on are not taken away under them.
    if (place.contains(document.activeElement)) return;
    // Beside a text, what the page came with is better than nothing, and than what no longer fits.
    const items = hits.length ? hits.map(one) : first;
    const now = items.map((item) => item.outerHTML).join("");
    if (now === shown) return;
    shown = now;
    list.replaceChildren(...items);
    place.hidden = !items.length;
    status.textContent = items.length ? `${place.dataset.suggestSays} ${items.length}` : "";
  };

  const ask = async (text) => {
    if (kept.has(text)) return kept.get(text);
    const request = isText ? posted(text) : [`${place.dataset.suggestFrom}?q=${encodeURIComponent(text)}`];
    const answer = await fetch(...request);
    if (!answer.ok) throw new Error(String(answer.status));
    const { hits } = await answer.json();
    if (kept.size > 50) kept.clear();
    kept.set(text, hits);
    return hits;
  };

  // What people write about themselves stands in no address.
  const posted = (text) => {
    const body = new URLSearchParams({ q: text, service: place.dataset.suggestService ?? "" });
    const token = field.form?.querySelector("input[name=csrfmiddlewaretoken]");
    if (token) body.set("csrfmiddlewaretoken", token.value);
    return [place.dataset.suggestFrom, { method: "POST", body }];
  };

  const look = async () => {
    const text = field.value.trim().slice(0, 200);
    asked = text;
    if (text.length < 2) return show([]);
    try {
      const hits = await ask(text);
      if (asked === text) show(hits);
    } catch {
      // Without suggestions the page is what it was.
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, isText ? REST.text : REST.box);
  });
  if (isText) return;

  const links = () => [...list.querySelectorAll("a")];
  const close = () => {
    shown = "";
    place.hidden = true;
    status.textContent = "";
  };
  // The arrows walk from the box through the links and back; Escape puts them away.
  const step = (event) => {
    if (place.hidden) return;
    const row = [field, ...links()];
    const at = row.indexOf(document.activeElement);
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && at + move >= 0 && at + move < row.length && at >= 0) {
      event.preventDefault();
      row[at + move].focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
      field.focus();
    }
  };
  field.addEventListener("keydown", step);
  place.addEventListener("keydown", step);
  document.addEventListener("click", (event) => {
    if (!place.contains(event.target) && event.target !== field) close();
  });
}
