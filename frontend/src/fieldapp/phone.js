// The phone as a whole: who uses it, what it took along, what waits. The pages ask it and are told when it changes.
import { Line } from "./line.js";
import { Outbox } from "./outbox.js";
import { Vault, uuid } from "./vault.js";

const RENEW = 10 * 60 * 1000;
const FRESH = 5 * 60 * 1000;
const BEAT = 20000;

/** The store that the outbox works on: the boxes of the vault. */
function shelf(vault) {
  return {
    list: () => vault.rows("queue"),
    open: (id) => vault.body(id),
    mark: (id, fields) => vault.change("items", id, fields),
    photos: (id) => vault.photos(id),
    bytes: (id) => vault.bytes(id),
    markPhoto: (id, fields) => vault.change("photos", id, fields),
    async claimed() { return new Set((await vault.allPhotos()).map((photo) => photo.file).filter(Boolean)); },
    async arrived(id, receipt) {
      const row = await vault.row(id);
      if (!row) return;
      const body = await vault.body(id);
      const { iv, data, box, owner, ...plain } = row;
      await vault.put("queue", id, { ...body, receipt }, { ...plain, state: "sent", problem: null, sent_at: Date.now() });
      for (const photo of await vault.photos(id)) await vault.emptyPhoto(photo.id);
    },
  };
}

export class Phone extends EventTarget {
  static async start() {
    const phone = new Phone();
    phone.vault = await Vault.open();
    phone.line = new Line(phone.vault);
    phone.state = "unknown"; // in, offline, out, other
    phone.offset = (await phone.vault.meta("offset")) || 0;
    await phone.vault.resume();
    await phone.load();
    return phone;
  }

  get locked() { return !this.vault.key; }
  get owner() { return this.vault.owner; }
  now() { return Date.now() + this.offset; }

  /** Both clocks: ours as the phone reckons it, and the phone's own. */
  moments() {
    const device = new Date();
    return { made_at: new Date(device.getTime() + this.offset).toISOString(), device_at: device.toISOString() };
  }

  tell() { this.dispatchEvent(new Event("change")); }

  async load() {
    this.pack = this.locked ? null : await this.vault.body(`package:${this.owner}`);
    this.meant = this.locked ? {} : (await this.vault.body(`own:${this.owner}`)) || {};
    await this.count();
  }

  async count() {
    this.rows = this.locked ? [] : (await this.vault.rows("queue")).sort((a, b) => b.seq - a.seq);
    this.unsent = this.rows.filter((row) => row.state !== "sent" && row.state !== "aside").length;
    const waiting = await this.vault.waiting();
    this.others = Object.entries(waiting).reduce((sum, [owner, n]) => (owner === this.owner ? sum : sum + n), 0);
    this.tell();
  }

  /** Speaks with the server: who is there, the key, what waits, what there is today. One at a time. */
  contact(given = {}) {
    if (this.contacting) { this.once_more = this.once_more || given; return this.contacting; }
    const mark = document.documentElement.dataset;
    mark.contact = "now";
    this.contacting = this.meet(given).catch((error) => { if (!error.offline) throw error; this.state = "offline"; }).finally(async () => {
      this.contacting = null;
      await this.count();
      const again = this.once_more;
      this.once_more = null;
      if (again && this.state === "in") this.contact(again);
      else mark.contact = "done";
    });
    return this.contacting;
  }

  async meet({ all = false, force = false } = {}) {
    const info = await this.line.session();
    this.offset = (await this.vault.meta("offset")) || 0;
    this.build = info.build;
    if (info.signedOut) await this.wipe();
    if (!info.in) return this.out();
    this.kept = info.kept_days || 30;
    if (!(await this.admit(info))) return null;
    this.state = "in";
    await this.count();
    const went = await this.flush({ all });
    if (went === "out") return this.out();
    if (went === "offline") this.state = "offline";
    else await this.fetch(force);
    return null;
  }

  async out() {
    this.state = "out";
    await this.vault.lock({ soon: true });
    this.tell();
  }

  async wipe() {
    const last = await this.vault.meta("last");
    if (last) await this.vault.wipe(last.person);
    this.wiped = true;
    this.pack = null;
    this.tell();
  }

  /** Takes the key for who is logged in; another person's things stay sealed and are not sent. */
  async admit(info) {
    const lease = await this.vault.meta("lease");
    const before = this.owner;
    const changed = before !== info.person;
    if (!changed && lease && lease.person.uuid === info.person && Date.now() - lease.lent < RENEW && !this.wiped) return true;
    const answer = await this.line.post("lease/", { install: this.vault.install, wiped: Boolean(this.wiped) });
    if (answer.status === 409 && answer.body.code === "fieldwork.signed_out") { await this.vault.meta("last", { person: info.person, token: "" }); await this.wipe(); return this.admit(info); }
    if (answer.status !== 200) { this.state = answer.status === 401 ? "out" : "offline"; return false; }
    await this.vault.take(info.who, answer.body, this.now());
    this.wiped = false;
    if (changed) { const other = Boolean(before); await this.load(); this.dispatchEvent(new CustomEvent("owner", { detail: { other } })); }
    return true;
  }

  flush({ all = false } = {}) {
    if (this.locked) return "other";
    const { owner } = this;
    const outbox = new Outbox({ store: shelf(this.vault), line: this.line, now: () => Date.now() / 1000, owner, lock: (work) => this.vault.turn(work), changed: () => this.count() });
    return outbox.flush({ all });
  }

  async fetch(force = false) {
    const had = this.pack && this.pack.etag;
    if (!force && had && this.pack.whole && Date.now() - this.pack.at < FRESH) return;
    const answer = await this.line.get("sync/", had ? { "If-None-Match": had } : {});
    if (answer.status === 304) this.pack = { ...this.pack, at: Date.now() };
    else if (answer.status === 200) await this.keepPack({ ...answer.body, etag: answer.headers.get("ETag"), at: Date.now() });
    if (answer.status !== 200 && (answer.status !== 304 || this.pack.whole)) return;
    // Whole only when all that belongs to it is here: where the line broke, the next contact takes the rest.
    if (await this.takeAlong()) await this.keepPack({ ...this.pack, whole: true });
    await this.tidy();
  }

  async keepPack(pack) {
    this.pack = pack;
    await this.vault.put("package", `package:${this.owner}`, pack);
    this.tell();
  }

  /** Forms by code and version, the last pictures, the ground of the map: what is not here yet. Returns whether all came. */
  async takeAlong() {
    let all = true;
    const came = (answer) => { all = all && answer.status !== 429 && answer.status < 500; return answer; };
    const forms = new Map();
    for (const each of [...Object.values(this.pack.rounds), ...this.pack.kinds, ...this.pack.returned]) if (each.form && each.version) forms.set(`${each.form}@${each.version}`, each);
    const stamps = Object.fromEntries(Object.values(this.pack.rounds).map((round) => [round.form, round.stamp || ""]));
    for (const [key, each] of forms) {
      const kept = await this.vault.form(key);
      if (kept && (stamps[each.form] === undefined || (kept.stamp || "") === stamps[each.form])) continue;
      const answer = came(await this.line.get(`forms/${each.form}/${each.version}/`));
      if (answer.status === 200) await this.vault.form(key, answer.body.form);
    }
    for (const target of Object.values(this.pack.targets)) {
      for (const file of Object.values(target.spots || {})) {
        const id = `spot:${file}`;
        if (await this.vault.row(id)) continue;
        const answer = came(await this.line.bytes(`photos/${file}/`));
        if (answer.bytes) await this.vault.put("spot", id, { bytes: [...new Uint8Array(answer.bytes)] });
      }
    }
    if (!(await this.vault.meta("ground"))) {
      const ground = came(await this.line.get("areas.json"));
      if (ground.status === 200) await this.vault.meta("ground", ground.body);
    }
    return all;
  }

  /** Lets go of what arrived long ago, and of pictures of targets that are no longer walked to. */
  async tidy() {
    const old = Date.now() - this.kept * 86400000;
    for (const row of await this.vault.rows("queue")) if (row.state === "sent" && row.sent_at < old) await this.vault.drop(row.id);
    const used = new Set(Object.values(this.pack.targets).flatMap((target) => Object.values(target.spots || {})).map((file) => `spot:${file}`));
    for (const row of await this.vault.rows("spot")) if (!used.has(row.id)) await this.vault.drop(row.id);
  }

  /** Frees space: what has been sent, pictures of the spots, the map; never what was not sent. */
  async free() {
    for (const row of await this.vault.rows("queue")) if (row.state === "sent") await this.vault.drop(row.id);
    for (const row of await this.vault.rows("spot")) await this.vault.drop(row.id);
    await this.vault.meta("ground", null);
    await this.count();
  }

  form(code, version) { return this.vault.form(`${code}@${version}`); }

  /** Puts something into the queue, and sends what can be sent; `beside` is kept in the same breath. */
  async queue({ id = uuid(), kind, path, label, payload, files = {}, arrived = {}, after = [], purpose = "record", about = "", mate = "", round = "", beside = [] }) {
    const seq = await this.next();
    const plain = { state: "waiting", seq, kind, path, purpose, after, tries: 0, next: 0, at: this.now(), about };
    await this.vault.putAll([...beside, { box: "queue", id, body: { kind, label, payload, files, arrived, about, mate, round }, plain }]);
    await this.drop(`draft:${id}`);
    await this.count();
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    this.contact({ force: path === "visits/" });
    return id;
  }

  async drop(id) { try { await this.vault.drop(id); } catch { /* the next start finds it again */ } }

  async next() {
    const seq = ((await this.vault.meta("seq")) || 0) + 1;
    await this.vault.meta("seq", seq);
    return seq;
  }

  /** Changes what waits: sent again as it is, with other content, or set aside. Other content was never sent before: it
   * is not asked about, since what arrived under its number may be what it was. */
  async resend(id, { payload = null, files = null, state = "waiting", known = {}, changed = Boolean(payload) } = {}) {
    const row = await this.vault.row(id);
    const body = await this.vault.body(id);
    const { iv, data, box, owner, ...plain } = row;
    await this.vault.put("queue", id, { ...body, ...known, payload: payload || body.payload, files: files || body.files }, { ...plain, state, next: 0, tries: changed ? 0 : plain.tries, problem: state === "aside" ? plain.problem : null });
    await this.count();
    if (state === "waiting") this.contact();
  }

  beat() {
    const meet = () => { if (document.visibilityState === "visible") this.contact(); };
    window.addEventListener("online", meet);
    document.addEventListener("visibilitychange", meet);
    window.addEventListener("pageshow", meet);
    setInterval(() => { if (this.rows.some((row) => row.state === "waiting" || row.state === "sending") || this.state !== "in" || !this.pack || Date.now() - this.pack.at > FRESH) meet(); }, BEAT);
    this.contact();
  }
}
