// <details class="menu">: closes by Escape, by a click elsewhere and when another opens. Dialogs and lightbox.
import { icon, word } from "./text.js";

let wired = false;

export function start(root) {
  for (const print of root.querySelectorAll("[data-print][hidden]")) { print.hidden = false; print.addEventListener("click", () => window.print()); }
  for (const dialog of root.querySelectorAll("dialog[data-open-now]:not([open])")) dialog.showModal();
  if (wired) return;
  wired = true;
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.menu[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog) { event.preventDefault(); dialog.showModal(); }
    }
    const leave = event.target.closest("[data-close-menu]");
    if (leave) { const menu = leave.closest("details"); menu.open = false; menu.querySelector("summary").focus(); }
    const closer = event.target.closest("[data-close]");
    if (closer) { event.preventDefault(); closer.closest("dialog").close(); }
    const photo = event.target.closest(".photos a[data-photo]");
    if (photo) { event.preventDefault(); showPhoto(photo); }
  });
  // A list is narrowed without a new page: what is taken out is what the address says when the button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-export]");
    if (!form) return;
    form.elements.query.value = window.location.search.slice(1);
    form.closest("details").open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details.menu[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
}

function button(name, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn--icon";
  made.setAttribute("aria-label", label);
  made.append(icon(name));
  made.addEventListener("click", act);
  return made;
}

/** Shows the photos of one grid full-size: arrow keys move, Escape closes, the focus returns. */
function showPhoto(link) {
  const links = [...link.closest(".photos").querySelectorAll("a[data-photo]")];
  let at = links.indexOf(link);
  const dialog = document.createElement("dialog");
  dialog.className = "dialog lightbox";
  const bar = document.createElement("div");
  bar.className = "lightbox__bar";
  const caption = document.createElement("p");
  caption.className = "grow m-0";
  caption.setAttribute("aria-live", "polite");
  const image = document.createElement("img");
  const show = (index) => {
    at = (index + links.length) % links.length;
    const source = links[at].querySelector("img");
    image.src = links[at].href;
    image.alt = source.alt;
    caption.textContent = `${source.alt}（${at + 1}/${links.length}）`;
    dialog.setAttribute("aria-label", source.alt);
  };
  bar.append(caption);
  if (links.length > 1) {
    bar.append(button("arrow-left", word("previous"), () => show(at - 1)), button("arrow-right", word("next"), () => show(at + 1)));
  }
  bar.append(button("x", word("close"), () => dialog.close()));
  dialog.append(bar, image);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(at - 1);
    if (event.key === "ArrowRight") show(at + 1);
  });
  dialog.addEventListener("close", () => { dialog.remove(); links[at].focus(); });
  document.body.append(dialog);
  show(at);
  dialog.showModal();
}
