// Pictures, sounds, signatures and codes of a form that is filled. The host keeps them: photos = { add, remove, list }.
import { empty } from "./formclean.js";
import { button, fileButton, make } from "./formparts.js";
import { shrink } from "./photo.js";
import { start as wireVoice } from "./voice.js";
import { wiping } from "./wipe.js";

/** Opens the camera in a dialog; returns what `use(video, dialog)` resolves to, null where it was closed. */
async function withCamera(say, use) {
  const video = make("video.fq__video", { muted: true, playsInline: true, autoplay: true });
  const view = make("div.fq__view", {}, video);
  const foot = make("div.dialog__foot");
  const dialog = make("dialog.dialog", { "aria-label": say("camera") }, view, foot);
  let stream = null;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 } } });
    video.srcObject = stream;
    document.body.append(dialog);
    dialog.showModal();
    return await new Promise((done) => {
      foot.append(button(say("cancel"), "x", () => dialog.close(), "btn-quiet"));
      dialog.addEventListener("close", () => done(null));
      use({ video, view, foot, dialog, done });
    });
  } finally {
    if (stream) for (const track of stream.getTracks()) track.stop();
    dialog.remove();
  }
}

const hasCamera = () => Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia && window.HTMLDialogElement);

function still(video) {
  const canvas = make("canvas", { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((done) => canvas.toBlob((blob) => done(new File([blob], "photo.jpg", { type: "image/jpeg" })), "image/jpeg", 0.85));
}

/** Takes a picture with the last one half-transparent over the view. */
function shoot(say, last) {
  return withCamera(say, ({ video, view, foot, dialog, done }) => {
    if (last) view.append(make("img.fq__ghost", { src: last, alt: "" }));
    foot.append(button(say("shoot"), "camera", async () => { if (video.videoWidth) { done(await still(video)); dialog.close(); } }, "btn-primary"));
  });
}

/** The files of a question: those that stand in its answer, kept by the host. */
class Shelf {
  constructor(q, single) {
    this.q = q;
    this.single = single;
    this.urls = new Map();
    this.status = make("p.field__hint", { role: "status" });
    this.load();
  }

  async load() {
    for (const each of (await this.q.host.photos.list(this.q.path())) || []) this.urls.set(each.id, each.url);
    this.q.sync();
  }

  get ids() { const { raw } = this.q.spot; return empty(raw) ? [] : Array.isArray(raw) ? raw.map(String) : [String(raw)]; }

  async add(files) {
    this.status.textContent = this.q.say("saving");
    let failed = "";
    for (const file of files) {
      try {
        const kept = await this.q.host.photos.add(this.q.path(), await shrink(file));
        this.urls.set(kept.id, kept.url);
        const before = this.ids;
        this.q.change(this.single ? kept.id : [...before, kept.id]);
        if (this.single) for (const id of before) await this.q.host.photos.remove(this.q.path(), id);
      } catch (error) { failed = (error && error.said) || this.q.say("notsaved"); }
    }
    this.status.textContent = failed;
    this.q.left();
  }

  async remove(id) {
    const rest = this.ids.filter((each) => each !== id);
    this.q.change(rest.length && !this.single ? rest : null);
    await this.q.host.photos.remove(this.q.path(), id);
    this.q.left();
  }
}

function photo(q) {
  const shelf = new Shelf(q, false);
  const list = make("ul.fq__photos");
  const count = make("p.field__hint.fq__count");
  const take = fileButton(q.say("takephoto"), "camera", { id: q.id, accept: "image/*", multiple: (q.item.most || 2) !== 1, "aria-describedby": `${q.id}-note` }, (files) => shelf.add(files));
  const last = q.item.same_spot ? q.last() : "";
  const ghost = last && hasCamera() ? button(q.say("samespot"), "camera", async () => {
    try { const file = await shoot(q.say, last); if (file) await shelf.add([file]); } catch { shelf.status.textContent = q.say("nocamera"); }
  }) : null;
  const compare = last ? comparing(q, last) : null;

  function sync(spot) {
    const ids = shelf.ids;
    if (list.dataset.ids !== ids.join(" ") || list.dataset.known !== String(shelf.urls.size)) {
      list.dataset.ids = ids.join(" ");
      list.dataset.known = String(shelf.urls.size);
      list.replaceChildren(...ids.map((id, n) => {
        const off = button(q.say("removephoto", { n: n + 1 }), "x", () => shelf.remove(id), "btn-quiet");
        off.classList.add("btn--icon", "fq__off");
        off.lastChild.classList.add("visually-hidden");
        return make("li", {}, shelf.urls.get(id) ? make("img", { src: shelf.urls.get(id), alt: q.say("photon", { n: n + 1 }), loading: "lazy", decoding: "async" }) : make("span.quiet", { textContent: q.say("photon", { n: n + 1 }) }), off);
      }));
      if (compare) compare.show(ids.length ? shelf.urls.get(ids[0]) : "");
    }
    count.textContent = q.item.least ? q.say("photocount", { now: ids.length, least: q.item.least }) : "";
    const full = Boolean(q.item.most && ids.length >= q.item.most) || spot.readOnly;
    take.firstChild.disabled = full;
    if (ghost) ghost.disabled = full;
  }
  return { node: make("div.fq__photo", {}, compare ? compare.node : null, list, count, make("div.fq__row", {}, take, ghost), shelf.status), group: true, focus: () => take.firstChild.focus(), sync };
}

/** Shows the last picture of the spot; once there is a new one, both upon each other with a slider. */
function comparing(q, last) {
  const then = make("img.fq__last", { src: last, alt: q.say("lastphoto"), loading: "lazy" });
  const both = wiping(q.say);
  both.node.hidden = true;
  return {
    node: make("figure.fq__compare", {}, make("figcaption.field__hint", { textContent: q.say("lastphoto") }), then, both.node),
    show(url) {
      if (url) both.show(last, url);
      both.node.hidden = !url;
      then.hidden = Boolean(url);
    },
  };
}

function signature(q) {
  const shelf = new Shelf(q, true);
  const canvas = make("canvas.fq__canvas", { "aria-label": q.say("signhere"), role: "img" });
  const done = make("img.fq__signed", { alt: q.say("signed"), hidden: true });
  const again = button(q.say("signagain"), "refresh", () => { const [id] = shelf.ids; if (id) shelf.remove(id); wipe(); });
  const scan = fileButton(q.say("signphoto"), "upload", { id: q.id, accept: "image/*" }, (files) => shelf.add(files.slice(0, 1)));
  const hint = make("p.field__hint", { textContent: q.say("signhere") });
  let pen = null;
  let drawn = false;
  let later = 0;

  function wipe() {
    drawn = false;
    const scale = window.devicePixelRatio || 1;
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * scale));
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * scale));
    pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { lineWidth: 2.5 * scale, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
    pen.setTransform(1, 0, 0, 1, 0, 0);
  }
  const point = (event) => { const box = canvas.getBoundingClientRect(); return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height]; };
  canvas.addEventListener("pointerdown", (event) => {
    if (q.spot.readOnly) return;
    event.preventDefault();
    clearTimeout(later);
    if (!drawn) wipe();
    drawn = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...point(event));
  });
  canvas.addEventListener("pointermove", (event) => { if (canvas.hasPointerCapture(event.pointerId)) { pen.lineTo(...point(event)); pen.stroke(); } });
  canvas.addEventListener("pointerup", () => { if (drawn) later = setTimeout(keep, 900); });
  async function keep() {
    clearTimeout(later);
    if (!drawn) return;
    const blob = await new Promise((found) => canvas.toBlob(found, "image/png"));
    drawn = false;
    await shelf.add([new File([blob], "signature.png", { type: "image/png" })]);
  }

  return {
    node: make("div.fq__sign", {}, hint, canvas, done, make("div.fq__row", {}, again, scan), shelf.status), group: true,
    focus: () => scan.firstChild.focus(), end: keep,
    sync(spot) {
      const [id] = shelf.ids;
      const url = id ? shelf.urls.get(id) : "";
      done.hidden = !id;
      canvas.hidden = hint.hidden = Boolean(id);
      if (url && done.src !== url) done.src = url;
      again.hidden = !id || spot.readOnly;
      scan.hidden = Boolean(id) || spot.readOnly;
    },
  };
}

function attachment(accept, words, sign) {
  return (q) => {
    const shelf = new Shelf(q, true);
    const choose = fileButton(q.say(words), sign, { id: q.id, accept }, (files) => shelf.add(files.slice(0, 1)));
    const shown = make("div.fq__row", { hidden: true }, make("span", { textContent: q.say("filekept") }), button(q.say("remove"), "trash", () => { const [id] = shelf.ids; if (id) shelf.remove(id); }, "btn-quiet"));
    return {
      node: make("div.fq__file", {}, choose, shown, shelf.status), group: true, focus: () => choose.firstChild.focus(),
      sync(spot) { shown.hidden = !shelf.ids.length; choose.firstChild.disabled = spot.readOnly; },
    };
  };
}

/** A recording, made with the same piece as a voice note; without a microphone one chooses a file. */
function audio(q) {
  const shelf = new Shelf(q, true);
  const record = make("button.btn.btn-outline", { type: "button", "data-record": true, hidden: true }, make("span", { textContent: q.say("record") }));
  const choose = fileButton(q.say("chooseaudio"), "microphone", { id: q.id, accept: "audio/*" }, (files) => shelf.add(files.slice(0, 1)));
  const input = make("input", { type: "file", accept: "audio/*", hidden: true, tabIndex: -1, "aria-hidden": "true" });
  input.addEventListener("change", () => { if (input.files.length) shelf.add([input.files[0]]); });
  const player = make("audio", { controls: true, hidden: true });
  const off = button(q.say("remove"), "trash", () => { const [id] = shelf.ids; player.hidden = true; if (id) shelf.remove(id); }, "btn-quiet");
  const node = make("div.fq__file", { "data-voice": true, "data-seconds": "300" }, input, make("div.fq__row", {}, record, choose, off), player, make("span.field__hint", { "data-said": true, role: "status" }), shelf.status);
  wireVoice(make("div", {}, node));
  return {
    node, group: true, focus: () => (record.hidden ? choose.firstChild : record).focus(),
    sync() {
      const [id] = shelf.ids;
      if (id && shelf.urls.get(id) && player.src !== shelf.urls.get(id)) { player.src = shelf.urls.get(id); player.hidden = false; }
      off.hidden = !id;
    },
  };
}

function barcode(q) {
  const input = make("input.form-control", { type: "text", id: q.id, maxLength: 500, autocomplete: "off" });
  const said = make("p.field__hint", { role: "status" });
  // Where the browser reads no codes (iPhones, most of WeChat) the number under the code is typed, and the field says so.
  if (!(window.BarcodeDetector && hasCamera())) said.textContent = q.say("noscan");
  const scan = window.BarcodeDetector && hasCamera() ? button(q.say("scan"), "qrcode", async () => {
    try {
      const found = await withCamera(q.say, reading);
      if (found) { input.value = found; q.change(found); }
      said.textContent = "";
    } catch { said.textContent = q.say("nocamera"); }
    q.left();
  }) : null;
  input.addEventListener("input", () => q.change(input.value));
  input.addEventListener("blur", () => q.left());
  return {
    node: make("div.fq__place", {}, make("div.fq__row", {}, input, scan), said), main: input, focus: () => input.focus(),
    sync(spot) { if (document.activeElement !== input) input.value = spot.raw === null ? "" : String(spot.raw); input.readOnly = spot.readOnly; },
  };
}

/** Reads codes from the camera until one is found or the dialog is closed. */
function reading({ video, dialog, done }) {
  const detector = new window.BarcodeDetector();
  const look = async () => {
    if (!dialog.open) return;
    try {
      const found = video.videoWidth ? await detector.detect(video) : [];
      if (found.length) { done(found[0].rawValue); dialog.close(); return; }
    } catch { /* this picture could not be read: the next one may */ }
    setTimeout(look, 200);
  };
  look();
}

export const MEDIA = {
  photo, signature, audio, barcode, file: attachment("", "choosefile", "paperclip"), video: attachment("video/*", "choosevideo", "upload"),
};
