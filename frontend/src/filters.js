// Long filters on a phone: the search stays, the rest waits behind one button that says how many are set.
import { icon, word } from "./text.js";

const OWN = "select, input:not([type=hidden]):not([type=search]), textarea";

function isSet(control) {
  if (control.closest("details")) return false;
  if (control.type === "checkbox" || control.type === "radio") return control.checked;
  return control.tagName === "SELECT" ? control.selectedIndex > 0 : control.value !== "";
}

function fold(form) {
  const search = form.querySelector(":scope > .search, :scope > .field:has([name=q])");
  const controls = [...form.querySelectorAll(OWN)].filter((control) => !search?.contains(control));
  if (!search || !controls.length) return;
  const button = document.createElement("button"), text = document.createElement("span"), chosen = controls.filter(isSet).length;
  button.type = "button";
  button.className = "btn btn-outline filterfold";
  text.textContent = chosen ? word("filtersset", { count: chosen }) : word("filters");
  button.append(icon("adjustments-horizontal"), text);
  const show = (open) => { form.classList.toggle("is-folded", !open); button.setAttribute("aria-expanded", String(open)); };
  button.addEventListener("click", () => show(form.classList.contains("is-folded")));
  search.classList.add("stays");
  search.after(button);
  form.classList.add("has-fold");
  show(false);
}

export function start(root) {
  for (const form of root.querySelectorAll("form:is(.filterbar, .finder, .fieldbar, .searchbar):not(.has-fold)")) fold(form);
}
