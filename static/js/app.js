// Starts what the page asks for by data-module. Every page works without it.
import { initAll } from "../vendor/govuk-frontend.min.js";
import { ahead } from "./ahead.js";
import { awaiter } from "./awaits.js";
import { chooser } from "./choose.js";
import { commands } from "./commands.js";
import { drafter } from "./drafts.js";
import { enroller } from "./kiosk/enrol.js";
import { fresh } from "./fresh.js";
import { idle } from "./idle.js";
import { keys, keySwitch } from "./keys.js";
import { live } from "./live.js";
import { pinner, pointer } from "./map.js";
import { parts } from "./parts.js";
import { lasts } from "./lasts.js";
import { loader } from "./loads.js";
import { looker } from "./look.js";
import { popper } from "./pop.js";
import { printer } from "./print.js";
import { slash } from "./slash.js";
import { stay } from "./stay.js";
import { revealer } from "./reveal.js";
import { says } from "./says.js";
import { survey } from "./survey.js";
import { swaps } from "./swaps.js";
import { suggester } from "./suggest.js";
import { undo } from "./undo.js";

const ours = {
  "hub-ahead": ahead,
  "hub-awaits": awaiter,
  "hub-choose": chooser,
  "hub-commands": commands,
  "hub-enrol": enroller,
  "hub-fresh": fresh,
  "hub-idle": (dialog) => idle(dialog),
  "hub-keys": keys,
  "hub-key-switch": keySwitch,
  // Much, and for kiosks alone.
  "hub-waking": (element) => import("./kiosk/waking.js").then(({ waker }) => waker(element)),
  "hub-kiosk": (element) => import("./kiosk/visiting.js").then(({ visiting }) => visiting(element)),
  "hub-live": live,
  "hub-map": pinner,
  "hub-map-points": pointer,
  "hub-lasts": lasts,
  "hub-loads": loader,
  "hub-parts": parts,
  "hub-look": looker,
  "hub-pop": popper,
  "hub-print": printer,
  "hub-reveal": revealer,
  "hub-says": says,
  "hub-slash": slash,
  "hub-stay": stay,
  "hub-survey": survey,
  "hub-suggest": suggester,
  "hub-undo": undo,
  "hub-swaps": (place) => swaps(place, startIn),
};

// Each by what an element asks for, once; again for a part that takes the place of another.
function startIn(root) {
  for (const [name, start] of Object.entries(ours)) {
    const own = `[data-module~="${name}"]`;
    if (root.matches?.(own)) start(root);
    for (const element of root.querySelectorAll(own)) start(element);
  }
  if (root.matches?.("[data-draft]")) drafter(root);
  for (const form of root.querySelectorAll("[data-draft]")) drafter(form);
}

if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  initAll();
  // A form is sent to the address with its mark, and what comes back would go there with the focus
  // instead of to what was wrong: the mark of the skip link does not stay.
  document.querySelector(".govuk-skip-link")?.addEventListener("click", () => {
    setTimeout(() => history.replaceState(history.state, "", location.pathname + location.search));
  });
  startIn(document);
}
