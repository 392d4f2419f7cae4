// The review: J/K go to the next and the former record, Enter accepts, X opens the reason for sending back.
let wired = false;
const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog");

function press(event) {
  const page = document.querySelector("[data-review]");
  if (!page || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (pressed === "?") { event.preventDefault(); document.getElementById("keys-help").showModal(); return; }
  if (pressed === "Enter" && !event.target.matches("body, main, article")) return;
  const act = page.querySelector(`[data-key="${CSS.escape(pressed)}"]`);
  if (!act) return;
  event.preventDefault();
  if (pressed === "x") { act.closest("details").open = true; act.closest("details").querySelector("textarea").focus(); return; }
  act.click();
}

export function start() {
  if (wired) return;
  wired = true;
  document.addEventListener("keydown", press);
}
