// Forms: nothing typed is lost by accident, nothing is sent twice, questions appear when they apply.
//
// <form data-keep="key">            keeps what was typed in sessionStorage until the form is sent
// <form data-keep-firm>             keeps it until a page with [data-forget="that key"] says that it arrived
// <form data-once>                  refuses a second submit while the first is under way
// <form data-go-on>                 sends itself, for work done in stretches; leaving the page stops it
// <input type=file data-name-file>  shows the name of the file on its button
// <form data-questions="script-id"> shows [data-question=code] where its `relevant` holds (JSON of the forms room)
import { word } from "./text.js";

const SECRET = new Set(["password", "file", "hidden"]);

const fields = (form) => [...form.elements].filter((f) => f.name && !SECRET.has(f.type) && f.name !== "csrfmiddlewaretoken" && f.autocomplete !== "one-time-code");

function saved(key) {
  try { return JSON.parse(sessionStorage.getItem(key) || "null"); } catch { return null; }
}

function keep(form) {
  const key = `linli:${location.pathname}:${form.dataset.keep}`;
  const old = saved(key);
  if (old) {
    for (const field of fields(form)) {
      const value = old[field.name];
      if (value === undefined) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = value.includes(field.value);
      else if (field.tagName === "SELECT" && field.multiple) { for (const o of field.options) o.selected = value.includes(o.value); }
      else if (!field.value || field.tagName === "SELECT") field.value = value[0] || "";
    }
  }
  const write = () => {
    const values = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && fields(form).some((f) => f.name === name)) (values[name] = values[name] || []).push(value);
    }
    try { sessionStorage.setItem(key, JSON.stringify(values)); } catch { /* storage is full or forbidden: nothing to keep */ }
  };
  form.addEventListener("input", write);
  form.addEventListener("change", write);
  if (form.dataset.keepFirm === undefined) form.addEventListener("submit", () => { try { sessionStorage.setItem("linli:sent", key); } catch { /* as above */ } });
  form.addEventListener("reset", () => sessionStorage.removeItem(key));
}

/** Forgets what was kept once the page after a successful submit is another one. */
function forget() {
  try {
    for (const arrived of document.querySelectorAll("[data-forget]")) sessionStorage.removeItem(arrived.dataset.forget);
    const key = sessionStorage.getItem("linli:sent");
    if (!key) return;
    sessionStorage.removeItem("linli:sent");
    if (!document.querySelector("[data-keep] .has-error, [data-keep].has-error")) sessionStorage.removeItem(key);
  } catch { /* as above */ }
}

function goOn(form) {
  setTimeout(() => { if (form.isConnected) (form.requestSubmit || form.submit).call(form); }, 400);
}

function nameFile(input) {
  const label = input.nextElementSibling;
  input.addEventListener("change", () => { if (input.files.length && label) label.lastChild.textContent = input.files[0].name; });
}

function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sending) { event.preventDefault(); event.stopPropagation(); return; }
    form.dataset.sending = "1";
    form.setAttribute("aria-busy", "true");
    const again = () => { delete form.dataset.sending; form.removeAttribute("aria-busy"); };
    form.addEventListener("htmx:finally:request", again, { once: true });
    window.addEventListener("pageshow", again, { once: true });
    setTimeout(again, 20000);
  }, true);
}

/** Returns the answers as typed, by question code. */
export function answers(form) {
  const found = {};
  for (const field of form.querySelectorAll("[data-question] [name]")) {
    const code = field.closest("[data-question]").dataset.question;
    if (field.closest("[data-question]").hidden) continue;
    if (field.type === "checkbox") { found[code] = found[code] || []; if (field.checked) found[code].push(field.value); }
    else if (field.type === "radio") { if (field.checked) found[code] = field.value; }
    else if (field.type !== "file" && field.value !== "") found[code] = field.value;
  }
  return found;
}

async function conditional(form) {
  const source = document.getElementById(form.dataset.questions);
  if (!source) return;
  const questions = JSON.parse(source.textContent).questions.filter((q) => q.relevant_tree);
  const boxes = questions.map((q) => form.querySelector(`[data-question="${CSS.escape(q.code)}"]`));
  // Hidden until it is known whether they are asked; shown if that cannot be known.
  const show = (n, shown) => { if (boxes[n]) boxes[n].hidden = !shown; };
  questions.forEach((_q, n) => show(n, false));
  const { relevant } = questions.length ? await import("./relevant.js").catch(() => ({ relevant: () => true })) : {};
  const update = () => {
    questions.forEach((question, n) => {
      if (!boxes[n]) return;
      const shown = relevant(question.relevant_tree, answers(form));
      show(n, shown);
      for (const field of boxes[n].querySelectorAll("[name]")) field.disabled = !shown;
    });
  };
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  update();
}

function mark(group) {
  for (const choice of group.querySelectorAll(".choice")) choice.classList.toggle("is-on", choice.querySelector("input").checked);
}

export function start(root) {
  if (root === document) forget();
  for (const form of root.querySelectorAll("form:not([data-wired])")) {
    form.dataset.wired = "";
    if (form.dataset.keep) keep(form);
    if (form.dataset.once !== undefined) once(form);
    if (form.dataset.goOn !== undefined) goOn(form);
    if (form.dataset.questions) conditional(form);
    if (form.dataset.confirm) form.addEventListener("submit", (e) => { if (!window.confirm(form.dataset.confirm || word("sure"))) { e.preventDefault(); e.stopPropagation(); } }, true);
  }
  for (const input of root.querySelectorAll("input[data-name-file]:not([data-wired])")) {
    input.dataset.wired = "";
    nameFile(input);
  }
  for (const group of root.querySelectorAll(".choices:not([data-wired])")) {
    group.dataset.wired = "";
    mark(group);
    group.addEventListener("change", () => mark(group));
  }
}
