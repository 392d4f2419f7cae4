// Forms that survive a lost connection: <form data-send>. What was typed stays on the page (and in sessionStorage by
// data-keep), photos are uploaded one by one and named again, a lost send is tried again without being entered twice:
// reports carry a uuid, acts the version that the person looked at.
import { word } from "./text.js";

const WAITS = [4000, 10000, 30000, 60000];

function tell(form, text) {
  const state = form.querySelector("[data-send-state]");
  if (!state) return;
  state.hidden = !text;
  state.textContent = text || "";
}

/** Uploads each chosen file once and puts the name it got into the form, so that a second try need not send it again. */
async function upload(form) {
  for (const input of form.querySelectorAll("input[type=file]")) {
    for (const file of input.files) {
      const body = new FormData();
      body.append("file", file);
      body.append("field", input.name);
      const answer = await fetch(form.dataset.upload, { method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" } });
      if (answer.status !== 201) return false; // refused: the whole form goes, and its page says why
      const kept = document.createElement("input");
      kept.type = "hidden";
      kept.name = "kept";
      kept.value = (await answer.json()).kept;
      form.append(kept);
    }
    input.value = "";
  }
  return true;
}

/** The position once, now; coarse on purpose, and the form goes without it after some seconds. */
function here(form) {
  if (form.dataset.sendHere === undefined || !navigator.geolocation || form.elements.here_lat.value) return Promise.resolve();
  return new Promise((done) => {
    navigator.geolocation.getCurrentPosition((p) => {
      form.elements.here_lat.value = p.coords.latitude.toFixed(4);
      form.elements.here_lon.value = p.coords.longitude.toFixed(4);
      done();
    }, done, { timeout: 6000, maximumAge: 30000 });
  });
}

/** On to a page; to another place of the same page by loading it anew, since what it shows has changed. */
function go(address) {
  const next = new URL(address, location.href);
  const same = next.hash && next.pathname + next.search === location.pathname + location.search;
  location.assign(next);
  if (same) location.reload();
}

async function show(answer) {
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = read.querySelector("#main");
  if (!main) { location.reload(); return; }
  document.querySelector("#main").replaceWith(document.adoptNode(main));
  document.dispatchEvent(new Event("htmx:after:swap"));
  window.scrollTo(0, 0);
  const first = document.querySelector("#main [role=alert], #main .has-error [name]");
  if (first && first.focus) first.focus();
}

function wire(form) {
  let tries = 0;
  let timer = null;
  let busy = false;
  let chosen = null;
  const send = async () => {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    tell(form, tries ? form.dataset.sendAgain : form.dataset.sendSending);
    try {
      await here(form);
      await upload(form);
      const body = new FormData(form);
      if (chosen && chosen.name) body.append(chosen.name, chosen.value);
      const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin", headers: { Accept: "text/html", "X-Linli-Send": "1" } });
      if (answer.status >= 502) throw new TypeError("gateway");
      tries = 0;
      tell(form, "");
      const next = answer.headers.get("X-Linli-Next") || (answer.redirected ? answer.url : "");
      if (next) { sessionStorage.removeItem(`linli:${location.pathname}:${form.dataset.keep}`); go(next); return; }
      await show(answer);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      try { sessionStorage.removeItem("linli:sent"); } catch { /* nothing was sent: keep the draft */ }
      tell(form, form.dataset.sendLost || word("offline"));
      timer = setTimeout(send, WAITS[Math.min(tries, WAITS.length - 1)]);
      tries += 1;
    } finally {
      busy = false;
      delete form.dataset.sending;
      form.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    chosen = event.submitter;
    send();
  });
  window.addEventListener("online", () => { if (tries) send(); });
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-send]:not([data-send-wired])")) {
    form.dataset.sendWired = "";
    if (window.fetch && window.DOMParser) wire(form);
  }
}
