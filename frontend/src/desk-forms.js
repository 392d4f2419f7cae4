// The desk's forms: Ctrl+Enter sends, a shipped sentence is put where the cursor stands, rows are added.
//
// <form data-send>                       Ctrl+Enter presses its first button
// <button data-insert="id">              puts its words into the field with that id
// <button data-hotkey="F2">              is pressed by that key anywhere in its form
// <button data-more="template-id">       adds a copy of the template before itself

function send(form) {
  form.addEventListener("keydown", (event) => {
    const hot = event.isComposing || event.repeat ? null : form.querySelector(`[data-hotkey="${CSS.escape(event.key)}"]`);
    if (hot) { event.preventDefault(); hot.click(); return; }
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    const button = form.querySelector("button[name], button:not([type=button])");
    if (button) button.click();
  });
}

function insert(button) {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.insert);
    if (!field) return;
    const words = button.textContent.trim();
    const at = field.selectionEnd === undefined ? field.value.length : field.selectionEnd;
    field.setRangeText(words, at, at, "end");
    field.focus();
    const blank = field.value.indexOf("____");
    if (blank >= 0) field.setSelectionRange(blank, blank + 4);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function more(button) {
  button.addEventListener("click", () => {
    const copy = document.getElementById(button.dataset.more).content.cloneNode(true);
    const first = copy.querySelector("input, textarea, select");
    button.before(copy);
    if (first) first.focus();
  });
}

function each(root, selector, wire) {
  for (const found of root.querySelectorAll(`${selector}:not([data-desk])`)) { found.dataset.desk = ""; wire(found); }
}

export function start(root) {
  each(root, "form[data-send]", send);
  each(root, "[data-insert]", insert);
  each(root, "[data-more]", more);
}
