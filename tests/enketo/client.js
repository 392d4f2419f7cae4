// A page as Enketo is one: its transformer turns our XForm into a form, its engine fills it, and the record is sent as
// Enketo sends it. Only the fetching of the list (csv to xml) and the request are written here.
import { transform } from "enketo-transformer/web";
import { Form } from "enketo-core";
import fileManager from "enketo/file-manager";

function rowsOf(text) {
  const rows = [[]];
  let cell = "", quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') { cell += c; i += 1; } else if (c === '"') quoted = false; else cell += c;
    } else if (c === '"') quoted = true;
    else if (c === ",") { rows.at(-1).push(cell); cell = ""; }
    else if (c === "\n") { rows.at(-1).push(cell.replace(/\r$/, "")); cell = ""; rows.push([]); }
    else cell += c;
  }
  if (cell || rows.at(-1).length) rows.at(-1).push(cell);
  return rows.filter((row) => row.length > 1);
}

function listOf(text) {
  const [head, ...rows] = rowsOf(text);
  const doc = document.implementation.createDocument(null, "root");
  for (const row of rows) {
    const item = doc.documentElement.appendChild(doc.createElement("item"));
    head.forEach((name, i) => { item.appendChild(doc.createElement(name)).textContent = row[i] ?? ""; });
  }
  return doc;
}

let form;
window.enketo = {
  async load(authorization, address, lists) {
    this.authorization = authorization;
    const get = async (url) => (await fetch(new URL(url).pathname, { headers: { Authorization: authorization } })).text();
    const media = {};
    for (const [name, url] of Object.entries(lists).filter(([each]) => !each.endsWith(".csv"))) {
      const answer = await fetch(new URL(url).pathname, { headers: { Authorization: authorization } });
      const blob = await answer.blob();
      // As data, since the transformer does not let addresses of blobs stand as they are.
      media[name] = await new Promise((done) => { const reader = new FileReader(); reader.onload = () => done(reader.result); reader.readAsDataURL(blob); });
    }
    const made = await transform({ xform: await get(address), theme: "grid", media });
    const external = await Promise.all(Object.entries(lists).filter(([name]) => name.endsWith(".csv")).map(async ([name, url]) => (
      { id: name.replace(/\.csv$/, ""), src: `jr://file-csv/${name}`, xml: listOf(await get(url)) })));
    document.body.innerHTML = made.form;
    form = new Form(document.querySelector("form.or"), { modelStr: made.model, external }, {});
    return form.init().map(String);
  },
  choices(path) {
    return [...document.querySelectorAll(`[name="${path}"] option, [name="${path}"]`)].map((o) => o.value).filter(Boolean);
  },
  value(path) { return form.model.node(path, 0).getVal(); },
  async valid() { return form.validate(); },
  record() { return form.getDataStr({ irrelevant: false }); },
  async send() {
    const head = await fetch("/openrosa/submission", {
      method: "HEAD", headers: { Authorization: this.authorization, "X-OpenRosa-Version": "1.0" },
    });
    const data = new FormData();
    data.append("xml_submission_file", new Blob([this.record()], { type: "text/xml" }), "xml_submission_file");
    for (const file of fileManager.getCurrentFiles()) data.append(file.name, file, file.name);
    data.append("Date", new Date().toUTCString());
    const answer = await fetch(new URL(head.headers.get("Location")).pathname, {
      method: "POST", body: data, headers: { Authorization: this.authorization, "X-OpenRosa-Version": "1.0" },
    });
    return { head: head.status, status: answer.status, text: await answer.text() };
  },
};
