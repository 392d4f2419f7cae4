// A row of tabs that is wider than the screen begins with the one that is open.

/** Brings the open tab of each row below `root` into sight, once; the page itself does not move. */
export function start(root) {
  for (const row of root.querySelectorAll(".tabs:not([data-started])")) {
    row.dataset.started = "";
    const open = row.querySelector("[aria-current]");
    if (open) row.scrollLeft = open.offsetLeft - row.offsetLeft - (row.clientWidth - open.offsetWidth) / 2;
  }
}
