// Photos on the phone: made small and bare, kept sealed; the place is taken once, and coarse.
import { shrink } from "../photo.js";
import { say } from "./pieces.js";

const COARSE = 3; // places after the comma: about a hundred metres

class Said extends Error { constructor(words) { super(words); this.said = words; } }

/** Returns whether a picture still carries EXIF, and so perhaps a place. */
function marked(bytes) {
  const head = new Uint8Array(bytes.slice(0, 65536));
  for (let at = 0; at < head.length - 4; at += 1) if (head[at] === 0x45 && head[at + 1] === 0x78 && head[at + 2] === 0x69 && head[at + 3] === 0x66 && head[at + 4] === 0) return true;
  return false;
}

/** Keeps one file for `item`; a picture is made small, and what cannot be read as one is refused. */
export async function keepFile(phone, item, file, plain) {
  const small = file.type.startsWith("image/") && file.type !== "image/png" && !file.name.startsWith("kept-") ? await shrink(file) : file;
  const bytes = await small.arrayBuffer();
  if (file.type.startsWith("image/") && marked(bytes)) throw new Said(say("badphoto"));
  try {
    const kept = await phone.vault.addPhoto(item, bytes, { ...plain, name: small.name || "photo.jpg", mime: small.type });
    return { ...kept, url: URL.createObjectURL(small) };
  } catch (error) {
    if (full(error)) { phone.full = true; phone.tell(); throw new Said(say("full")); }
    throw error;
  }
}

export function full(error) { return Boolean(error) && (error.name === "QuotaExceededError" || (error.inner && error.inner.name === "QuotaExceededError") || /quota/i.test(String(error.message || ""))); }

/** Returns the host of a form's files, as fillForm takes it. */
export function shelfFor(phone, item, purpose = "record") {
  const urls = new Map();
  return {
    async add(path, file) { const kept = await keepFile(phone, item, file, { path, purpose }); urls.set(kept.id, kept.url); return { id: kept.id, url: kept.url }; },
    async remove(path, id) { await phone.vault.dropPhoto(id); if (urls.has(id)) URL.revokeObjectURL(urls.get(id)); },
    async list(path) {
      const found = [];
      for (const photo of await phone.vault.photos(item)) {
        if (photo.path !== path) continue;
        if (!urls.has(photo.id) && photo.kept) urls.set(photo.id, URL.createObjectURL(new Blob([await phone.vault.bytes(photo.id)], { type: photo.mime || "image/jpeg" })));
        found.push({ id: photo.id, url: urls.get(photo.id) || "" });
      }
      return found;
    },
    close() { for (const url of urls.values()) URL.revokeObjectURL(url); },
  };
}

/** Returns where the phone is: once, coarse, null where it does not say within some seconds. */
export function place(fine = COARSE, time = 5000) {
  if (!navigator.geolocation) return Promise.resolve(null);
  return new Promise((done) => {
    const late = setTimeout(() => done(null), time + 500);
    navigator.geolocation.getCurrentPosition(
      (p) => { clearTimeout(late); done({ lat: Number(p.coords.latitude.toFixed(fine)), lon: Number(p.coords.longitude.toFixed(fine)), accuracy: Math.round(p.coords.accuracy) }); },
      () => { clearTimeout(late); done(null); },
      { timeout: time, maximumAge: 60000, enableHighAccuracy: fine > COARSE },
    );
  });
}
