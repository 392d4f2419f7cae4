// A pin on a map without a list beside it: choosing it follows the link that carries its name, or its own address.
// Ticks of layers hide their part of the list beside the map ([data-group]) too.
let wired = false;

export function start() {
  if (wired) return;
  wired = true;
  for (const tick of document.querySelectorAll("[data-pin-layer]")) {
    const follow = () => { for (const group of document.querySelectorAll("[data-group]")) if (group.dataset.group === tick.dataset.pinLayer) group.hidden = !tick.checked; };
    tick.addEventListener("change", follow);
    follow();
  }
  document.addEventListener("linli:pin", (event) => {
    const link = document.querySelector(`a[data-pin="${CSS.escape(event.detail.id)}"]`);
    if (link || event.detail.url) location.assign(link ? link.href : event.detail.url);
  });
}
