// Filling a form in the browser: the phone preview of the designer and the field face stand on it.
//
// import { fillForm } from "./formfill.js";
// const filling = fillForm(element, { form, answers, defaults, words, photos, lastPhotos, onChange });
//
//   form        JSON of write_form(form, trees=True): docs/reference/forms.md, "In the browser"; with `media`, the name
//               of a picture of a choice or question → its address
//   answers     nested as the form is ({ group: { q: 1 }, room: [{ area: "12" }] }); empty or null to begin anew
//   defaults    nested too: what is known of the target; stands at the start where there are no answers yet
//   words       translated words: document.getElementById("formfill-words").dataset (web/_formfill_words.html)
//   photos      { add(path, file) → Promise<{ id, url }>, remove(path, id), list(path) → [{ id, url }] or a promise };
//               `id` is a uuid; signatures, sounds and files are kept by it too; an error's `said` is shown
//   lastPhotos  path (with or without [n]) → url of the picture that was taken at this spot last time
//   onChange    ({ path }) => …, after each change; what to keep is filling.answers()
//   place       { digits: 4, pick(now) → Promise<{ lat, lon }> }: how a place is rounded; how one is chosen on a map
//   moment      () → "2026-11-22T09:30:00+08:00", the clock to go by; the device's otherwise
//   language    "zh-hans"; the page's otherwise
//
//   filling.answers()     the answers to be kept and sent
//   filling.problems()    [{ path, label, said }] of what is to be mended; shows nothing
//   filling.check()       the same, and shows them: a list at the top, each beside its question
//   filling.refuse(fields) shows what the server said: { path: [message, …] }
//   filling.show(path)    opens the groups around a question and goes to it
//   filling.reveal(path)  opens them and returns the question's element, null for none; nothing moves
//   filling.progress()    { asked, answered }
//   filling.destroy()     ends; resolves when what was still being kept (a signature) is
import { UNSEEN } from "./formclean.js";
import { control } from "./formfields.js";
import { MEDIA } from "./formmedia.js";
import { button, fresh, inWords, make, speaker } from "./formparts.js";
import { Sheet } from "./formsheet.js";
import { icon } from "./text.js";

const FEW = 15;
const ROWS_OPEN = 3;
const AT_ONCE = 12;
const SLICE_MS = 12;
const COUNT_MS = 300;

/** Returns what time it is on the device, with its zone. */
function deviceMoment() {
  const now = new Date();
  const ahead = -now.getTimezoneOffset();
  const two = (n) => String(n).padStart(2, "0");
  const zone = `${ahead < 0 ? "-" : "+"}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`;
  return `${new Date(now.getTime() + ahead * 60000).toISOString().slice(0, 19)}${zone}`;
}

/** Keeps pictures in the page alone, for a preview. */
function inMemory() {
  const kept = new Map();
  const uuid = () => (crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16)));
  return {
    async add(path, file) { const one = { id: uuid(), url: URL.createObjectURL(file) }; kept.set(one.id, one); return one; },
    async remove(path, id) { if (kept.has(id)) URL.revokeObjectURL(kept.get(id).url); kept.delete(id); },
    list() { return [...kept.values()]; },
  };
}

/** A question, group or repeat that is shown. */
class View {
  constructor(filling, spot) { Object.assign(this, { filling, spot, item: spot.place.item, root: null }); filling.views.set(spot, this); }

  path() { return this.filling.sheet.path(this.spot); }

  label() {
    const { filling, spot } = this;
    const words = filling.inWords(this.item.label) || filling.inWords(this.item.hint) || this.item.code;
    return filling.sheet.spoken(spot, words);
  }

  hide() { if (this.root && this.root.hidden === this.spot.asked) this.root.hidden = !this.spot.asked; }
  end() { this.filling.views.delete(this.spot); }
}

class QuestionView extends View {
  constructor(filling, spot) {
    super(filling, spot);
    this.touched = false;
    this.refused = "";
    const id = fresh();
    const q = {
      spot, item: this.item, id, host: filling.host, say: filling.say, media: filling.host.media, path: () => this.path(),
      words: (words) => filling.inWords(words), change: (raw) => this.change(raw), left: () => this.left(), last: () => this.last(), sync: () => { if (this.control) this.control.sync(spot); },
    };
    this.control = null;
    this.control = control(q, MEDIA);
    if (this.control) this.build(id);
  }

  build(id) {
    const { filling, item, control: made } = this;
    const { say } = filling;
    const text = make("span.fq__text");
    this.text = text;
    this.need = make("span.fq__need");
    this.hint = make("p.field__hint", { hidden: true });
    this.error = make("p.field__error", { hidden: true }, icon("alert-circle"), make("span"));
    const note = make("div.fq__note", { id: `${id}-note` }, this.hint, this.error);
    const guidance = filling.inWords(item.guidance);
    const standard = guidance ? make("details.fq__standard", {}, make("summary", { textContent: say("standard") }), make("p", { textContent: guidance })) : null;
    const file = filling.inWords((item.media || {}).image);
    const url = file ? filling.host.media(file) : "";
    const picture = url ? make("img.fq__media", { src: url, alt: "", loading: "lazy" }) : null;
    const node = made.node;
    const parts = [standard, picture, node, note];
    if (item.type === "note") this.root = make("div.field.fq.fq--note", {}, make("p.fq__text", {}, text), ...parts);
    else if (made.group) this.root = make("fieldset.field.fq", { "aria-describedby": `${id}-note` }, make("legend.field__label", {}, text, this.need), ...parts);
    else {
      this.root = make("div.field.fq", {}, make("label.field__label", { "for": id }, text, this.need), ...parts);
      const input = made.main || node;
      input.setAttribute("aria-describedby", `${id}-note`);
    }
    this.root.dataset.code = item.code;
    this.sync();
  }

  last() {
    const found = this.filling.host.lastPhotos || {};
    const url = found[this.path()] || found[this.spot.place.path];
    return Array.isArray(url) ? url[0] : url || "";
  }

  change(raw) {
    this.refused = "";
    this.filling.changed(this.filling.sheet.set(this.spot, raw), this.path(), this);
  }

  left() { if (!this.touched) { this.touched = true; this.sync(); } }

  sync() {
    if (!this.root) return;
    const { spot, filling } = this;
    this.hide();
    if (!spot.asked) return;
    const said = this.label();
    if (this.text.textContent !== said) this.text.textContent = said;
    const hint = this.item.label && Object.keys(this.item.label).length ? filling.sheet.spoken(spot, filling.inWords(this.item.hint)) : "";
    if (this.hint.textContent !== hint) { this.hint.textContent = hint; this.hint.hidden = !hint; }
    const need = spot.required && !spot.readOnly ? filling.say("needed") : "";
    if (this.need.textContent !== need) this.need.textContent = need;
    this.control.sync(spot);
    this.mark();
  }

  /** Shows what is wrong: what lacks only once the whole was checked, the rest once the question was left. */
  mark() {
    const { spot, filling } = this;
    const { said } = spot;
    const shown = this.refused || (said && (said.lack ? filling.checked : this.touched || filling.checked) ? filling.saying(said) : "");
    const words = this.error.lastChild;
    if (words.textContent !== shown) words.textContent = shown;
    this.error.hidden = !shown;
    this.root.classList.toggle("has-error", Boolean(shown));
    const input = this.control.group ? this.root : this.control.main || this.control.node;
    if (input && input.setAttribute && this.item.type !== "note") { if (shown) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid"); }
  }

  focus() { if (this.control) this.control.focus(); }
  end() { super.end(); return this.control && this.control.end ? this.control.end() : undefined; }
}

/** A head that is pressed to open what stands under it; the inside is built when it is first opened. */
class Fold {
  constructor(level, open, build) {
    const id = fresh();
    this.build = build;
    this.words = make("span.fold__label");
    this.count = make("span.fold__count");
    this.head = make("button.fold__head", { type: "button", "aria-expanded": "false", "aria-controls": id }, icon("chevron-right"), this.words, this.count);
    this.body = make("div.fold__body", { id, hidden: true });
    this.title = make(`h${level}.fold__title`, {}, this.head);
    this.head.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    this.built = false;
    if (open) this.open();
  }

  get isOpen() { return !this.body.hidden; }

  open() {
    if (!this.built) { this.built = true; this.build(this.body); }
    this.body.hidden = false;
    this.head.setAttribute("aria-expanded", "true");
  }

  close() {
    this.body.hidden = true;
    this.head.setAttribute("aria-expanded", "false");
  }
}

class GroupView extends View {
  constructor(filling, spot, level, folded, open) {
    super(filling, spot);
    this.level = level;
    const fill = (box) => filling.build(spot, box, level + 1);
    if (folded) {
      this.fold = new Fold(Math.min(level, 6), open, (box) => {
        fill(box);
        this.next = button("", "chevron-down", () => this.filling.after(this));
        this.next.classList.add("fold__next");
        box.append(this.next);
      });
      this.root = make("section.fold", {}, this.fold.title, this.fold.body);
    } else {
      this.title = make(`h${Math.min(level, 6)}.fgroup__title`);
      const box = make("div.fgroup__body");
      fill(box);
      this.root = make("section.fgroup", {}, this.title, box);
    }
    this.sync();
  }

  label() { return this.filling.sheet.spoken(this.spot, this.filling.inWords(this.item.label)); }

  sync() {
    this.hide();
    if (!this.spot.asked) return;
    const label = this.label();
    if (!this.fold) { this.title.textContent = label; this.title.hidden = !label; return; }
    this.fold.words.textContent = label || this.item.code;
    this.count();
  }

  count() {
    const { asked, answered } = this.filling.sheet.progress(this.spot);
    this.fold.count.textContent = asked ? `${answered}/${asked}` : "";
    this.fold.head.classList.toggle("is-done", asked > 0 && asked === answered);
    if (!this.next) return;
    const following = this.filling.following(this);
    this.next.hidden = !following;
    if (following) this.next.lastChild.textContent = this.filling.say("nextgroup", { label: following.label() });
  }

  open() { if (this.fold) this.fold.open(); }
}

class RepeatView extends View {
  constructor(filling, spot, level) {
    super(filling, spot);
    Object.assign(this, { level, rows: new Map() });
    this.title = make(`h${Math.min(level, 6)}.fgroup__title`);
    this.list = make("div.frepeat__rows");
    this.told = make("p.frepeat__told", { role: "status", hidden: true });
    this.add = button("", "plus", () => this.more());
    this.error = make("p.field__error", { hidden: true }, icon("alert-circle"), make("span"));
    this.root = make("section.fgroup.frepeat", {}, this.title, this.list, this.told, this.error, this.add);
    this.sync();
  }

  label() { return this.filling.sheet.spoken(this.spot, this.filling.inWords(this.item.label)) || this.item.code; }

  build(row, open) {
    const { filling } = this;
    const fold = new Fold(Math.min(this.level + 1, 6), open, (box) => filling.build(row, box, this.level + 2));
    const off = this.item.count ? null : button("", "trash", () => this.less(row), "btn-quiet");
    if (off) { off.classList.add("btn--icon"); off.lastChild.classList.add("visually-hidden"); }
    const node = make("div.fold.frepeat__row", {}, make("div.fold__top", {}, fold.title, off), fold.body);
    return { fold, off, node };
  }

  sync() {
    this.hide();
    if (!this.spot.asked) return;
    const { say, sheet } = this.filling;
    const { rows } = this.spot;
    const label = this.label();
    this.title.textContent = label;
    for (const [row, view] of this.rows) if (!rows.includes(row)) { view.node.remove(); this.rows.delete(row); this.filling.forget(row); }
    rows.forEach((row, n) => {
      if (!this.rows.has(row)) this.rows.set(row, this.build(row, rows.length <= ROWS_OPEN || row === this.opened));
      const view = this.rows.get(row);
      if (this.list.children[n] !== view.node) this.list.insertBefore(view.node, this.list.children[n] || null);
      const words = say("row", { label, n: n + 1 });
      view.fold.words.textContent = words;
      if (view.off) view.off.lastChild.textContent = say("removerow", { row: words });
      const { asked, answered } = sheet.progress(row);
      view.fold.count.textContent = asked ? `${answered}/${asked}` : "";
    });
    this.add.lastChild.textContent = say("addrow", { label });
    this.add.hidden = Boolean(this.item.count);
    this.mark();
  }

  mark() {
    const said = this.refused || (this.spot.said ? this.filling.saying(this.spot.said) : "");
    this.error.lastChild.textContent = said;
    this.error.hidden = !said;
  }

  count() { this.sync(); }

  more() {
    this.told.hidden = true;
    const { sheet } = this.filling;
    const before = this.spot.rows.length;
    const looked = sheet.addRow(this.spot);
    if (this.spot.rows.length === before) return;
    const row = this.spot.rows[before];
    this.opened = row;
    this.filling.changed(looked, this.path());
    this.rows.get(row).fold.head.focus();
  }

  less(row) {
    const { sheet, say } = this.filling;
    const n = this.spot.rows.indexOf(row);
    this.filling.changed(sheet.removeRow(this.spot, row), this.path());
    const undo = button(say("undo"), "refresh", () => {
      this.told.hidden = true;
      this.opened = row;
      this.filling.changed(sheet.restoreRow(this.spot, row, Math.min(n, this.spot.rows.length)), this.path());
    }, "btn-quiet");
    this.told.replaceChildren(document.createTextNode(say("removed", { row: say("row", { label: this.label(), n: n + 1 }) })), undo);
    this.told.hidden = false;
    this.add.focus();
  }

  open(row) { if (row && this.rows.has(row)) this.rows.get(row).fold.open(); }
  focus() { this.add.focus(); }
}

class Filling {
  constructor(element, given) {
    this.element = element;
    this.say = speaker(given.words);
    const page = (given.language || document.documentElement.lang || "").toLowerCase();
    const own = (given.form.settings || {}).default_language || "zh-hans";
    this.languages = [page, page.startsWith("zh") ? "zh-hans" : page.split("-")[0], own, "zh-hans"];
    this.inWords = (words) => inWords(words, this.languages);
    const place = given.place || {};
    this.host = { photos: given.photos || inMemory(), lastPhotos: given.lastPhotos, media: (name) => (given.form.media || {})[name] || "", digits: place.digits === undefined ? 4 : place.digits, pick: place.pick };
    this.onChange = given.onChange || (() => {});
    this.checked = false;
    this.views = new Map();
    this.stale = new Set();
    this.sheet = new Sheet(given.form, { answers: given.answers || {}, known: given.defaults, moment: given.moment || deviceMoment });
    this.frame(given.form);
  }

  frame(form) {
    this.told = make("span");
    this.bar = make("progress", { max: 1, value: 0, "aria-label": this.say("progress") });
    this.faults = make("div.filling__faults", { role: "alert", tabIndex: -1, hidden: true });
    this.items = make("div.filling__items");
    this.element.classList.add("filling");
    this.element.replaceChildren(make("div.filling__bar", {}, this.told, this.bar), this.faults, this.items);
    const groups = this.sheet.plan.top.filter((place) => place.group && !place.repeat);
    this.folded = groups.length > 1 || (groups.length === 1 && this.sheet.plan.places.length > FEW);
    this.build(this.sheet.root, this.items, 3);
    for (const view of this.folds()) { view.sync(); }
    this.count();
    if (!form.items.length) this.items.append(make("p.quiet", { textContent: this.say("empty") }));
  }

  /** Builds what stands in a frame. */
  build(frame, box, level) {
    let opened = frame !== this.sheet.root;
    for (const spot of Object.values(frame.kids)) {
      let view;
      if (spot.place.repeat) view = new RepeatView(this, spot, level);
      else if (spot.place.group) {
        const folded = frame === this.sheet.root && this.folded;
        view = new GroupView(this, spot, level, folded, folded && !opened && spot.asked);
        if (folded && spot.asked) opened = true;
      } else if (spot.place.item.type === "hidden" || UNSEEN.has(spot.place.item.type)) continue;
      else view = new QuestionView(this, spot);
      if (view.root) box.append(view.root);
    }
  }

  folds() { return [...this.views.values()].filter((view) => view.fold); }

  /** Returns the next group that is asked. */
  following(view) {
    const all = this.folds();
    return all.slice(all.indexOf(view) + 1).find((each) => each.spot.asked);
  }

  after(view) {
    const next = this.following(view);
    if (!next) return;
    next.open();
    view.fold.close();
    next.sync();
    next.fold.head.focus({ preventScroll: true });
    next.root.scrollIntoView({ block: "start" });
  }

  forget(row) { for (const spot of Object.values(row.kids)) { const view = this.views.get(spot); if (view) view.end(); if (spot.kids) this.forget(spot); if (spot.rows) spot.rows.forEach((each) => this.forget(each)); } }

  /** Shows what hangs on a change, in the places that were looked at again: what was changed at once, the rest soon. */
  changed(looked, path, own = null) {
    for (const place of looked) for (const spot of this.sheet.reach(place)) { const view = this.views.get(spot); if (view) this.stale.add(view); }
    if (own) { this.stale.delete(own); own.sync(); }
    if (own && this.stale.size > AT_ONCE) this.drainLater();
    else for (const view of [...this.stale]) { this.stale.delete(view); view.sync(); }
    this.later();
    this.onChange({ path });
  }

  /** Shows what waits in slices, so that a key that is pressed meanwhile does not wait for all of it. */
  drainLater() {
    if (this.draining) return;
    this.draining = setTimeout(() => {
      this.draining = 0;
      const end = performance.now() + SLICE_MS;
      for (const view of this.stale) {
        this.stale.delete(view);
        if (this.views.has(view.spot)) view.sync();
        if (performance.now() > end) break;
      }
      if (this.stale.size) this.drainLater();
    }, 0);
  }

  /** Counts what is answered once the screen was drawn: a key that is pressed does not wait for it. */
  later() {
    if (this.waiting) return;
    this.waiting = setTimeout(() => { this.waiting = 0; this.count(); if (this.checked) this.list(this.problems()); }, COUNT_MS);
  }

  count() {
    const { asked, answered } = this.sheet.progress();
    this.told.textContent = this.say("answered", { asked, answered });
    this.bar.max = asked || 1;
    this.bar.value = answered;
    for (const view of this.views.values()) if (view.fold || view.rows) view.count();
  }

  saying(said) { return this.inWords(said.words) || this.say(said.what, said); }

  problems() {
    return this.sheet.problems().map(({ path, spot, said }) => ({ path, label: this.labelOf(spot), said: this.saying(said) }));
  }

  labelOf(spot) {
    const { item } = spot.place;
    return this.sheet.spoken(spot, this.inWords(item.label) || this.inWords(item.hint) || item.code);
  }

  check() {
    this.checked = true;
    const found = this.problems();
    for (const view of this.views.values()) if (view.mark && view.root && view.spot.asked) view.mark();
    this.list(found);
    if (found.length) this.faults.focus();
    return found;
  }

  refuse(fields) {
    const found = Object.entries(fields).map(([path, messages]) => {
      const spot = path ? this.sheet.at(path) : null;
      const said = [].concat(messages).join(" ");
      if (spot) { const view = this.open(spot); if (view) { view.refused = said; if (view.mark) view.mark(); } }
      return { path, label: spot ? this.labelOf(spot) : "", said };
    });
    this.list(found);
    this.faults.focus();
  }

  list(found) {
    this.faults.hidden = !found.length;
    if (!found.length) return;
    const go = (path) => (event) => { event.preventDefault(); this.show(path); };
    this.faults.replaceChildren(make("p.filling__faulthead", {}, icon("alert-circle"), make("b", { textContent: this.say("tomend", { count: found.length }) })), make("ul", {}, ...found.slice(0, 50).map((each) => {
      if (!each.path) return make("li", { textContent: each.said });
      const link = make("a", { href: "#", textContent: `${each.label}：${each.said}` });
      link.addEventListener("click", go(each.path));
      return make("li", {}, link);
    })));
  }

  /** Opens the groups and rows around a spot; returns its view. */
  open(spot) {
    const chain = [];
    for (let frame = spot.frame; frame; frame = frame.frame) chain.unshift(frame);
    for (const frame of chain) {
      const view = this.views.get(frame.of || frame);
      if (view && view.open) view.open(frame.of ? frame : undefined);
    }
    return this.views.get(spot);
  }

  reveal(path) {
    const spot = this.sheet.at(path);
    const view = spot && spot.asked ? this.open(spot) : null;
    return view && view.root ? view : null;
  }

  show(path) {
    const view = this.reveal(path);
    if (!view) return false;
    view.root.scrollIntoView({ block: "center" });
    if (view.focus) view.focus();
    return true;
  }

  async destroy() {
    clearTimeout(this.waiting);
    clearTimeout(this.draining);
    await Promise.all([...this.views.values()].map((view) => view.end()));
    this.element.replaceChildren();
    this.element.classList.remove("filling");
  }
}

/** Fills `element` with a form; see the head of this file. */
export function fillForm(element, given) {
  const filling = new Filling(element, given);
  return {
    answers: () => filling.sheet.answers(), problems: () => filling.problems(), check: () => filling.check(), refuse: (fields) => filling.refuse(fields),
    show: (path) => filling.show(path), reveal: (path) => (filling.reveal(path) || { root: null }).root, progress: () => filling.sheet.progress(), destroy: () => filling.destroy(),
  };
}
