// Documents. Two panes: J/K move between cards, Enter confirms, X rejects, E edits, T makes a task, L links
// a name to what Linli knows, U takes back;
// the words of the current card are lit in the text. Order: rows are moved by button, Alt + arrow, or dragged;
// parts change their level by Alt + left and right.
let wired = false;
const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog");
const cards = () => [...document.querySelectorAll("[data-check] .finding")];
let here = "";

const current = () => (document.activeElement && document.activeElement.closest(".finding")) || document.getElementById(`f-${here}`);

function light(card, scroll) {
  for (const old of document.querySelectorAll(".finding.is-current, mark.is-here")) old.classList.remove("is-current", "is-here");
  if (!card) return;
  here = card.dataset.finding;
  card.classList.add("is-current");
  const marks = document.querySelectorAll(`mark[data-f~="${CSS.escape(here)}"]`);
  for (const mark of marks) mark.classList.add("is-here");
  const pane = document.querySelector(".twopane__text");
  if (!scroll || !marks.length || !pane) return;
  const wanted = marks[0].offsetTop - pane.offsetTop - pane.clientHeight / 3;
  if (pane.scrollHeight > pane.clientHeight) pane.scrollTop = wanted + (getComputedStyle(pane).position === "static" ? 0 : pane.offsetTop);
  const box = marks[0].getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  if (box.top < frame.top || box.bottom > frame.bottom) pane.scrollTop += box.top - frame.top - pane.clientHeight / 3;
}

function go(card) {
  if (!card) return;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  light(card, true);
}

function move(step) {
  const list = cards();
  const at = list.indexOf(current());
  go(list[Math.min(list.length - 1, Math.max(0, at + step))]);
}

/** After a decision: the next card that waits; the same one where none does. */
function onward(id) {
  const list = cards();
  const at = list.findIndex((card) => card.dataset.finding === id);
  const same = list[at];
  if (same && same.classList.contains("is-waiting")) { go(same); return; }
  go(list.slice(at + 1).find((card) => card.classList.contains("is-waiting")) || list.find((card) => card.classList.contains("is-waiting")) || same);
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.isComposing || !document.querySelector("[data-check]")) return;
  if (event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (pressed === "j" || pressed === "k") { event.preventDefault(); move(pressed === "j" ? 1 : -1); return; }
  if (pressed === "?") { event.preventDefault(); document.getElementById("keys-help").showModal(); return; }
  if (pressed === "Enter" && !event.target.matches(".finding, body, main")) return;
  const card = current();
  const act = card && card.querySelector(`[data-act="${CSS.escape(pressed)}"]`);
  if (act) { event.preventDefault(); act.click(); }
}

/** Two identical looks: the ticks decide how a row looks. */
function look(row) {
  if (!row.querySelector("[name=begins]")) return;
  row.classList.toggle("is-begin", row.querySelector("[name=begins]").checked);
  row.classList.toggle("is-out", row.querySelector("[name=out]").checked);
}

function shift(row, up) {
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (up) other.before(row); else other.after(row);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

/** A part's level: one deeper or higher, from 1 to 4. */
function relevel(row, step) {
  const held = row.querySelector("[name=level]");
  if (!held || row.classList.contains("is-frozen")) return;
  held.value = String(Math.min(4, Math.max(1, Number(held.value) + step)));
  row.dataset.level = held.value;
}

function order(form) {
  let dragged = null;
  for (const row of form.querySelectorAll("[data-block]")) {
    row.draggable = true;
    row.tabIndex = 0;
  }
  form.addEventListener("change", (event) => { const row = event.target.closest("[data-block]"); if (row) look(row); });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=move]");
    if (!button) return;
    event.preventDefault();
    const way = button.value.split(":")[0];
    const row = button.closest("[data-block]");
    if (way === "in" || way === "out") relevel(row, way === "in" ? 1 : -1); else shift(row, way === "up");
    button.focus({ preventScroll: true });
  });
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-block]");
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (row && event.altKey && step && "levels" in form.dataset) { event.preventDefault(); relevel(row, step); return; }
    if (!row || !event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    shift(row, event.key === "ArrowUp");
  });
  form.addEventListener("dragstart", (event) => { dragged = event.target.closest("[data-block]"); if (dragged) dragged.classList.add("is-dragged"); });
  form.addEventListener("dragend", () => { if (dragged) dragged.classList.remove("is-dragged"); dragged = null; });
  form.addEventListener("dragover", (event) => {
    const row = event.target.closest("[data-block]");
    if (!dragged || !row || row === dragged) return;
    event.preventDefault();
    const box = row.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) row.before(dragged); else row.after(dragged);
  });
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-order]:not([data-ordered])")) {
    form.dataset.ordered = "";
    order(form);
  }
  if (wired) return;
  wired = true;
  document.addEventListener("keydown", key);
  document.addEventListener("focusin", (event) => { const card = event.target.closest("[data-check] .finding"); if (card && card.dataset.finding !== here) light(card, true); });
  document.addEventListener("decided", (event) => {
    const told = event.detail && event.detail.value !== undefined ? event.detail.value : event.detail;
    if (told && told.id) requestAnimationFrame(() => onward(told.id));
  });
  document.addEventListener("click", (event) => {
    const mark = event.target.closest("mark[data-f]");
    if (mark) go(document.getElementById(`f-${mark.dataset.f.split(" ").pop()}`));
    const to = event.target.closest("a[data-to]");
    if (to) { event.preventDefault(); go(to.closest(".finding")); }
  });
  const list = cards();
  const named = location.hash.startsWith("#f-") && document.getElementById(location.hash.slice(1));
  if (list.length) go(named || list.find((card) => card.classList.contains("is-waiting")) || list[0]);
}
