// The form designer: names put into conditions, questions taken elsewhere by keys and by dragging.
//
// [data-expression]  a field that takes names; [data-put=code] puts ${code} where its cursor stands
// [data-outline]     a list of [data-path]; Alt and an arrow, or dragging, sends the form [data-arrange]
const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
const SCROLL = "linli:outline";

function send(form, at, act, to = "") {
  form.elements.at.value = at;
  form.elements.to.value = to;
  const hidden = document.createElement("input");
  Object.assign(hidden, { type: "hidden", name: "do", value: act });
  form.append(hidden);
  (form.requestSubmit || form.submit).call(form);
}

function names(root) {
  let last = root.querySelector("[data-expression]");
  root.addEventListener("focusin", (event) => { if (event.target.matches("[data-expression]")) last = event.target; });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-put]");
    if (!button || !last) return;
    const field = last.closest("[hidden]") ? [...root.querySelectorAll("[data-expression]")].find((each) => !each.closest("[hidden]")) : last;
    if (!field) return;
    field.setRangeText(`\${${button.dataset.put}}`, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function outline(list, form) {
  try { list.scrollTop = Number(sessionStorage.getItem(SCROLL) || 0); } catch { /* nothing was kept */ }
  const here = list.querySelector("[aria-current]");
  if (here) {
    const [inside, around] = [here.getBoundingClientRect(), list.getBoundingClientRect()];
    if (inside.top < around.top || inside.bottom > around.bottom) list.scrollTop += inside.top - around.top - 80;
  }
  list.addEventListener("scroll", () => { try { sessionStorage.setItem(SCROLL, String(list.scrollTop)); } catch { /* nothing to keep */ } });
  list.addEventListener("keydown", (event) => {
    const item = event.target.closest("[data-path]");
    if (!item) return;
    if (event.altKey && KEYS[event.key]) { event.preventDefault(); send(form, item.dataset.path, KEYS[event.key]); return; }
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const links = [...list.querySelectorAll("a")];
    const next = step && links[links.indexOf(event.target) + step];
    if (next) { event.preventDefault(); next.focus(); }
  });
  let dragged = null;
  const clear = () => { for (const each of list.querySelectorAll(".is-target, .is-into")) each.classList.remove("is-target", "is-into"); };
  const into = (event, item) => item.dataset.group !== undefined && event.clientY > item.getBoundingClientRect().top + item.offsetHeight / 2;
  list.addEventListener("dragstart", (event) => { dragged = event.target.closest("[data-path]"); event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", dragged.dataset.path); });
  list.addEventListener("dragover", (event) => {
    const item = event.target.closest("[data-path]");
    if (!dragged || !item || item === dragged) return;
    event.preventDefault();
    clear();
    item.classList.add(into(event, item) ? "is-into" : "is-target");
  });
  list.addEventListener("dragend", () => { dragged = null; clear(); });
  list.addEventListener("drop", (event) => {
    const item = event.target.closest("[data-path]");
    if (!dragged || !item || item === dragged) return;
    event.preventDefault();
    send(form, dragged.dataset.path, "place", into(event, item) ? `${item.dataset.path}/` : item.dataset.path);
  });
}

/** Shows the columns of marks where the question is marked. */
function scoring(form) {
  const box = form.elements.scored;
  if (!box) return;
  const show = () => form.classList.toggle("is-scored", box.checked);
  box.addEventListener("change", show);
  show();
}

export function start(root) {
  for (const page of root.querySelectorAll("[data-designer]:not([data-wired])")) {
    page.dataset.wired = "";
    names(page);
    const [list, form] = [page.querySelector("[data-outline]"), page.querySelector("[data-arrange]")];
    if (list && form) outline(list, form);
    for (const each of page.querySelectorAll("[data-scoring]")) scoring(each);
  }
}
