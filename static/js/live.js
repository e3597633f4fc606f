// Hears at once what happens to what this page shows, and who else looks at it (docs/desk.md, Live).
// Nothing is told here but names of colleagues, references and kinds of change: what changed is
// fetched as the part of the page that it is. Without a stream the page looks again by itself.
const FIRST_PAUSE = 3_000;
const LONGEST_PAUSE = 60_000;
const TYPING_EVERY = 3_000;
const PART_EVERY = 2_000;

export function live(place) {
  const { url, topics } = place.dataset;
  let { ticket } = place.dataset;
  let stream = null;
  let me = 0;
  let pause = FIRST_PAUSE;
  let waiting = 0;

  const heard = {
    open: (data) => {
      me = data.me;
      pause = FIRST_PAUSE;
      document.body.dataset.live = "on";
    },
    changed: ({ topic, changes }) => {
      const others = changes.filter((one) => one.staff !== me);
      if (others.length) changed(topic, others);
    },
    present: ({ topic, people }) => present(topic, people.filter((one) => one.staff !== me)),
    said: ({ topic, data }) => said(topic, data),
    missed: () => document.querySelectorAll("[data-live-part]").forEach((part) => again(part, "")),
  };

  const open = () => {
    if (stream || document.hidden) return;
    stream = new EventSource(`${url}?ticket=${encodeURIComponent(ticket)}`);
    for (const [kind, act] of Object.entries(heard)) {
      stream.addEventListener(kind, (event) => {
        // The browser says "open" of the stream itself, too, with nothing in it.
        if (event.data === undefined) return;
        const data = JSON.parse(event.data);
        act(data);
        document.dispatchEvent(new CustomEvent("hub-live", { detail: { kind, ...data } }));
      });
    }
    stream.onerror = () => {
      close();
      clearTimeout(waiting);
      waiting = setTimeout(renewed, pause * (0.75 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
  };
  const close = () => {
    stream?.close();
    stream = null;
    delete document.body.dataset.live;
  };
  // A ticket is good for minutes: the session is asked for the next one, and is not kept awake by it.
  const renewed = async () => {
    if (document.hidden) return;
    try {
      const asked = await fetch(`/desk/live/?topics=${encodeURIComponent(topics)}`, {
        headers: { "X-Hub-Looks-Again": "1" },
      });
      if (asked.redirected) return;
      if (asked.ok) ({ ticket } = await asked.json());
    } catch {
      // The line is away; the stream fails too, and this is tried again.
    }
    open();
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close();
    else renewed();
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && renewed());
  types(url, () => ticket);
  open();
}

// -- What changed ---------------------------------------------------------------------------------

function changed(topic, changes) {
  for (const change of changes) {
    for (const row of document.querySelectorAll(`[data-live-row="${CSS.escape(change.reference)}"]`)) {
      mark(row, `${change.words} just now`);
    }
  }
  const fresh = new Set(changes.filter((one) => one.what === "enquiry.received").map((one) => one.reference));
  if (topic === "queue" && fresh.size) came(fresh);
  const words = changes.at(-1).words;
  for (const part of parts(topic)) again(part, words);
  if (topic === "queue") return;
  for (const told of document.querySelectorAll(`[data-live-page="${CSS.escape(topic)}"]`)) {
    told.querySelector("[data-live-number]").textContent = words;
    told.hidden = false;
  }
}

const parts = (topic) => document.querySelectorAll(`[data-live="${CSS.escape(topic)}"][data-live-part]`);

function mark(row, words) {
  let note = row.querySelector("[data-live-note]");
  if (!note) {
    note = document.createElement("span");
    note.className = "hub-live-note";
    note.dataset.liveNote = "";
    (row.querySelector("[data-live-words]") ?? row.firstElementChild ?? row).append(note);
  }
  note.textContent = words;
}

// New ones are counted, not pushed under the reader's hand.
function came(references) {
  for (const place of document.querySelectorAll("[data-live-new]")) {
    const known = new Set((place.dataset.liveNew || "").split(",").filter(Boolean));
    for (const one of references) known.add(one);
    place.dataset.liveNew = [...known].join(",");
    const number = place.querySelector("[data-live-number]");
    if (number) number.textContent = known.size === 1 ? "1 new case" : `${known.size} new cases`;
    place.hidden = false;
  }
}

const inUse = (part) =>
  part.contains(document.activeElement) ||
  [...part.querySelectorAll("input:not([type=hidden]), textarea, select")].some(
    (field) => field.type !== "checkbox" && field.type !== "radio" && field.value !== (field.defaultValue ?? field.value)
  );

// Fetches a part anew, at most every two seconds (or as seldom as data-live-every says, in milliseconds);
// one in which somebody works is left, and they are told.
function again(part, words) {
  if (inUse(part)) {
    const told = part.querySelector("[data-live-changed]");
    if (!told) return;
    told.hidden = false;
    const place = told.querySelector("[data-live-number]") ?? told;
    if (words) place.textContent = words;
    return;
  }
  if (part.dataset.liveSoon) return;
  part.dataset.liveSoon = "1";
  const { id } = part;
  setTimeout(() => {
    const now = document.getElementById(id);
    if (!now) return;
    delete now.dataset.liveSoon;
    if (inUse(now)) again(now, words);
    else {
      window.htmx.ajax("GET", now.dataset.livePart || location.pathname + location.search, {
        source: now, target: now, swap: "outerHTML", headers: { "X-Hub-Looks-Again": "1" },
      });
    }
  }, Number(part.dataset.liveEvery ?? 0) + Math.random() * PART_EVERY);
}

function said(topic) {
  for (const part of parts(topic)) again(part, "");
}

// -- Who else is here -------------------------------------------------------------------------------

function present(topic, people) {
  const listed = (names) => names.join(names.length > 2 ? ", " : " and ");
  const typing = people.filter((one) => one.typing).map((one) => one.name);
  const here = people.filter((one) => !one.typing).map((one) => one.name);
  const sentences = [];
  if (typing.length) sentences.push(`${listed(typing)} ${typing.length === 1 ? "is" : "are"} writing`);
  if (here.length) sentences.push(`${listed(here)} ${here.length === 1 ? "is" : "are"} here too`);
  for (const place of document.querySelectorAll(`[data-live-present="${CSS.escape(topic)}"]`)) {
    const words = sentences.join("; ");
    if (place.textContent !== words) place.textContent = words;
    place.hidden = !words;
  }
}

function types(url, ticket) {
  let last = 0;
  document.addEventListener("input", (event) => {
    const topic = event.target.closest?.("[data-live-typing]")?.dataset.liveTyping;
    if (!topic || document.body.dataset.live !== "on" || Date.now() - last < TYPING_EVERY) return;
    last = Date.now();
    const query = new URLSearchParams({ ticket: ticket(), topic });
    // What colleagues see of it is worth no second try.
    fetch(`${url}typing/?${query}`, { method: "POST", keepalive: true }).catch(() => {});
  });
}
