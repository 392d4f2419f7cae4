// Visits that nobody has: taken and given back, also without reception. What waits here counts as done until the
// server says otherwise.
import { back, button, chip, field, icon, left, make, notice, panel, say } from "./pieces.js";

const GOES = new Set(["waiting", "sending", "sent"]);
const METRES = 111320; // of a degree of latitude

/** Returns the newest step that this phone took with a visit and that the package does not show yet, or null. */
function step(phone, visit) {
  const at = (phone.pack && phone.pack.at) || 0;
  const rows = phone.rows.filter((row) => (row.kind === "take" || row.kind === "giveback") && row.about === visit.uuid && GOES.has(row.state) && (row.state !== "sent" || row.sent_at > at));
  return rows.length ? rows.reduce((a, b) => (a.seq > b.seq ? a : b)) : null;
}

/** Returns whether nobody has a visit, as far as this phone knows. */
export function isFree(phone, visit) {
  const last = step(phone, visit);
  return last ? last.kind === "giveback" : visit.free;
}

function metres(a, b) {
  const x = (a.lon - b.lon) * Math.cos((a.lat * Math.PI) / 180);
  return METRES * Math.hypot(a.lat - b.lat, x);
}

/** Returns the free visits, those next to today's walk first: [{visit, metres}]; null metres where a place is not known. */
export function freeNear(phone, stops) {
  const { visits, targets } = phone.pack || { visits: [], targets: {} };
  const placed = stops.map((visit) => targets[visit.target]).filter((target) => target.lat !== undefined);
  const found = visits.filter((visit) => isFree(phone, visit) && visit.free).map((visit) => {
    const here = targets[visit.target];
    const away = here.lat === undefined || !placed.length ? null : Math.min(...placed.map((other) => metres(here, other)));
    return { visit, metres: away };
  });
  return found.sort((a, b) => (a.metres === null ? Infinity : a.metres) - (b.metres === null ? Infinity : b.metres) || 0);
}

/** Returns words of a distance, in steps that a walker minds. */
export function away(distance) {
  if (distance === null) return "";
  if (distance < 1000) return say("awaym", { n: Math.max(10, Math.round(distance / 10) * 10) });
  return say("awaykm", { n: (distance / 1000).toFixed(1) });
}

export const take = (phone, visit) => queue(phone, visit, "take", "take", {});

async function queue(phone, visit, kind, step_, more) {
  const target = phone.pack.targets[visit.target];
  await phone.queue({ kind, path: "visits/", about: visit.uuid, label: `${say(kind)}：${target.name}`, payload: { visit: visit.uuid, step: step_, ...more, ...phone.moments() } });
}

export function freeList(phone, found) {
  const items = found.map(({ visit, metres: distance }) => {
    const target = phone.pack.targets[visit.target];
    const round = phone.pack.rounds[visit.round] || {};
    const rest = left(visit.due, phone.now());
    const get = button(say("take"), "check", async () => { get.disabled = true; await take(phone, visit); }, "btn-outline");
    get.setAttribute("aria-label", say("takename", { name: target.name }));
    return make("li.fa__free", {},
      make("a.fa__card", { href: `#/visit/${visit.uuid}` }, make("span.grow", {},
        make("b.fa__name", { textContent: target.name }), make("span.fa__where", { textContent: target.address || round.title }),
        make("span.fa__line", {}, make(`span${rest.late ? ".late-text" : ".quiet"}`, { textContent: rest.words }), distance === null ? null : make("span.quiet", { textContent: away(distance) }), make("span.quiet", { textContent: round.title }))), icon("chevron-right")),
      get);
  });
  return panel(say("freevisits"), make("p.quiet", { textContent: say("freehint") }), make("ol.fa__list", {}, ...items));
}

/** Returns what a visit page says of whose it is. */
export function whose(phone, visit) {
  const last = step(phone, visit);
  if (isFree(phone, visit)) return notice("info", say(last ? "givenback" : "isfree"));
  return last && last.state !== "sent" ? make("p", {}, chip(say("claimwaits"), "new")) : null;
}

/** Gives a visit back, with the reason. */
export function showGiveBack(phone, main, id) {
  const visit = phone.pack && phone.pack.visits.find((each) => each.uuid === id);
  if (!visit) { main.append(back("#/today", say("giveback")), notice("warn", say("gone"))); return; }
  const reason = make("textarea.form-control", { rows: 3, maxLength: 300 });
  const box = field("reason", say("reason"), reason, say("reasonhint"));
  const form = make("form", { noValidate: true }, box, make("div.fa__foot", {}, make("button.btn.btn-primary", { type: "submit", textContent: say("giveback") })));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    box.fault(reason.value.trim() ? "" : say("needed"));
    if (!reason.value.trim()) { reason.focus(); return; }
    await queue(phone, visit, "giveback", "back", { reason: reason.value });
    location.hash = "#/today";
  });
  main.append(back(`#/visit/${id}`, say("givebackname", { name: phone.pack.targets[visit.target].name })), make("p.quiet", { textContent: say("givebackhint") }), form);
}
