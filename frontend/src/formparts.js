// Small pieces of a form that is filled: making nodes, words with numbers put in, icons, buttons.
import { icon } from "./text.js";

let counter = 0;

/** Returns an id that no other part has. */
export function fresh() { counter += 1; return `fq${counter}`; }

/** Returns an element: tag.class.class, its properties (data-…, aria-… as attributes), its children. */
export function make(kind, given = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.includes("-") || name === "for" || name === "role" || name === "inputmode" || name === "capture") node.setAttribute(name, value === true ? "" : value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Returns a button with an icon before its words. */
export function button(words, sign, press, kind = "btn-outline") {
  const node = make(`button.btn.${kind}`, { type: "button" }, sign ? icon(sign) : null, make("span", { textContent: words }));
  node.addEventListener("click", press);
  return node;
}

/** Returns a speaker of the host's words: say("least", { least: 2 }). */
export function speaker(words = {}) {
  return (key, given = {}) => (words[key] || key).replace(/\{(\w+)\}/g, (all, name) => (name in given ? String(given[name]) : all));
}

/** Returns words (language → text) in the reader's language, else in that of the form, else in any. */
export function inWords(words, languages) {
  if (!words) return "";
  for (const language of languages) if (words[language]) return words[language];
  return Object.values(words).find(Boolean) || "";
}

/** Returns a button that opens a file field, as the house shows it. */
export function fileButton(words, sign, given, chosen) {
  const input = make("input", { type: "file", "aria-label": words, ...given });
  input.addEventListener("change", () => { const files = [...input.files]; input.value = ""; if (files.length) chosen(files); });
  return make("div.filebutton", {}, input, make("span.btn.btn-outline", { "aria-hidden": "true" }, icon(sign), make("span", { textContent: words })));
}
