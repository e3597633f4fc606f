// Starts what the page asks for by data-module. Every page works without it.
import { initAll } from "../vendor/govuk-frontend.min.js";
import { idle } from "./idle.js";
import { printer } from "./print.js";
import { slash } from "./slash.js";
import { revealer } from "./reveal.js";

const ours = { "hub-idle": idle, "hub-print": printer, "hub-slash": slash, "hub-reveal": revealer };

if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  initAll();
  for (const [name, start] of Object.entries(ours)) {
    for (const element of document.querySelectorAll(`[data-module~="${name}"]`)) {
      start(element);
    }
  }
}
