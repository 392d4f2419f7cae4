// What the phone keeps: IndexedDB, sealed with a key that the server lends to one person on one phone. The key cannot be
// taken out of the browser, and it is let go when its time is over; what it sealed stays, and opens after the next login.
const NAME = "linli-field";
const STORES = ["meta", "forms", "items", "photos"];
const TAG = new TextEncoder();

const asked = (request) => new Promise((done, failed) => { request.onsuccess = () => done(request.result); request.onerror = () => failed(request.error); });

/** Returns a uuid, also where the page is not secure. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
}

export async function sha256(bytes) {
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    for (const name of STORES) {
      const store = request.result.createObjectStore(name, name === "items" || name === "photos" ? { keyPath: "id" } : {});
      if (name === "items") store.createIndex("box", ["owner", "box"]);
      if (name === "photos") { store.createIndex("item", "item"); store.createIndex("owner", "owner"); }
    }
  };
  return asked(request);
}

export class Vault {
  static async open() {
    const vault = new Vault();
    vault.db = await opened();
    vault.key = null;
    vault.owner = "";
    vault.install = await vault.meta("install");
    if (!vault.install) { vault.install = uuid(); await vault.meta("install", vault.install); }
    return vault;
  }

  tx(name) { return this.db.transaction(name).objectStore(name); }

  /** Writes, and is done when it is on the disk: a storage that is full shows only then. */
  write(name, act) {
    return new Promise((done, failed) => {
      const tx = this.db.transaction(name, "readwrite");
      const request = act(tx.objectStore(name));
      tx.oncomplete = () => done(request.result);
      tx.onabort = () => failed(tx.error || request.error);
    });
  }

  /** Reads a plain value, or keeps it where one is given; nothing of anybody stands there. */
  async meta(key, value) {
    if (value === undefined) return asked(this.tx("meta").get(key));
    return this.write("meta", (shelf) => (value === null ? shelf.delete(key) : shelf.put(value, key)));
  }

  form(key, value) { return value === undefined ? asked(this.tx("forms").get(key)) : this.write("forms", (shelf) => shelf.put(value, key)); }

  /** The device's clock; set back, it stands still rather than giving the key more time. */
  async time() {
    const seen = (await this.meta("seen")) || 0;
    const now = Math.max(Date.now(), seen);
    if (now > seen + 1000) await this.meta("seen", now);
    return now;
  }

  /** Takes up the key of who used the app last; returns whether there is one whose time is not over. */
  async resume() {
    const lease = await this.meta("lease");
    if (!lease || lease.until < await this.time()) {
      if (lease) await this.lock();
      return false;
    }
    Object.assign(this, { key: lease.key, owner: lease.person.uuid, person: lease.person, token: lease.token });
    return true;
  }

  /** Takes a key that the server lent. */
  async take(person, lent, now) {
    const raw = Uint8Array.from(lent.key.match(/../g), (two) => parseInt(two, 16));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    raw.fill(0);
    const until = await this.time() + (Date.parse(lent.until) - now);
    await this.meta("lease", { person, key, token: lent.token, until, lent: Date.now() });
    await this.meta("last", { person: person.uuid, token: lent.token });
    Object.assign(this, { key, owner: person.uuid, person, token: lent.token });
  }

  /** Lets the key go; with `soon` the page that is open still reads, the next start does not. */
  async lock({ soon = false } = {}) {
    await this.meta("lease", null);
    if (!soon) Object.assign(this, { key: null, owner: "", person: null });
  }

  async seal(id, bytes) {
    if (!this.key) throw new Error("locked");
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: TAG.encode(`${this.owner}:${id}`) }, this.key, bytes);
    return { iv, data };
  }

  async unseal(row) {
    if (!this.key || row.owner !== this.owner) throw new Error("locked");
    return crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData: TAG.encode(`${row.owner}:${row.id}`) }, this.key, row.data);
  }

  /** Keeps `body` sealed in a box, with plain fields beside it. */
  put(box, id, body, plain = {}) { return this.putAll([{ box, id, body, plain }]); }

  /** Keeps several things, all of them or none: what is cut off between two would show what is never sent. */
  async putAll(things) {
    const rows = [];
    for (const { box, id, body, plain = {} } of things) rows.push({ ...plain, id, box, owner: this.owner, ...await this.seal(id, TAG.encode(JSON.stringify(body))) });
    await this.write("items", (shelf) => rows.map((row) => shelf.put(row)).pop());
  }

  async body(id) {
    const row = await asked(this.tx("items").get(id));
    return row && row.owner === this.owner ? JSON.parse(new TextDecoder().decode(await this.unseal(row))) : null;
  }

  async row(id) { const row = await asked(this.tx("items").get(id)); return row && row.owner === this.owner ? row : null; }

  /** Returns the rows of a box, without what is sealed in them. */
  async rows(box, owner = this.owner) {
    const found = await asked(this.tx("items").index("box").getAll([owner, box]));
    return found.map(({ iv, data, ...plain }) => plain);
  }

  /** Changes plain fields of a row in one transaction; nothing where it is gone. */
  change(store, id, fields) {
    return new Promise((done, failed) => {
      const tx = this.db.transaction(store, "readwrite");
      const box = tx.objectStore(store);
      const got = box.get(id);
      got.onsuccess = () => { if (got.result) box.put({ ...got.result, ...fields }); };
      tx.oncomplete = () => done(Boolean(got.result));
      tx.onabort = () => failed(tx.error);
    });
  }

  async drop(id) {
    await this.write("items", (shelf) => shelf.delete(id));
    for (const photo of await this.photos(id)) await this.dropPhoto(photo.id);
  }

  async addPhoto(item, bytes, plain) {
    const id = uuid();
    const print = await sha256(bytes);
    const sealed = await this.seal(id, bytes);
    await this.write("photos", (shelf) => shelf.put({ ...plain, id, item, owner: this.owner, sha256: print, size: bytes.byteLength, ...sealed }));
    return { id, sha256: print };
  }

  async photos(item) {
    const found = await asked(this.tx("photos").index("item").getAll(item));
    return found.filter((row) => row.owner === this.owner).map(({ iv, data, ...plain }) => ({ ...plain, kept: Boolean(data) }));
  }

  async bytes(id) {
    const row = await asked(this.tx("photos").get(id));
    return row && row.data ? this.unseal(row) : null;
  }

  async allPhotos() { return (await asked(this.tx("photos").index("owner").getAll(this.owner))).map(({ iv, data, ...plain }) => plain); }
  dropPhoto(id) { return this.write("photos", (shelf) => shelf.delete(id)); }
  emptyPhoto(id) { return this.change("photos", id, { data: null, iv: null }); }

  /** Takes away what the server has, and what was taken along; what was not sent stays, sealed. */
  async wipe(owner) {
    const items = await asked(this.tx("items").getAll());
    for (const row of items.filter((each) => each.owner === owner)) {
      if (row.box === "queue" ? row.state === "sent" : row.box !== "draft") await this.write("items", (shelf) => shelf.delete(row.id));
    }
    const left = new Set(items.filter((row) => row.owner === owner && ((row.box === "queue" && row.state !== "sent") || row.box === "draft")).map((row) => row.id));
    for (const row of await asked(this.tx("photos").index("owner").getAll(owner))) if (!left.has(row.item)) await this.dropPhoto(row.id);
    await this.lock();
  }

  /** Returns how many records of each person wait here, sent or not readable: counts alone. */
  async waiting() {
    const found = {};
    for (const row of await asked(this.tx("items").getAll())) {
      if (row.box === "queue" && row.state !== "sent") found[row.owner] = (found[row.owner] || 0) + 1;
    }
    return found;
  }

  /** One at a time over all tabs, where the browser has no locks: a row with a time. */
  async turn(work) {
    if (navigator.locks) return navigator.locks.request("linli-field-outbox", { ifAvailable: true }, (lock) => (lock ? work() : "busy"));
    const me = uuid();
    const won = await new Promise((done, failed) => {
      const tx = this.db.transaction("meta", "readwrite");
      const box = tx.objectStore("meta");
      const got = box.get("turn");
      let mine = false;
      got.onsuccess = () => { mine = !got.result || got.result.until < Date.now(); if (mine) box.put({ me, until: Date.now() + 120000 }, "turn"); };
      tx.oncomplete = () => done(mine);
      tx.onabort = () => failed(tx.error);
    });
    if (!won) return "busy";
    try { return await work(); } finally { await this.meta("turn", null); }
  }
}
