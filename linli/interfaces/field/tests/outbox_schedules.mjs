// Drives the outbox of the app against a live server over a bad line: messages lost, answers lost, sent twice, late and
// in another order, the phone cut off anywhere, two tabs at once. The seed decides everything. Prints what it did.
import { createHash, randomUUID } from "node:crypto";
import { Outbox } from "../../../../frontend/src/fieldapp/outbox.js";

const asked = JSON.parse(process.argv[2]);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** mulberry32: the same numbers for the same seed. */
function dice(seed) {
  let a = seed >>> 0;
  return () => { a = (a + 0x6d2b79f5) >>> 0; let t = Math.imul(a ^ (a >>> 15), 1 | a); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t; return ((t ^ (t >>> 14)) >>> 0) / 4294967296; };
}

class Crash extends Error {}
class Offline extends Error { constructor() { super("offline"); this.offline = true; } }

/** The store of a phone: what is written is there after a crash; each write is whole or not at all. */
class Store {
  constructor(roll) { Object.assign(this, { roll, rows: new Map(), bodies: new Map(), pictures: new Map(), contents: new Map(), receipts: new Map(), bad: 0 }); }
  chance() { if (this.roll() < this.bad) throw new Crash(); }
  async list() { this.chance(); return [...this.rows.values()].map((row) => ({ ...row })); }
  async open(id) { return structuredClone(this.bodies.get(id)); }
  async mark(id, fields) { this.chance(); Object.assign(this.rows.get(id), fields); this.chance(); }
  async photos(id) { return [...this.pictures.values()].filter((photo) => photo.item === id).map((photo) => ({ ...photo })); }
  async bytes(id) { return this.contents.get(id); }
  async markPhoto(id, fields) { this.chance(); Object.assign(this.pictures.get(id), fields); this.chance(); }
  async claimed() { return new Set([...this.pictures.values()].map((photo) => photo.file).filter(Boolean)); }
  async arrived(id, receipt) {
    this.chance();
    const before = this.receipts.get(id);
    if (before && before.digest !== receipt.digest) throw new Error(`another digest for ${id}`);
    this.receipts.set(id, receipt);
    this.rows.get(id).state = "sent";
  }
}

/** The line of somebody, as bad as it is told to be. */
class BadLine {
  constructor(roll, cookie) { Object.assign(this, { roll, cookie, csrf: "", token: "", bad: 0, late: [], uploads: new Map() }); }

  async send(path, given) {
    const answer = await fetch(`${asked.url}/field/${path}`, { ...given, headers: { Accept: "application/json", Cookie: `${this.cookie}; csrftoken=${this.token}`, "X-CSRFToken": this.csrf, ...(given.headers || {}) } });
    for (const one of answer.headers.getSetCookie()) if (one.startsWith("csrftoken=")) this.token = one.split(";")[0].slice(10);
    const text = await answer.text();
    let body = {};
    try { body = JSON.parse(text); } catch { body = { code: "text", title: text.slice(0, 300) }; }
    return { status: answer.status, body };
  }

  async ask(path, given, seen = () => {}) {
    const roll = this.roll();
    const { bad } = this;
    if (roll < bad * 0.2) throw new Offline(); // lost on the way there
    if (roll < bad * 0.45) { seen(await this.send(path, given)); throw new Offline(); } // its answer is lost
    if (roll < bad * 0.6) seen(await this.send(path, given)); // comes twice
    else if (roll < bad * 0.75) { this.late.push(this.later(path, given, seen)); throw new Offline(); } // comes late
    else if (roll < bad * 0.85) return { status: 503, body: {} };
    else if (roll < bad) { seen(await this.send(path, given)); throw new Crash(); } // the phone is cut off
    const answer = await this.send(path, given);
    seen(answer);
    return answer;
  }

  async later(path, given, seen) { await new Promise((done) => { setTimeout(done, 5 + 60 * this.roll()); }); seen(await this.send(path, given)); }

  async session() {
    const { status, body } = await this.ask("session/", {});
    if (status === 503) throw new Offline();
    this.csrf = body.csrf || "";
    return { in: status === 200, person: status === 200 ? body.person.uuid : "" };
  }

  post(path, data) { return this.ask(path, { method: "POST", body: JSON.stringify(data), headers: { "Content-Type": "application/json" } }); }

  upload(purpose, bytes, print) {
    const body = new FormData();
    body.append("file", new Blob([bytes], { type: "image/jpeg" }), "a.jpg");
    body.append("sha256", print);
    body.append("purpose", purpose);
    return this.ask("files/", { method: "POST", body }, (answer) => { if (answer.status === 201) this.uploads.set(print, (this.uploads.get(print) || 0) + 1); });
  }
}

let counter = 0;

/** Returns a JPEG that no other is: the tail behind its end differs. */
function jpeg() { counter += 1; return Buffer.concat([Buffer.from(asked.jpeg, "base64"), Buffer.from(`${asked.seed}:${counter}:${randomUUID()}`)]); }

function fill(store, roll, made) {
  const id = randomUUID();
  const now = new Date(asked.now).toISOString();
  const photos = [];
  const picture = (purpose) => { const bytes = jpeg(); const one = { id: randomUUID(), item: id, purpose, sha256: sha256(bytes), tried: false, file: null, name: "a.jpg" }; store.pictures.set(one.id, one); store.contents.set(one.id, bytes); photos.push(one); return one.id; };
  const record = (more = {}) => ({ kind: "record", path: "records/", payload: { form: "shop_check", version: 1, round: asked.round, answers: { order: { goods: "good" }, size: String(1 + counter), ...more.answers }, made_at: now, ...more.payload }, files: roll() < 0.6 ? { shot: [picture("record")] } : {}, after: more.after || [] });
  const kinds = {
    record: () => record(),
    correction: () => { const former = made.filter((one) => one.kind === "record" && !one.corrected).pop(); if (!former) return record(); former.corrected = true; return record({ payload: { former: former.id }, after: [former.id] }); },
    attempt: () => ({ kind: "attempt", path: "attempts/", payload: { visit: asked.visit, outcome: "nobody", made_at: now }, files: {}, after: [] }),
    finding: () => { const files = { photos: [picture("photos")] }; return { kind: "finding", path: "findings/", payload: { category: "garbage", text: `垃圾 ${id}`, address: "安西路 23 弄", prints: { photos: photos.map((photo) => photo.sha256) } }, files, after: [] }; },
  };
  const names = Object.keys(kinds);
  const body = kinds[names[Math.floor(roll() * names.length)]]();
  store.bodies.set(id, body);
  store.rows.set(id, { id, seq: store.rows.size + 1, kind: body.kind, state: "waiting", path: body.path, tries: 0, next: 0, after: body.after, purpose: "record" });
  made.push({ id, kind: body.kind, photos: photos.map((photo) => photo.sha256), former: body.payload.former || null });
}

async function schedule(seed) {
  const roll = dice(seed);
  const store = new Store(roll);
  const made = [];
  const line = new BadLine(roll, asked.cookie);
  const outbox = () => new Outbox({ store, line, now: () => Date.now() / 1000, owner: asked.owner });
  line.bad = 0.15 + 0.6 * roll();
  store.bad = roll() < 0.5 ? 0.06 : 0;
  const steps = 3 + Math.floor(roll() * 4);
  for (let step = 0; step < steps; step += 1) {
    if (roll() < 0.7) fill(store, roll, made);
    const tabs = roll() < 0.25 ? [outbox(), outbox()] : [outbox()];
    await Promise.all(tabs.map((tab) => tab.flush({ all: true }).catch((error) => { if (!(error instanceof Crash)) throw error; })));
  }
  if (!made.length) fill(store, roll, made);
  line.bad = 0; store.bad = 0; // a good line at last
  await Promise.all(line.late);
  for (let round = 0; round < 6; round += 1) await outbox().flush({ all: true });
  const stuck = [...store.rows.values()].filter((row) => row.state !== "sent");
  return { seed, made, stuck, uploads: [...line.uploads.values()] };
}

/** A day's queue over a line that is cut again and again, also between the server's commit and its answer. */
async function longQueue(seed, count) {
  const roll = dice(seed);
  const store = new Store(roll);
  const line = new BadLine(roll, asked.cookie);
  const made = [];
  const { ask } = line;
  let cuts = 0; let records = 0;
  line.ask = async function cut(path, given, seen) {
    if (roll() < 0.03) { cuts += 1; throw new Offline(); }
    const answer = await ask.call(line, path, given, seen);
    if (path === "records/" && answer.status <= 201) records += 1;
    if (roll() < 0.03) { cuts += 1; throw new Offline(); }
    return answer;
  };
  for (let n = 0; n < count; n += 1) fill(store, () => 0.1, made); // each a record with a photo
  for (let round = 0; round < 200 && [...store.rows.values()].some((row) => row.state !== "sent"); round += 1) {
    await new Outbox({ store, line, now: () => Date.now() / 1000, owner: asked.owner }).flush({ all: true });
  }
  return { seed, made, stuck: [...store.rows.values()].filter((row) => row.state !== "sent"), uploads: [...line.uploads.values()], cuts, records };
}

const found = [];
if (asked.many) {
  try { found.push(await longQueue(asked.seed, asked.many)); } catch (error) { found.push({ seed: asked.seed, made: [], stuck: [], error: String(error.stack) }); }
} else for (let seed = asked.seed; seed < asked.seed + asked.count; seed += 1) {
  try { found.push(await schedule(seed)); } catch (error) { found.push({ seed, made: [], stuck: [], error: String(error.stack) }); }
}
process.stdout.write(JSON.stringify(found));
