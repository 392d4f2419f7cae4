// A pin on a map without a list beside it: choosing it follows the link that carries its name.
let wired = false;

export function start() {
  if (wired) return;
  wired = true;
  document.addEventListener("linli:pin", (event) => {
    const link = document.querySelector(`a[data-pin="${CSS.escape(event.detail.id)}"]`);
    if (link) location.assign(link.href);
  });
}
