// Today: the walk in its order, what is next, missed doors, what came back, the cases; and one's own order by buttons.
import { freeList, freeNear, isFree } from "./claims.js";
import { button, chip, empty, go, icon, left, make, notice, panel, say, when } from "./pieces.js";

const TONE = { due: "new", tried: "doing", unreached: "idle", done: "done" };

const iso = (moment) => { const at = new Date(moment); return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`; };
const later = (phone, visit) => Boolean(visit.from) && visit.from > iso(phone.now());

/** Returns how many visits of the next days are in the package already: they come up on their day, also without reception. */
export const ahead = (phone) => (phone.pack || { visits: [] }).visits.filter((visit) => !isFree(phone, visit) && later(phone, visit)).length;

/** Returns the times of day that a round is for on a day, in words; the one that counts now or comes next (`near`); and
 * whether it is one of them now; null for any time. */
export function hours(round, now) {
  if (!round || !round.windows) return null;
  const at = new Date(now);
  const minute = at.getHours() * 60 + at.getMinutes();
  const words = (n) => `${String(Math.floor(n / 60)).padStart(2, "0")}:${String(n % 60).padStart(2, "0")}`;
  const mine = round.windows.filter(([weekday]) => weekday === (at.getDay() || 7));
  const span = ([, begin, end]) => `${words(begin)}–${words(end)}`;
  const all = mine.map(span).join("、") || say("nohours");
  const near = mine.filter(([, , end]) => minute < end).sort(([, a], [, b]) => a - b)[0];
  return { words: all, near: near ? span(near) : all, now: Boolean(near) && near[1] <= minute };
}

/** Returns the visits that are still to be made today, as the person put them; what waits here counts as made. */
export function walk(phone) {
  const pack = phone.pack || { visits: [], targets: {}, rounds: {} };
  const order = phone.sorting || phone.meant.order || [];
  const mine = pack.visits.filter((visit) => !isFree(phone, visit) && !later(phone, visit) && !phone.rows.some((row) => row.kind === "record" && row.about === visit.uuid && row.state !== "aside"));
  const place = (visit) => { const at = order.indexOf(visit.uuid); return at < 0 ? order.length + pack.visits.indexOf(visit) : at; };
  return mine.sort((a, b) => place(a) - place(b));
}

function card(phone, visit, n, moving) {
  const target = phone.pack.targets[visit.target];
  const round = phone.pack.rounds[visit.round] || {};
  const rest = left(visit.due, phone.now());
  const time = hours(round, phone.now());
  const missed = visit.next && Date.parse(visit.next) > phone.now() ? say("nexttry", { at: when(visit.next, phone.now()) }) : visit.tries ? say("tries", { n: visit.tries }) : "";
  const body = make("a.fa__card", { href: `#/visit/${visit.uuid}` },
    make("span.fa__n.num", { textContent: String(n) }),
    make("span.grow", {},
      make("b.fa__name", { textContent: target.name }),
      make("span.fa__where", { textContent: target.address || round.title }),
      make("span.fa__line", {}, make(`span${rest.late ? ".late-text" : ".quiet"}`, { textContent: rest.words }), make("span.quiet", { textContent: round.title }), time ? chip(say(time.now ? "hoursnow" : "hours", { hours: time.near }), time.now ? "doing" : "idle") : null, missed ? chip(missed, TONE.tried) : null)),
    icon("chevron-right"));
  return make("li", {}, body, moving ? make("div.fa__move", {}, mover("up", n, target, moving), mover("down", n, target, moving)) : null);
}

function mover(way, n, target, moving) {
  const made = button(say(way === "up" ? "moveup" : "movedown", { name: target.name }), way === "up" ? "chevron-up" : "chevron-down", () => moving(n - 1, way === "up" ? -1 : 1), "btn-quiet");
  made.lastChild.classList.add("visually-hidden");
  made.classList.add("btn--icon");
  return made;
}

export function showToday(phone, main) {
  const stops = walk(phone);
  const list = make("ol.fa__list");
  const head = make("div.fa__head", {}, make("h1", { textContent: say("today"), tabIndex: -1 }), make("span.quiet", { textContent: say("visitsleft", { n: stops.length }) }));
  const order = stops.map((visit) => visit.uuid);
  const byId = new Map(stops.map((visit) => [visit.uuid, visit]));
  const move = async (at, by) => {
    const to = at + by;
    if (to < 0 || to >= order.length) return;
    [order[at], order[to]] = [order[to], order[at]];
    phone.sorting = order;
    paint();
    const moved = list.children[to].querySelectorAll("button")[by < 0 ? 0 : 1];
    if (moved) moved.focus();
  };
  const paint = () => list.replaceChildren(...order.map((id, n) => card(phone, byId.get(id), n + 1, phone.sorting ? move : null)));
  const name = () => { sort.lastChild.textContent = say(phone.sorting ? "reorderdone" : "reorder"); sort.setAttribute("aria-pressed", String(Boolean(phone.sorting))); };
  const sort = button(say("reorder"), "arrows-left-right", async () => {
    if (phone.sorting) await keepOrder(phone, order);
    else phone.sorting = order;
    name();
    paint();
  }, "btn-quiet");
  name();
  paint();
  const free = freeNear(phone, stops);
  main.append(head);
  const owed = phone.pack ? phone.pack.returned.filter((one) => !phone.rows.some((row) => (row.after || []).includes(one.uuid) && row.state !== "aside")) : [];
  if (owed.length) main.append(returned(owed));
  if (stops.length) main.append(make("div.fa__tools", {}, go(say("map"), "map-2", "#/map"), stops.length > 1 ? sort : null), list);
  else main.append(empty("circle-check", say(phone.pack ? "novisits" : "nopackage"), make("p.quiet", { textContent: say(phone.pack ? "novisitshint" : "nopackagehint") })));
  if (ahead(phone)) main.append(make("p.quiet", { textContent: say("ahead", { n: ahead(phone) }) }));
  if (free.length) main.append(freeList(phone, free));
  if (phone.pack && phone.pack.cases.length) main.append(cases(phone));
}

/** Keeps the order and queues it, in one: what is seen of it is also sent. Until then it lives through news from the server. */
async function keepOrder(phone, order) {
  phone.meant = { ...phone.meant, order };
  phone.sorting = null;
  const mine = order.filter((id) => phone.pack.visits.some((visit) => visit.uuid === id && !visit.free));
  const beside = [{ box: "own", id: `own:${phone.owner}`, body: phone.meant }];
  await phone.queue({ kind: "order", path: "order/", label: say("reordered"), payload: { order: mine, day: iso(phone.now()) }, beside });
}

function returned(owed) {
  return make("section.fa__back-list", {}, ...owed.map((row) => make("a.notice.notice--warn", { href: `#/again/${row.uuid}` }, icon("alert-triangle"), make("span.grow", {}, make("b", { textContent: say("returned", { title: row.title }) }), make("span.fa__where", { textContent: row.why })), icon("chevron-right"))));
}

function cases(phone) {
  return panel(say("cases"), make("ul.fa__list", {}, ...phone.pack.cases.map((one) => make("li", {}, make("a.fa__card", { href: `#/case/${one.number}` },
    make("span.grow", {}, make("b.fa__name", { textContent: one.title }), make("span.fa__where", { textContent: one.address }), make("span.fa__line", {}, chip(one.word, one.status), one.due ? make("span.quiet", { textContent: say("dueat", { at: when(one.due, phone.now()) }) }) : null)), icon("chevron-right"))))));
}

export function showMap(phone, main) {
  const pins = walk(phone).map((visit, n) => ({ visit, n, target: phone.pack.targets[visit.target] })).filter(({ target }) => target.lat !== undefined);
  const shown = pins.map(({ visit, n, target }) => ({ id: visit.uuid, lat: target.lat, lon: target.lon, icon: "map-pin", title: `${n + 1} ${target.name}`, status: n === 0 ? "doing" : "new", url: `#/visit/${visit.uuid}` }));
  for (const one of (phone.pack || { cases: [] }).cases) if (one.lat !== undefined) shown.push({ id: one.number, lat: one.lat, lon: one.lon, icon: "flag", title: one.title, status: one.status, url: `#/case/${one.number}` });
  main.append(make("div.fa__head", {}, make("h1", { textContent: say("map"), tabIndex: -1 }), make("span.quiet", { textContent: say("withplace", { n: shown.length }) })));
  if (!shown.length) { main.append(empty("map-2", say("noplaces"))); return; }
  const inline = (id, data) => make("script", { id, type: "application/json", textContent: JSON.stringify(data) });
  const box = make("div.mapbox", { "data-map": true, "data-pins": "fa-pins", "data-geo": "fa-ground" }, make("div.mapbox__map", { role: "region", "aria-label": say("map") }), make("ul.mapcard.maplegend", {}, make("li.maplegend__note", { textContent: say("schematic") })));
  phone.vault.meta("ground").then(async (ground) => {
    main.append(inline("fa-pins", shown), inline("fa-ground", ground || { type: "FeatureCollection", features: [] }), make("div.field__map", {}, box));
    const { start } = await import("../map.js");
    start(box);
    main.append(make("ul.fa__list", {}, ...shown.map((pin) => make("li", {}, make("a.fa__card", { href: pin.url }, icon(pin.icon), make("span.grow", { textContent: pin.title }), icon("chevron-right"))))));
  });
}

export { notice };
