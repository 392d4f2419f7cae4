// A form while it is filled: what is asked, what is counted, what is wrong where. No page is needed for it.
//
// Does what linli/foundation/forms/rules/filling.py does, but works out anew only what hangs on a changed answer.
// tests/test_filling_in_node.py holds both to the same findings.
//
// const sheet = new Sheet(form, { answers, known, moment: () => "2026-11-22T09:30:00+08:00" });
// sheet.set(sheet.at("room[2]/area"), "12"); sheet.problems(); sheet.answers();
//
// `form` is what write_form(form, trees=True) gives. A place is an item of the form; a spot is a place in one instance
// of the repeats around it; a frame holds spots: the form, a group, or one instance (row) of a repeat.
import { CHOOSING, UNSEEN, clean, empty } from "./formclean.js";
import { evaluate, number, spoken, text, truth } from "./expressions.js";

const ALWAYS = new Set(["calculate", "hidden", "note"]);
const CLOCKED = new Set(["start", "end", "today"]);
const DECIDING = ["relevant", "calculation", "default_expression", "choice_filter", "count"];
const SHOWING = ["constraint", "required_when", "read_only"];
const REFERENCE = /\$\{\s*([\p{L}_][\p{L}\p{N}_.·-]*)\s*\}/gu;
export const MAX_INSTANCES = 200;

/** Returns the names that a tree asks about. */
function namesIn(tree, found = new Set()) {
  const [head, ...rest] = tree;
  if (head === "name" || head === "path") found.add(rest[rest.length - 1]);
  else if (head === "choice-name") { found.add(rest[1]); namesIn(rest[0], found); }
  else if (head === "regex") namesIn(rest[0], found);
  else if (head !== "text" && head !== "number" && head !== "column") for (const part of rest) if (Array.isArray(part)) namesIn(part, found);
  return found;
}

function namesInWords(item) {
  const words = [...Object.values(item.label || {}), ...Object.values(item.hint || {})];
  return new Set(words.flatMap((said) => [...said.matchAll(REFERENCE)].map((m) => m[1])));
}

/** The places of a form, in the order of working out, and who hangs on whom. */
class Plan {
  constructor(form) {
    this.form = form;
    this.places = [];
    this.byPath = {};
    this.byName = {};
    this.top = this.add(form.items, null, []);
    const order = (form.order || []).map((path) => this.byPath[path]).filter(Boolean);
    this.order = order.length === this.places.length ? order : this.places;
    this.order.forEach((place, n) => { place.rank = n; });
    for (const place of this.places) this.connect(place);
  }

  add(items, parent, above) {
    return items.map((item) => {
      const place = { item, code: item.code, parent, above, path: parent ? `${parent.path}/${item.code}` : item.code, repeat: item.kind === "repeat", group: Boolean(item.items), feeds: new Set(), shows: new Set(), triggers: [] };
      this.places.push(place);
      this.byPath[place.path] = place;
      this.byName[item.code] = this.byName[item.code] || place;
      place.kids = place.group ? this.add(item.items, place, [...above, place]) : [];
      return place;
    });
  }

  connect(place) {
    if (place.parent) place.parent.feeds.add(place);
    const trees = place.item.trees || {};
    for (const field of DECIDING) if (trees[field]) for (const target of this.targets(place, namesIn(trees[field]))) target.feeds.add(place);
    for (const field of SHOWING) if (trees[field]) for (const target of this.targets(place, namesIn(trees[field]))) target.shows.add(place);
    for (const target of this.targets(place, namesInWords(place.item))) target.shows.add(place);
    const trigger = place.item.trigger && this.byName[place.item.trigger];
    if (trigger) trigger.triggers.push(place);
  }

  targets(place, names) {
    const found = new Set();
    for (const name of names) {
      const target = this.byName[name];
      if (!target) continue;
      if (target !== place) found.add(target);
      if (target.group && target !== place && !place.above.includes(target)) for (const inner of this.inside(target)) found.add(inner);
    }
    return found;
  }

  inside(place) { return place.kids.flatMap((kid) => [kid, ...this.inside(kid)]); }
}

const same = (a, b) => a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));

export class Sheet {
  constructor(form, { answers = {}, known = null, moment }) {
    this.form = form;
    this.plan = new Plan(form);
    this.clock = moment;
    this.moment = moment();
    this.codes = new Map();
    this.root = { place: null, frame: null, of: null, kids: {}, asked: true };
    const starting = empty(answers);
    this.fill(this.root, this.plan.top, starting ? known || {} : answers, starting);
    this.fresh = starting; // whether rows that a count asks for begin with defaults
    this.settle(new Set(this.plan.order));
    this.fresh = true;
  }

  // --- spots and frames

  fill(frame, places, given, fresh) {
    for (const place of places) {
      const raw = given && typeof given === "object" ? given[place.code] : undefined;
      const spot = { place, frame, asked: false };
      frame.kids[place.code] = spot;
      if (place.repeat) {
        spot.rows = [];
        spot.spare = [];
        const rows = Array.isArray(raw) ? raw : [];
        const count = rows.length || (fresh && !place.item.count ? 1 : 0);
        for (let n = 0; n < Math.min(count, MAX_INSTANCES); n += 1) this.row(spot, rows[n], fresh);
      } else if (place.group) {
        Object.assign(spot, { kids: {}, of: null });
        this.fill(spot, place.kids, raw, fresh);
      } else Object.assign(spot, { raw: raw === undefined ? null : raw, value: null, fresh, auto: false, fault: null, said: null });
    }
  }

  row(spot, given, fresh) {
    const row = { place: spot.place, frame: spot.frame, of: spot, kids: {} };
    this.fill(row, spot.place.kids, given, fresh);
    spot.rows.push(row);
    return row;
  }

  /** Returns repeat → the row of it that a spot stands in. */
  around(spot) {
    const found = new Map();
    for (let frame = spot.frame; frame; frame = frame.frame) if (frame.of) found.set(frame.of, frame);
    return found;
  }

  /** Returns the spots of a place; `fixed` says which row of a repeat is meant: undefined for all, null for none. */
  reach(place, fixed = () => undefined) {
    let frames = [this.root];
    for (const above of place.above) {
      frames = frames.flatMap((frame) => {
        const spot = frame.kids[above.code];
        if (!above.repeat) return [spot];
        const only = fixed(spot);
        if (!spot.asked || only === null) return [];
        return only === undefined ? spot.rows : [only];
      });
    }
    return frames.map((frame) => frame.kids[place.code]);
  }

  /** Returns "group/room[2]/area". */
  path(spot) {
    const frame = spot.frame;
    if (frame === this.root) return spot.place.code;
    return `${frame.of ? `${this.path(frame.of)}[${frame.of.rows.indexOf(frame) + 1}]` : this.path(frame)}/${spot.place.code}`;
  }

  /** Returns the spot at a path, null for none. */
  at(path) {
    let frame = this.root;
    let spot = null;
    for (const part of path.split("/")) {
      const [, code, n] = /^(.*?)(?:\[(\d+)\])?$/.exec(part);
      spot = frame && frame.kids ? frame.kids[code] : null;
      if (!spot) return null;
      frame = spot.rows ? (n ? spot.rows[Number(n) - 1] : null) : spot;
    }
    return spot;
  }

  // --- what an expression sees

  scope(spot, own = null) {
    const mine = this.around(spot);
    const first = (repeat) => mine.get(repeat) || repeat.rows[0] || null;
    const answer = (target) => (target && target.asked && !target.place.group ? target.value : null);
    const [inner] = mine.values();
    return {
      own, row: null, moment: this.moment,
      position: () => (inner ? inner.of.rows.indexOf(inner) + 1 : 0),
      value: (name) => answer(this.reach(this.plan.byName[name], first)[0]),
      values: (name, everywhere) => {
        const place = this.plan.byName[name];
        const spots = this.reach(place, everywhere ? undefined : (repeat) => mine.get(repeat));
        if (place.repeat) return spots.flatMap((each) => (each.asked ? each.rows.map(() => "") : []));
        return place.group ? spots.map(() => "") : spots.filter((each) => each.asked).map(answer);
      },
      indexed: (name, numbers) => {
        const pick = (repeat) => (repeat.place.code in numbers ? repeat.rows[numbers[repeat.place.code] - 1] || null : first(repeat));
        return answer(this.reach(this.plan.byName[name], pick)[0]);
      },
      choiceLabel: (name, code) => this.choiceLabel(this.plan.byName[name].item, code),
      column(name) {
        if (!this.row) return null;
        return name === "name" ? this.row.code : name === "label" ? (this.row.label || {})[this.language] || "" : (this.row.columns || {})[name] || "";
      },
      language: this.language,
    };
  }

  get language() { return (this.form.settings || {}).default_language || "zh-hans"; }

  choiceLabel(item, code) {
    const found = this.allChoices(item).find((choice) => choice.code === code);
    const words = (found && found.label) || {};
    return words[this.language] || words["zh-hans"] || Object.values(words).find(Boolean) || code;
  }

  allChoices(item) { return (item.list ? (this.form.lists || {})[item.list] : item.choices) || []; }

  find(spot, field, own = null) { return evaluate(spot.place.item.trees[field], this.scope(spot, own)); }

  holds(spot, field, otherwise, own = null) {
    const tree = (spot.place.item.trees || {})[field];
    if (!tree) return otherwise;
    try { return truth(this.find(spot, field, own)); } catch { return otherwise; }
  }

  /** Returns the words of a spot's item, answers put in. */
  spoken(spot, words) { return words.includes("${") ? spoken(words, this.scope(spot)) : words; }

  // --- working out

  /** Works out places and all that hangs on them; returns the places whose look may have changed. */
  settle(dirty) {
    const looked = new Set();
    let at = 0;
    while (at < this.plan.order.length) {
      const place = this.plan.order[at];
      at += 1;
      if (!dirty.has(place)) continue;
      looked.add(place);
      let changed = false;
      for (const spot of this.reach(place)) changed = this.work(spot) || changed;
      if (!changed) continue;
      for (const next of place.feeds) dirty.add(next);
      for (const next of place.shows) looked.add(next);
    }
    for (const place of looked) for (const spot of this.reach(place)) this.look(spot);
    return looked;
  }

  /** Works out one spot; returns whether others may find it changed. */
  work(spot) {
    const { item } = spot.place;
    const frame = spot.frame;
    const before = [spot.asked, spot.value, spot.rows && spot.rows.length];
    spot.asked = (frame.of ? frame.of.asked : frame.asked) && this.holds(spot, "relevant", true);
    if (spot.place.repeat) {
      if (spot.asked && item.count) this.counted(spot);
    } else if (!spot.place.group && spot.asked) this.answer(spot);
    return spot.asked !== before[0] || !same(spot.value, before[1]) || (spot.rows && spot.rows.length !== before[2]);
  }

  counted(spot) {
    let wanted = null;
    try { wanted = number(this.find(spot, "count"), this.moment); } catch { /* an expression that fails asks for none */ }
    const count = Math.min(Math.max(Math.trunc(wanted || 0), 0), MAX_INSTANCES);
    spot.over = wanted > MAX_INSTANCES ? Math.trunc(wanted) : 0;
    while (spot.rows.length > count) spot.spare.unshift(spot.rows.pop());
    while (spot.rows.length < count) {
      if (spot.spare.length) spot.rows.push(spot.spare.shift());
      else this.row(spot, {}, this.fresh);
    }
  }

  answer(spot) {
    const { item } = spot.place;
    if (item.type === "note" && !item.calculation) return;
    const raw = this.given(spot);
    if (CHOOSING.has(item.type)) this.choosing(spot);
    const found = clean(item, raw, spot.codes);
    spot.value = found.fault ? null : found.value;
    spot.fault = found.fault || null;
  }

  given(spot) {
    const { item } = spot.place;
    if (CLOCKED.has(item.type)) return !spot.raw || empty(spot.raw) ? (spot.raw = item.type === "today" ? this.moment.slice(0, 10) : this.moment) : spot.raw;
    const counted = item.calculation && (ALWAYS.has(item.type) || (item.read_only && !item.trigger));
    if (counted || (item.calculation && (empty(spot.raw) || spot.auto))) {
      spot.auto = true;
      spot.raw = this.sent(item, this.find(spot, "calculation", spot.raw));
    } else if (spot.fresh && empty(spot.raw)) {
      if ((item.trees || {}).default_expression) spot.raw = this.sent(item, this.find(spot, "default_expression"));
      else if (item.default !== undefined) spot.raw = item.default;
    }
    spot.fresh = false;
    return spot.raw;
  }

  sent(item, value) {
    if (Array.isArray(value)) return value;
    if (item.type === "acknowledge") return truth(value) || null;
    return value !== null && typeof value === "object" ? value : text(value);
  }

  /** Finds the choices of a spot; of a list without a filter the codes are found once. */
  choosing(spot) {
    const { item } = spot.place;
    const all = this.allChoices(item);
    if (!(item.trees || {}).choice_filter) {
      if (!this.codes.has(all)) this.codes.set(all, new Set(all.map((choice) => choice.code)));
      Object.assign(spot, { choices: all, codes: this.codes.get(all) });
      return;
    }
    const scope = this.scope(spot);
    spot.choices = all.filter((choice) => { scope.row = choice; return truth(evaluate(item.trees.choice_filter, scope)); });
    spot.codes = new Set(spot.choices.map((choice) => choice.code));
  }

  /** Finds what is wrong with a spot, whether it must be answered and may be changed. */
  look(spot) {
    const { item } = spot.place;
    if (spot.place.group) { spot.said = spot.over ? { what: "most", most: MAX_INSTANCES, now: spot.over } : null; return; }
    spot.required = Boolean(item.required || item.least) || this.holds(spot, "required_when", false);
    spot.readOnly = this.holds(spot, "read_only", false);
    spot.said = spot.asked ? this.wrong(spot, item) : null;
  }

  wrong(spot, item) {
    if (spot.fault) return spot.fault;
    if (UNSEEN.has(item.type) || item.type === "note") return null;
    if (spot.value === null && item.least && !item.required_message) return { what: "least", lack: true, least: item.least, now: 0 };
    if (spot.value === null) return spot.required ? { what: "required", lack: true, words: item.required_message } : null;
    if (item.type === "photo" && spot.value.length < (item.least || 0)) return { what: "least", lack: true, least: item.least, now: spot.value.length };
    if (item.type === "photo" && item.most && spot.value.length > item.most) return { what: "most", most: item.most };
    return this.holds(spot, "constraint", true, spot.value) ? null : { what: "constraint", words: item.constraint_message };
  }

  // --- changes; each returns the places whose look may have changed

  set(spot, raw) {
    this.moment = this.clock();
    Object.assign(spot, { raw, fresh: false, auto: false });
    const dirty = new Set([spot.place]);
    const mine = this.around(spot);
    for (const place of spot.place.triggers) {
      for (const each of this.reach(place, (repeat) => mine.get(repeat))) Object.assign(each, { raw: null, auto: true });
      dirty.add(place);
    }
    return this.settle(dirty);
  }

  addRow(spot) {
    if (spot.rows.length >= MAX_INSTANCES) return new Set();
    this.row(spot, {}, true);
    return this.reshaped(spot);
  }

  removeRow(spot, row) {
    spot.rows.splice(spot.rows.indexOf(row), 1);
    return this.reshaped(spot);
  }

  restoreRow(spot, row, n) {
    spot.rows.splice(n, 0, row);
    return this.reshaped(spot);
  }

  reshaped(spot) {
    this.moment = this.clock();
    const dirty = new Set([spot.place, ...spot.place.feeds]);
    const looked = new Set(spot.place.shows);
    for (const inner of this.plan.inside(spot.place)) {
      dirty.add(inner);
      for (const next of inner.feeds) dirty.add(next);
      for (const next of inner.shows) looked.add(next);
    }
    for (const place of looked) if (!dirty.has(place)) for (const each of this.reach(place)) this.look(each);
    return new Set([...this.settle(dirty), ...looked]);
  }

  // --- what was found

  /** Calls back for each question's and repeat's spot that is asked, in the order of the form. */
  each(call, frame = this.root) {
    for (const spot of Object.values(frame.kids)) {
      if (!spot.asked) continue;
      if (!spot.place.group || spot.place.repeat) call(spot);
      if (spot.rows) for (const row of spot.rows) this.each(call, row);
      else if (spot.kids) this.each(call, spot);
    }
  }

  /** Returns [{ path, spot, said }] of what is to be mended. */
  problems() {
    const found = [];
    this.each((spot) => { if (spot.said) found.push({ path: this.path(spot), spot, said: spot.said }); });
    return found;
  }

  /** Returns { asked, answered } of the questions of a frame that a person answers. */
  progress(frame = this.root) {
    const found = { asked: 0, answered: 0 };
    this.each((spot) => {
      const { type } = spot.place.item;
      if (!type || UNSEEN.has(type) || type === "note") return;
      found.asked += 1;
      if (spot.value !== null && !(spot.said && spot.said.lack)) found.answered += 1;
    }, frame);
    return found;
  }

  /** Returns the answers to be kept and sent, nested as the form is; what is wrong is there as it was typed. */
  answers() { return this.nested(this.root, (spot) => (spot.place.item.type === "end" ? this.clock() : spot.fault ? spot.raw : spot.value)); }

  /** Returns the answers without those that are to be mended. */
  kept() { return this.nested(this.root, (spot) => (spot.said ? null : spot.value)); }

  nested(frame, answer) {
    const found = {};
    for (const spot of Object.values(frame.kids)) {
      if (!spot.asked) continue;
      const { code } = spot.place;
      if (spot.rows) { if (spot.rows.length) found[code] = spot.rows.map((row) => this.nested(row, answer)); continue; }
      const value = spot.kids ? this.nested(spot, answer) : answer(spot);
      if (!empty(value)) found[code] = value;
    }
    return found;
  }
}
