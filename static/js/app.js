// Starts what the page asks for by data-module. Every page works without it.
import { initAll } from "../vendor/govuk-frontend.min.js";
import { awaiter } from "./awaits.js";
import { chooser } from "./choose.js";
import { enroller } from "./kiosk/enrol.js";
import { fresh } from "./fresh.js";
import { idle } from "./idle.js";
import { keys, keySwitch } from "./keys.js";
import { pinner, pointer } from "./map.js";
import { parts } from "./parts.js";
import { loader } from "./loads.js";
import { looker } from "./look.js";
import { printer } from "./print.js";
import { slash } from "./slash.js";
import { stay } from "./stay.js";
import { revealer } from "./reveal.js";
import { says } from "./says.js";
import { survey } from "./survey.js";
import { suggester } from "./suggest.js";

const ours = {
  "hub-awaits": awaiter,
  "hub-choose": chooser,
  "hub-enrol": enroller,
  "hub-fresh": fresh,
  "hub-idle": (dialog) => idle(dialog),
  "hub-keys": keys,
  "hub-key-switch": keySwitch,
  // Much, and for kiosks alone.
  "hub-waking": (element) => import("./kiosk/waking.js").then(({ waker }) => waker(element)),
  "hub-kiosk": (element) => import("./kiosk/visiting.js").then(({ visiting }) => visiting(element)),
  "hub-map": pinner,
  "hub-map-points": pointer,
  "hub-loads": loader,
  "hub-parts": parts,
  "hub-look": looker,
  "hub-print": printer,
  "hub-reveal": revealer,
  "hub-says": says,
  "hub-slash": slash,
  "hub-stay": stay,
  "hub-survey": survey,
  "hub-suggest": suggester,
};

if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  initAll();
  // A form is sent to the address with its mark, and what comes back would go there with the focus
  // instead of to what was wrong: the mark of the skip link does not stay.
  document.querySelector(".govuk-skip-link")?.addEventListener("click", () => {
    setTimeout(() => history.replaceState(history.state, "", location.pathname + location.search));
  });
  for (const [name, start] of Object.entries(ours)) {
    for (const element of document.querySelectorAll(`[data-module~="${name}"]`)) {
      start(element);
    }
  }
}
