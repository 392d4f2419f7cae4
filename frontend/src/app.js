// What every page loads. One small module per concern; the map and Alpine are loaded only where they are used.
import htmx from "htmx.org/dist/htmx.esm.js";
import * as bench from "./list.js";
import * as designer from "./designer.js";
import * as desk from "./desk.js";
import * as copy from "./copy.js";
import * as deskForms from "./desk-forms.js";
import * as documents from "./documents.js";
import * as filters from "./filters.js";
import * as form from "./form.js";
import * as gantt from "./gantt.js";
import * as keys from "./keys.js";
import * as menu from "./menu.js";
import * as photo from "./photo.js";
import * as pins from "./pins.js";
import * as send from "./send.js";
import * as portal from "./portal.js";
import * as review from "./review.js";
import * as tabs from "./tabs.js";
import * as toast from "./toast.js";
import * as voice from "./voice.js";
import * as wall from "./wall.js";
import * as wipe from "./wipe.js";

window.htmx = htmx;
const concerns = [
  menu, gantt, toast, form, documents, photo, voice, bench, desk, deskForms, pins, send, portal, review, tabs, wall, copy,
  designer, wipe, filters,
];

/** Wires everything below `root` (the page at first, later what htmx has put in). */
function start(root) {
  for (const concern of concerns) concern.start(root, htmx);
  for (const form of root.querySelectorAll("form[data-fill]:not([data-started])")) {
    form.dataset.started = "";
    import("./fillpage.js").then((module) => module.start(form));
  }
  for (const box of root.querySelectorAll("[data-map]:not([data-started])")) {
    box.dataset.started = "";
    import("./map.js").then((module) => module.start(box));
  }
  for (const box of root.querySelectorAll("[data-form-preview]:not([data-started])")) {
    box.dataset.started = "";
    import("./formpreview.js").then((module) => module.start(box));
  }
}

document.addEventListener("htmx:after:swap", () => start(document));
keys.start();
start(document);
