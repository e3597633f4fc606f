// What the face of a kiosk does, on the server's pages and on the device's own: each by what the
// page asks for. `face(root)` starts all that is in it, once for each part of a page.
import { clock } from "./clock.js";
import { keyboard } from "./keyboard.js";
import { masked } from "./mask.js";
import { modes, modesDialog } from "./modes.js";
import { scanning } from "./scanning.js";
import { scroller } from "./scroll.js";
import { speaker } from "./speak.js";

// Where something went wrong and the browser shows no way back.
function backKey(key) {
  key.hidden = history.length < 2;
  key.addEventListener("click", () => history.back());
}

const ours = {
  "hub-back": backKey,
  "hub-clock": clock,
  "hub-easier": modes,
  "hub-easier-dialog": modesDialog,
  "hub-keyboard": keyboard,
  "hub-mask": masked,
  "hub-scanning": scanning,
  "hub-scroll": scroller,
  "hub-speak": speaker,
};

export function face(root) {
  for (const [name, start] of Object.entries(ours)) {
    for (const element of root.querySelectorAll(`[data-module~="${name}"]`)) start(element);
  }
}
