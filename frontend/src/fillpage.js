// A record filled at the desk: <form data-fill="id of the JSON"> with the place of the form in [data-fill-here].
// Pictures are stored as they are chosen; what the server refuses is shown at its questions, and nothing typed is lost.
import { fillForm } from "./formfill.js";

const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

async function ask(url, body, type) {
  const headers = { "X-CSRFToken": token(), Accept: "application/json", ...(type ? { "Content-Type": type } : {}) };
  let answer;
  try { answer = await fetch(url, { method: "POST", headers, body, credentials: "same-origin" }); } catch { return { ok: false, said: {} }; }
  const said = await answer.json().catch(() => ({}));
  return { ok: answer.ok, said };
}

/** Keeps the pictures: stored with the server at once, shown from the device. */
function photos(url, offline) {
  const kept = new Map();
  const at = (path) => kept.get(path) || kept.set(path, []).get(path);
  return {
    async add(path, file) {
      const body = new FormData();
      body.append("file", file, file.name || "photo.jpg");
      const { ok, said } = await ask(url, body);
      if (!ok) { const error = new Error(said.message || offline); error.said = said.message || offline; throw error; }
      const one = { id: said.uuid, url: URL.createObjectURL(file) };
      at(path).push(one);
      return one;
    },
    async remove(path, id) { kept.set(path, at(path).filter((one) => one.id !== id)); },
    list: (path) => at(path),
    set: (path, list) => kept.set(path, list),
  };
}

export function start(form) {
  const given = JSON.parse(document.getElementById(form.dataset.fill).textContent);
  const words = document.getElementById("formfill-words").dataset;
  const store = photos(form.dataset.files, form.dataset.offline);
  for (const [path, list] of Object.entries(given.photos || {})) store.set(path, list);
  const filling = fillForm(form.querySelector("[data-fill-here]"), {
    form: given.form, answers: given.answers, defaults: given.defaults, words, photos: store, lastPhotos: given.last,
  });
  const note = form.querySelector("[data-fill-note]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (filling.check().length) return;
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    const more = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));
    const { ok, said } = await ask(location.href, JSON.stringify({ ...more, answers: filling.answers() }), "application/json");
    if (ok) { location.assign(said.url); return; }
    button.disabled = false;
    note.hidden = false;
    note.textContent = [said.message || form.dataset.offline, said.hint].filter(Boolean).join(" ");
    if (said.fields) filling.refuse(said.fields);
    note.scrollIntoView({ block: "nearest" });
  });
}
