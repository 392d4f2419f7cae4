// One visit: what is known of the target, its form, and a door at which nobody opened.
import { fillForm } from "../formfill.js";
import { isFree, take, whose } from "./claims.js";
import { mateField } from "./mates.js";
import { back, button, choices, facts, factWords, field, go, icon, left, make, notice, panel, say, when } from "./pieces.js";
import { full, place, shelfFor } from "./media.js";
import { hours } from "./today.js";
import { uuid } from "./vault.js";

const CLAIMS = new Set(["take", "giveback"]);

export const visitOf = (phone, id) => phone.pack && phone.pack.visits.find((visit) => visit.uuid === id);

function known(phone, target) {
  const kind = phone.pack.kinds.find((each) => each.code === target.kind) || {};
  const label = (code) => (kind.labels || {})[code] || code;
  return [...Object.entries(target.facts), ...Object.entries(target.personal || {})].map(([code, value]) => [label(code), factWords(kind, code, value)]);
}

/** Returns one set of the programme's hints, folded. */
function hint({ title, lines }) {
  return make("details.fa__hint", {}, make("summary", {}, make("span.grow", { textContent: title }), icon("chevron-down")), make("ul", {}, ...lines.map((line) => make("li", { textContent: line }))));
}

export function showVisit(phone, main, id) {
  const visit = visitOf(phone, id);
  if (!visit) { main.append(back("#/today", say("visit")), notice("warn", say("gone"))); return; }
  const target = phone.pack.targets[visit.target];
  const round = phone.pack.rounds[visit.round] || {};
  const kind = phone.pack.kinds.find((each) => each.code === target.kind) || {};
  const rest = left(visit.due, phone.now());
  const waiting = phone.rows.filter((row) => row.about === id && row.state !== "aside" && !CLAIMS.has(row.kind));
  const free = isFree(phone, visit);
  const owner = whose(phone, visit);
  main.append(back("#/today", target.name));
  if (owner) main.append(owner);
  for (const row of phone.rows.filter((each) => each.about === id && CLAIMS.has(each.kind) && (each.state === "conflict" || each.state === "fix"))) main.append(make("a.notice.notice--danger", { href: `#/record/${row.id}` }, make("span.grow", { textContent: (row.problem || {}).title || say(`state${row.state}`) })));
  for (const row of waiting) main.append(make("a.notice.notice--done", { href: `#/record/${row.id}` }, make("span.grow", { textContent: say("hasrecord", { state: say(`state${row.state}`) }) })));
  main.append(panel("", facts([
    [say("kind"), kind.name || ""], [say("address"), target.address], [say("number"), target.number], [say("round"), round.title],
    [say("due"), rest.words], [say("hourslabel"), (hours(round, phone.now()) || {}).words || ""], [say("with"), (visit.with || []).join("、")], [say("lastvisit"), target.visited ? when(target.visited, phone.now()) : say("never")],
    [say("doors"), visit.tries ? say("tries", { n: visit.tries }) : ""], ...known(phone, target),
  ])));
  const hints = (phone.pack.hints || {})[round.programme] || [];
  if (hints.length) main.append(panel(say("hints"), ...hints.map(hint)));
  if (target.personal && Object.keys(target.personal).length) main.append(make("p.quiet.fa__seal", { textContent: say("personal") }));
  if (free) { main.append(make("div.fa__foot", {}, button(say("take"), "check", () => take(phone, visit), "btn-primary"))); return; }
  main.append(go(say("cannotgo"), "arrow-left", `#/giveback/${id}`, "btn-quiet"), make("div.fa__foot", {}, go(say("knock"), "door", `#/knock/${id}`), go(say("fill"), "pencil", `#/fill/${id}`, "btn-primary")));
}

/** Puts facts of the ledger where the form asks for the same. */
function defaults(form, target) {
  const all = { ...target.facts, ...(target.personal || {}) };
  const from = (items) => {
    const found = {};
    for (const item of items) {
      if (item.items) { if (item.kind !== "repeat") { const inner = from(item.items); if (Object.keys(inner).length) found[item.code] = inner; } continue; }
      const known_ = all[(item.extra && item.extra.fact) || item.code];
      if (known_ !== undefined && known_ !== null) found[item.code] = known_;
    }
    return found;
  };
  return from(form.items);
}

/** Returns path → ids of the photos that stand in the answers. */
export function filesIn(answers, ids) {
  const found = {};
  const look = (value, path) => {
    if (Array.isArray(value)) {
      const here = value.filter((each) => typeof each === "string" && ids.has(each));
      if (here.length) found[path] = here;
      else value.forEach((each, n) => look(each, `${path}[${n + 1}]`));
    } else if (value && typeof value === "object") for (const [code, inner] of Object.entries(value)) look(inner, path ? `${path}/${code}` : code);
    else if (typeof value === "string" && ids.has(value)) found[path] = [value];
  };
  look(answers, "");
  return found;
}

async function lastPhotos(phone, target) {
  const found = {};
  for (const [path, file] of Object.entries(target.spots || {})) {
    const kept = await phone.vault.body(`spot:${file}`);
    if (kept) found[path] = URL.createObjectURL(new Blob([new Uint8Array(kept.bytes)], { type: "image/jpeg" }));
  }
  return found;
}

/** Finds the draft of a visit, or begins one; `record` names one that came back or waits to be mended. */
async function draftOf(phone, id, record) {
  for (const row of await phone.vault.rows("draft")) if (row.about === (record || id)) return phone.vault.body(row.id);
  if (record) {
    const body = await phone.vault.body(record);
    const row = await phone.vault.row(record);
    if (body && row.state !== "sent") return { uuid: record, answers: body.payload.answers, payload: body.payload, fields: (row.problem || {}).fields, problem: row.problem, queued: true };
    if (body) return { uuid: uuid(), answers: body.payload.answers, payload: body.payload, former: record, arrived: await arrivedOf(phone, record) };
    const sent = phone.pack && phone.pack.returned.find((each) => each.uuid === record); // filled on another phone
    if (sent) return { uuid: uuid(), answers: sent.answers, second: sent.second, former: record, arrived: Object.fromEntries(sent.files.map((file) => [file, file])) };
  }
  return { uuid: uuid(), answers: null };
}

async function arrivedOf(phone, record) {
  return Object.fromEntries((await phone.vault.photos(record)).filter((photo) => photo.file).map((photo) => [photo.id, photo.file]));
}

export async function showFill(phone, main, id, record = "") {
  const kept = record ? await phone.vault.body(record) : null;
  const back_ = phone.pack && phone.pack.returned.find((row) => row.uuid === record);
  const about = kept ? kept.about : back_ ? back_.visit : id;
  const visit = visitOf(phone, about);
  const target = visit ? phone.pack.targets[visit.target] : { name: (kept && kept.label) || (back_ && back_.title) || "", facts: {}, fact: null };
  const roundId = (visit && visit.round) || (kept && kept.round) || (back_ && back_.round) || "";
  const round = (phone.pack && phone.pack.rounds[roundId]) || {};
  const code = (kept && kept.payload.form) || (back_ && back_.form) || round.form;
  const draft = await draftOf(phone, about, record);
  const version = (draft.payload && draft.payload.version) || draft.version || (back_ && back_.version) || round.version;
  const form = code && await phone.form(code, version);
  main.append(back(visit ? `#/visit/${about}` : "#/records", target.name));
  if (!form) { main.append(notice("warn", say("noform"))); return null; }
  if (back_) main.append(notice("warn", say("returned", { title: back_.title }), back_.why));
  if (round.version && version < round.version) main.append(notice("info", say("oldform")));
  const box = make("div.fa__form");
  const state = make("p.field__hint", { role: "status" });
  const shelf = shelfFor(phone, draft.uuid);
  let timer = null;
  let touched = false;
  const later = () => { touched = true; clearTimeout(timer); timer = setTimeout(keep, 300); };
  const keep = async () => {
    const fields = { uuid: draft.uuid, answers: filling.answers(), version, former: draft.former, payload: draft.payload, second: mate ? mate.value : draft.second, fact: draft.fact === undefined ? target.fact : draft.fact, arrived: draft.arrived, problem: draft.problem, queued: draft.queued, label: target.name };
    try { await phone.vault.put("draft", `draft:${draft.uuid}`, fields, { about: record || about, at: phone.now(), label: "" }); state.textContent = say("kept"); }
    catch (error) { state.textContent = say(full(error) ? "full" : "notkept"); if (full(error)) { phone.full = true; phone.tell(); } }
  };
  const mate = mateField(phone, { round, id: roundId, named: (visit && visit.pair) || [], chosen: draft.second || (draft.payload || {}).second || "", changed: later });
  const filling = fillForm(box, {
    form, answers: draft.answers, defaults: draft.answers ? null : defaults(form, target), words: document.getElementById("formfill-words").dataset,
    photos: shelf, lastPhotos: await lastPhotos(phone, target), place: { digits: 3 }, onChange: later,
  });
  const send = button(say("submit"), "send", async () => {
    clearTimeout(timer);
    const faults = filling.check().length;
    if ((mate && !mate.check()) || faults) return;
    send.disabled = true;
    try { await submit(phone, { draft, filling, mate, visit, about, code, version, target, kept, back_, round: roundId }); location.hash = "#/records"; }
    catch (error) { send.disabled = false; state.textContent = say(full(error) ? "full" : "notkept"); if (!full(error)) throw error; }
  }, "btn-primary");
  main.append(make("h2.visually-hidden", { textContent: say("fill") }), mate ? mate.box : "", box, state, make("div.fa__foot", {}, send));
  if (draft.fields && Object.keys(draft.fields).length) refuse(filling, mate, draft.fields);
  else if (draft.problem && draft.problem.title) main.insertBefore(notice("danger", draft.problem.title, draft.problem.hint || ""), box);
  const was = draft.queued && ((await phone.vault.row(draft.uuid)) || {}).state;
  if (draft.queued) await phone.vault.change("items", draft.uuid, { state: "fix" });
  return async () => { clearTimeout(timer); if ((was === "waiting" || was === "sending") && !touched && !send.disabled) await phone.vault.change("items", draft.uuid, { state: was }); else if (!send.disabled && filling.answers() && !phone.locked) await keep(); await filling.destroy(); shelf.close(); };
}

function refuse(filling, mate, fields) {
  const { second, ...rest } = fields;
  if (second && mate) mate.fault([].concat(second).join(" "));
  filling.refuse(rest);
}

async function submit(phone, { draft, filling, mate, visit, about, code, version, target, kept, back_, round }) {
  const answers = filling.answers();
  const ids = new Set([...(await phone.vault.photos(draft.uuid)).map((photo) => photo.id), ...Object.keys(draft.arrived || {})]);
  const there = draft.problem && draft.problem.there;
  const base = draft.payload || {};
  const known_ = there && there.fact ? there.fact : draft.fact === undefined ? target.fact : draft.fact;
  const payload = { ...base, form: code, version, answers, visit: visit ? visit.uuid : base.visit || (back_ && back_.visit) || undefined, fact: known_ === null ? undefined : known_ };
  if (!base.made_at || draft.former) Object.assign(payload, phone.moments());
  if (draft.former) payload.former = draft.former;
  if (mate) { payload.second = mate.value || undefined; await mate.keep(); }
  if (!payload.place) { const here = await place(); if (here) payload.place = { lat: here.lat, lon: here.lon }; }
  const files = filesIn(answers, ids);
  const other = draft.problem && draft.problem.code === "fieldwork.other_content";
  const named = { label: target.name || (kept && kept.label) || "", mate: mate ? mate.label : "", round };
  const given = { kind: "record", path: "records/", about, payload, files, ...named };
  if (!draft.queued) await phone.queue({ ...given, id: draft.uuid, arrived: draft.arrived || {}, after: draft.former ? [draft.former] : [] });
  else if (other) await correct(phone, draft, given);
  else { await phone.resend(draft.uuid, { payload, files, known: named }); await phone.drop(`draft:${draft.uuid}`); }
}

/** What arrived under this number before stays as it is: what is here now becomes its correction. */
async function correct(phone, draft, given) {
  const id = uuid();
  const arrived = await arrivedOf(phone, draft.uuid);
  for (const photo of await phone.vault.photos(draft.uuid)) if (!photo.file) await phone.vault.change("photos", photo.id, { item: id });
  await phone.vault.change("items", draft.uuid, { state: "waiting", tries: 1, next: 0, problem: null });
  await phone.queue({ ...given, payload: { ...given.payload, former: draft.uuid, ...phone.moments() }, id, arrived, after: [draft.uuid] });
  await phone.drop(`draft:${draft.uuid}`);
}

export function showKnock(phone, main, id) {
  const visit = visitOf(phone, id);
  if (!visit) { main.append(back("#/today", say("knock")), notice("warn", say("gone"))); return; }
  const target = phone.pack.targets[visit.target];
  const form = make("form", { noValidate: true });
  const outcome = choices("outcome", say("outcome"), [["nobody", say("nobody")], ["refused", say("refused")], ["closed", say("closed")], ["later", say("later")]]);
  const note = make("textarea.form-control", { rows: 2, maxLength: 200 });
  form.append(outcome, field("note", say("note"), note, say("notehint")), make("div.fa__foot", {}, make("button.btn.btn-primary", { type: "submit", textContent: say("save") })));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = form.querySelector("input[name=outcome]:checked");
    outcome.fault(chosen ? "" : say("chooseone"));
    if (!chosen) return;
    const label = `${target.name}：${say(chosen.value)}`;
    await phone.queue({ kind: "attempt", path: "attempts/", label, about: id, payload: { visit: id, outcome: chosen.value, note: note.value, ...phone.moments() } });
    location.hash = "#/today";
  });
  main.append(back(`#/visit/${id}`, say("knockat", { name: target.name })), make("p.quiet", { textContent: say("knockhint") }), form);
}
