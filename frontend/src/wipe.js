// Two pictures of one spot upon each other: a slider shows more of the one or of the other.
import { button, make } from "./formparts.js";
import { word } from "./text.js";

/** Returns { node, show(then, now) }; the slider is a range field, so that keys and screen readers have it as well. */
export function wiping(say) {
  const now = make("img.wipe__now", { alt: say("nowphoto") });
  const then = make("img.wipe__then", { alt: say("lastphoto") });
  const stack = make("div.wipe__stack", {}, now, then);
  const range = make("input.wipe__range", { type: "range", min: 0, max: 100, step: 1, value: 50, "aria-label": say("wipe") });
  const set = (share) => {
    const shown = Math.min(100, Math.max(0, Math.round(share)));
    range.value = shown;
    range.setAttribute("aria-valuetext", say("wiped", { n: shown }));
    stack.style.setProperty("--cut", `${shown}%`);
  };
  const drag = (event) => { const box = stack.getBoundingClientRect(); if (box.width) set(((event.clientX - box.left) * 100) / box.width); };
  range.addEventListener("input", () => set(Number(range.value)));
  stack.addEventListener("pointerdown", (event) => { event.preventDefault(); stack.setPointerCapture(event.pointerId); drag(event); });
  stack.addEventListener("pointermove", (event) => { if (stack.hasPointerCapture(event.pointerId)) drag(event); });
  set(50);
  return {
    node: make("div.wipe", {}, stack, range),
    show(before, after) { if (then.getAttribute("src") !== before) then.src = before; if (now.getAttribute("src") !== after) now.src = after; },
  };
}

const large = (image) => { const link = image.closest("a"); return link ? link.href : image.src; };

/** Gives a pair of pictures on a page ([data-wipe]; the pictures, or what holds them, [data-wipe-of=then|now]) a button that lays them upon each other. */
export function start(root) {
  for (const pair of root.querySelectorAll("[data-wipe]:not([data-wired])")) {
    pair.dataset.wired = "";
    const [then, now] = ["then", "now"].map((each) => pair.querySelector(`img[data-wipe-of=${each}], [data-wipe-of=${each}] img`));
    if (!then || !now) continue;
    const box = make("div.wipebox", {});
    let slider = null;
    const opener = button(word("wipeopen"), "photo", () => {
      if (slider) { slider.node.remove(); slider = null; } else {
        slider = wiping(word);
        slider.show(large(then), large(now));
        box.append(slider.node);
        slider.node.querySelector("input").focus({ preventScroll: true });
      }
      opener.setAttribute("aria-expanded", String(Boolean(slider)));
    }, "btn-quiet");
    opener.setAttribute("aria-expanded", "false");
    box.append(opener);
    pair.after(box);
  }
}
