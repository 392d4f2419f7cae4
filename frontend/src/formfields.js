// The controls of a form that is filled, but for those that take pictures and sounds (formmedia.js).
//
// Each makes { node, group, sync(spot), focus() } from a question `q`: { item, id, say, words, change(raw), left() }.
// `group` says that the node holds several controls, which a legend names; `sync` shows what the sheet holds.
import { empty } from "./formclean.js";
import { text } from "./expressions.js";
import { button, make } from "./formparts.js";

const MANY = 12;
const SHOWN = 40;

/** Returns a control of one input element. */
function single(q, input, read = (raw) => (raw === null || raw === undefined ? "" : text(raw))) {
  input.id = q.id;
  input.addEventListener("input", () => q.change(input.value));
  input.addEventListener("change", () => { if (input.value !== read(q.spot.raw)) q.change(input.value); });
  input.addEventListener("blur", () => q.left());
  return {
    node: input,
    focus: () => input.focus(),
    sync(spot) {
      const value = read(spot.raw);
      if (document.activeElement !== input && input.value !== value) input.value = value;
      input.readOnly = spot.readOnly;
      if (input.type !== "text") input.disabled = spot.readOnly;
    },
  };
}

const field = (given) => make("input.form-control", { type: "text", autocomplete: "off", ...given });
const kinds = {};

kinds.text = (q) => single(q, field({ maxLength: 500 }));
kinds.hidden = kinds.text;
kinds.long_text = (q) => single(q, make("textarea.form-control", { rows: 4 }));
kinds.integer = (q) => single(q, field({ inputmode: "numeric" }));
kinds.decimal = (q) => single(q, field({ inputmode: "decimal" }));
kinds.phone = (q) => single(q, field({ type: "tel", inputmode: "tel" }));
kinds.date = (q) => single(q, field({ type: "date" }), (raw) => text(raw).slice(0, 10));
kinds.time = (q) => single(q, field({ type: "time" }), (raw) => text(raw).slice(0, 5));
kinds.datetime = (q) => single(q, field({ type: "datetime-local" }), (raw) => text(raw).slice(0, 16));

// --- choosing

/** Returns one choice as a label that is pressed anywhere. */
function option(q, name, many, code, label, picture) {
  const input = make("input", { type: many ? "checkbox" : "radio", name, value: code });
  const image = picture ? make("img.fq__picture", { src: picture, alt: "", loading: "lazy" }) : null;
  return { code, input, node: make("label.choice", {}, input, image, make("span", { textContent: label })), label };
}

function chosenCodes(raw) {
  if (empty(raw)) return [];
  return Array.isArray(raw) ? raw.map(String) : [text(raw)];
}

/** Returns the choices of a spot as { code, label, picture }. */
function offered(q, spot) {
  if (q.item.type === "yes_no") return [{ code: "yes", label: q.say("yes") }, { code: "no", label: q.say("no") }];
  return (spot.choices || []).map((choice) => {
    const file = q.words((choice.media || {}).image);
    return { code: choice.code, label: q.words(choice.label) || choice.code, picture: file ? q.media(file) : "" };
  });
}

function choosing(q) {
  const many = q.item.type === "choices";
  const box = make("div.choices");
  const search = make("input.form-control.fq__search", { type: "search", placeholder: q.say("search"), "aria-label": q.say("search"), hidden: true });
  const rest = make("p.field__hint", { role: "status", hidden: true });
  const clear = button(q.say("clear"), "x", () => { q.change(null); q.left(); focus(); }, "btn-quiet");
  clear.hidden = true;
  const node = make("div.fq__choose", {}, search, box, rest, clear);
  let options = [];
  let list = null;
  let shown = "";

  function draw(spot) {
    const all = offered(q, spot);
    const wanted = search.value.trim().toLowerCase();
    const codes = chosenCodes(spot.raw);
    search.hidden = all.length <= MANY;
    const fits = all.filter((each) => codes.includes(each.code) || !wanted || each.label.toLowerCase().includes(wanted) || each.code.toLowerCase().includes(wanted));
    const first = all.length > MANY ? [...fits.filter((each) => codes.includes(each.code)), ...fits.filter((each) => !codes.includes(each.code))] : fits;
    options = first.slice(0, SHOWN).map((each) => option(q, `${q.id}-c`, many, each.code, each.label, each.picture));
    box.replaceChildren(...options.map((each) => each.node));
    box.classList.toggle("fq__pictures", all.some((each) => each.picture));
    rest.hidden = all.length > 0 && first.length <= SHOWN;
    rest.textContent = all.length ? q.say("more", { count: first.length - SHOWN }) : q.say("nochoices");
  }

  search.addEventListener("input", () => { draw(q.spot); mark(q.spot); });
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  box.addEventListener("change", () => {
    const on = options.filter((each) => each.input.checked).map((each) => each.code);
    const kept = many && wantedHidden() ? chosenCodes(q.spot.raw).filter((code) => !options.some((each) => each.code === code)) : [];
    q.change(many ? [...kept, ...on] : on[0] || null);
    q.left();
  });
  const wantedHidden = () => list && list.length > options.length;
  function focus() { const target = options.find((each) => each.input.checked) || options[0]; (target ? target.input : search).focus(); }

  function mark(spot) {
    const codes = chosenCodes(typeof spot.value === "boolean" ? spot.value : spot.raw);
    for (const each of options) {
      each.input.checked = codes.includes(each.code);
      each.input.disabled = spot.readOnly;
      each.node.classList.toggle("is-on", each.input.checked);
    }
    clear.hidden = many || spot.readOnly || spot.required || !codes.length;
  }

  return {
    node, group: true, focus,
    sync(spot) {
      const now = spot.choices || [];
      const key = `${now.length}|${search.value}`;
      if (list !== now || key !== shown) { list = now; shown = key; draw(spot); }
      mark(spot);
    },
  };
}
kinds.choice = choosing;
kinds.choices = choosing;
kinds.yes_no = choosing;

kinds.rank = (q) => {
  const box = make("div.choices");
  const clear = button(q.say("clear"), "x", () => q.change(null), "btn-quiet");
  let order = [];
  const press = (code) => {
    order = order.includes(code) ? order.filter((each) => each !== code) : [...order, code];
    q.change(order.length ? order : null);
  };
  return {
    node: make("div.fq__choose", {}, make("p.field__hint", { textContent: q.say("rankhow") }), box, clear), group: true,
    focus: () => box.firstChild && box.firstChild.focus(),
    sync(spot) {
      order = chosenCodes(spot.raw);
      const codes = (spot.choices || []).map((choice) => choice.code);
      if (box.dataset.codes !== codes.join(" ")) {
        box.dataset.codes = codes.join(" ");
        box.replaceChildren(...offered(q, spot).map((each) => {
          const node = make("button.choice", { type: "button", value: each.code }, make("b.fq__rank"), make("span", { textContent: each.label }));
          node.addEventListener("click", () => press(each.code));
          return node;
        }));
      }
      for (const node of box.children) {
        const at = order.indexOf(node.value);
        node.firstChild.textContent = at < 0 ? "" : String(at + 1);
        node.setAttribute("aria-pressed", String(at >= 0));
        node.classList.toggle("is-on", at >= 0);
        node.disabled = spot.readOnly;
      }
      clear.hidden = !order.length || spot.readOnly;
    },
  };
};

kinds.acknowledge = (q) => {
  const one = option(q, q.id, true, "yes", q.say("acknowledge"));
  one.input.id = q.id;
  one.input.addEventListener("change", () => { q.change(one.input.checked ? true : null); q.left(); });
  return {
    node: one.node, focus: () => one.input.focus(), group: true,
    sync(spot) { one.input.checked = spot.value === true; one.input.disabled = spot.readOnly; one.node.classList.toggle("is-on", one.input.checked); },
  };
};

kinds.range = (q) => {
  const given = q.item.parameters || {};
  const [start, end, step] = [given.start || "1", given.end || "10", given.step || "1"].map(Number);
  const count = Math.round((end - start) / step) + 1;
  if (count <= 11) {
    const box = make("div.fq__scale");
    const options = Array.from({ length: count }, (_x, n) => { const value = String(Number((start + n * step).toPrecision(12))); return option(q, `${q.id}-r`, false, value, value); });
    box.append(...options.map((each) => each.node));
    box.addEventListener("change", () => { const on = options.find((each) => each.input.checked); q.change(on ? on.code : null); q.left(); });
    return {
      node: box, group: true, focus: () => (options.find((each) => each.input.checked) || options[0]).input.focus(),
      sync(spot) { for (const each of options) { each.input.checked = text(spot.value) === each.code; each.input.disabled = spot.readOnly; each.node.classList.toggle("is-on", each.input.checked); } },
    };
  }
  const slide = make("input.fq__slide", { type: "range", min: start, max: end, step, id: q.id });
  const said = make("output.fq__slid", { "for": q.id });
  slide.addEventListener("input", () => q.change(slide.value));
  slide.addEventListener("change", () => q.left());
  return {
    node: make("div.fq__range", {}, slide, said), focus: () => slide.focus(), main: slide,
    sync(spot) {
      if (spot.value !== null && document.activeElement !== slide) slide.value = text(spot.value);
      said.textContent = spot.value === null ? q.say("unanswered") : text(spot.value);
      slide.disabled = spot.readOnly;
    },
  };
};

// --- places

/** Asks the device once where it is; the answer is rounded, so that it says the spot and not the step. */
function position(digits) {
  return new Promise((found, failed) => {
    if (!navigator.geolocation) { failed(new Error("none")); return; }
    navigator.geolocation.getCurrentPosition(({ coords }) => found({
      lat: Number(coords.latitude.toFixed(digits)), lon: Number(coords.longitude.toFixed(digits)), accuracy: Math.max(1, Math.round(coords.accuracy)),
    }), failed, { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 });
  });
}

kinds.place = (q) => {
  const words = make("input.form-control", { type: "text", maxLength: 500, placeholder: q.say("where"), "aria-label": q.say("where") });
  const said = make("p.field__hint", { role: "status" });
  let busy = "";
  const now = () => (q.spot.raw && typeof q.spot.raw === "object" ? q.spot.raw : {});
  const keep = (more) => {
    const next = { ...now(), ...more };
    q.change(empty(next.text) && empty(next.lat) ? null : next);
  };
  const here = button(q.say("locate"), "current-location", async () => {
    busy = q.say("locating");
    sync(q.spot);
    try { keep(await position(q.host.digits)); busy = ""; } catch { busy = q.say("nolocation"); }
    q.left();
    sync(q.spot);
  });
  const pick = q.host.pick ? button(q.say("pick"), "map-2", async () => { const found = await q.host.pick(now()); if (found) { keep({ ...found, accuracy: undefined }); q.left(); } }) : null;
  const clear = button(q.say("clear"), "x", () => { busy = ""; keep({ lat: undefined, lon: undefined, accuracy: undefined }); }, "btn-quiet");
  words.addEventListener("input", () => keep({ text: words.value }));
  words.addEventListener("blur", () => q.left());
  function sync(spot) {
    const { lat, lon, accuracy, text: note = "" } = now();
    if (document.activeElement !== words && words.value !== note) words.value = note;
    const point = empty(lat) ? "" : `${lat}, ${lon}`;
    said.textContent = busy || (point ? `${q.say(accuracy ? "located" : "placed", { metres: accuracy })} ${point}` : "");
    clear.hidden = empty(lat) || spot.readOnly;
    for (const control of [here, pick, words]) if (control) control.disabled = spot.readOnly;
  }
  return { node: make("div.fq__place", {}, make("div.fq__row", {}, here, pick, clear), said, words), group: true, focus: () => here.focus(), sync };
};

// --- what is only shown

kinds.calculate = null;
kinds.note = () => ({ node: null, focus() {}, sync() {} });

/** Returns the control of a question; null where nothing is shown of it. */
export function control(q, more) {
  const kind = more[q.item.type] || kinds[q.item.type];
  return kind ? kind(q) : null;
}

