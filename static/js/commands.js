// The command bar: Ctrl-K from anywhere, "/" where the page has no search of its own. It offers
// what the page in front can do, and what the hub finds for the words: a combobox with a list
// (ARIA APG), the focus stays in the field. Words are sent in a body, never in an address.
import { all, meant, seen, step, words } from "./keys.js";

const PAUSE = 120; // milliseconds without a key before the hub is asked

export function commands(dialog) {
  const form = dialog.querySelector("form");
  const field = form.querySelector("[role=combobox]");
  const list = dialog.querySelector("[role=listbox]");
  const none = dialog.querySelector("[data-bar-none]");
  const status = dialog.querySelector("[data-bar-status]");
  let own = [];
  let asked = 0;
  let waiting = 0;
  let running = null;
  let chosen = -1;
  let shown = ""; // the words that the list is for

  // What the page in front does, by its own buttons and links.
  const ofPage = () => {
    const found = new Map();
    for (const one of all("[data-key], [data-command], details.hub-act > summary")) {
      if (dialog.contains(one) || "keyQuiet" in one.dataset) continue;
      const said = one.dataset.command || words(one);
      if (said && !found.has(said)) found.set(said, one);
    }
    return [...found].map(([said, element]) => ({ group: "On this page", words: said, element, note: element.dataset.key ?? "" }));
  };

  const options = () => [...list.querySelectorAll("[role=option]")];

  const mark = (at) => {
    const every = options();
    chosen = every.length === 0 ? -1 : (at + every.length) % every.length;
    for (const [number, one] of every.entries()) one.setAttribute("aria-selected", String(number === chosen));
    if (chosen < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", every[chosen].id);
      every[chosen].scrollIntoView({ block: "nearest" });
    }
  };

  const draw = (found, text) => {
    shown = text;
    const groups = new Map();
    for (const one of found) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
    let number = 0;
    list.replaceChildren(
      ...[...groups].map(([name, rows], at) => {
        const group = document.createElement("div");
        group.setAttribute("role", "group");
        group.setAttribute("aria-labelledby", `hub-bar-group-${at}`);
        const title = document.createElement("div");
        title.id = `hub-bar-group-${at}`;
        title.className = "hub-bar__group";
        title.setAttribute("role", "presentation");
        title.textContent = name;
        group.append(title, ...rows.map((one) => option(one, number++)));
        return group;
      }),
    );
    none.hidden = number > 0;
    field.setAttribute("aria-expanded", String(number > 0));
    status.textContent = number === 0 ? none.textContent : `${number} found`;
    mark(0);
  };

  const option = (one, number) => {
    const line = document.createElement("div");
    line.setAttribute("role", "option");
    line.id = `hub-bar-${number}`;
    line.className = "hub-bar__option";
    const said = document.createElement("span");
    said.textContent = one.words;
    line.append(said);
    if (one.note && one.group !== "Go to") {
      const note = document.createElement(one.element ? "kbd" : "span");
      note.className = one.element ? "hub-bar__key" : "hub-bar__note";
      note.textContent = one.note;
      line.append(note);
    }
    line.addEventListener("mousedown", (event) => event.preventDefault());
    line.addEventListener("click", () => go(one));
    line.hubGo = () => go(one);
    return line;
  };

  const go = (one) => {
    dialog.close();
    if (one.element) step(one.element);
    else if (one.href) window.location.assign(one.href);
  };

  const fits = (text, one) => text.toLowerCase().split(/\s+/).every((part) => one.words.toLowerCase().includes(part));

  const ask = async () => {
    const text = field.value.trim();
    const mine = ++asked;
    running?.abort();
    running = new AbortController();
    const fitting = own.filter((one) => fits(text, one));
    try {
      const answer = await fetch(dialog.dataset.href, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        signal: running.signal,
        redirect: "error",
      });
      const { found } = await answer.json();
      if (mine === asked) draw([...fitting, ...found], text);
    } catch (error) {
      // Without an answer there is still what this page does.
      if (mine === asked && error.name !== "AbortError") draw(fitting, text);
    }
  };

  const open = () => {
    if (dialog.open) return;
    own = ofPage();
    field.value = "";
    dialog.showModal();
    field.focus();
    draw(own, "");
    ask();
  };

  field.addEventListener("input", () => {
    window.clearTimeout(waiting);
    const text = field.value.trim();
    const fitting = own.filter((one) => fits(text, one));
    if (fitting.length > 0) draw(fitting, text);
    waiting = window.setTimeout(ask, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) mark(chosen + steps[event.key]);
    else if (event.key === "Home" && event.ctrlKey) mark(0);
    else if (event.key === "End" && event.ctrlKey) mark(-1);
    else return;
    event.preventDefault();
  });
  // Enter: what is marked; where nothing is shown for these words yet, they are looked up first.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    window.clearTimeout(waiting);
    if (field.value.trim() !== shown) await ask();
    options()[Math.max(chosen, 0)]?.hubGo();
  });

  document.addEventListener("keydown", (event) => {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (command && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (dialog.open) dialog.close();
      else if (!document.querySelector("dialog[open]")) open();
      return;
    }
    const searches = [...document.querySelectorAll("[data-module~=hub-slash]")].some(seen);
    if (event.key === "/" && !searches && meant(event)) {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-bar-open]")) return;
    event.preventDefault();
    open();
  });
}
