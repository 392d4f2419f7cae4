// Residents' pages: the tracking code behind the # of a QR code, and one's own 居委 by position. All of it works without.
import { word } from "./text.js";

export function start(root) {
  const code = root.querySelector("form[data-code]:not([data-wired-code])");
  if (code) {
    code.dataset.wiredCode = "";
    const typed = decodeURIComponent(location.hash.slice(1));
    if (/^[0-9A-Za-z-]{10,12}$/.test(typed)) {
      history.replaceState(null, "", location.pathname);
      code.elements.code.value = typed;
      (code.requestSubmit || code.submit).call(code);
    }
  }
  for (const button of root.querySelectorAll("[data-here][hidden]")) {
    if (!navigator.geolocation || !window.isSecureContext) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const form = button.closest("form"), label = button.lastChild;
      const said = label.textContent;
      label.textContent = word("locating");
      navigator.geolocation.getCurrentPosition(
        (p) => { form.querySelector("[data-lat]").value = p.coords.latitude; form.querySelector("[data-lon]").value = p.coords.longitude; (form.requestSubmit || form.submit).call(form); },
        () => { label.textContent = word("nolocation"); setTimeout(() => { label.textContent = said; }, 4000); },
        { enableHighAccuracy: true, timeout: 10000 },
      );
    });
  }
}

// What somebody chose stays chosen when the suggestions come anew a moment later: leaving the words asks once more.
let picked = "";
document.addEventListener("change", (event) => { if (event.target.type === "radio" && event.target.name === "category") picked = event.target.value; });
document.addEventListener("htmx:after:swap", () => {
  if (!picked || !document.getElementById("suggestions") || document.querySelector("input[name=category]:checked")) return;
  const again = document.querySelector(`input[name=category][value="${CSS.escape(picked)}"]`);
  if (again) again.checked = true;
});
