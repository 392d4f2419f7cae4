// Small pieces of the app's pages: words, times, chips, cards, fields.
import { button, make, speaker } from "../formparts.js";
import { icon } from "../text.js";

export { button, icon, make };
export const say = speaker((document.getElementById("field-words") || { dataset: {} }).dataset);

const two = (n) => String(n).padStart(2, "0");

/** Returns when something was or is, in words of the place: 今天 09:30, 11月22日. */
export function when(moment, now) {
  const at = new Date(moment);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const day = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date(now).setHours(0, 0, 0, 0)) / 86400000);
  if (day === 0) return say("todayat", { clock });
  if (day === -1) return say("yesterdayat", { clock });
  if (day === 1) return say("tomorrowat", { clock });
  return say("dayat", { month: at.getMonth() + 1, day: at.getDate(), clock });
}

/** Returns how long there is until a day ends, in words; `late` where it is over. */
export function left(due, now) {
  const days = Math.round((new Date(`${due}T00:00:00`) - new Date(now).setHours(0, 0, 0, 0)) / 86400000);
  if (days < 0) return { words: say("overdue", { n: -days }), late: true };
  return { words: days === 0 ? say("duetoday") : say("daysleft", { n: days }), late: false };
}

export const TONES = { waiting: "new", sending: "doing", sent: "done", fix: "late", conflict: "late", aside: "idle", expired: "new" };

export function chip(words, tone) {
  return make(`span.status.st-${tone}`, {}, make("span.mark", { "aria-hidden": "true" }), words);
}

/** Returns where a row of the queue stands: also whether it only waits for a login. */
export function standing(row, phone) {
  if ((row.state === "waiting" || row.state === "sending") && phone.state === "out") return "expired";
  return row.state === "sending" && phone.state === "offline" ? "waiting" : row.state;
}

export function stateChip(row, phone) {
  const state = standing(row, phone);
  return chip(say(`state${state}`), TONES[state]);
}

export function notice(kind, ...children) {
  const sign = { warn: "alert-triangle", danger: "alert-triangle", done: "circle-check" }[kind] || "info-circle";
  return make(`div.notice.notice--${kind}`, kind === "danger" ? { role: "alert" } : {}, icon(sign), make("div.grow", {}, ...children.map((c) => (typeof c === "string" ? make("p", { textContent: c }) : c))));
}

export function empty(sign, title, ...rest) { return make("div.empty", {}, icon(sign), make("b", { textContent: title }), ...rest); }

export function panel(title, ...children) {
  return make("section.panel.fa__panel", {}, title ? make("header.panel__head", {}, make("h2", { textContent: title })) : null, ...children);
}

/** Returns a link that looks like a button. */
export function go(words, sign, href, kind = "btn-outline") { return make(`a.btn.${kind}`, { href }, sign ? icon(sign) : null, make("span", { textContent: words })); }

export function back(href, title) {
  return make("div.fa__back", {}, make("a.btn.btn-quiet", { href, "aria-label": say("back") }, icon("chevron-left")), make("h1", { textContent: title, tabIndex: -1 }));
}

/** Returns a list of facts: [[term, words], …]; what is empty is left out. */
export function facts(pairs) {
  const shown = pairs.filter(([, words]) => words !== "" && words !== null && words !== undefined);
  return make("dl.facts", {}, ...shown.flatMap(([term, words]) => [make("dt", { textContent: term }), make("dd", { textContent: words })]));
}

let fresh = 0;

/** Returns a labelled control; its fault is shown by fault(name, words) of the form. */
export function field(name, label, control, hint = "") {
  fresh += 1;
  const id = `fa-${name}-${fresh}`;
  const said = make("p.field__error", { id: `${id}-error`, hidden: true });
  control.id = id;
  control.name = name;
  control.setAttribute("aria-describedby", `${id}-error`);
  const box = make("div.field", {}, make("label.field__label", { for: id, textContent: label }), control, hint ? make("p.field__hint", { textContent: hint }) : null, said);
  box.fault = (words) => { said.hidden = !words; said.textContent = words || ""; box.classList.toggle("has-error", Boolean(words)); control.toggleAttribute("aria-invalid", Boolean(words)); };
  box.dataset.name = name;
  return box;
}

export function choices(name, label, options, chosen = "") {
  const box = make("fieldset.field", {}, make("legend.field__label", { textContent: label }), make("div.choices", {}, ...options.map(([value, words]) => make("label.choice", {}, make("input", { type: "radio", name, value, checked: value === chosen }), make("span", { textContent: words })))));
  const said = make("p.field__error", { hidden: true });
  box.append(said);
  box.dataset.name = name;
  box.fault = (words) => { said.hidden = !words; said.textContent = words || ""; box.classList.toggle("has-error", Boolean(words)); };
  box.addEventListener("change", () => { for (const each of box.querySelectorAll(".choice")) each.classList.toggle("is-on", each.querySelector("input").checked); });
  box.dispatchEvent(new Event("change"));
  return box;
}

/** Shows the faults that came back, each beside its field; returns those that have no field here. */
export function showFaults(form, fields) {
  const rest = [];
  for (const [name, words] of Object.entries(fields || {})) {
    const box = form.querySelector(`[data-name="${CSS.escape(name)}"]`);
    if (box && box.fault) box.fault([].concat(words).join(" "));
    else rest.push(...[].concat(words));
  }
  return rest;
}

/** Returns words of a value of a fact or an answer. */
export function plain(value) {
  if (value === true) return say("yes");
  if (value === false) return say("no");
  if (Array.isArray(value)) return value.map(plain).join("、");
  if (value && typeof value === "object") return value.text || Object.values(value).map(plain).join("，");
  return value === null || value === undefined ? "" : String(value);
}

/** Returns what a fact of a ledger says, in the words of its choices. */
export function factWords(kind, code, value) {
  const words = ((kind || {}).choices || {})[code] || {};
  return plain(Array.isArray(value) ? value.map((one) => words[one] || one) : words[value] || value);
}
