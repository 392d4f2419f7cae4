// The workbench's acts: forms in a dialog, letters as keys, phrases, narrowing of long selects, rows that follow.

let wired = false;
const dialog = () => document.getElementById("act");
const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog");

/** Puts the changed case into its row, where the list shows it; rows never move under the cursor. */
function followRow() {
  const holder = document.querySelector("#detail template[data-row]");
  if (!holder) return;
  const fresh = holder.content.querySelector(".caserow");
  const old = fresh && document.querySelector(`#rows .caserow[data-id="${CSS.escape(fresh.dataset.id)}"]`);
  if (old) {
    old.replaceWith(fresh);
    if (window.htmx) window.htmx.process(fresh);
  }
  holder.remove();
}

function afterAct(event) {
  const box = dialog();
  if (box && box.open) box.close();
  followRow();
  const told = event.detail && event.detail.value !== undefined ? event.detail.value : event.detail;
  const id = told && told.id;
  const link = id && document.querySelector(`#rows .caserow[data-id="${CSS.escape(id)}"] .caserow__title a`);
  if (link && window.matchMedia("(min-width: 901px)").matches) link.focus({ preventScroll: true });
}

/** Shows the dialog once a form has been put into it, with the focus on its first field. */
function open() {
  const box = dialog();
  if (!box || !box.querySelector("form")) return;
  for (const menu of document.querySelectorAll("#detail details.menu[open]")) menu.open = false;
  if (!box.open) box.showModal();
  const wrong = box.querySelector("[aria-invalid=true], .has-error input, .has-error textarea");
  const first = wrong || box.querySelector(".dialog__body select, .dialog__body textarea, .dialog__body input:not([type=hidden]):not([type=file]):not([type=search])");
  (first || box.querySelector("[data-submit]") || box.querySelector("input[type=search]")).focus();
}

function narrow(field) {
  const select = document.getElementById(field.dataset.narrow);
  const wanted = field.value.trim();
  let first = null;
  for (const option of select.options) {
    const fits = !wanted || !option.value || option.textContent.includes(wanted);
    option.hidden = !fits;
    option.disabled = !fits;
    if (fits && option.value && !first) first = option;
  }
  if (wanted && first && !select.multiple) select.value = first.value;
}

function phrase(button) {
  const field = document.getElementById(button.dataset.phrase);
  if (!field) return;
  field.value = field.value ? `${field.value}${button.textContent}` : button.textContent;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

let lastBox = null;
/** Shift and a click choose everything between. */
function choose(event) {
  const box = event.target.closest(".caserow__check input");
  if (!box) return;
  if (event.shiftKey && lastBox && lastBox.isConnected) {
    const boxes = [...document.querySelectorAll(".caserow__check input")];
    const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  lastBox = box;
}

function key(event) {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.closest && event.target.closest("form.actform");
    if (form) { event.preventDefault(); form.requestSubmit(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.key.length !== 1) return;
  if (typing(event.target) || !document.querySelector(".bench")) return;
  const button = document.querySelector(`#detail [data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button) { event.preventDefault(); button.click(); return; }
  if (event.key === "x") document.querySelector(".bench").classList.add("is-selecting");
}

function chooseAll(button) {
  const boxes = [...document.querySelectorAll(".caserow__check input")];
  const all = boxes.every((b) => b.checked);
  for (const box of boxes) box.checked = !all;
  if (boxes[0]) boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
  button.blur();
}

/** A pin whose case is not in the list opens all the same. */
function openPin(event) {
  const id = event.detail.id;
  if (!document.querySelector("dialog#act") || document.querySelector(`.caserow[data-id="${CSS.escape(id)}"]`)) return;
  window.htmx.ajax("GET", `/desk/cases/${encodeURIComponent(id)}/`, { target: "#detail" });
}

export function start(root, htmx) {
  if (wired) return;
  wired = true;
  document.addEventListener("htmx:after:swap", (event) => {
    const target = (event.detail && event.detail.ctx && event.detail.ctx.target) || event.target;
    if (target && target.id === "act-body") open();
  });
  document.addEventListener("acted", afterAct);
  document.addEventListener("linli:pin", openPin);
  document.addEventListener("input", (event) => { if (event.target.dataset && event.target.dataset.narrow) narrow(event.target); });
  document.addEventListener("click", (event) => {
    choose(event);
    const cancel = event.target.closest("#act [data-close-act]");
    if (cancel) { event.preventDefault(); dialog().close(); }
    const said = event.target.closest("[data-phrase]");
    if (said) phrase(said);
    const all = event.target.closest("[data-choose-all]");
    if (all) chooseAll(all);
    if (event.target.closest("#detail [aria-disabled=true]")) event.preventDefault();
  });
  document.addEventListener("keydown", key);
}
