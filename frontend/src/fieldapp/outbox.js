// What waits on the phone to be sent: one state machine, pure. The store, the line and the clock are given to it, so
// that the same code runs in the page and, against a bad line, in the tests.
//
//   store  list() → rows; open(id) → body; mark(id, {…}); photos(id) → [{id, sha256, tried, file}]; bytes(photo id);
//          markPhoto(id, {…}); claimed() → Set of file uuids that some photo has; arrived(id, receipt)
//   line   session() → {in, person} ; post(path, data) → {status, body}; upload(purpose, bytes, sha256, name)
//          each throws where no answer came
//
// A row: {id, seq, state, tries, next, after, path, purpose}. States: waiting, sending, sent, fix, conflict, aside.
export const WAITS = [5, 15, 60, 300, 900]; // seconds until the next try
const SENDABLE = new Set(["waiting", "sending"]);
const COMES_LATER = new Set(["fieldwork.no_former", "fieldwork.no_target"]);
const FILES = new Set(["fieldwork.files", "field.damaged"]);
const MOST_ASKED = 500;

/** Returns what an answer means for the row that was sent. */
export function outcome(status, body = {}) {
  const code = body.code || "";
  if (status === 200 || status === 201) return { state: "sent" };
  if (status === 401) return { stop: "out" };
  if (status === 403 && code === "csrf") return { renew: true };
  if (status === 408 || status === 425 || status === 429 || status >= 500) return { later: true };
  if (status === 404 && COMES_LATER.has(code)) return { later: true };
  if (status === 422 && FILES.has(code)) return { files: true };
  if (status === 409) return { state: "conflict" };
  return { state: "fix" };
}

/** Returns the seconds to wait after so many tries. */
export function wait(tries) { return WAITS[Math.min(Math.max(tries - 1, 0), WAITS.length - 1)]; }

const unsent = (rows) => rows.filter((row) => SENDABLE.has(row.state)).sort((a, b) => a.seq - b.seq);

/** Returns whether all that a row stands on has arrived. */
export function ready(row, rows) {
  return (row.after || []).every((id) => { const other = rows.find((each) => each.id === id); return !other || other.state === "sent"; });
}

export class Outbox {
  constructor({ store, line, now, owner, lock, changed = () => {} }) {
    Object.assign(this, { store, line, now, owner, changed });
    this.lock = lock || ((work) => work());
    this.running = null;
  }

  /** Sends what is due (with `all` also what should wait); returns done, offline, out, other or busy. */
  flush({ all = false } = {}) {
    if (!this.running) {
      this.running = Promise.resolve(this.lock(() => this.round(all))).finally(() => { this.running = null; });
    }
    return this.running;
  }

  async round(all) {
    let session;
    try { session = await this.line.session(); } catch (error) { return this.broken(error); }
    if (!session.in) return "out";
    if (session.person !== this.owner) return "other";
    try { return await this.sendAll(all); } catch (error) { return this.broken(error); }
  }

  broken(error) {
    if (error && error.offline) return "offline";
    throw error;
  }

  async sendAll(all) {
    await this.ask();
    const rows = await this.store.list();
    for (const row of unsent(rows)) {
      if (!ready(row, rows) || (!all && (row.next || 0) > this.now())) continue;
      const went = await this.send(row);
      if (went.stop) return went.stop;
      row.state = went.state;
      await this.changed();
    }
    return "done";
  }

  /** Asks which of those whose answer may have got lost have arrived. */
  async ask() {
    const doubtful = unsent(await this.store.list()).filter((row) => row.tries > 0);
    for (let at = 0; at < doubtful.length; at += MOST_ASKED) {
      const answer = await this.line.post("receipts/", { uuids: doubtful.slice(at, at + MOST_ASKED).map((row) => row.id) });
      if (answer.status !== 200) return;
      for (const [id, receipt] of Object.entries(answer.body.receipts)) {
        await this.store.arrived(id, receipt);
        await this.changed();
      }
    }
  }

  async send(row, again = 0) {
    // Noted before it goes: who is cut off now asks first the next time.
    await this.store.mark(row.id, { state: "sending", tries: row.tries + 1, next: this.now() + wait(row.tries + 1) });
    row.tries += 1;
    await this.changed();
    const refused = await this.sendPhotos(row);
    const body = refused ? null : await this.store.open(row.id);
    const answer = refused || await this.line.post(row.path, await this.withFiles(row, body));
    const meant = outcome(answer.status, answer.body);
    if (meant.stop) { await this.store.mark(row.id, { state: "waiting", next: 0 }); return meant; }
    if (meant.renew && again < 1) { await this.line.session(); return this.send(row, again + 1); }
    if (meant.files && again < 1) { await this.forget(row); return this.send(row, again + 1); }
    if (meant.state === "sent") { await this.store.arrived(row.id, answer.body.receipt); return meant; }
    const state = meant.later ? "waiting" : meant.state || "fix";
    await this.store.mark(row.id, { state, problem: problem(answer) });
    return { state };
  }

  /** Sends the photos that have not arrived; returns the answer that refused one, null where all are there. */
  async sendPhotos(row) {
    const missing = (await this.store.photos(row.id)).filter((photo) => !photo.file);
    if (missing.some((photo) => photo.tried)) await this.find(row, missing.filter((photo) => photo.tried));
    for (const photo of (await this.store.photos(row.id)).filter((each) => !each.file)) {
      await this.store.markPhoto(photo.id, { tried: true });
      const answer = await this.line.upload(photo.purpose || row.purpose || "record", await this.store.bytes(photo.id), photo.sha256, photo.name);
      if (answer.status !== 201 || answer.body.sha256 !== photo.sha256) return answer.status === 201 ? { status: 503, body: {} } : answer;
      await this.store.markPhoto(photo.id, { file: answer.body.uuid });
    }
    return null;
  }

  /** Finds photos whose answer got lost among those that have arrived, so that none is sent again. */
  async find(row, photos) {
    const claimed = await this.store.claimed();
    for (const purpose of new Set(photos.map((photo) => photo.purpose || row.purpose || "record"))) {
      const asked = photos.filter((photo) => (photo.purpose || row.purpose || "record") === purpose);
      const answer = await this.line.post("files/known/", { sha256: asked.map((photo) => photo.sha256), purpose });
      if (answer.status !== 200) continue;
      for (const photo of asked) {
        const file = (answer.body.files[photo.sha256] || []).find((uuid) => !claimed.has(uuid));
        if (!file) continue;
        claimed.add(file);
        await this.store.markPhoto(photo.id, { file });
      }
    }
  }

  /** A file is not there any more: what was thought to have arrived is sent anew. */
  async forget(row) {
    for (const photo of await this.store.photos(row.id)) await this.store.markPhoto(photo.id, { file: null, tried: true });
  }

  async withFiles(row, body) {
    const files = {};
    const there = new Map((await this.store.photos(row.id)).map((photo) => [photo.id, photo.file]));
    for (const [path, ids] of Object.entries(body.files || {})) {
      const found = ids.map((id) => there.get(id) || (body.arrived || {})[id]).filter(Boolean);
      if (found.length) files[path] = found;
    }
    return { ...body.payload, uuid: row.id, ...(Object.keys(files).length ? { files } : {}) };
  }
}

function problem({ status, body = {} }) {
  return { status, code: body.code || "", title: body.title || "", hint: body.detail || "", fields: body.fields || {}, there: body.there || null, uuid: body.uuid || null };
}
