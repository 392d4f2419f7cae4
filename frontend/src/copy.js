// [data-copy="id"]: puts the formatted text whose source stands in a field on the clipboard, as HTML and as plain text.
// By the copy event and not by navigator.clipboard, which is absent without https.

function plain(html) {
  const box = document.createElement("textarea"); // reads entities, never elements or styles
  box.innerHTML = html.replace(/<\/(p|h1|h2|section)>/g, "\n").replace(/<[^>]*>/g, "");
  return box.value.replace(/\n{3,}/g, "\n\n").trim();
}

function copy(button) {
  const html = document.getElementById(button.dataset.copy).value;
  const fill = (event) => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", plain(html));
    event.preventDefault();
  };
  document.addEventListener("copy", fill, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  if (!done) return;
  const said = button.lastChild;
  const before = said.textContent;
  said.textContent = button.dataset.copied;
  setTimeout(() => { said.textContent = before; }, 3000);
}

export function start(root) {
  for (const button of root.querySelectorAll("[data-copy][hidden]")) {
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", () => copy(button));
  }
}
