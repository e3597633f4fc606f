// A pin on a map, for who can use one: the fields beside it say the same in words and work alone.
// Leaflet comes when the map is opened, and not before. Nothing is asked of anybody but this site
// and, where an operator named one, the server of the map's pictures.
const HERE = "[data-map-open]";
const STEP = 24; // pixels that one press of an arrow moves the pin
const ARROWS = {
  ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0],
  up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0],
};
const COUNTY = [[51.96, -2.67], [52.46, -1.75]];

let coming; // Leaflet, once
function leaflet(css) {
  coming ??= new Promise((resolve, reject) => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = css;
    sheet.onload = resolve;
    sheet.onerror = reject;
    document.head.append(sheet);
  }).then(() => import("../vendor/leaflet/leaflet.js")).then(() => window.L);
  return coming;
}

async function ask(address, values = {}) {
  const url = new URL(address, location.origin);
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  const body = await answer.json();
  return { ok: answer.ok, ...body };
}

// The map with what it is read by: pictures where there are any, else edges, centres, postcodes.
async function draw(part, canvas, { keyboard }) {
  const L = await leaflet(part.dataset.css);
  const map = L.map(canvas, {
    keyboard, zoomControl: false, scrollWheelZoom: false, zoomAnimation: false,
    fadeAnimation: false, markerZoomAnimation: false, minZoom: 8, maxZoom: 18,
  });
  L.control.zoom({ zoomInTitle: part.dataset.zoomIn, zoomOutTitle: part.dataset.zoomOut }).addTo(map);
  map.attributionControl.setPrefix(false).addAttribution(part.dataset.attribution);
  map.fitBounds(COUNTY);
  if (part.dataset.tiles) L.tileLayer(part.dataset.tiles, { maxZoom: 18 }).addTo(map);
  // Names are for eyes: the words beside the map say where the pin is.
  map.getPane("markerPane").setAttribute("aria-hidden", "true");
  L.control.scale({ maxWidth: 120, position: "topright" }).addTo(map);
  if (!part.dataset.tiles) {
    dots(L, canvas).addTo(map);
    postcodes(L, map);
  }
  edges(L, map, part);
  map.on("moveend zoomend layeradd", () => tidy(map, canvas));
  return { L, map };
}

// Names that would cover each other give way, the less important first.
const FIRST = ["number", "here", "district", "centre", "ward", "postcode"];
let tidying = 0;
function tidy(map, canvas) {
  window.cancelAnimationFrame(tidying);
  tidying = window.requestAnimationFrame(() => {
    canvas.classList.toggle("hub-map__canvas--wide", map.getZoom() < 11);
    canvas.classList.toggle("hub-map__canvas--near", map.getZoom() >= 14);
    const taken = [];
    for (const kind of FIRST) {
      for (const one of canvas.querySelectorAll(`.hub-map__name--${kind}`)) {
        const box = one.firstElementChild.getBoundingClientRect();
        const free = taken.every((other) => box.right < other.left || box.left > other.right
          || box.bottom < other.top || box.top > other.bottom);
        one.classList.toggle("hub-map__name--covered", !free);
        if (free) taken.push(box);
      }
    }
  });
}

async function edges(L, map, part) {
  const found = await ask("/places/districts/").catch(() => null);
  if (!found?.ok) return;
  L.geoJSON(found.districts, {
    interactive: false,
    style: { className: "hub-map__edge", fill: !part.dataset.tiles, weight: 2 },
    onEachFeature: (feature, layer) => {
      name(L, feature.properties.name, layer.getBounds().getCenter(), "district").addTo(map);
    },
  }).addTo(map);
  for (const one of found.names) name(L, one.name, [one.lat, one.lon], "district").addTo(map);
  if (!part.dataset.tiles) {
    for (const one of found.wards) name(L, one.name, [one.lat, one.lon], "ward").addTo(map);
  }
  for (const one of found.centres) name(L, one.name, [one.lat, one.lon], "centre").addTo(map);
}

function name(L, words, where, kind) {
  const html = document.createElement("span");
  html.textContent = words;
  const icon = L.divIcon({ className: `hub-map__name hub-map__name--${kind}`, html, iconSize: null });
  return L.marker(where, { icon, interactive: false, keyboard: false });
}

// Without pictures every postcode is a dot: towns, villages and the lanes between them.
function dots(L, canvas) {
  const ink = window.getComputedStyle(canvas).getPropertyValue("--map-dot");
  const Squares = L.GridLayer.extend({
    createTile({ z, x, y }, done) {
      const square = document.createElement("canvas");
      const sharp = window.devicePixelRatio || 1;
      square.width = square.height = 256 * sharp;
      ask("/places/dots/", { square: `${z}-${x}-${y}` }).then(({ ok, dots: spots }) => {
        if (!ok) return done(null, square);
        const brush = square.getContext("2d");
        brush.scale(sharp, sharp);
        brush.fillStyle = ink;
        const half = z < 11 ? 1 : z < 14 ? 1.5 : 2.5;
        for (let at = 0; at < spots.length; at += 3) {
          // Where many live it is darker.
          brush.globalAlpha = Math.min(1, 0.4 + 0.15 * spots[at + 2]);
          brush.fillRect(spots[at] - half, spots[at + 1] - half, 2 * half, 2 * half);
        }
        return done(null, square);
      }).catch((error) => done(error, square));
      return square;
    },
  });
  return new Squares({ minZoom: 8, maxZoom: 18, className: "hub-map__dots" });
}

// Without pictures the postcodes around the middle say where one is.
function postcodes(L, map) {
  const layer = L.layerGroup().addTo(map);
  let last = 0;
  map.on("moveend", async () => {
    if (map.getZoom() < 14) return layer.clearLayers();
    const turn = ++last;
    const { lat, lng } = map.getCenter();
    const found = await ask("/places/around/", { lat: lat.toFixed(5), lon: lng.toFixed(5) }).catch(() => null);
    if (turn !== last || !found?.ok) return undefined;
    layer.clearLayers();
    for (const one of found.points) name(L, one.name, [one.lat, one.lon], "postcode").addTo(layer);
    return undefined;
  });
}

function opener(part, start) {
  const button = part.querySelector(HERE);
  // Where a map would show nothing none is offered.
  if (!button) return () => Promise.resolve();
  const panel = part.querySelector("[data-map-panel]");
  const show = part.dataset.show ?? button.textContent;
  let made;
  const open = async () => {
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    if (part.dataset.hide) button.textContent = part.dataset.hide;
    made ??= start();
    return made;
  };
  button.addEventListener("click", () => {
    if (panel.hidden) {
      open().catch(() => {});
      return;
    }
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    button.textContent = show;
  });
  return open;
}

export function pinner(part) {
  const { dataset } = part;
  const field = (key) => document.getElementById(dataset[key]);
  const [lat, lon, postcode] = [field("lat"), field("lon"), field("postcode")];
  const said = part.querySelector("[data-map-said]");
  const canvas = part.querySelector("[data-map-canvas]");
  const pinned = document.querySelector("[data-map-pinned]");
  const words = pinned.querySelector("[data-map-pin]");
  const unpin = pinned.querySelector("[data-map-unpin]");
  let drawn = null;
  let pin = null;
  let turn = 0;
  // A postcode that the pin wrote follows the pin; one that a person wrote stays.
  let ours = postcode.value && lat.value ? postcode.value : "";
  let later = 0;

  // What stands beside the pin already is for those who hear it only.
  const say = (text, { heard = false } = {}) => {
    said.textContent = text;
    said.classList.toggle("govuk-visually-hidden", heard);
  };

  const put = (where, { quiet = false } = {}) => {
    lat.value = where[0].toFixed(6);
    lon.value = where[1].toFixed(6);
    if (drawn) mark(where);
    window.clearTimeout(later);
    // Held arrows move it many times a second: it is named when it rests.
    later = window.setTimeout(() => tell(quiet), 250);
  };

  const mark = (where) => {
    const { L, map } = drawn;
    const icon = L.divIcon({ className: "hub-map__pin", iconSize: [36, 36], iconAnchor: [18, 34] });
    pin ??= L.marker(where, { icon, interactive: false, keyboard: false }).addTo(map);
    pin.setLatLng(where);
    if (!map.getBounds().pad(-0.15).contains(where)) map.panTo(where, { animate: false });
  };

  const tell = async (quiet) => {
    const now = ++turn;
    try {
      const found = await ask("/places/near/", { lat: lat.value, lon: lon.value });
      if (now !== turn || !lat.value) return;
      words.textContent = found.words;
      pinned.hidden = false;
      if (!quiet) say(found.words, { heard: true });
      if (found.ok && !found.outside && (!postcode.value || postcode.value === ours)) {
        postcode.value = found.postcode;
        ours = found.postcode;
      }
    } catch {
      say(dataset.away);
    }
  };

  const drop = () => {
    turn += 1;
    window.clearTimeout(later);
    lat.value = "";
    lon.value = "";
    pin?.remove();
    pin = null;
    pinned.hidden = true;
    if (postcode.value && postcode.value === ours) postcode.value = "";
    ours = "";
    say(dataset.gone);
  };

  const nudge = ([x, y], far) => {
    const { map } = drawn;
    const from = pin ? pin.getLatLng() : map.getCenter();
    const point = map.latLngToContainerPoint(from);
    const by = pin ? STEP * (far ? 4 : 1) : 0; // the first press puts it in the middle
    const to = map.containerPointToLatLng([point.x + x * by, point.y + y * by]);
    put([to.lat, to.lng]);
  };

  const start = async () => {
    try {
      drawn = await draw(part, canvas, { keyboard: false });
    } catch (error) {
      say(dataset.away);
      throw error;
    }
    const { map } = drawn;
    map.on("click", (event) => put([event.latlng.lat, event.latlng.lng]));
    canvas.addEventListener("keydown", (event) => {
      if (event.target !== canvas || event.altKey || event.ctrlKey || event.metaKey) return;
      if (ARROWS[event.key]) nudge(ARROWS[event.key], event.shiftKey);
      else if (event.key === "+" || event.key === "=") map.zoomIn();
      else if (event.key === "-") map.zoomOut();
      else return;
      event.preventDefault();
    });
    for (const button of part.querySelectorAll("[data-map-move]")) {
      button.addEventListener("click", () => nudge(ARROWS[button.dataset.mapMove], false));
    }
    if (lat.value) {
      mark([Number(lat.value), Number(lon.value)]);
      map.setView([Number(lat.value), Number(lon.value)], 16, { animate: false });
    } else if (postcode.value) await follow();
    return drawn;
  };

  // What is typed moves the map, never the pin.
  const follow = async () => {
    if (!drawn || !postcode.value || postcode.value === ours) return;
    const found = await ask("/places/postcode/", { q: postcode.value }).catch(() => null);
    if (found?.ok) drawn.map.setView([found.lat, found.lon], 16, { animate: false });
  };

  const open = opener(part, start);
  postcode.addEventListener("change", follow);
  unpin.addEventListener("click", (event) => {
    event.preventDefault();
    const back = part.querySelector(HERE) ?? postcode;
    drop();
    back.focus();
  });
  locator(part, say, async (where, accuracy) => {
    put(where, { quiet: true });
    say(dataset.within.replace("%s", Math.max(1, Math.round(accuracy)).toLocaleString()));
    if (drawn) drawn.map.setView(where, 17, { animate: false });
    else await open().catch(() => {});
  });
  part.hidden = false;
}

function locator(part, say, found) {
  const button = part.querySelector("[data-map-locate]");
  if (!("geolocation" in navigator)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    say(part.dataset.asking);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => found([coords.latitude, coords.longitude], coords.accuracy),
      (error) => {
        say(error.code === 1 ? part.dataset.refused : part.dataset.late);
      },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
}

export function pointer(part) {
  const points = JSON.parse(part.dataset.points);
  const canvas = part.querySelector("[data-map-canvas]");
  opener(part, async () => {
    const { L, map } = await draw(part, canvas, { keyboard: true });
    const all = points.map((one) => [one.lat, one.lon]);
    for (const one of points) {
      const html = document.createElement("span");
      html.textContent = one.number;
      const icon = L.divIcon({ className: "hub-map__name hub-map__name--number", html, iconSize: [32, 32] });
      L.marker([one.lat, one.lon], { icon, interactive: false, keyboard: false }).addTo(map);
    }
    if (part.dataset.lat) {
      const here = [Number(part.dataset.lat), Number(part.dataset.lon)];
      all.push(here);
      name(L, part.dataset.here, here, "here").addTo(map);
    }
    map.fitBounds(L.latLngBounds(all).pad(0.3), { maxZoom: 17, animate: false });
    return map;
  });
  part.hidden = false;
}
