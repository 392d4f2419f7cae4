// What is entered beside the visits: a finding, a new target, an act on a case. Typed words are kept as a draft.
import { fillForm } from "../formfill.js";
import { fileButton } from "../formparts.js";
import { back, button, choices, chip, facts, field, go, make, notice, panel, say, showFaults, when } from "./pieces.js";
import { full, keepFile, place } from "./media.js";
import { uuid } from "./vault.js";

/** A form of a few fields that is kept while it is typed, with photos, a place, and one button. */
class Entry {
  constructor(phone, key) { Object.assign(this, { phone, key, photos: [], place: null, id: uuid() }); this.form = make("form", { noValidate: true }); this.state = make("p.field__hint", { role: "status" }); }

  async begin(record) {
    const kept = record ? await this.phone.vault.body(record) : await this.phone.vault.body(this.draft);
    this.again = record || "";
    if (!kept) return null;
    this.id = record || kept.id || this.id;
    this.photos = (await this.phone.vault.photos(this.id)).map((photo) => ({ id: photo.id, sha256: photo.sha256 }));
    return record ? { ...kept.payload, ...(kept.payload.fields || {}), problem: ((await this.phone.vault.row(record)) || {}).problem } : kept;
  }

  get draft() { return `draft:${this.key}:${this.phone.owner}`; }
  values() { return Object.fromEntries([...new FormData(this.form)].filter(([, value]) => typeof value === "string")); }

  async keep() {
    try { await this.phone.vault.put("draft", this.draft, { ...this.values(), place: this.place, id: this.id }, { about: this.key, at: this.phone.now(), photos: this.id }); }
    catch (error) { this.state.textContent = say(full(error) ? "full" : "notkept"); }
  }

  watch() {
    let timer = null;
    this.form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => this.keep(), 300); });
    this.end = async () => { clearTimeout(timer); if (!this.sent && !this.again && Object.values(this.values()).some(Boolean)) await this.keep(); };
  }

  shelf(label, purpose, hint = "") {
    const list = make("ul.filelist");
    const said = make("p.field__hint", { role: "status" });
    const take = fileButton(say("takephoto"), "camera", { accept: "image/*", multiple: true }, async (files) => {
      for (const file of files) {
        try {
          const kept = await keepFile(this.phone, this.id, file, { purpose, path: purpose });
          this.photos.push(kept);
          list.append(make("li", {}, make("img", { src: kept.url, alt: say("photo") })));
          said.textContent = "";
        } catch (error) { said.textContent = error.said || say("notkept"); }
      }
      await this.keep();
    });
    if (this.photos.length) list.append(make("li", { textContent: say("photos", { n: this.photos.length }) }));
    return make("div.field", {}, make("span.field__label", { textContent: label }), take, list, hint ? make("p.field__hint", { textContent: hint }) : null, said);
  }

  locate(typed) {
    if (typed) this.place = typed;
    const said = make("p.field__hint", { role: "status", textContent: this.place ? say("located") : "" });
    const ask = button(say("locate"), "current-location", async () => {
      said.textContent = say("locating");
      this.place = await place(4, 10000);
      said.textContent = this.place ? say("locatedwithin", { metres: this.place.accuracy }) : say("nolocation");
      await this.keep();
    });
    return make("div.field", {}, make("span.field__label", { textContent: say("place") }), ask, said);
  }

  async send(given) {
    const files = this.photos.length ? { [given.purpose]: this.photos.map((photo) => photo.id) } : {};
    const prints = this.photos.length ? { [given.purpose]: this.photos.map((photo) => photo.sha256) } : undefined;
    const payload = { ...given.payload, prints };
    this.sent = true;
    if (this.again) await this.phone.resend(this.again, { payload, files });
    else { await this.phone.queue({ ...given, id: this.id, payload, files }); await this.phone.drop(this.draft); }
    location.hash = "#/records";
  }
}

function problems(entry, main, typed) {
  if (!typed || !typed.problem) return;
  const rest = showFaults(entry.form, typed.problem.fields);
  main.insertBefore(notice("danger", typed.problem.title || say("tomend"), rest.join(" ") || typed.problem.hint), entry.form);
}

export async function showFinding(phone, main, record = "") {
  const entry = new Entry(phone, "finding");
  const typed = await entry.begin(record) || {};
  const options = (phone.pack || { categories: [] }).categories;
  const category = make("select.form-select", {}, make("option", { value: "", textContent: say("choose") }), ...options.map((each) => make("option", { value: each.code, textContent: each.name, selected: each.code === typed.category })));
  const text = make("textarea.form-control", { rows: 4, value: typed.text || "", maxLength: 5000 });
  const address = make("input.form-control", { value: typed.address || "", maxLength: 200 });
  const boxes = [field("category", say("category"), category), field("text", say("situation"), text), entry.shelf(say("photoslabel"), "photos", say("nofaces")), entry.locate(typed.place), field("address", say("address"), address, say("addresshint"))];
  entry.form.append(...boxes, entry.state, make("div.fa__foot", {}, make("button.btn.btn-primary", { type: "submit", textContent: say("submit") })));
  entry.watch();
  entry.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = { category: category.value ? "" : say("chooseone"), text: text.value.trim() ? "" : say("needed"), address: entry.place || address.value.trim() ? "" : say("neededplace") };
    showFaults(entry.form, missing);
    if (Object.values(missing).some(Boolean)) { entry.form.querySelector(".has-error input, .has-error select, .has-error textarea").focus(); return; }
    const name = category.selectedOptions[0].textContent;
    await entry.send({ kind: "finding", path: "findings/", purpose: "photos", label: `${name}：${text.value.trim().slice(0, 40)}`, payload: { category: category.value, text: text.value, address: address.value, place: entry.place && { lat: entry.place.lat, lon: entry.place.lon }, ...phone.moments() } });
  });
  main.append(back("#/today", say("newfinding")), entry.form);
  problems(entry, main, typed);
  return entry.end;
}

export async function showTarget(phone, main, record = "") {
  const entry = new Entry(phone, "target");
  const typed = await entry.begin(record) || {};
  const kinds = (phone.pack || { kinds: [] }).kinds;
  const kind = make("select.form-select", {}, make("option", { value: "", textContent: say("choose") }), ...kinds.map((each) => make("option", { value: each.code, textContent: each.name, selected: each.code === typed.kind })));
  const name = make("input.form-control", { value: typed.name || "", maxLength: 100 });
  const address = make("input.form-control", { value: typed.address || "", maxLength: 200 });
  const more = make("div.fa__form");
  let filling = null;
  const ask = async () => {
    if (filling) { filling.destroy(); filling = null; }
    const chosen = kinds.find((each) => each.code === kind.value);
    const form = chosen && chosen.form && await phone.form(chosen.form, chosen.version);
    more.replaceChildren();
    if (form) filling = fillForm(more, { form, answers: typed.facts && typed.kind === kind.value ? typed.facts : null, words: document.getElementById("formfill-words").dataset, onChange: () => {} });
  };
  kind.addEventListener("change", ask);
  entry.form.append(field("kind", say("kind"), kind), field("name", say("name"), name), field("address", say("address"), address), entry.locate(typed.place), make("h2.visually-hidden", { textContent: say("newtarget") }), more, entry.state, make("div.fa__foot", {}, make("button.btn.btn-primary", { type: "submit", textContent: say("save") })));
  entry.watch();
  entry.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = { kind: kind.value ? "" : say("chooseone"), name: name.value.trim() ? "" : say("needed"), address: entry.place || address.value.trim() ? "" : say("neededplace") };
    showFaults(entry.form, missing);
    if (Object.values(missing).some(Boolean) || (filling && filling.check().length)) return;
    await entry.send({ kind: "target", path: "targets/", label: `${kind.selectedOptions[0].textContent}：${name.value.trim()}`, payload: { kind: kind.value, name: name.value, address: address.value, place: entry.place && { lat: entry.place.lat, lon: entry.place.lon }, facts: filling ? filling.answers() : {}, ...phone.moments() } });
  });
  main.append(back("#/more", say("newtarget")), make("p.quiet", { textContent: say("newtargethint") }), entry.form);
  await ask();
  problems(entry, main, typed);
  return entry.end;
}

const caseOf = (phone, number) => phone.pack && phone.pack.cases.find((one) => one.number === number);

export function showCase(phone, main, number) {
  const one = caseOf(phone, number);
  if (!one) { main.append(back("#/today", say("case")), notice("warn", say("gone"))); return; }
  main.append(back("#/today", one.title));
  for (const row of phone.rows.filter((each) => each.about === number && each.state !== "aside")) main.append(make("a.notice.notice--done", { href: `#/record/${row.id}` }, make("span.grow", { textContent: say("hasrecord", { state: say(`state${row.state}`) }) })));
  main.append(panel("", make("p", {}, chip(one.word, one.status)), facts([[say("number"), one.number], [say("category"), one.category], [say("address"), one.address], [say("due"), one.due ? when(one.due, phone.now()) : ""]])));
  const signs = { sign: "check", arrive: "map-pin", note: "pencil", hand_in: "circle-check" };
  main.append(make("div.fa__acts", {}, ...one.acts.map((verb, n) => go(say(verb), signs[verb], `#/case/${number}/${verb}`, n === 0 ? "btn-primary" : "btn-outline")), go(say("casepage"), "external-link", one.url)));
}

export async function showAct(phone, main, number, verb, record = "") {
  const entry = new Entry(phone, `${number}:${verb}`);
  const typed = await entry.begin(record) || {};
  const one = caseOf(phone, number) || { title: number, version: typed.expected };
  const purpose = verb === "hand_in" ? "after" : "before";
  const parts = [];
  if (verb === "hand_in") parts.push(choices("outcome", say("result"), [["solved", say("solved")], ["explained", say("explained")], ["unsolved", say("unsolved")]], typed.outcome));
  if (verb !== "sign") parts.push(field("text", say(verb === "note" ? "notetext" : "situation"), make("textarea.form-control", { rows: 4, value: typed.text || "", maxLength: 5000 })), entry.shelf(say("photoslabel"), purpose));
  else parts.push(make("p", { textContent: say("signhint") }));
  if (verb === "arrive") parts.push(make("p.quiet", { textContent: say("arrivehint") }));
  entry.form.append(...parts, entry.state, make("div.fa__foot", {}, make("button.btn.btn-primary", { type: "submit", textContent: say(verb) })));
  entry.watch();
  entry.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = entry.values();
    const missing = verb === "hand_in" && !values.outcome ? { outcome: say("chooseone") } : verb === "note" && !values.text.trim() ? { text: say("needed") } : {};
    showFaults(entry.form, { outcome: "", text: "", ...missing });
    if (Object.keys(missing).length) return;
    const here = verb === "arrive" ? await place(4) : null;
    const there = typed.problem && typed.problem.there;
    const fields = verb === "note" ? { ...values, kind: "remark" } : values;
    await entry.send({ kind: "act", path: "acts/", purpose, about: number, label: `${one.title}：${say(verb)}`, payload: { number, verb, fields, expected: (there && there.version) || one.version, place: here && { lat: here.lat, lon: here.lon }, ...phone.moments() } });
  });
  main.append(back(`#/case/${number}`, `${say(verb)} · ${one.title}`), entry.form);
  problems(entry, main, typed);
  return entry.end;
}
