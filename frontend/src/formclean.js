// Answers cleaned by type as linli/foundation/forms/rules/cleaning.py does; the server has the last word.
//
// `clean` returns { value } (null for none) or { fault: { what, … } }; `what` is a word of the host's template.
import { text } from "./expressions.js";

export const CHOOSING = new Set(["choice", "choices", "rank"]);
export const UPLOADS = new Set(["photo", "audio", "video", "file", "signature"]);
export const UNSEEN = new Set(["calculate", "hidden", "start", "end", "today"]);
const MOST = { text: 500, barcode: 500, long_text: 20000, calculate: 20000, hidden: 20000 };
const MAX_PHOTOS = 20;
const ID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const NUMBER = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;
const HIDDEN_CHARACTERS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const POINT = /^(-?\d+(?:\.\d+)?) (-?\d+(?:\.\d+)?)(?: -?[\d.]+(?: (\d+(?:\.\d+)?))?)?$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?$/;
const YES = new Set(["yes", "true", "1", "on", "ok", "\u662f"]);
const NO = new Set(["no", "false", "0", "off", "\u5426"]);

const refuse = (what, more = {}) => ({ fault: { what, ...more } });
const tidy = (raw) => String(raw).replace(/\r\n?/g, "\n").replace(HIDDEN_CHARACTERS, "").normalize("NFC").trim();
const narrow = (raw) => [...String(raw)].map((c) => {
  const code = c.codePointAt(0);
  if (code === 0x3000) return " ";
  return (code >= 0xff10 && code <= 0xff19) || (code >= 0xff21 && code <= 0xff3a) || (code >= 0xff41 && code <= 0xff5a) ? String.fromCodePoint(code - 0xfee0) : c;
}).join("").trim();

/** Returns whether nothing was answered. */
export function empty(raw) {
  if (raw === null || raw === undefined) return true;
  if (typeof raw === "string") return !tidy(raw);
  return typeof raw === "object" && !(Array.isArray(raw) ? raw.length : Object.keys(raw).length);
}

/** Returns a decimal text without a power and without idle noughts; null for no number. */
export function decimal(raw) {
  const found = NUMBER.exec(narrow(raw));
  if (typeof raw === "boolean" || !found || (!found[2] && !found[3])) return null;
  const [, sign, whole, part, power = "0"] = found;
  const digits = whole + part;
  const point = whole.length + Number(power);
  const first = digits.search(/[1-9]/);
  if (first < 0) return "0";
  if (Math.abs(point - first - 1) > 15) return null;
  const padded = point <= 0 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0");
  const at = Math.max(point, 1);
  const left = padded.slice(0, at).replace(/^0+(?=\d)/, "");
  const right = padded.slice(at).replace(/0+$/, "");
  return `${sign === "-" ? "-" : ""}${left}${right ? `.${right}` : ""}`;
}

function words(type, raw) {
  if (typeof raw !== "string" && typeof raw !== "number" && typeof raw !== "boolean") return refuse("words");
  const value = tidy(raw);
  const now = [...value].length;
  return now > MOST[type] ? refuse("long", { most: MOST[type], now }) : { value };
}

function integer(raw) {
  const said = narrow(raw);
  return typeof raw === "boolean" || !/^[+-]?\d{1,15}$/.test(said) ? refuse("integer") : { value: Number(said) + 0 };
}

function ranged(item, raw) {
  const given = item.parameters || {};
  const [start, end, step] = [given.start || "1", given.end || "10", given.step || "1"].map(Number);
  const found = decimal(raw);
  if (found === null) return refuse("decimal");
  const steps = (Number(found) - start) / step;
  if (Number(found) < start || Number(found) > end || Math.abs(steps - Math.round(steps)) > 1e-9) return refuse("range", { start, end, step });
  return { value: [start, end, step].every(Number.isInteger) ? Number(found) : found };
}

function date(raw) {
  const found = DATE.exec(narrow(raw));
  if (!found) return refuse("date");
  const [year, month, day] = found.slice(1).map(Number);
  const made = new Date(Date.UTC(2000, month - 1, day));
  made.setUTCFullYear(year, month - 1, day);
  const good = year >= 1 && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
  return good ? { value: narrow(raw) } : refuse("date");
}

function time(raw) {
  const said = narrow(raw);
  if (!TIME.test(said)) return refuse("time");
  return { value: /^\d\d:\d\d(?!:)/.test(said) ? `${said.slice(0, 5)}:00${said.slice(5)}` : said };
}

function datetime(raw) {
  const [day, hour] = narrow(raw).split(/[T ]/);
  const [one, other] = [date(day || ""), hour ? time(hour) : { value: "00:00:00" }];
  return one.fault || other.fault ? refuse("datetime") : { value: `${one.value}T${other.value}` };
}

function yesNo(raw) {
  if (typeof raw === "boolean") return { value: raw };
  const said = narrow(raw).toLowerCase();
  return YES.has(said) ? { value: true } : NO.has(said) ? { value: false } : refuse("yesno");
}

function phone(raw) {
  const said = narrow(raw).replace(/[\s()（）-]/g, "");
  if (!/^\+?\d{5,17}$/.test(said)) return refuse("phone");
  return { value: said.startsWith("+") ? said : `+86${said.replace(/^0(?=\d{9,})/, "")}` };
}

function photos(raw) {
  const items = Array.isArray(raw) ? raw : [raw];
  if (items.length > MAX_PHOTOS) return refuse("most", { most: MAX_PHOTOS });
  return items.every((id) => ID.test(String(id))) ? { value: items.map(String) } : refuse("photo");
}

function upload(raw) {
  const items = Array.isArray(raw) ? raw : [raw];
  return items.length === 1 && ID.test(String(items[0])) ? { value: String(items[0]) } : refuse("file");
}

function place(raw) {
  let given = raw;
  if (typeof raw !== "object" || Array.isArray(raw)) {
    const point = typeof raw === "string" ? POINT.exec(raw.trim()) : null;
    const said = point ? null : words("text", raw);
    if (said) return said.fault ? said : { value: { text: said.value } };
    given = { lat: point[1], lon: point[2], accuracy: point[3] };
  }
  const found = { text: tidy(given.text || "") };
  if (empty(given.lat) && empty(given.lon)) return found.text ? { value: found } : refuse("place");
  const [lat, lon] = [Number(given.lat), Number(given.lon)];
  if (empty(given.lat) || empty(given.lon) || !(Math.abs(lat) <= 90) || !(Math.abs(lon) <= 180)) return refuse("place");
  Object.assign(found, { lat: Number(lat.toFixed(7)), lon: Number(lon.toFixed(7)) });
  const accuracy = Number(given.accuracy);
  if (accuracy > 0 && accuracy < 100000) found.accuracy = Number(accuracy.toFixed(1));
  return { value: found };
}

function chosen(item, raw, known) {
  let codes = Array.isArray(raw) ? raw.map(String) : [text(raw)];
  if (item.type !== "choice" && codes.length === 1 && !known.has(codes[0])) codes = codes[0].split(/\s+/).filter(Boolean);
  if (codes.some((code) => !known.has(code))) return refuse("choose");
  if (item.type === "choices") return { value: [...known].filter((code) => codes.includes(code)) };
  if (item.type === "rank") return new Set(codes).size < known.size || codes.length > known.size ? refuse("rank") : { value: codes };
  return codes.length === 1 ? { value: codes[0] } : refuse("one");
}

const CLEANERS = {
  integer, date, time, datetime, yes_no: yesNo, phone, photo: photos, place, audio: upload, video: upload, file: upload,
  signature: upload, start: datetime, end: datetime, today: date,
  decimal: (raw) => { const value = decimal(raw); return value === null ? refuse("decimal") : { value }; },
  acknowledge: (raw) => { const found = yesNo(raw); return found.fault ? found : { value: found.value || null }; },
};

/** Returns { value } as it is kept, or { fault }; `known` is the set of codes that may be chosen. */
export function clean(item, raw, known) {
  if (empty(raw)) return { value: null };
  if (CHOOSING.has(item.type)) return chosen(item, raw, known);
  if (item.type === "range") return ranged(item, raw);
  return item.type in CLEANERS ? CLEANERS[item.type](raw) : words(item.type in MOST ? item.type : "text", raw);
}
