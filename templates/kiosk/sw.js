// The worker of one release of the kiosk: pages come from the line, and where they do not come in
// time from what is kept here. It stores files of its release and nothing else.
const RELEASE = "{{ release }}";
const PATIENCE = {{ patience }};
const LANGUAGES = [{% for code in languages %}"{{ code }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const BASE = `/kiosk/shell/${RELEASE}/`;
const CACHE = `shell-${RELEASE}`;
const AWAY = [502, 503, 504];
const TAKEN = '<script type="application/json" id="taken">null</script>';
// Those are asked of the server or of nobody.
const LEFT_ALONE = ["/kiosk/enrol/", "/kiosk/shell/", "/kiosk/content/", "/kiosk/sw.js"];

self.addEventListener("install", (event) => {
  event.waitUntil(stocked().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(alone().then(() => self.clients.claim()));
});

// All files of the release, or none: the manifest comes last and says that it is whole.
async function stocked() {
  const asked = (path) => new Request(BASE + path, { cache: "no-store", redirect: "error" });
  const answer = await fetch(asked("manifest.json"));
  if (!answer.ok) throw new Error("no manifest");
  const { files } = await answer.clone().json();
  const cache = await caches.open(CACHE);
  await cache.addAll(files.map(asked));
  await cache.put(BASE + "manifest.json", answer);
}

// Those before go when this one is whole.
async function alone() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("shell-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

const kept = (path) => caches.match(path, { cacheName: CACHE, ignoreVary: true });

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "GET" && url.pathname.startsWith(BASE)) {
    event.respondWith(kept(url.pathname).then((found) => found ?? fetch(request)));
  } else if (request.mode === "navigate" && !LEFT_ALONE.some((one) => url.pathname.startsWith(one))) {
    event.respondWith(visit(request, url, event.resultingClientId));
  }
});

const late = (after, value) => new Promise((resolve) => setTimeout(resolve, after, value));

async function visit(request, url, coming) {
  // What is posted is read only when its page does not come.
  const spare = request.method === "POST" ? request.clone() : null;
  const answer = await Promise.race([fetch(request).catch(() => null), late(PATIENCE, null)]);
  if (answer && !AWAY.includes(answer.status)) return answer;
  const left = await pageLeft(request, url, coming);
  const asked = [url.searchParams.get("language"), left?.language];
  const language = asked.find((one) => LANGUAGES.includes(one)) ?? LANGUAGES[0];
  const page = await kept(`${BASE}${language}/`);
  if (!page) return answer ?? Response.error();
  const taken = {
    visit: left?.visit ?? null,
    path: url.pathname + url.search,
    method: request.method,
    fields: spare ? await fields(spare) : {},
    at: Date.now(),
  };
  return filled(page, taken);
}

async function fields(request) {
  const found = {};
  const sent = await request.formData().catch(() => []);
  for (const [name, value] of sent) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken") (found[name] ??= []).push(value);
  }
  return found;
}

// The shell's page with what it goes on from: in the page, and nowhere else.
async function filled(page, taken) {
  const words = JSON.stringify(taken).replaceAll("<", "\\u003c");
  const body = (await page.text()).replace(TAKEN, () => TAKEN.replace("null", () => words));
  const headers = new Headers(page.headers);
  for (const name of ["Content-Length", "Content-Encoding"]) headers.delete(name);
  headers.set("Cache-Control", "no-store");
  return new Response(body, { status: 200, headers });
}

// Asks the page that is being left what it holds. Of several tabs it is the one that goes there.
async function pageLeft(request, url, coming) {
  const open = (await self.clients.matchAll({ type: "window" })).filter(({ id }) => id !== coming);
  const said = (await Promise.all(open.map((one) => ask(one)))).filter(Boolean);
  const going = said.filter((one) => one.going === url.pathname);
  const from = said.filter((one) => one.url === request.referrer);
  return [going, from, said].find((some) => some.length === 1)?.[0] ?? null;
}

function ask(client) {
  const { port1, port2 } = new MessageChannel();
  const said = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  client.postMessage({ ask: "visit" }, [port2]);
  return Promise.race([said, late(300, null)]);
}

self.addEventListener("message", (event) => {
  if (event.data?.ask === "release") event.ports[0]?.postMessage(RELEASE);
});
