"""A form of 300 questions with 40 pictures, and what a key costs in it on a processor four times slower."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from linli.foundation.forms.tests.whole import Q, choices, form, group, q, zh
from linli.foundation.forms.types import WholeForm

SLOWER, MOST_MS, PICTURES = 4, 100, 40
KEYS = ("5", "Backspace", "1", "2", "Backspace", "9")  # sixty questions come and go, a hundred look anew
ROUNDS = 3
AFTERWARDS = 700  # what is done a moment after the last key: counting, keeping a draft
_OF_THE_KEY = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
_LISTEN = """() => { window.heard = []; new PerformanceObserver((list) => window.heard.push(...list.getEntries()
  .filter((e) => e.name === 'keydown').map((e) => [e.processingStart - e.startTime, e.duration])))
  .observe({type: 'event', durationThreshold: 16, buffered: false}); }"""


def large(form_id: str = "large") -> WholeForm:
    """Return 300 questions in ten groups: sixty hang on one, forty take pictures, a sum runs over all numbers."""
    groups = []
    for g in range(10):
        items = [
            q(f"n{g}_{i}", Q.INTEGER, label=zh(f"数量 {g}-{i}"), constraint=". >= 0 and . < 1000") for i in range(6)
        ]
        items += [q(f"c{g}_{i}", Q.CHOICE, list="marks", label=zh(f"检查 {g}-{i}")) for i in range(8)]
        items += [q(f"w{g}_{i}", label=zh(f"说明 {g}-{i}，共 ${{total}}"), relevant="${n0_0} > 1") for i in range(6)]
        items += [q(f"p{g}_{i}", Q.PHOTO, least=1, label=zh(f"照片 {g}-{i}")) for i in range(4)]
        items += [q(f"t{g}_{i}", required_when="${total} > 100", label=zh(f"其他 {g}-{i}")) for i in range(6)]
        groups.append(group(f"g{g}", *items))
    numbers = " + ".join(f"coalesce(${{n{g}_{i}}}, 0)" for g in range(10) for i in range(6))
    lists = {"marks": choices("good", "fair", "bad")}
    total = q("total", Q.CALCULATE, calculation=numbers)
    made: WholeForm = form(total, *groups, lists=lists, title="三百题", form_id=form_id)
    return made


def photo() -> dict[str, Any]:
    """Return a photo of three megapixels as a file field takes it."""
    target = io.BytesIO()
    Image.effect_noise((2048, 1536), 60).convert("RGB").save(target, "JPEG", quality=85)
    return {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}


def take_pictures(page: Any) -> None:
    """Open all groups and take forty pictures."""
    for n in range(1, 10):
        page.locator(".fold__head").nth(n).click()
    fields = page.locator(".fq__photo input[type=file]")
    fields.nth(PICTURES - 1).wait_for(state="attached")
    taken = photo()
    for n in range(PICTURES):
        fields.nth(n).set_input_files([taken])
    page.locator(".fq__photos li").nth(PICTURES - 1).wait_for(timeout=120_000)


def _worked(session: Any) -> float:
    """Return the milliseconds of processor time that the page's script, layout and style have taken so far.

    Processor time, so that what else runs on the machine does not count.
    """
    found = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    return float(sum(found[name] for name in _OF_THE_KEY) * 1000)


def type_slowly(page: Any) -> tuple[list[int], list[tuple[float, float]]]:
    """Type into a number on which sixty questions hang, four times slower.

    Returns:
        The processor time of each key in milliseconds with all that follows from it, the least of some rounds: what
        else runs on the machine cools its caches and can only add to it. And by Event Timing, which is by
        the clock and so is worse where the machine is busy, the input delay and the time until the next frame of those
        keys that took 16 ms or more.
    """
    slow = page.context.new_cdp_session(page)
    slow.send("Performance.enable", {"timeDomain": "threadTicks"})
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(_LISTEN)
    asked, costs = page.get_by_label("数量 0-0"), []
    for _round in range(ROUNDS):
        asked.fill("")
        page.wait_for_timeout(AFTERWARDS)
        costs.append([_cost(page, slow, key) for key in KEYS])
    heard = [(round(delay, 1), took) for delay, took in page.evaluate("window.heard")]
    return [min(of_key) for of_key in zip(*costs, strict=True)], heard


def _cost(page: Any, slow: Any, key: str) -> int:
    before = _worked(slow)
    page.keyboard.press(key)
    page.wait_for_timeout(AFTERWARDS)
    return round(_worked(slow) - before)
