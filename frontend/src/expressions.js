// Walks the tree of an expression (JSON made by the server, rules/expressions/grammar.py) in the browser, without eval.
//
// Does the very same as linli/foundation/forms/rules/expressions: numbers are doubles to 15 significant digits, nothing
// is unknown, dates are days since 1970 on the wall clock. tests/test_expressions_in_node.py holds both to one table.
const DAY = 86400000;
const SPACE = /[ \t\r\n]+/;
const NUMBER = /^[ \t\r\n]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\r\n]*$/;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$/;
const MAX_DAY = 2932896;
const MIN_DAY = -719162;
const MAX_TEXT = 2000;

const nothing = (v) => v === null || v === undefined;
const tidy = (x) => (Number.isFinite(x) ? Number(x.toPrecision(15)) + 0 : null);
const two = (n) => String(n).padStart(2, "0");

/** Returns a value as text. */
export function text(v) {
  if (nothing(v)) return "";
  if (typeof v === "boolean") return v ? "yes" : "no";
  if (typeof v === "number") return numberText(v);
  if (Array.isArray(v)) return v.map(text).join(" ");
  if (typeof v === "object") return "lat" in v && "lon" in v ? [v.lat, v.lon, 0, v.accuracy || 0].map((n) => numberText(Number(n))).join(" ") : String(v.text || "");
  return String(v);
}

function numberText(x) {
  const [plain, power] = String(x === 0 ? 0 : x).split("e");
  if (power === undefined) return plain;
  if (Number.isInteger(x)) return BigInt(x).toString();
  const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(plain);
  return `${sign}0.${"0".repeat(-Number(power) - 1)}${whole}${part}`;
}

/** Returns whether a value counts as true: not empty, not zero, not no. */
export function truth(v) {
  if (nothing(v) || v === "" || v === false || v === 0 || v === "no") return false;
  return Array.isArray(v) ? v.length > 0 : typeof v !== "object" || Object.keys(v).length > 0;
}

/** Returns a value as a number, null for none. */
export function number(v, moment) {
  if (typeof v === "boolean") return v ? 1 : 0;
  if (typeof v === "number") return tidy(v);
  if (typeof v !== "string") return null;
  const found = NUMBER.exec(v);
  if (found) return tidy(Number(found[1]));
  const wall = milliseconds(v, moment);
  return wall === null ? null : tidy(wall / DAY);
}

function milliseconds(words, moment) {
  const found = DATE.exec(words);
  if (!found) return null;
  const [, y, m, d, hour, minute, second, part, zone] = found;
  const [year, month, day] = [Number(y), Number(m), Number(d)];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  const [h, n, s] = [Number(hour || 0), Number(minute || 0), Number(second || 0)];
  if (h > 23 || n > 59 || s > 59) return null;
  let total = dayNumber(year, month, day) * DAY + ((h * 60 + n) * 60 + s) * 1000 + Number((part || "0").padEnd(3, "0").slice(0, 3));
  if (zone && moment) total += (offset(moment) - minutes(zone)) * 60000;
  return total;
}

const leap = (y) => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
const daysIn = (y, m) => (m === 2 ? (leap(y) ? 29 : 28) : [4, 6, 9, 11].includes(m) ? 30 : 31);

function dayNumber(year, month, day) {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const ofEra = (y - era * 400) * 365 + Math.floor((y - era * 400) / 4) - Math.floor((y - era * 400) / 100) + ofYear;
  return era * 146097 + ofEra - 719468;
}

function minutes(zone) {
  if (zone === "Z") return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  return (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * (zone[0] === "-" ? -1 : 1);
}

/** The minutes by which a moment ("2026-11-22T09:30:00+08:00") is ahead of UTC. */
function offset(moment) {
  const zone = /(Z|[+-][0-9]{2}:?[0-9]{2})$/.exec(moment);
  return zone ? minutes(zone[1]) : 0;
}

function parts(wall) {
  const days = Math.floor(wall / DAY);
  if (wall === null || !(days >= MIN_DAY && days <= MAX_DAY)) return null;
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const ofEra = z - era * 146097;
  const yearOfEra = Math.floor((ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365);
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * ofYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  const rest = wall - days * DAY;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: ofYear - Math.floor((153 * m + 2) / 5) + 1,
    weekday: (((days + 3) % 7) + 7) % 7, hour: Math.floor(rest / 3600000), minute: Math.floor(rest / 60000) % 60,
    second: Math.floor(rest / 1000) % 60, ms: rest % 1000,
  };
}

function dateText(wall) {
  const p = wall === null ? null : parts(wall);
  return p ? `${String(p.year).padStart(4, "0")}-${two(p.month)}-${two(p.day)}` : "";
}

function datetimeText(wall, moment) {
  const p = wall === null ? null : parts(wall);
  if (!p) return "";
  const shift = moment ? offset(moment) : 0;
  const zone = `${shift < 0 ? "-" : "+"}${two(Math.floor(Math.abs(shift) / 60))}:${two(Math.abs(shift) % 60)}`;
  return `${dateText(wall)}T${two(p.hour)}:${two(p.minute)}:${two(p.second)}.${String(p.ms).padStart(3, "0")}${zone}`;
}

function wallOf(v, moment) {
  if (typeof v === "string") {
    const found = milliseconds(v, moment);
    if (found !== null) return found;
  }
  const days = number(v, moment);
  const wall = days === null ? null : Math.floor(days * DAY + 0.5);
  return wall === null || !parts(wall) ? null : wall;
}

function chosen(v) {
  return Array.isArray(v) ? v.map(text) : text(v).split(SPACE).filter(Boolean);
}

function order(a, b) {
  const [x, y] = [[...a], [...b]];
  for (let n = 0; n < Math.min(x.length, y.length); n += 1) if (x[n] !== y[n]) return x[n].codePointAt(0) < y[n].codePointAt(0) ? -1 : 1;
  return Math.sign(x.length - y.length);
}

function compare(sign, left, right, moment) {
  const [a, b] = [number(left, moment), number(right, moment)];
  let way;
  if (a === null || b === null) {
    const [x, y] = [text(left), text(right)];
    if (sign === "=" || sign === "!=") return (x === y) === (sign === "=");
    if (!x || !y) return false;
    way = order(x, y);
  } else way = a < b ? -1 : a > b ? 1 : 0;
  return { "=": way === 0, "!=": way !== 0, "<": way < 0, "<=": way <= 0, ">": way > 0, ">=": way >= 0 }[sign];
}

function reckon(sign, a, b) {
  if (a === null || b === null || ((sign === "div" || sign === "mod") && b === 0)) return null;
  if (sign === "mod") {
    const quotient = tidy(a / b);
    return quotient === null || Math.abs(quotient) >= 1e15 ? null : tidy(a - b * Math.floor(quotient));
  }
  return tidy({ "+": () => a + b, "-": () => a - b, "*": () => a * b, div: () => a / b }[sign]());
}

// A pattern's program read over a text: rules/expressions/patterns.py.
function matches(program, words) {
  const chars = [...words];
  if (chars.length > MAX_TEXT) return false;
  let here = closure(program, [0], 0, chars.length);
  for (let n = 0; n < chars.length; n += 1) {
    const code = chars[n].codePointAt(0);
    const after = here.filter((at) => takes(program[at], code)).map((at) => at + 1);
    if (!after.length) return false;
    here = closure(program, after, n + 1, chars.length);
  }
  return here.some((at) => program[at][0] === "match");
}

function takes(step, code) {
  if (step[0] === "any") return code !== 10 && code !== 13;
  return step[0] === "set" && step[2].some(([low, high]) => low <= code && code <= high) !== step[1];
}

function closure(program, places, at, end) {
  const found = [];
  const waiting = [...places];
  const seen = new Set(places);
  while (waiting.length) {
    const place = waiting.pop();
    const step = program[place];
    let on = [];
    if (step[0] === "split" || step[0] === "jump") on = step.slice(1);
    else if ((step[0] === "start" && at === 0) || (step[0] === "end" && at === end)) on = [place + 1];
    else if (step[0] !== "start" && step[0] !== "end") found.push(place);
    for (const target of on) if (!seen.has(target)) { seen.add(target); waiting.push(target); }
  }
  return found;
}

function round(v, places = 0) {
  const [a, p] = [number(v), number(places)];
  if (a === null || p === null || Math.abs(p) > 15) return null;
  const shift = 10 ** Math.trunc(p);
  const moved = tidy(a * shift + 0.5);
  return moved === null ? null : tidy(Math.floor(moved) / shift);
}

function pow(base, power) {
  const [a, b] = [number(base), number(power)];
  if (a === null || b === null || !Number.isInteger(b) || Math.abs(b) > 100 || (a === 0 && b < 0)) return null;
  let found = 1;
  for (let n = 0; n < Math.abs(b); n += 1) found = found === null ? null : tidy(found * a);
  return found === null || b >= 0 ? found : found ? tidy(1 / found) : null;
}

function translate(v, old, next) {
  const [olds, news] = [[...text(old)], [...text(next)]];
  const table = new Map();
  olds.forEach((c, n) => { if (!table.has(c)) table.set(c, n < news.length ? news[n] : ""); });
  return [...text(v)].map((c) => (table.has(c) ? table.get(c) : c)).join("");
}

function formatDate(v, pattern, moment) {
  const wall = wallOf(v, moment);
  const p = wall === null ? null : parts(wall);
  if (!p) return "";
  const said = {
    Y: String(p.year).padStart(4, "0"), y: two(p.year % 100), m: two(p.month), n: String(p.month), b: `${p.month}月`,
    d: two(p.day), e: String(p.day), a: `周${"一二三四五六日"[p.weekday]}`, H: two(p.hour), h: String(p.hour),
    M: two(p.minute), S: two(p.second), 3: String(p.ms).padStart(3, "0"), "%": "%",
  };
  const form = [...text(pattern)];
  let found = "";
  for (let at = 0; at < form.length; ) {
    const sign = form[at] === "%" ? form[at + 1] || "" : "";
    found += sign ? said[sign] || "" : form[at];
    at += sign ? 2 : 1;
  }
  return found;
}

function substr(v, start, end) {
  const [from, to] = [number(start), end === undefined ? undefined : number(end)];
  if (from === null || to === null) return "";
  return [...text(v)].slice(Math.trunc(from), to === undefined ? undefined : Math.trunc(to)).join("");
}

function before(v, mark) { const at = text(v).indexOf(text(mark)); return at < 0 ? "" : text(v).slice(0, at); }
function after(v, mark) { const at = text(v).indexOf(text(mark)); return at < 0 ? "" : text(v).slice(at + text(mark).length); }
function selectedAt(v, place) { const n = number(place); return n !== null && n >= 0 && n < chosen(v).length ? chosen(v)[Math.trunc(n)] : ""; }
function decimalTime(m, v) { let wall = milliseconds(`1970-01-01T${text(v)}`); if (wall === null) wall = wallOf(v, m); return wall === null ? null : tidy((((wall % DAY) + DAY) % DAY) / DAY); }
const unless = (v, f) => (v === null ? null : f(v));

const FUNCTIONS = {
  not: (m, v) => !truth(v), true: () => true, false: () => false, boolean: (m, v) => truth(v),
  "boolean-from-string": (m, v) => ["1", "true", "yes"].includes(text(v).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "").toLowerCase()),
  string: (m, v) => text(v), number: (m, v) => number(v, m), int: (m, v) => unless(number(v, m), (n) => Math.trunc(n) + 0),
  round: (m, v, places) => round(v, places), abs: (m, v) => unless(number(v, m), Math.abs), pow: (m, a, b) => pow(a, b),
  selected: (m, v, code) => chosen(v).includes(text(code)), "count-selected": (m, v) => chosen(v).length,
  "selected-at": (m, v, place) => selectedAt(v, place), "string-length": (m, v) => [...text(v)].length,
  substr: (m, v, start, end) => substr(v, start, end), "substring-before": (m, v, mark) => before(v, mark),
  "substring-after": (m, v, mark) => after(v, mark), contains: (m, v, part) => text(v).includes(text(part)),
  "starts-with": (m, v, part) => text(v).startsWith(text(part)), "ends-with": (m, v, part) => text(v).endsWith(text(part)),
  "normalize-space": (m, v) => chosen(text(v)).join(" "), translate: (m, v, old, next) => translate(v, old, next),
  today: (m) => dateText(m ? milliseconds(m, m) : null), now: (m) => datetimeText(m ? milliseconds(m, m) : null, m),
  date: (m, v) => dateText(wallOf(v, m)), "date-time": (m, v) => datetimeText(wallOf(v, m), m),
  "decimal-date-time": (m, v) => unless(wallOf(v, m), (wall) => tidy(wall / DAY)), "decimal-time": decimalTime,
  "format-date": (m, v, pattern) => formatDate(v, pattern, m), "format-date-time": (m, v, pattern) => formatDate(v, pattern, m),
};

function several(part, scope) {
  if (part[0] !== "name" && part[0] !== "path") return [evaluate(part, scope)];
  return scope.values(part[part.length - 1], part[0] === "path");
}

function numbers(list, scope) {
  const found = list.flatMap((part) => several(part, scope)).filter((v) => !nothing(v) && v !== "" && !(Array.isArray(v) && !v.length));
  return found.map((v) => number(v, scope.moment));
}

function extreme(pick) {
  return (list, scope) => { const found = numbers(list, scope); return found.length && !found.includes(null) ? pick(...found) : null; };
}

const joined = (list, scope, between = "") => list.flatMap((part) => several(part, scope)).map(text).join(between);

function indexed(list, scope) {
  const places = {};
  for (let n = 1; n + 1 < list.length; n += 2) {
    const found = number(evaluate(list[n + 1], scope));
    places[list[n][list[n].length - 1]] = found === null ? 0 : Math.trunc(found);
  }
  return scope.indexed(list[0][list[0].length - 1], places);
}

function coalesce(list, scope) {
  for (const part of list) { const found = evaluate(part, scope); if (text(found) !== "") return found; }
  return "";
}

const CALLS = {
  if: (list, scope) => evaluate(truth(evaluate(list[0], scope)) ? list[1] : list[2], scope), coalesce,
  once: (list, scope) => (text(scope.own) !== "" ? scope.own : evaluate(list[0], scope)),
  concat: joined, join: (list, scope) => joined(list.slice(1), scope, text(evaluate(list[0], scope))),
  count: (list, scope) => several(list[0], scope).length,
  "count-non-empty": (list, scope) => several(list[0], scope).filter((v) => text(v) !== "").length,
  sum: (list, scope) => numbers(list, scope).reduce((a, b) => reckon("+", a, b), 0),
  min: extreme(Math.min), max: extreme(Math.max), position: (list, scope) => scope.position(), "indexed-repeat": indexed,
};

const HEADS = {
  number: (tree) => number(tree[1]), text: (tree) => tree[1], name: (tree, scope) => scope.value(tree[1]),
  path: (tree, scope) => scope.value(tree[tree.length - 1]), self: (tree, scope) => scope.own, parent: () => null,
  column: (tree, scope) => scope.column(tree[1]), or: (tree, scope) => tree.slice(1).some((part) => truth(evaluate(part, scope))),
  and: (tree, scope) => tree.slice(1).every((part) => truth(evaluate(part, scope))),
  minus: (tree, scope) => unless(number(evaluate(tree[1], scope), scope.moment), (n) => tidy(-n)),
  regex: (tree, scope) => matches(tree[2], text(evaluate(tree[1], scope))),
  "choice-name": (tree, scope) => scope.choiceLabel(tree[2], text(evaluate(tree[1], scope))),
};

/** Returns the value of a tree; `scope` says what it sees (flatScope, or Sheet.scope in formsheet.js). */
export function evaluate(tree, scope) {
  const [head, ...rest] = tree;
  if (head in HEADS) return HEADS[head](tree, scope);
  if (["=", "!=", "<", "<=", ">", ">="].includes(head)) return compare(head, evaluate(rest[0], scope), evaluate(rest[1], scope), scope.moment);
  if (["+", "-", "*", "div", "mod"].includes(head)) return rest.map((part) => number(evaluate(part, scope), scope.moment)).reduce((a, b) => reckon(head, a, b));
  const [name, ...list] = rest;
  return name in CALLS ? CALLS[name](list, scope) : FUNCTIONS[name](scope.moment, ...list.map((part) => evaluate(part, scope)));
}

/** Returns words with the answers that they refer to: ${name} in a label. */
export function spoken(words, scope) {
  return words.replace(/\$\{\s*([\p{L}_][\p{L}\p{N}_.·-]*)\s*\}/gu, (_all, name) => text(scope.value(name)));
}

/** What an expression sees of answers without groups and repeats. `moment`: "2026-11-22T09:30:00+08:00". */
export function flatScope(answers, own = null, moment = null) {
  return {
    own, moment, value: (name) => answers[name], values: (name) => [answers[name]], indexed: () => null, position: () => 0,
    choiceLabel: (name, code) => code, column: (name) => answers[name],
  };
}
