// On the server's pages: the heartbeat goes on, the worker is told what the visit holds when the
// next page does not come, and what an administrator has to say is shown.
import { message } from "./commands.js";
import { me } from "./device.js";
import { fading } from "./fading.js";
import { begin } from "./pulse.js";

let going = "";

const held = () => {
  const found = document.getElementById("visit");
  return JSON.parse(found?.textContent ?? "null");
};

// Where this page is going, so that the worker knows which of several asked for it.
function notes() {
  const to = (href) => {
    going = new URL(href, location.href).pathname;
  };
  document.addEventListener("submit", ({ target, submitter }) => {
    to(submitter?.getAttribute("formaction") ?? target.getAttribute("action") ?? location.href);
  }, true);
  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.("a[href]");
    if (link) to(link.href);
  }, true);
}

function answers() {
  navigator.serviceWorker?.addEventListener("message", ({ data, ports }) => {
    if (data?.ask !== "visit") return;
    const visit = held();
    const language = visit?.language ?? document.documentElement.lang;
    ports[0]?.postMessage({ visit, language, going, url: location.href.split("#")[0] });
  });
  navigator.serviceWorker?.startMessages();
}

// The locked screen stands instead of everything else.
export function showLocked(element) {
  const words = element.querySelector("[data-locked]").content.cloneNode(true);
  const page = words.firstElementChild;
  document.body.replaceChildren(words);
  document.body.classList.remove("hub-kiosk--attract");
  document.title = page.querySelector("h1").textContent;
  page.focus();
}

// Words of an administrator, on the screen that nobody's visit is on.
export async function showMessage(element, isFree) {
  document.querySelector("[data-kiosk-message]")?.remove();
  const words = await message();
  if (!words || !isFree()) return;
  const shown = element.querySelector("[data-message]").content.cloneNode(true);
  const banner = shown.firstElementChild;
  banner.dataset.kioskMessage = "";
  banner.querySelector("[data-words]").textContent = words;
  document.querySelector(".hub-page").prepend(banner);
}

export async function visiting(element) {
  const offered = () => element.dataset.languages.split(" ");
  const busy = () => held() !== null;
  const device = await me();
  // A page that is shut says so by its status.
  const [came] = performance.getEntriesByType("navigation");
  const isShut = came?.responseStatus === 403;
  if (!device?.key) {
    // Switched off while this page was on its way: nobody else leads it to the first screen.
    if (isShut && device?.off && location.pathname !== "/kiosk/") location.replace("/kiosk/");
    await fading(Number(element.dataset.now)).catch(() => {});
    return;
  }
  notes();
  answers();
  // Why it is shut, the device asks at once.
  begin({ busy, offered, now: isShut });
  if (device.locked) {
    showLocked(element);
    return;
  }
  const show = () => showMessage(element, () => !busy());
  document.addEventListener("kiosk:message", show);
  await show();
}
