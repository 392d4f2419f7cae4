// The wall goes grey when its figures are old: by how long this page has had them, not by the clock of the screen.

function watch(wall) {
  let held = null;
  let since = 0;
  const look = () => {
    const now = wall.querySelector("[data-age]");
    if (now !== held) { held = now; since = performance.now(); }
    const age = now ? Number(now.dataset.age) + (performance.now() - since) / 1000 : 0;
    wall.classList.toggle("is-stale", age > Number(wall.dataset.stale));
  };
  setInterval(look, 1000);
  look();
}

export function start(root) {
  for (const wall of root.querySelectorAll("[data-wall]:not([data-wired])")) { wall.dataset.wired = ""; watch(wall); }
}
