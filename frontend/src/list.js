// The workbench list: which row is open, which are chosen, which view a phone shows, and the “有 3 件更新” pill.
import { word } from "./text.js";

const emit = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const wide = () => window.matchMedia("(min-width: 901px)").matches;

/** Marks the row `id` as the open one and tells the map. */
export function select(id, from = "list") {
  for (const row of document.querySelectorAll(".caserow")) {
    const on = row.dataset.id === id;
    row.classList.toggle("is-selected", on);
    const link = row.querySelector(".caserow__title a");
    if (on) { link.setAttribute("aria-current", "true"); row.scrollIntoView({ block: "nearest" }); } else link.removeAttribute("aria-current");
  }
  emit("linli:selected", { id, from });
}

function view(name) {
  document.body.dataset.view = name;
  for (const link of document.querySelectorAll("[data-view-link]")) {
    if (link.dataset.viewLink === name) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  if (!wide()) window.scrollTo(0, 0);
}

function choosing(bench) {
  const chosen = bench.querySelectorAll(".caserow__check input:checked").length;
  const count = bench.querySelector("[data-chosen]");
  if (count) count.textContent = word("chosenrows", { count: chosen });
  for (const button of bench.querySelectorAll(".bulkbar [data-needs-chosen]")) button.disabled = chosen === 0;
}

/** Asks every `seconds` how many rows are newer; the rows themselves stay where they are until one asks for them. */
function poll(bench) {
  const url = bench.dataset.poll;
  if (!url) return;
  const pill = bench.querySelector(".pill-new");
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const { count } = await answer.json();
      pill.hidden = !count;
      if (count) pill.querySelector("[data-count]").textContent = word("newer", { count });
    } catch { /* no network: ask again later */ }
  };
  setInterval(ask, Number(bench.dataset.pollSeconds || 30) * 1000);
  ask();
}

function wire(bench) {
  bench.addEventListener("change", (event) => { if (event.target.closest(".caserow__check")) choosing(bench); });
  bench.addEventListener("click", (event) => {
    if (event.target.closest("[data-select-mode]")) { bench.classList.toggle("is-selecting"); choosing(bench); }
    const link = event.target.closest(".caserow__title a");
    if (link) select(link.closest(".caserow").dataset.id);
  });
  for (const type of ["mouseover", "mouseout"]) {
    bench.addEventListener(type, (event) => {
      const row = event.target.closest(".caserow");
      if (row) emit("linli:hover", { id: type === "mouseover" ? row.dataset.id : null, from: "list" });
    });
  }
  document.addEventListener("linli:hover", (event) => {
    if (event.detail.from !== "map") return;
    for (const row of bench.querySelectorAll(".caserow")) row.classList.toggle("is-hover", row.dataset.id === event.detail.id);
  });
  document.addEventListener("linli:pin", (event) => {
    const row = bench.querySelector(`.caserow[data-id="${CSS.escape(event.detail.id)}"]`);
    if (row) row.querySelector(".caserow__title a").click();
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.target.id !== "detail" && !(event.detail && event.detail.ctx && event.detail.ctx.target && event.detail.ctx.target.id === "detail")) return;
    view("detail");
    const title = document.querySelector("#detail [tabindex='-1']");
    if (title && !wide()) title.focus({ preventScroll: true });
    const scroll = document.querySelector("#detail .detail__scroll");
    if (scroll) scroll.scrollTop = 0;
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-view-link]");
    if (!link || wide()) return;
    event.preventDefault();
    view(link.dataset.viewLink);
    history.replaceState(history.state, "", link.href);
  });
  choosing(bench);
  poll(bench);
}

export function start(root) {
  for (const bench of root.querySelectorAll(".bench:not([data-wired])")) { bench.dataset.wired = ""; wire(bench); }
}
