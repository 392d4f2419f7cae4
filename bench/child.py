"""One database, one size: fills it, measures everything, writes JSON."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import setting

if TYPE_CHECKING:
    from bench.subjects import Subjects


def _log(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


PARTS = ("lists", "details", "figures", "sweep", "intake")


def _measured(world: Any, options: argparse.Namespace, began: float) -> dict[str, Any]:
    from bench import shares  # noqa: PLC0415  after Django is set up
    from bench.faces import Faces  # noqa: PLC0415
    from bench.selecting import Selecting  # noqa: PLC0415

    wanted = options.only.split(",")
    faces = Faces(world, options.rounds)
    sets: list[tuple[str, Subjects]] = [("rows", faces)]
    if "selectors" in wanted:
        sets.append(("selectors", Selecting(world, options.rounds)))
    answer: dict[str, Any] = {}
    for name, subjects in sets:
        for part in PARTS:
            if part in wanted and not (part == "sweep" and name == "selectors"):
                getattr(subjects, part)()
                _log(f"{name}: {part} after {time.monotonic() - began:.0f} s")
        answer[name] = subjects.rows
    if "shares" in wanted:
        answer["shares"] = shares.measure(faces.shared(), options.rounds)
    return answer


def main() -> int:
    """Measure, and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cases", required=True, help="sizes, ascending, comma between")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default=setting.PARTS)
    options = parser.parse_args()
    setting.start(options.data, options.url)
    world = setting.lay_world()
    from bench import filling, served, templates  # noqa: PLC0415
    from linli.foundation.core import clock  # noqa: PLC0415
    from linli.foundation.jobs.models import Job  # noqa: PLC0415

    sizes = [int(size) for size in options.cases.split(",")]
    began = time.monotonic()
    with clock.frozen(setting.NOW):
        templates.make(world, min(120, sizes[0] // 4))
        Job.objects.filter(schedule=None).delete()  # what was told to whom is not measured here
    filler = filling.Filler(world, sizes[0])
    for size in sizes:
        with clock.frozen(setting.NOW):
            filler.fill(size)
            took = time.monotonic() - began
            _log(f"{size:,} cases after {took:.0f} s")
            found = _measured(world, options, began)
        answer: dict[str, Any] = {"cases": size, **found, "sizes": filling.sizes()}
        if "served" in options.only.split(","):
            answer["served"] = served.measure(options.data)
            _log(f"served after {time.monotonic() - began:.0f} s")
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
