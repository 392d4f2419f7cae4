// The line to the server. Only an answer counts: navigator.onLine lies. Each question has its time, and no answer is an
// error with `offline`. The token is asked for before each round and never kept.
const BASE = "/field/";
const LONG = 60000;

export class Offline extends Error {
  constructor(cause) { super("offline"); this.offline = true; this.cause = cause; }
}

export class Line {
  constructor(vault) { this.vault = vault; this.csrf = ""; this.info = null; }

  async ask(path, given = {}, time = 20000) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), time);
    try {
      const answer = await fetch(BASE + path, { credentials: "same-origin", cache: "no-store", redirect: "error", ...given, signal: stop.signal, headers: { Accept: "application/json", ...(given.headers || {}) } });
      const text = given.raw ? null : await answer.text();
      let body = {};
      try { body = text ? JSON.parse(text) : {}; } catch { if (answer.ok) throw new Offline("no answer of ours"); }
      return { status: answer.status, body, headers: answer.headers, bytes: given.raw && answer.ok ? await answer.arrayBuffer() : null };
    } catch (error) {
      throw error instanceof Offline ? error : new Offline(error);
    } finally { clearTimeout(timer); }
  }

  /** Asks who is logged in, and how late it is there. */
  async session() {
    const last = this.vault.token ? { person: this.vault.owner, token: this.vault.token } : await this.vault.meta("last");
    const query = last ? `?install=${this.vault.install}&person=${last.person}` : "";
    const began = Date.now();
    const { status, body } = await this.ask(`session/${query}`, last ? { headers: { "X-Linli-Phone": last.token } } : {}, 15000);
    if (status !== 200 && status !== 401 && status !== 404) throw new Offline(status);
    if (body.now) await this.vault.meta("offset", Math.round(Date.parse(body.now) - (began + Date.now()) / 2));
    this.csrf = body.csrf || "";
    this.info = { ...body, in: status === 200, person: status === 200 ? body.person.uuid : "", who: body.person || null, signedOut: Boolean(body.signed_out) };
    return this.info;
  }

  post(path, data) {
    return this.ask(path, { method: "POST", body: JSON.stringify(data), headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf } }, LONG);
  }

  upload(purpose, bytes, print, name = "photo.jpg") {
    const body = new FormData();
    body.append("file", new Blob([bytes], { type: "image/jpeg" }), name);
    body.append("sha256", print);
    body.append("purpose", purpose);
    return this.ask("files/", { method: "POST", body, headers: { "X-CSRFToken": this.csrf } }, LONG * 3);
  }

  get(path, headers = {}) { return this.ask(path, { headers }); }
  bytes(path) { return this.ask(path, { raw: true }); }
}
