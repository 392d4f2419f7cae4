// A plan's bars can be dragged: letting go asks for the preview of that slip; nothing is written before it is confirmed.
// The same is done without a mouse in the form "a node has changed" below the chart.

const DAY = 86_400_000;

function moved(start, days) {
  const day = new Date(Date.parse(`${start}T00:00:00Z`) + days * DAY);
  return day.toISOString().slice(0, 10);
}

/** How many pixels of the screen a day of the drawing takes. */
function scaleOf(svg) {
  const wide = Number(svg.dataset.day);
  return wide * (svg.getBoundingClientRect().width / svg.viewBox.baseVal.width);
}

function wire(box) {
  const svg = box.querySelector("svg[data-day]");
  if (!svg) return;
  let held = null;
  box.addEventListener("pointerdown", (event) => {
    const bar = event.target.closest("[data-movable=true]");
    if (!bar || event.button !== 0) return;
    held = { bar, from: event.clientX, days: 0 };
    box.classList.add("is-dragging");
    box.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  box.addEventListener("pointermove", (event) => {
    if (!held) return;
    const wide = scaleOf(svg);
    held.days = Math.round((event.clientX - held.from) / wide);
    held.bar.setAttribute("transform", `translate(${held.days * Number(svg.dataset.day)} 0)`);
  });
  const ask = (bar, days) => {
    const asked = new URLSearchParams({ towards: "early", slip: bar.dataset.key, slip_start: moved(bar.dataset.start, days) });
    window.location.assign(`${box.dataset.gantt}?${asked}#preview`);
  };
  let typed = 0;
  box.addEventListener("keydown", (event) => {
    const bar = event.target.closest("[data-movable=true]");
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!bar || (!step && event.key !== "Enter")) return;
    event.preventDefault();
    if (step) typed += step;
    bar.setAttribute("transform", `translate(${typed * Number(svg.dataset.day)} 0)`);
    if (event.key === "Enter" && typed) ask(bar, typed);
  });
  box.addEventListener("focusin", () => { typed = 0; });
  const drop = (event) => {
    if (!held) return;
    const { bar, days } = held;
    held = null;
    box.classList.remove("is-dragging");
    if (event.type === "pointercancel" || !days) { bar.removeAttribute("transform"); return; }
    ask(bar, days);
  };
  box.addEventListener("pointerup", drop);
  box.addEventListener("pointercancel", drop);
}

export function start(root) {
  for (const box of root.querySelectorAll("[data-gantt]:not([data-wired])")) { box.dataset.wired = ""; wire(box); }
}
