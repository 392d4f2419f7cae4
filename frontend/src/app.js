// What every page loads. One small module per concern; the map and Alpine are loaded only where they are used.
import htmx from "htmx.org/dist/htmx.esm.js";
import * as bench from "./list.js";
import * as desk from "./desk.js";
import * as deskForms from "./desk-forms.js";
import * as form from "./form.js";
import * as keys from "./keys.js";
import * as menu from "./menu.js";
import * as photo from "./photo.js";
import * as pins from "./pins.js";
import * as send from "./send.js";
import * as portal from "./portal.js";
import * as toast from "./toast.js";
import * as voice from "./voice.js";
import * as wall from "./wall.js";

window.htmx = htmx;
const concerns = [menu, toast, form, photo, voice, bench, desk, deskForms, pins, send, portal, wall];

/** Wires everything below `root` (the page at first, later what htmx has put in). */
function start(root) {
  for (const concern of concerns) concern.start(root, htmx);
  for (const box of root.querySelectorAll("[data-map]:not([data-started])")) {
    box.dataset.started = "";
    import("./map.js").then((module) => module.start(box));
  }
}

document.addEventListener("htmx:after:swap", () => start(document));
keys.start();
start(document);
