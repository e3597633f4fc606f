// data-draft="name" on a form: what is typed in it is kept, in this window at each pause, with the
// hub every few seconds, and offered when the page shows the form again. Never passwords, files or
// hidden fields. Sent or signed out: gone. Where two windows write the same, neither overwrites
// the other: the newer words are offered.
import { show as showKeys } from "./keys.js";

const PAUSE = 400; // milliseconds without a key: into this window
const OFTEN = 2000; // at most so often to the hub
const STORE = "hub-draft:";
const WHOSE = `${STORE}of`; // whose words are in this window
const NEVER = "[type=password], [type=file], [type=hidden], [type=submit], [type=button], [data-draft-never]";

const fieldsOf = (form) =>
  [...form.elements].filter((one) => one.name && one.matches("input, textarea, select") && !one.matches(NEVER));

function read(form) {
  const found = {};
  for (const one of fieldsOf(form)) {
    if (one.matches("[type=radio], [type=checkbox]")) {
      if (one.type === "checkbox") found[one.name] = [...(found[one.name] ?? []), ...(one.checked ? [one.value] : [])];
      else if (one.checked) found[one.name] = one.value;
    } else if (one.multiple) found[one.name] = [...one.selectedOptions].map((chosen) => chosen.value);
    else found[one.name] = one.value;
  }
  return found;
}

function write(form, fields) {
  for (const one of fieldsOf(form)) {
    if (!(one.name in fields)) continue;
    const kept = fields[one.name];
    if (one.type === "checkbox") one.checked = kept.includes(one.value);
    else if (one.type === "radio") one.checked = kept === one.value;
    else if (one.multiple) for (const choice of one.options) choice.selected = kept.includes(choice.value);
    else one.value = kept;
    one.dispatchEvent(new Event("input", { bubbles: true }));
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function inWindow(name, value) {
  try {
    if (value === undefined) return JSON.parse(window.sessionStorage.getItem(STORE + name) ?? "null");
    if (value === null) window.sessionStorage.removeItem(STORE + name);
    else window.sessionStorage.setItem(STORE + name, JSON.stringify(value));
  } catch {
    // Where nothing may be kept, the hub keeps it.
  }
  return null;
}

export function forgetDrafts() {
  try {
    for (const name of Object.keys(window.sessionStorage)) {
      if (name.startsWith(STORE)) window.sessionStorage.removeItem(name);
    }
  } catch {
    // Nothing was kept.
  }
}

// The next to sign in here finds nothing of who was here before, however their session ended.
function mine(of) {
  try {
    if (window.sessionStorage.getItem(WHOSE) === of) return;
    forgetDrafts();
    window.sessionStorage.setItem(WHOSE, of);
  } catch {
    // Nothing is kept here.
  }
}

const words = (fields) => Object.values(fields).filter((one) => typeof one === "string" && one.trim().includes(" "));
const longest = (fields) => words(fields).sort((one, other) => other.length - one.length)[0] ?? "";
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

function send(href, values, keepalive = false) {
  const body = new URLSearchParams({ csrfmiddlewaretoken: token() });
  for (const [name, value] of Object.entries(values)) body.append(name, value);
  return fetch(href, { method: "POST", body, keepalive, headers: { Accept: "application/json" }, redirect: "error" });
}

class Keeper {
  constructor(form, offer) {
    this.form = form;
    this.name = form.dataset.draft;
    this.template = offer;
    this.href = offer.dataset.href;
    this.seen = "";
    this.told = JSON.stringify(read(form));
    this.blank = this.told;
    this.busy = false;
    this.stopped = false;
    this.last = 0;
    form.addEventListener("input", () => this.typed());
    form.addEventListener("change", () => this.typed());
    form.addEventListener("submit", () => this.sent());
  }

  get isTyped() {
    return JSON.stringify(read(this.form)) !== this.blank;
  }

  typed() {
    if (this.stopped || this.filling) return;
    window.clearTimeout(this.pause);
    this.pause = window.setTimeout(() => {
      inWindow(this.name, { fields: read(this.form), at: Date.now(), seen: this.seen });
    }, PAUSE);
    window.clearTimeout(this.later);
    this.later = window.setTimeout(() => this.keep(), Math.max(PAUSE, this.last + OFTEN - Date.now()));
  }

  async keep(keepalive = false) {
    const fields = JSON.stringify(read(this.form));
    if (this.stopped || fields === this.told || (this.busy && !keepalive)) return;
    if (fields === this.blank) {
      this.away();
      return;
    }
    this.busy = true;
    this.last = Date.now();
    try {
      const answer = await send(this.href, { form: this.name, fields, seen: this.seen }, keepalive);
      const said = await answer.json();
      if (answer.status === 409) {
        this.stopped = true;
        this.offer(said, true);
      } else if (answer.ok) {
        this.told = fields;
        this.seen = said.mark;
        this.mark();
      }
    } catch {
      // The line is gone: this window has it, and the next pause tries again.
    } finally {
      this.busy = false;
      if (!this.stopped && JSON.stringify(read(this.form)) !== fields) this.typed();
    }
  }

  // Nothing is left of it: neither here nor with the hub.
  away() {
    inWindow(this.name, null);
    this.told = JSON.stringify(read(this.form));
    if (this.seen) send(this.template.dataset.away, { form: this.name }, true).catch(() => {});
    this.seen = "";
  }

  // The hub forgets it with the act, in the view that the form is sent to.
  mark() {
    let field = this.form.querySelector("input[name=draft]");
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = "draft";
      this.form.append(field);
    }
    field.value = this.name;
  }

  sent() {
    window.clearTimeout(this.pause);
    window.clearTimeout(this.later);
    this.mark();
    // A form that is refused comes back with its words.
    inWindow(this.name, null);
    this.stopped = true;
    window.setTimeout(() => {
      this.stopped = false; // somebody may have stayed on the page
    }, 5000);
  }

  found(kept) {
    const mine = inWindow(this.name);
    const own = mine && (!kept || mine.at > Date.parse(kept.mark)) ? { ...mine, mark: kept?.mark ?? "", at: "" } : null;
    const newest = own ?? kept;
    if (!newest || same(newest.fields, read(this.form))) {
      if (newest) {
        this.seen = newest.mark;
        this.mark();
      }
      return;
    }
    this.seen = kept?.mark ?? "";
    this.offer(newest, false);
  }

  // What is offered in a closed part is seen: it is opened, or says so where another one is open.
  unfold() {
    const fold = this.form.closest("details");
    if (!fold) return;
    const open = fold.name && document.querySelector(`details[name="${CSS.escape(fold.name)}"][open]`);
    if (!open) fold.open = true;
    else if (open !== fold && !fold.querySelector("summary .hub-draft__sign")) {
      const sign = document.createElement("span");
      sign.className = "hub-draft__sign";
      sign.textContent = "not sent";
      fold.querySelector("summary").append(" ", sign);
    }
  }

  offer(kept, isOther) {
    this.form.querySelector("[data-draft-offer]")?.remove();
    const part = this.template.content.firstElementChild.cloneNode(true);
    const when = [kept.day, kept.at].filter(Boolean).join(", ");
    const said = isOther ? "Newer words of this were typed in another window" : "You were writing this and did not send it";
    part.querySelector("[data-draft-words]").textContent = when ? `${said} (${when})` : said;
    part.querySelector("[data-draft-said]").textContent = longest(kept.fields).slice(0, 300);
    part.setAttribute("aria-label", said);
    const away = part.querySelector("[data-draft-away]");
    if (isOther) away.textContent = "Keep what stands here";
    const done = () => {
      const inside = part.contains(document.activeElement);
      part.remove();
      this.stopped = false;
      if (inside) fieldsOf(this.form).find((one) => one.matches("textarea, [type=text]"))?.focus();
    };
    part.querySelector("[data-draft-use]").addEventListener("click", () => {
      this.filling = true;
      write(this.form, kept.fields);
      this.filling = false;
      this.seen = kept.mark;
      this.told = JSON.stringify(kept.fields);
      this.mark();
      done();
      this.typed();
    });
    away.addEventListener("click", () => {
      this.seen = kept.mark;
      if (isOther) {
        done();
        this.keep();
        return;
      }
      this.away();
      done();
    });
    this.form.prepend(part);
    showKeys(part);
    this.unfold();
    const status = document.querySelector("[data-module~=hub-swaps]");
    if (status) status.textContent = part.getAttribute("aria-label");
  }
}

const keepers = new Set();

let asking = 0;

// One question for all forms of a page, and for each that comes later.
async function ask() {
  const fresh = [...keepers].filter((one) => !one.asked && one.form.isConnected);
  for (const one of fresh) one.asked = true;
  if (fresh.length === 0) return;
  const query = new URLSearchParams(fresh.map((one) => ["form", one.name]));
  let kept = [];
  try {
    const answer = await fetch(`${fresh[0].href}?${query}`, { headers: { Accept: "application/json" }, redirect: "error" });
    if (answer.ok) ({ kept } = await answer.json());
  } catch {
    // What this window has is offered all the same.
  }
  for (const one of fresh) one.found(kept.find((draft) => draft.form === one.name));
}

export function drafter(form) {
  const offer = document.getElementById("hub-draft-offer");
  if (!offer || form.hubDraft) return;
  mine(offer.dataset.of);
  form.hubDraft = new Keeper(form, offer);
  for (const one of keepers) if (!one.form.isConnected) keepers.delete(one);
  keepers.add(form.hubDraft);
  window.clearTimeout(asking);
  asking = window.setTimeout(ask, 0);
}

window.addEventListener("pagehide", () => {
  for (const one of keepers) {
    if (one.form.isConnected && one.isTyped) one.keep(true);
  }
});
document.addEventListener("submit", (event) => {
  if (new URL(event.target.action, window.location.href).pathname === "/sign-out/") {
    for (const one of keepers) one.stopped = true;
    forgetDrafts();
  }
});
