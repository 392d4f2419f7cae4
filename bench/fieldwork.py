# ruff: noqa: E501  tables are wide
"""``python -m bench.fieldwork``: how good and how fast visits are assigned; writes docs/reference/assignment.md."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench import report
from linli.engines.fieldwork.rules.assignment import assign
from linli.engines.fieldwork.types import Assignment, Continuity, Effort, Span, Visit, Wishes, Worker
from linli.foundation.core.coordinates import Point

TARGET = Path(__file__).parent.parent / "docs" / "reference" / "assignment.md"
MONDAY = date(2026, 3, 2)
AIM = 5.0  # per cent above the long search
MANNERS = ("clustered", "uneven", "windows")


@dataclass(frozen=True, slots=True)
class Instance:
    """One question made by lot."""

    visits: tuple[Visit, ...]
    workers: tuple[Worker, ...]


def _spots(manner: str, grid: int, count: int, dice: random.Random) -> list[Point]:
    """Return places in a grid of about 890 m by 670 m: around a few lanes, or anywhere in it."""
    south, west = 31.21 + grid // 5 * 0.008, 121.41 + (grid % 5 if grid // 5 % 2 == 0 else 4 - grid % 5) * 0.007
    if manner != "clustered":
        return [Point(south + dice.random() * 0.008, west + dice.random() * 0.007) for _ in range(count)]
    lanes = [(south + dice.random() * 0.008, west + dice.random() * 0.007) for _ in range(6)]
    found = []
    for _ in range(count):
        lat, lon = dice.choice(lanes)
        found.append(Point(lat + dice.gauss(0, 0.0004), lon + dice.gauss(0, 0.0004)))
    return found


def make(manner: str, visits: int, people: int, seed: int = 1, days: int = 3) -> Instance:
    """Return an instance: ten grids in a snake, each person in a grid and the next; 5 % of visits are by two."""
    dice = random.Random(f"{manner}:{visits}:{people}:{seed}")
    grids = max(2, min(10, people // 4))
    weights = [n + 1 if manner == "uneven" else 1 for n in range(grids)]
    counts = [visits * w // sum(weights) for w in weights]
    counts[-1] += visits - sum(counts)
    found = []
    for grid, count in enumerate(counts):
        for spot in _spots(manner, grid, count, dice):
            windows: tuple[Span, ...] = ()
            if dice.random() < (0.5 if manner == "windows" else 0.1):
                begin = dice.choice((540, 660, 780, 900))
                windows = tuple(Span(MONDAY + timedelta(days=d), begin, begin + 120) for d in range(days))
            found.append(
                Visit(
                    f"v{len(found):05}",
                    dice.choice((10, 15, 15, 20, 30)),
                    spot,
                    f"g{grid}",
                    people=2 if dice.random() < 0.05 else 1,
                    windows=windows,
                    last=frozenset({f"w{dice.randrange(people // grids) * grids + grid:03}"})
                    if dice.random() < 0.5
                    else frozenset(),
                )
            )
    workers = []
    for n in range(people):
        grid = n % grids
        shifts = tuple(Span(MONDAY + timedelta(days=d), 540, 1020) for d in range(days))
        reach = frozenset({f"g{grid}", f"g{(grid + 1) % grids}", f"g{(grid - 1) % grids}"} if manner == "uneven" else {f"g{grid}", f"g{min(grid + 1, grids - 1)}"})  # fmt: skip
        workers.append(Worker(f"w{n:03}", grids=reach, shifts=shifts, start=_spots("", grid, 1, dice)[0]))
    return Instance(tuple(found), tuple(workers))


def run(asked: Instance, effort: Effort, seconds: float | None = None) -> tuple[Assignment, float, float]:
    """Return an answer with its seconds on the wall and of the processor; cut short after ``seconds`` where given."""
    wall, cpu = time.perf_counter(), time.process_time()

    def over() -> bool:
        return seconds is not None and time.process_time() - cpu > seconds

    answer = assign(asked.visits, asked.workers, wishes=Wishes(continuity=Continuity.PREFER), effort=effort, stop=over)
    return answer, time.perf_counter() - wall, time.process_time() - cpu


def _compared(manner: str, visits: int, people: int, steps: int, long_steps: int, seconds: float) -> list[str]:
    asked = make(manner, visits, people)
    short, wall, cpu = run(asked, Effort(steps))
    long, _, spent = run(asked, Effort(long_steps), seconds)
    print(manner, visits, f"{wall:.1f} s", short.cost, long.cost, file=sys.stderr, flush=True)
    gap = 100 * (short.cost / long.cost - 1)
    walked = 100 * (short.walk_seconds / max(1, long.walk_seconds) - 1)
    service = 60 * sum(v.minutes for v in asked.visits)
    worked = 100 * ((service + short.cost) / (service + long.cost) - 1)
    loads = sorted(short.loads.values())
    return [
        manner,
        f"{visits:,} / {people}",
        f"{wall:.1f} / {cpu:.1f}",
        f"{short.walk_seconds / 3600:.1f}",
        f"{len(short.unplaced)}",
        f"{loads[0]}–{loads[-1]}",
        f"{spent:.0f}",
        f"{gap:+.1f} %",
        f"{walked:+.1f} %",
        f"{worked:+.1f} %",
    ]


_HEAD = """# Assignment measured

Written by `python -m bench.fieldwork`. Who visits what is proposed by `linli.engines.fieldwork.rules.assignment`: best
insertion, then ruin and recreate, counted in steps, so that a question has the same answer on any machine.

**What is measured against.** The same search with many more steps, cut at so many seconds of processor time as the table
says. The aim of the project is a ten-minute search on 2,000 visits; where the column says less, the long search was shorter
and the true distance is larger. Processor seconds are given beside the wall because other programs ran at the same time.

**What is compared.** *Cost* is what the search makes small: seconds walked, uneven loads, wishes for continuity, visits without
anybody; the time spent at the visits is not in it, since nothing can change it. *Walked* is the walking alone. *Work* is cost
and the time of the visits together: what the whole round takes. The aim (at most 5 %) is held against the cost, the strictest
of the three that counts everything wished for.

**Where it stands.** The aim, at most 5 % above ten minutes, is **not reached**. Measured by hand on 2026-11-22 with 2,000 visits and
40 people against a search of ten minutes, with the default of 8,000 steps: clustered +7.4 %, uneven +10.1 % of the cost, for 5 to 7
seconds of processor time. The table below says of itself what was run for it; one of fewer steps shows more.

**What forbids it.** Ten seconds of plain Python on one core. A step takes out some fifteen visits and puts each back where it
costs least, so 8,000 steps take up each of 2,000 visits about sixty times. The search is not done by then: on the clustered
instance 2,000 steps cost 232,379, 4,000 steps 221,017 (4.9 % less), 8,000 steps 207,739 (6.0 % less again), while the processor
time doubles each time. Steps for the missing 2 to 5 % would take it beyond the ten seconds on a machine like this; they are a
setting (`Effort`). What would reach it within them is the same search compiled, or several at once on several cores. Windows, grids
and pairs hold in every answer (the tests see to that); what is lost is walking, even loads and wishes.

**Instances** are made by lot from a seed. *clustered*: visits around six lanes a grid; *uneven*: grids of very different size,
people reach into both neighbours; *windows*: half of the visits have a window of two hours. In all, one visit in twenty is by
two people together, every second has a last time by somebody of the grid, and everybody is there for three days from 9:00 to 17:00.
"""


def measure(sizes: Sequence[tuple[int, int]], steps: int, long_steps: int, seconds: float) -> str:
    """Measure every manner and size and return the page."""
    lines = [
        "| instance | visits / people | seconds wall / processor | hours walked | nobody | load, minutes | long search, s | cost over it | walked over it | work over it |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for visits, people in sizes:
        for manner in MANNERS:
            lines.append("| " + " | ".join(_compared(manner, visits, people, steps, long_steps, seconds)) + " |")  # noqa: PERF401
    return (
        f"{_HEAD}\nMeasured {report.machine()}; {steps:,} steps against at most {long_steps:,}.\n\n"
        + "\n".join(lines)
        + "\n"
    )


def main() -> int:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.fieldwork", description=__doc__)
    parser.add_argument("--sizes", default="2000x40", help="VISITSxPEOPLE, comma between")
    parser.add_argument("--steps", type=int, default=Effort().steps)
    parser.add_argument("--long", type=int, default=400_000, help="steps of the long search")
    parser.add_argument("--seconds", type=float, default=600.0, help="at most, of the long search")
    parser.add_argument("--dry", action="store_true", help="print the page instead of writing it")
    options = parser.parse_args()
    sizes = [(int(a), int(b)) for a, b in (size.split("x") for size in options.sizes.split(","))]
    page = measure(sizes, options.steps, options.long, options.seconds)
    if options.dry:
        print(page)
    else:
        TARGET.write_text(page, encoding="utf8")
        print(f"written: docs/reference/{TARGET.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
