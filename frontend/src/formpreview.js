// The phone preview of the form designer: <div data-form-preview="id of the JSON">; answers outlive a new definition.
import { fillForm } from "./formfill.js";

let last = null;

/** Returns a path in the first instance of each repeat that it goes through. */
function inFirst(items, path) {
  const [code, ...rest] = path.split("/");
  const item = items.find((each) => each.code === code);
  if (!rest.length || !item) return path;
  return `${code}${item.kind === "repeat" ? "[1]" : ""}/${inFirst(item.items, rest.join("/"))}`;
}

/** Fills `box`; what was answered in the last preview of the same form is taken over. */
export function start(box) {
  const form = JSON.parse(document.getElementById(box.dataset.formPreview).textContent);
  const words = document.getElementById("formfill-words").dataset;
  const code = (form.settings || {}).form_id || "";
  const answers = last && last.code === code ? last.filling.answers() : null;
  const filling = fillForm(box, { form, answers, words });
  last = { code, filling };
  const place = box.closest("[data-phone]");
  for (const check of place.querySelectorAll("[data-form-check]")) check.onclick = () => {
    const found = filling.check();
    const said = place.querySelector("[data-form-said]");
    if (said) said.hidden = found.length > 0;
  };
  for (const anew of place.querySelectorAll("[data-form-anew]")) anew.onclick = () => { last = null; start(box); };
  const frame = box.parentElement;
  const shown = box.dataset.show ? filling.reveal(inFirst(form.items, box.dataset.show)) : null;
  if (shown) frame.scrollTop = shown.getBoundingClientRect().top - frame.getBoundingClientRect().top - 60;
}
