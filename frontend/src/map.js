// The map: the only module that knows Leaflet. Our own drawing, no tiles unless an address is configured.
//
// <div data-map data-geo="/areas.json" data-pins="script-id or /pins.json" data-tiles="" data-attribution="">
//   <div class="mapbox__map"></div>
// A point picker stands in [data-picker] (see <c-point-picker>). Events on document:
// linli:selected {id}, linli:hover {id, from}, linli:pin {id, url} (a pin was chosen).
// A pin may have a colour (pc-… in places.css) in place of a status, and a layer: the ticks
// [data-pin-layer] of the same page show and hide the pins of theirs.
import L from "leaflet";
import { icon, word } from "./text.js";

const MANY = 500; // beyond this only the pins in sight are set
const NEAR = 44; // pixels: pins closer than this stand in each other's way
const RISE = 20; // pixels from the tip of a pin to its middle
const APART = 18.5; // from this zoom on nothing is gathered any more, only spread
const STATUSES = ["late", "new", "check", "doing", "done", "idle"];
/** Returns the class that colours a pin: its own colour, or that of its status. */
const tone = (pin) => (pin.colour ? `pc-${pin.colour}` : `st-${STATUSES.includes(pin.status) ? pin.status : "idle"}`);
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function look(kind, hot) {
  const line = css("--map-line");
  if (kind === "area") return { color: line, weight: 1, fillOpacity: 1, fillColor: css(["--map-land", "--map-hot1", "--map-hot2"][hot || 0]) };
  if (kind === "cover") return { color: line, weight: 1, fillOpacity: 0.85, fillColor: css(`--map-cover${hot || 0}`) };
  if (kind === "road") return { color: css("--map-road"), weight: 7, lineCap: "round", fill: false };
  if (kind === "water") return { stroke: false, fillColor: css("--map-water"), fillOpacity: 1 };
  if (kind === "park") return { stroke: false, fillColor: css("--map-park"), fillOpacity: 1 };
  if (TROUBLES.includes(kind)) return { color: css("--st-late"), weight: 2, dashArray: kind === "gap" ? "5 4" : null, fillColor: css(kind === "gap" ? "--st-new" : "--st-late"), fillOpacity: 0.45 };
  if (kind === "fresh") return { color: css("--st-doing"), weight: 2, fillColor: css("--st-doing"), fillOpacity: 0.12 };
  return { stroke: false, fillColor: css("--map-build"), fillOpacity: 1 };
}

const TROUBLES = ["overlap", "gap", "outside"]; // what is wrong with a file of areas
const ORDER = ["water", "area", "cover", "park", "building", "road", "fresh", ...TROUBLES];

async function json(source) {
  if (!source) return null;
  const inline = document.getElementById(source);
  if (inline) return JSON.parse(inline.textContent);
  const answer = await fetch(source, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  return answer.ok ? answer.json() : null;
}

/** Starts the map in `box` once it has a size: Leaflet made inside display:none computes NaN. */
export function start(box) {
  let map = null;
  const observer = new ResizeObserver(() => {
    const host = box.querySelector(".mapbox__map");
    if (!host.clientWidth || !host.clientHeight) return;
    if (!map) { map = new Drawing(box, host); map.load(); } else map.resized();
  });
  observer.observe(box);
  for (const holder of [box.closest("[data-picker]"), box.closest("[data-scripted]")]) if (holder) holder.classList.add("is-ready");
}

class Drawing {
  constructor(box, host) {
    this.box = box;
    this.pins = [];
    this.markers = new Map();
    this.gathered = new Map(); // pin id -> key of the mark it stands in
    this.off = new Set(); // layers that the viewer has switched off
    this.selected = box.dataset.selected || null;
    this.map = L.map(host, { zoomControl: false, attributionControl: Boolean(box.dataset.tiles || box.dataset.attribution), zoomSnap: 0.25, minZoom: 10, maxZoom: 19, keyboard: true });
    if (this.map.attributionControl) this.map.attributionControl.setPrefix(false).addAttribution(box.dataset.attribution || "");
    L.control.zoom({ position: "bottomright", zoomInTitle: word("zoomin"), zoomOutTitle: word("zoomout") }).addTo(this.map);
    L.control.scale({ position: "bottomright", imperial: false }).addTo(this.map);
    for (const [name, z] of [["ground", 300], ["labels", 450]]) {
      this.map.createPane(name).style.zIndex = z;
      this.map.getPane(name).style.pointerEvents = "none";
    }
    this.canvas = L.canvas({ pane: "ground", padding: 0.3 });
    if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { maxZoom: 19 }).addTo(this.map);
    this.map.setView([Number(box.dataset.lat || 31.2195), Number(box.dataset.lon || 121.4205)], Number(box.dataset.zoom || 15));
    const picker = box.closest("[data-picker]"); // listens at once: the ground may take its time, or never come
    this.picker = picker ? new Picker(this, picker) : null;
  }

  async load() {
    const ground = await json(this.box.dataset.geo);
    if (ground) this.draw(ground);
    const pins = await json(this.box.dataset.pins);
    this.pins = pins || [];
    this.place();
    this.map.on("zoomend", () => { this.labelsFit(); this.place(); });
    this.map.on("moveend", () => { if (this.pins.length > MANY) this.place(); });
    this.listen();
    this.box.dataset.ready = "";
  }

  draw(ground) {
    const features = [...ground.features].sort((a, b) => ORDER.indexOf(a.properties.kind) - ORDER.indexOf(b.properties.kind));
    this.layer = L.geoJSON({ type: "FeatureCollection", features }, {
      pane: "ground", interactive: false, renderer: this.canvas,
      style: (f) => look(f.properties.kind, f.properties.hot),
    }).addTo(this.map);
    const areas = L.featureGroup();
    this.layer.eachLayer((layer) => {
      const { kind, name, label } = layer.feature.properties;
      if (kind === "area" || kind === "cover" || kind === "fresh") areas.addLayer(layer);
      if (!name) return;
      const at = label ? L.latLng(label[1], label[0]) : kind === "road" ? roadEnd(layer.feature.geometry) : layer.getBounds().getCenter();
      const span = document.createElement("span");
      span.textContent = name;
      L.marker(at, { pane: "labels", interactive: false, keyboard: false, icon: L.divIcon({ className: `map-label map-label--${kind}`, html: span, iconSize: [0, 0] }) }).addTo(this.map);
    });
    this.bounds = areas.getLayers().length ? areas.getBounds() : this.layer.getBounds();
    if (!this.picker || !this.picker.moved) this.fit();
  }

  fit() {
    const [top, foot] = [".mapbox__top", ".maplegend"].map((name) => { const card = this.box.querySelector(name); return card ? card.offsetHeight + 16 : 8; });
    const wide = this.box.clientWidth >= 500;
    this.map.fitBounds(this.bounds, { animate: false, paddingTopLeft: [12, top], paddingBottomRight: [wide ? 36 : 12, foot + (wide ? 16 : 0)] });
    this.labelsFit();
  }

  labelsFit() {
    const { classList } = this.map.getPane("labels");
    classList.toggle("is-far", this.map.getZoom() < 13.9);
    classList.toggle("is-mid", this.map.getZoom() < 14.4);
  }

  resized() {
    this.map.invalidateSize({ animate: false });
    if (this.bounds && !this.moved) this.fit();
  }

  restyle() {
    if (this.layer) this.layer.setStyle((f) => look(f.properties.kind, f.properties.hot));
  }

  /** Shades the areas by how many pins lie in each: some, many. */
  heat(on) {
    if (!this.layer) return;
    const areas = this.layer.getLayers().map((l) => l.feature).filter((f) => f.properties.kind === "area");
    const counts = areas.map((f) => (on ? this.pins.filter((p) => within(p, f.geometry)).length : 0));
    const most = Math.max(1, ...counts);
    areas.forEach((f, i) => { f.properties.hot = counts[i] === 0 ? 0 : counts[i] > most / 2 ? 2 : 1; });
    this.restyle();
  }

  /** Sets the pins; those that would cover each other become one counted mark, the chosen one never. */
  place() {
    for (const marker of this.markers.values()) marker.remove();
    this.markers.clear();
    this.gathered.clear();
    const seen = this.map.getBounds().pad(0.2);
    const wanted = this.pins.filter((p) => !this.off.has(p.layer));
    const shown = wanted.length > MANY ? wanted.filter((p) => seen.contains([p.lat, p.lon])) : wanted;
    for (const group of this.groups(shown)) {
      if (group.length === 1) this.pin(group[0]);
      else if (this.map.getZoom() >= APART) this.spread(group);
      else this.cluster(group);
    }
  }

  /** Gathers pins nearer than NEAR on the screen, in their order, by looking into the nine cells around each. */
  groups(pins) {
    const cells = new Map();
    const made = [];
    for (const pin of pins) {
      const p = this.map.project([pin.lat, pin.lon]);
      const [x, y] = [Math.floor(p.x / NEAR), Math.floor(p.y / NEAR)];
      const alone = pin.id === this.selected;
      let home = null;
      for (let i = -1; i <= 1 && !home && !alone; i += 1) {
        for (let j = -1; j <= 1 && !home; j += 1) home = (cells.get(`${x + i},${y + j}`) || []).find((g) => g.at.distanceTo(p) < NEAR) || null;
      }
      if (home) { home.push(pin); continue; }
      const group = [pin];
      group.at = p;
      made.push(group);
      if (alone) continue;
      const key = `${x},${y}`;
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(group);
    }
    return made.length > MANY ? made : this.merged(made);
  }

  /** Joins groups whose marks would still touch; a single pin stands above its point, a mark on it. */
  merged(groups) {
    const kept = [];
    for (const group of groups) {
      group.seen = middle(group.map((p) => this.map.project([p.lat, p.lon]))).subtract([0, group.length === 1 ? RISE : 0]);
      const alone = group[0].id === this.selected;
      const near = alone ? null : kept.find((g) => g[0].id !== this.selected && g.seen.distanceTo(group.seen) < NEAR - 6);
      if (!near) { kept.push(group); continue; }
      near.push(...group);
      near.seen = middle(near.map((p) => this.map.project([p.lat, p.lon])));
    }
    return kept;
  }

  /** Sets pins of one spot on a ring around it, where zooming further would not part them. */
  spread(group) {
    const centre = this.map.project([group[0].lat, group[0].lon]);
    const radius = Math.max(26, (group.length * 40) / (2 * Math.PI));
    group.forEach((pin, i) => {
      const turn = (2 * Math.PI * i) / group.length;
      this.pin(pin, this.map.unproject(centre.add([radius * Math.cos(turn), radius * Math.sin(turn)])));
    });
  }

  pin(pin, at = [pin.lat, pin.lon]) {
    const body = document.createElement("span");
    body.className = "pin__body";
    body.append(icon(pin.icon || "map-pin"));
    const chosen = this.selected === pin.id ? " is-selected" : "";
    const marker = L.marker(at, {
      title: pin.title, alt: pin.title, riseOnHover: true,
      icon: L.divIcon({ className: `pin ${tone(pin)}${chosen}`, html: body, iconSize: [44, 44], iconAnchor: [22, 44] }),
    }).addTo(this.map);
    const element = marker.getElement();
    element.setAttribute("aria-label", pin.title);
    marker.on("click keypress", (event) => {
      if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
      document.dispatchEvent(new CustomEvent("linli:pin", { detail: { id: pin.id, url: pin.url } }));
    });
    for (const type of ["mouseover", "mouseout"]) {
      marker.on(type, () => document.dispatchEvent(new CustomEvent("linli:hover", { detail: { id: type === "mouseover" ? pin.id : null, from: "map" } })));
    }
    this.markers.set(pin.id, marker);
  }

  /** One mark for several: their number in a ring that shows the shares of their states. */
  cluster(group) {
    const bounds = L.latLngBounds(group.map((p) => [p.lat, p.lon]));
    const size = group.length > 99 ? 48 : group.length > 9 ? 42 : 36;
    const said = word("pinshere", { count: group.length });
    const html = document.createElement("span");
    html.className = "cluster__body";
    html.append(ring(group), document.createTextNode(String(group.length)));
    const at = L.latLng(group.reduce((sum, p) => sum + p.lat, 0) / group.length, group.reduce((sum, p) => sum + p.lon, 0) / group.length);
    const marker = L.marker(at, { title: said, riseOnHover: true, icon: L.divIcon({ className: `cluster cluster--${size}`, html, iconSize: [44, 44] }) }).addTo(this.map);
    marker.getElement().setAttribute("aria-label", said);
    marker.on("click keypress", (event) => {
      if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
      this.moved = true;
      const wanted = Math.max(this.map.getZoom() + 1, this.map.getBoundsZoom(bounds.pad(0.3)));
      this.map.setView(bounds.getCenter(), Math.min(this.map.getMaxZoom(), wanted));
    });
    const key = `many:${group[0].id}`;
    for (const pin of group) this.gathered.set(pin.id, key);
    this.markers.set(key, marker);
  }

  mark(id, name) {
    const wanted = this.gathered.get(id) || id;
    for (const [key, marker] of this.markers) {
      const element = marker.getElement();
      if (element) element.classList.toggle(name, key === wanted);
      if (name === "is-selected") marker.setZIndexOffset(key === wanted ? 1000 : 0);
    }
  }

  listen() {
    document.addEventListener("linli:selected", (event) => {
      this.selected = event.detail.id;
      this.place();
      this.mark(this.selected, "is-selected");
      const marker = this.markers.get(this.selected);
      if (marker && !this.map.getBounds().pad(-0.05).contains(marker.getLatLng())) { this.moved = true; this.map.panTo(marker.getLatLng()); }
    });
    document.addEventListener("linli:hover", (event) => this.mark(event.detail.id, "is-hover"));
    this.map.on("dragend", () => { this.moved = true; });
    new MutationObserver(() => this.restyle()).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
    if (this.selected) this.mark(this.selected, "is-selected");
    const ticks = document.querySelectorAll("[data-pin-layer]");
    const read = () => { this.off = new Set([...ticks].filter((t) => !t.checked).map((t) => t.dataset.pinLayer)); this.place(); };
    for (const tick of ticks) tick.addEventListener("change", read);
    if (ticks.length) read();
    for (const button of this.box.querySelectorAll("[data-layer]")) {
      button.addEventListener("click", () => {
        for (const other of this.box.querySelectorAll("[data-layer]")) other.setAttribute("aria-pressed", String(other === button));
        this.box.dispatchEvent(new CustomEvent("linli:layer", { bubbles: true, detail: { layer: button.dataset.layer } }));
        this.map.getPane("markerPane").hidden = button.dataset.layer !== "cases";
        this.heat(button.dataset.layer === "heat");
      });
    }
  }
}

/** Returns the mean of points on the screen. */
const middle = (points) => points.reduce((sum, p) => sum.add(p), L.point(0, 0)).divideBy(points.length);

/** Returns a ring whose arcs are the shares of the pins' states; the number beside it says the same to a reader. */
function ring(group) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 36 36");
  svg.setAttribute("aria-hidden", "true");
  let start = 0;
  for (const kind of [...new Set(group.map(tone))].sort((a, b) => STATUSES.indexOf(a.slice(3)) - STATUSES.indexOf(b.slice(3)))) {
    const share = (100 * group.filter((p) => tone(p) === kind).length) / group.length;
    const arc = document.createElementNS(space, "circle");
    for (const [name, value] of Object.entries({ cx: 18, cy: 18, r: 15.9155, class: `cluster__arc ${kind}`, "stroke-dasharray": `${share} ${100 - share}`, "stroke-dashoffset": 25 - start })) arc.setAttribute(name, value);
    svg.append(arc);
    start += share;
  }
  return svg;
}

/** Returns where the name of a road stands: at its eastern or southern end, clear of the areas' names. */
function roadEnd(geometry) {
  const line = geometry.type === "LineString" ? geometry.coordinates : geometry.coordinates.flat();
  const [first, last] = [line[0], line[line.length - 1]];
  const level = Math.abs(first[0] - last[0]) * 0.85 > Math.abs(first[1] - last[1]);
  const beyond = level ? first[0] > last[0] : first[1] < last[1];
  const end = beyond ? first : last;
  return L.latLng(end[1], end[0]);
}

/** Returns whether a pin lies in a polygon or one of several (rays, outer rings only: enough for shading). */
function within(pin, geometry) {
  const rings = geometry.type === "Polygon" ? [geometry.coordinates[0]] : geometry.coordinates.map((part) => part[0]);
  return rings.some((ring) => {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > pin.lat !== yj > pin.lat && pin.lon < ((xj - xi) * (pin.lat - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  });
}

/** Chooses one point for a form: tap, drag, the middle of the map by keyboard, or the device's position. */
class Picker {
  constructor(drawing, root) {
    this.map = drawing.map;
    this.root = root;
    this.said = root.querySelector("[data-said]");
    this.map.on("click", (event) => this.set(event.latlng.lat, event.latlng.lng, "wgs84"));
    root.querySelector("[data-middle]").addEventListener("click", () => { const c = this.map.getCenter(); this.set(c.lat, c.lng, "wgs84"); });
    root.querySelector("[data-locate]").addEventListener("click", () => this.locate());
    root.querySelector("[data-clear]").addEventListener("click", () => this.clear());
    const cross = document.createElement("div");
    cross.className = "map-crosshair";
    cross.append(icon("plus"));
    drawing.box.append(cross);
    const { lat, lon } = this.values();
    if (lat && lon) this.set(Number(lat), Number(lon), "wgs84");
    this.moved = false; // whether somebody chose before the ground had come
  }

  field(name) { return this.root.querySelector(`[data-point="${name}"]`); }

  values() { return { lat: this.field("lat").value, lon: this.field("lon").value }; }

  set(lat, lon, system, accuracy = "") {
    this.moved = true;
    placeMarker(this, lat, lon);
    this.field("lat").value = lat.toFixed(7);
    this.field("lon").value = lon.toFixed(7);
    this.field("system").value = system;
    this.field("accuracy").value = accuracy;
    this.said.textContent = accuracy ? word("locatedwithin", { metres: Math.round(accuracy) }) : word("located");
    this.root.dispatchEvent(new CustomEvent("linli:point", { bubbles: true, detail: { lat, lon, system } }));
  }

  clear() {
    for (const name of ["lat", "lon", "system", "accuracy"]) this.field(name).value = "";
    if (this.marker) { this.marker.remove(); this.marker = null; }
    this.said.textContent = "";
  }

  /** The browser answers in WGS-84; WeChat's own interface, where a page has loaded it, in GCJ-02: the server converts. */
  locate() {
    this.said.textContent = word("locating");
    if (window.wx && window.wx.getLocation && window.__wxjs_environment !== undefined) {
      window.wx.getLocation({ type: "gcj02", success: (r) => this.set(r.latitude, r.longitude, "gcj02", r.accuracy), fail: () => { this.said.textContent = word("nolocation"); } });
      return;
    }
    if (!navigator.geolocation || !window.isSecureContext) { this.said.textContent = word("nolocation"); return; }
    navigator.geolocation.getCurrentPosition(
      (p) => { this.set(p.coords.latitude, p.coords.longitude, "wgs84", p.coords.accuracy); this.map.setView([p.coords.latitude, p.coords.longitude], 17); },
      () => { this.said.textContent = word("nolocation"); },
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 },
    );
  }
}

function placeMarker(picker, lat, lon) {
  if (picker.marker) { picker.marker.setLatLng([lat, lon]); return; }
  const body = document.createElement("span");
  body.className = "pin__body";
  body.append(icon("map-pin"));
  picker.marker = L.marker([lat, lon], { draggable: true, keyboard: false, icon: L.divIcon({ className: "pin st-doing", html: body, iconSize: [44, 44], iconAnchor: [22, 44] }) }).addTo(picker.map);
  picker.marker.on("dragend", () => { const p = picker.marker.getLatLng(); picker.set(p.lat, p.lng, "wgs84"); });
}
