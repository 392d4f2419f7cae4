// What waits and what arrived: the queue with its receipts; both versions where something changed meanwhile.
import { back, button, chip, empty, facts, factWords, go, icon, make, notice, panel, plain, say, standing, stateChip, when } from "./pieces.js";

export function row(phone, each, label) {
  return make("li", {}, make("a.fa__card", { href: `#/record/${each.id}` }, make("span.grow", {}, make("span.fa__name", { textContent: label }), make("span.fa__line", {}, stateChip(each, phone), make("span.quiet", { textContent: when(each.at, phone.now()) }))), icon("chevron-right")));
}

export async function showRecords(phone, main) {
  const groups = [["needsyou", ["fix", "conflict"]], ["waits", ["waiting", "sending"]], ["aside", ["aside"]], ["arrived", ["sent"]]];
  main.append(make("div.fa__head", {}, make("h1", { textContent: say("records"), tabIndex: -1 }), make("span.quiet", { textContent: say("unsent", { n: phone.unsent }) })));
  if (phone.others) main.append(notice("info", say("others", { n: phone.others })));
  if (phone.unsent) main.append(make("div.fa__tools", {}, button(say("sendnow"), "send", () => phone.contact({ all: true }))));
  const drafts = (await phone.vault.rows("draft")).filter((draft) => !phone.rows.some((each) => `draft:${each.id}` === draft.id));
  if (drafts.length) main.append(panel(say("drafts"), make("ul.fa__list", {}, ...await Promise.all(drafts.map((draft) => draftRow(phone, draft))))));
  for (const [name, states] of groups) {
    const found = phone.rows.filter((each) => states.includes(each.state)).slice(0, 200);
    if (!found.length) continue;
    const list = make("ul.fa__list");
    main.append(panel(say(name), list));
    for (const each of found) list.append(row(phone, each, ((await phone.vault.body(each.id)) || {}).label || ""));
  }
  if (!phone.rows.length && !drafts.length) main.append(empty("list-details", say("norecords"), make("p.quiet", { textContent: say("norecordshint") })));
}

async function draftRow(phone, draft) {
  const body = (await phone.vault.body(draft.id)) || {};
  const [, first, number, verb] = draft.id.match(/^draft:([^:]+):?([^:]*):?([^:]*)/) || [];
  const kinds = { finding: ["#/find", say("newfinding")], target: ["#/target", say("newtarget")] };
  const [href, label] = kinds[first] || (verb && number ? [`#/case/${first}/${number}`, first] : [draft.about.includes("-") && phone.rows.some((r) => r.id === draft.about) ? `#/mend/${draft.about}` : `#/fill/${draft.about}`, body.label || say("visit")]);
  return make("li", {}, make("a.fa__card", { href }, make("span.grow", {}, make("span.fa__name", { textContent: label || say("visit") }), make("span.fa__line", {}, chip(say("statedraft"), "idle"), make("span.quiet", { textContent: when(draft.at, phone.now()) }))), icon("chevron-right")));
}

/** Where a record is mended: the page on which it was entered. */
function mendAt(each, body) {
  if (each.kind === "record") return `#/mend/${each.id}`;
  if (each.kind === "finding") return `#/find/${each.id}`;
  if (each.kind === "target") return `#/target/${each.id}`;
  if (each.kind === "act") return `#/case/${body.payload.number}/${body.payload.verb}/${each.id}`;
  return "";
}

export async function showRecord(phone, main, id) {
  const each = phone.rows.find((one) => one.id === id);
  const body = each && await phone.vault.body(id);
  if (!body) { main.append(back("#/records", say("records")), notice("warn", say("gone"))); return; }
  main.append(back("#/records", body.label));
  main.append(panel("", make("p", {}, stateChip(each, phone)), facts([
    [say("madeat"), when(body.payload.made_at || each.at, phone.now())], [say("clock"), clockWords(body.payload)],
    [say("mate"), body.mate], [say("photoslabel"), Object.values(body.files || {}).flat().length || ""], [say("triesmade"), each.state === "waiting" && each.tries ? each.tries : ""],
  ])));
  if (standing(each, phone) === "expired") main.append(notice("warn", say("expiredkept"), go(say("login"), "login", loginAt())));
  if (each.state === "sent") main.append(receipt(phone, body));
  if (each.problem && each.state !== "sent") main.append(notice(each.state === "waiting" ? "warn" : "danger", make("b", { textContent: each.problem.title || say("serverbusy") }), each.problem.hint || "", ...Object.values(each.problem.fields || {}).flat()));
  if (["conflict", "aside"].includes(each.state) && each.problem && each.problem.there) main.append(await sides(phone, body, each.problem));
  main.append(acts(phone, each, body));
}

export const loginAt = () => `/login/?next=${encodeURIComponent(location.pathname)}`;

function clockWords(payload) {
  if (!payload.device_at) return "";
  const off = Math.round((Date.parse(payload.made_at) - Date.parse(payload.device_at)) / 60000);
  return Math.abs(off) < 2 ? "" : say("clockoff", { minutes: Math.abs(off) });
}

function receipt(phone, body) {
  const got = body.receipt || {};
  return panel(say("receipt"), facts([[say("receivedat"), got.received ? when(got.received, phone.now()) : ""], [say("casenumber"), got.number], [say("findings"), got.findings || ""], [say("receiptid"), (got.digest || "").slice(0, 12)]]), ...(got.words || []).map((words) => make("p.quiet", { textContent: words })));
}

/** Both versions beside each other: mine, and what stands on the server. */
async function sides(phone, body, { there, code }) {
  const mine = []; const other = [];
  if (code === "fieldwork.target_met") {
    const pack = phone.pack || { targets: {}, visits: [] };
    const visit = pack.visits.find((one) => one.uuid === body.payload.visit);
    const target = visit ? pack.targets[visit.target] : null;
    const kind = target && pack.kinds.find((each) => each.code === target.kind);
    for (const change of there.changes) {
      const answer = find(body.payload.answers, change.field);
      mine.push([change.label, factWords(kind, change.field, answer === undefined ? target && (target[change.field] || target.facts[change.field]) : answer)]);
      other.push([change.label, `${factWords(kind, change.field, change.value)}（${change.by}，${when(change.at, phone.now())}）`]);
    }
  } else if (code === "fieldwork.visit_met") {
    const form = await phone.form(there.form, there.version);
    mine.push([say("by"), phone.vault.person.label], [say("madeat"), when(body.payload.made_at, phone.now())], ...answerLines(form, body.payload.answers));
    other.push([say("by"), there.by], [say("madeat"), when(there.at, phone.now())], ...(there.answers ? answerLines(form, there.answers) : [[say("answers"), say("notforyou")]]));
  } else if (code === "fieldwork.double") {
    mine.push([say("name"), body.payload.name], [say("address"), body.payload.address]);
    other.push([say("name"), there.name], [say("address"), there.address]);
  } else if (there.word) {
    mine.push([say("todo"), body.label], [say("madeat"), when(body.payload.made_at, phone.now())]);
    if (code === "fieldwork.round_state") other.push([say("round"), there.round], [say("state"), there.word], [say("endedat"), there.at ? when(there.at, phone.now()) : ""], [say("lead"), there.by]);
    else other.push([say("state"), there.word], [say("taker"), there.by]);
  } else if (there.state) {
    const fields = body.payload.fields || {};
    const photos = Object.values(body.files || {}).flat().length;
    mine.push([say("todo"), body.label], [say("result"), fields.outcome ? say(fields.outcome) : ""], [say("situation"), plain(fields.text)], [say("photoslabel"), photos ? say("photos", { n: photos }) : ""]);
    other.push([say("state"), there.state], [say("unit"), there.unit]);
  }
  return make("div.fa__sides", {}, panel(say("mine"), facts(mine)), panel(say("there"), facts(other)));
}

function find(answers, code) {
  for (const [key, value] of Object.entries(answers || {})) {
    if (key === code) return value;
    if (value && typeof value === "object" && !Array.isArray(value)) { const inner = find(value, code); if (inner !== undefined) return inner; }
  }
  return undefined;
}

function answerLines(form, answers, items = form && form.items) {
  const lines = [];
  for (const item of items || []) {
    const value = (answers || {})[item.code];
    if (value === undefined || value === null || value === "") continue;
    const label = (item.label && (item.label["zh-hans"] || Object.values(item.label)[0])) || item.code;
    if (item.items && !Array.isArray(value)) lines.push(...answerLines(form, value, item.items));
    else if (item.type === "photo" || item.type === "signature") lines.push([label, say("photos", { n: [].concat(value).length })]);
    else lines.push([label, choiceWords(form, item, value)]);
  }
  return lines;
}

function choiceWords(form, item, value) {
  const list = item.choices || (form.lists || {})[item.list] || [];
  const one = (code) => { const found = list.find((each) => each.code === code); return found ? found.label["zh-hans"] || Object.values(found.label)[0] : plain(code); };
  return Array.isArray(value) ? value.map(one).join("、") : one(value);
}

function acts(phone, each, body) {
  const box = make("div.fa__acts");
  const mend = mendAt(each, body);
  const problem = each.problem || {};
  const state = each.state === "sending" && phone.state === "offline" ? "waiting" : each.state; // its answer got lost
  const judged = each.state === "conflict" && ["fieldwork.visit_met", "fieldwork.target_met", "fieldwork.double"].includes(problem.code);
  const stale = each.state === "conflict" && each.kind === "act" && problem.there && problem.there.open;
  if (judged || stale) box.append(button(say("sendasis"), "send", async () => { await phone.resend(each.id, { payload: { ...body.payload, judge: true, ...(stale ? { expected: problem.there.version } : {}) } }); }, "btn-primary"));
  const over = each.state === "conflict" && each.kind === "act" && problem.there && problem.there.open === false; // nothing left to hand in to
  if (["fix", "conflict", "waiting"].includes(state) && mend && !over) box.append(go(say("mend"), "pencil", mend, each.state === "fix" ? "btn-primary" : "btn-outline"));
  if (["fix", "conflict"].includes(each.state)) box.append(button(say("putaside"), "package", () => phone.resend(each.id, { state: "aside" })));
  if (each.state === "aside") box.append(button(say("takeback"), "refresh", () => phone.resend(each.id, {}), "btn-primary"));
  if (state === "waiting" && phone.state !== "out") box.append(button(say("sendnow"), "send", () => phone.contact({ all: true })));
  return box;
}
