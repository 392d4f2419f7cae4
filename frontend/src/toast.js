// Short messages at the foot of the page. The server sends them by the header HX-Trigger: {"toast": {"text": …, "kind": "error"}}.
import { icon, word } from "./text.js";

let wired = false;

/** Shows `text`; errors stay until they are closed. */
export function toast(text, kind = "info") {
  const region = document.getElementById("toasts");
  if (!region || !text) return;
  const box = document.createElement("div");
  box.className = `toast toast--${kind}`;
  box.setAttribute("role", kind === "error" ? "alert" : "status");
  const span = document.createElement("span");
  span.className = "grow";
  span.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn--icon";
  close.setAttribute("aria-label", word("close"));
  close.append(icon("x"));
  close.addEventListener("click", () => box.remove());
  box.append(span, close);
  region.append(box);
  if (kind !== "error") setTimeout(() => box.remove(), 6000);
}

export function start() {
  if (wired) return;
  wired = true;
  document.addEventListener("toast", (event) => {
    const told = event.detail && event.detail.value !== undefined ? event.detail.value : event.detail;
    if (typeof told === "string") toast(told);
    else if (told) toast(told.text, told.kind);
  });
  document.addEventListener("htmx:error", () => toast(word("offline"), "error"));
}
