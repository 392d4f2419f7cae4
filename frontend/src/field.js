// The app of those on foot: its pages by the address behind #, the banner, the worker that keeps its shell.
import { showGiveBack } from "./fieldapp/claims.js";
import { back, button, empty, go, icon, make, notice, panel, say } from "./fieldapp/pieces.js";
import { Phone } from "./fieldapp/phone.js";
import { loginAt, showRecord, showRecords } from "./fieldapp/records.js";
import { showAct, showCase, showFinding, showTarget } from "./fieldapp/send.js";
import { showMap, showToday } from "./fieldapp/today.js";
import { showFill, showKnock, showVisit } from "./fieldapp/visit.js";

const LIVE = new Set(["today", "records", "record", "visit", "case", "more"]); // pages that follow what changes
const MODES = ["", "elder", "elder-large", "elder-max"];
const main = document.getElementById("main");
const banner = document.getElementById("fa-banner");
const NAME = document.title;
let phone = null;
let shown = { page: "", leave: null, paint: 0 };

const PAGES = {
  today: (box) => showToday(phone, box),
  map: (box) => showMap(phone, box),
  visit: (box, id) => showVisit(phone, box, id),
  fill: (box, id) => showFill(phone, box, id),
  mend: (box, id) => showFill(phone, box, "", id),
  again: (box, id) => showFill(phone, box, "", id),
  knock: (box, id) => showKnock(phone, box, id),
  giveback: (box, id) => showGiveBack(phone, box, id),
  find: (box, id) => showFinding(phone, box, id),
  target: (box, id) => showTarget(phone, box, id),
  case: (box, number, verb, id) => (verb ? showAct(phone, box, number, verb, id) : showCase(phone, box, number)),
  records: (box) => showRecords(phone, box),
  record: (box, id) => showRecord(phone, box, id),
  more: (box) => showMore(box),
};

const parts = () => (location.hash.replace(/^#\/?/, "") || "today").split("/").map(decodeURIComponent);

async function paint({ same = false } = {}) {
  const [page, ...rest] = parts();
  shown.paint += 1;
  const turn = shown.paint;
  if (!same && shown.leave) { const { leave } = shown; shown.leave = null; await leave(); }
  const box = document.createElement("div");
  box.className = "fa__page";
  if (phone.locked) showLocked(box);
  else shown.leave = (await (PAGES[page] || PAGES.today)(box, ...rest)) || null;
  if (turn !== shown.paint) return;
  const at = same ? window.scrollY : 0;
  main.replaceChildren(box);
  const title = box.querySelector("h1");
  document.title = title ? `${title.textContent} · ${NAME}` : NAME;
  window.scrollTo(0, at);
  const inner = page.replace(/^(visit|fill|knock|case|mend|again|giveback)$/, "today").replace("record", "records").replace("recordss", "records").replace("target", "more");
  for (const link of document.querySelectorAll("[data-page]")) link.toggleAttribute("aria-current", false), link.dataset.page === inner && link.setAttribute("aria-current", "page");
  if (!same && title && shown.page) title.focus({ preventScroll: true });
  shown.page = page;
  main.dataset.ready = page;
}

function showLocked(box) {
  const n = Object.values(phone.waits || {}).reduce((sum, each) => sum + each, 0) || phone.others;
  box.append(empty("lock", say(phone.state === "offline" ? "lockedoffline" : "locked"), make("p", { textContent: say(phone.wiped ? "wiped" : "lockedhint") }), n ? make("p", { textContent: say("lockedkept", { n }) }) : "", go(say("login"), "login", loginAt(), "btn-primary")));
}

function showMore(box) {
  const about = phone.vault.person || { label: "" };
  box.append(make("div.fa__head", {}, make("h1", { textContent: say("more"), tabIndex: -1 })));
  box.append(panel("", make("p", { textContent: about.label }), make("div.fa__acts", {}, go(say("newtarget"), "plus", "#/target"), go(say("oldface"), "list-details", "/field/"), button(say("textsize"), "text-size", nextMode), button(say("refresh"), "refresh", () => phone.contact({ force: true, all: true })))));
  const space = make("p.quiet");
  if (navigator.storage && navigator.storage.estimate) navigator.storage.estimate().then(({ usage, quota }) => { space.textContent = say("space", { used: (usage / 1048576).toFixed(1), of: Math.round(quota / 1048576) }); });
  box.append(panel(say("storage"), space, make("p.quiet", { textContent: say("storagehint") }), button(say("free"), "trash", async () => { await phone.free(); phone.full = false; paint(); })));
  box.append(panel(say("install"), make("p.quiet", { textContent: say("installhint") })));
}

function nextMode() {
  const now = document.documentElement.dataset.mode || "";
  setMode(MODES[(MODES.indexOf(now) + 1) % MODES.length]);
  localStorage.setItem("linli-field-mode", document.documentElement.dataset.mode || "");
}

function setMode(mode) { if (mode) document.documentElement.dataset.mode = mode; else delete document.documentElement.dataset.mode; }

/** Says above every page what waits, and why. */
function tell() {
  const lines = [];
  const expired = phone.state === "out";
  if (phone.full) lines.push(make("a.fa__line-full", { href: "#/more" }, icon("alert-triangle"), make("span", { textContent: say("fullfree") })));
  if (expired) lines.push(make("a.fa__line-out", { href: loginAt() }, icon("lock"), make("span", { textContent: phone.unsent ? say("expiredn", { n: phone.unsent }) : say("expired") })));
  else if (phone.unsent) lines.push(make("a.fa__line-wait", { href: "#/records" }, icon("cloud-up"), make("span", { textContent: waitingWords() })));
  else if (phone.state === "offline") lines.push(make("span.fa__line-off", {}, icon("wifi"), make("span", { textContent: say("offline") })));
  if (phone.newer) lines.push(make("button.fa__line-new", { type: "button", onclick: () => phone.newer.postMessage("take over") }, icon("refresh"), make("span", { textContent: say("newer") })));
  banner.replaceChildren(...lines);
  const badge = document.getElementById("fa-count");
  badge.textContent = phone.unsent ? String(phone.unsent) : "";
  badge.hidden = !phone.unsent;
}

function waitingWords() {
  const stuck = phone.rows.filter((row) => row.state === "fix" || row.state === "conflict").length;
  if (stuck) return say("needsyoun", { n: stuck });
  return say("waitingn", { n: phone.unsent });
}

async function wireWorker() {
  if (!("serviceWorker" in navigator)) return;
  let had = Boolean(navigator.serviceWorker.controller);
  const found = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" });
  const offer = (worker) => { if (worker && navigator.serviceWorker.controller) { phone.newer = worker; tell(); } };
  offer(found.waiting);
  found.addEventListener("updatefound", () => { const worker = found.installing; worker.addEventListener("statechange", () => { if (worker.state === "installed") offer(worker); }); });
  navigator.serviceWorker.addEventListener("controllerchange", () => { if (had) location.reload(); had = true; });
}

async function begin() {
  setMode(localStorage.getItem("linli-field-mode") || document.documentElement.dataset.mode || "");
  if (!window.isSecureContext || !crypto.subtle) { main.append(notice("danger", say("needshttps"))); return; }
  phone = await Phone.start();
  window.addEventListener("hashchange", () => paint());
  window.addEventListener("pagehide", () => { if (shown.leave) shown.leave(); });
  phone.addEventListener("change", () => { tell(); const [page, , verb] = parts(); if ((phone.locked || LIVE.has(page)) && !(page === "case" && verb)) paint({ same: true }); });
  phone.addEventListener("owner", ({ detail }) => { if (detail.other) location.hash = "#/today"; paint(); });
  tell();
  await paint();
  phone.beat();
  wireWorker().catch(() => {});
}

export { back };
begin();
