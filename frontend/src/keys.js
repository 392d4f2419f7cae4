// Keys of the workbench: J/K move, Enter opens, X chooses, / searches, ? explains, Escape goes back.
const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog");

const rows = () => [...document.querySelectorAll(".caserow")];

function move(step) {
  const list = rows();
  if (!list.length) return;
  const now = list.findIndex((row) => row.contains(document.activeElement));
  const from = now >= 0 ? now : list.findIndex((row) => row.classList.contains("is-selected"));
  const to = list[Math.min(list.length - 1, Math.max(0, from + step))];
  const link = to.querySelector(".caserow__title a");
  link.focus();
  to.scrollIntoView({ block: "nearest" });
}

const acts = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => { const field = document.querySelector("[data-search]"); if (field) { field.focus(); field.select(); } },
  "?": () => { const help = document.getElementById("keys-help"); if (help) help.showModal(); },
  x: () => {
    const row = document.activeElement.closest(".caserow");
    const box = row && row.querySelector(".caserow__check input");
    if (box) { box.checked = !box.checked; box.dispatchEvent(new Event("change", { bubbles: true })); }
  },
};

export function start() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && event.target.matches("[data-search]")) { event.target.blur(); return; }
    if (typing(event.target) || !document.querySelector(".bench")) return;
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) { event.preventDefault(); act(); }
  });
}
