# ruff: noqa: E501  tables are wide
"""``python -m bench.scheduling``: how good and how fast schedules are; writes docs/reference/scheduling.md.

``--prove`` makes the expected values anew: each instance solved to proven optimality, or as far as it goes in the time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")

import django
import psplib

from bench import progen, report
from linli.engines.projects.rules.charting import wall_sheets
from linli.engines.projects.rules.charting.types import Paper
from linli.engines.projects.rules.scheduling import replan, schedule, slipped
from linli.engines.projects.rules.scheduling.types import (
    Activity,
    Dependency,
    Network,
    Options,
    Plan,
    Proof,
    Resource,
    Slip,
    Spell,
    Towards,
)
from linli.engines.projects.tests.charts import wall

HERE = Path(__file__).parent
EXPECTED = HERE / "j30_expected.json"
TARGET = HERE.parent / "docs" / "reference" / "scheduling.md"
START = date(2026, 1, 1)
AIM = 2.0  # per cent over the best known, on average


class EveryDay:
    """A calendar on which every day is worked, as PSPLIB counts."""

    def is_workday(self, day: date) -> bool:
        """Say yes."""
        return True


def network(path: Path) -> Network:
    """Return the project of a file of PSPLIB as parsed by the package ``psplib``."""
    found = psplib.parse(path, "psplib")
    resources = tuple(Resource(f"R{n}", r.capacity) for n, r in enumerate(found.resources, start=1))
    activities = tuple(
        Activity(
            str(n),
            duration=a.modes[0].duration,
            demands={r.key: units for r, units in zip(resources, a.modes[0].demands, strict=True) if units},
        )
        for n, a in enumerate(found.activities)
    )
    ties = tuple(Dependency(str(n), str(b)) for n, a in enumerate(found.activities) for b in a.successors)
    return Network(activities, START, ties, resources)


def made(name: str) -> Network:
    """Return the instance of that name, written in its format and read again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{name}.sm")
        path.write_text(progen.text(progen.make(name)), encoding="ascii")
        return network(path)


def makespan(plan: Plan) -> int:
    """Return the length of a plan in days."""
    return (plan.finish - START).days + 1


def digest(name: str) -> str:
    """Return what tells that the file of that name is still the same."""
    return hashlib.sha256(progen.text(progen.make(name)).encode()).hexdigest()[:16]


def prove(seconds: float) -> None:
    """Solve each instance as far as it goes and keep what is found."""
    found = {}
    for name in progen.names():
        plan = schedule(made(name), EveryDay(), options=Options(seconds=seconds, workers=os.cpu_count() or 1))
        instance = progen.make(name)
        found[name] = {
            "digest": digest(name),
            "critical_path": progen.earliest(instance.durations, instance.after)[-1],
            "lower": (plan.bound - START).days + 1,
            "best": makespan(plan),
            "proven": plan.proof is Proof.OPTIMAL,
        }
        print(name, found[name], file=sys.stderr, flush=True)
    EXPECTED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf8")


def known() -> dict[str, dict[str, Any]]:
    """Return the expected values by name."""
    found: dict[str, dict[str, Any]] = json.loads(EXPECTED.read_text(encoding="utf8"))
    return found


def over(name: str, options: Options) -> tuple[float, float, bool]:
    """Return per cent over the best known, seconds, and whether it was proven best."""
    asked = made(name)
    begin = time.perf_counter()
    plan = schedule(asked, EveryDay(), options=options)
    took = time.perf_counter() - begin
    return 100 * (makespan(plan) / known()[name]["best"] - 1), took, plan.proof is Proof.OPTIMAL


def renewal(count: int, teams: int) -> Network:
    """Return a renewal of many blocks: six steps each, teams shared, all to end together."""
    steps = (
        ("征询", 5, ""),
        ("设计", 8, ""),
        ("脚手架", 4, "t0"),
        ("外墙", 12, "t1"),
        ("管线", 6, "t2"),
        ("验收", 1, ""),
    )
    activities, ties = [], []
    for n in range(count):
        block, step = divmod(n, len(steps))
        title, days, team = steps[step]
        demands = {f"{team}{block % teams}": 1} if team else {}
        activities.append(Activity(str(n), f"{block}号楼{title}", days + n * 7 % 4, demands))
        if step:
            ties.append(Dependency(str(n - 1), str(n), lag=n % 2))
    resources = tuple(Resource(f"t{kind}{n}", 2) for kind in range(3) for n in range(teams))
    return Network(tuple(activities), START, tuple(ties), resources, deadline=START + timedelta(days=330))


def slip(options: Options) -> tuple[float, int, int, bool]:
    """Re-plan 200 activities after one takes ten days longer: seconds, how many move, how many stay, and the proof."""
    asked = renewal(200, 3)
    plan = schedule(asked, EveryDay(), options=Options(seconds=0))
    agreed = {key: Spell(p.start, p.finish) for key, p in plan.placed.items()}
    changed = slipped(asked, {"3": Slip(duration=25)})
    begin = time.perf_counter()
    moves = replan(changed, agreed, EveryDay(), options=options)
    return time.perf_counter() - begin, len(moves.moved), moves.kept, moves.plan.proof is Proof.OPTIMAL


def drawing() -> float:
    """Draw a wall chart of sixty projects: seconds."""
    chart = wall(60)
    begin = time.perf_counter()
    wall_sheets(chart, Paper.A3)
    return time.perf_counter() - begin


def page(rows: Iterable[tuple[str, str]], sections: Iterable[str]) -> str:
    """Return the page."""
    table = "\n".join(f"| {a} | {b} |" for a, b in rows)
    return (
        _HEAD + f"\nMeasured {report.machine()}.\n\n| measured | result |\n|---|---|\n{table}\n\n" + "\n".join(sections)
    )


_HEAD = """# Schedules measured

Written by `python -m bench.scheduling`; how the rules work is in [explanation/scheduling](../explanation/scheduling.md).

**What is measured against.** The set J30 of PSPLIB (Kolisch and Sprecher 1996) is the usual yardstick. No package that the
project may use ships its files and they name no licence, so the project does not carry them. Instead `bench/progen.py` makes
48 instances in the manner of ProGen with the parameters of J30, one of each of its 48 combinations, writes them in its format,
and the package `psplib` reads them. Best known values come from long runs of CP-SAT and stand in `bench/j30_expected.json`
with a digest of each file: where `proven` is true the value is the optimum, and none lies below the critical path. So this says how
close the short runs come to proven optima of problems of that kind; it does not say what the original files would give. The reader
takes original files as they are: `python -m bench.scheduling --files FOLDER` prints what it finds in them.
"""


def measure(seconds: float) -> str:
    """Measure everything and return the page."""
    expected = known()
    results = {name: over(name, Options(seconds=seconds)) for name in expected}
    quick = {name: over(name, Options(seconds=0)) for name in expected}
    gaps = [r[0] for r in results.values()]
    took, moved, kept, proven = slip(Options(seconds=1.0))
    late = schedule(renewal(200, 3), EveryDay(), options=Options(towards=Towards.LATE, seconds=0))
    rows = [
        ("instances; proven optima among their best known", f"{len(expected)}; {sum(e['proven'] for e in expected.values())}"),
        (f"solver, at most {seconds:.0f} s each, one thread: over the best known, on average (aim: at most {AIM:.0f} %)", f"{mean(gaps):.2f} %"),
        ("… at worst", f"{max(gaps):.2f} %"),
        ("… proven best in that time", f"{sum(r[2] for r in results.values())} of {len(results)}"),
        ("… seconds, on average and at worst", f"{mean(r[1] for r in results.values()):.1f} and {max(r[1] for r in results.values()):.1f}"),
        ("heuristic alone: over the best known, on average and at worst", f"{mean(r[0] for r in quick.values()):.2f} % and {max(r[0] for r in quick.values()):.2f} %"),
        ("… seconds, on average and at worst", f"{mean(r[1] for r in quick.values()):.2f} and {max(r[1] for r in quick.values()):.2f}"),
        ("200 activities, one takes ten days longer: re-planned in (aim: 2 s)", f"{took:.2f} s; {moved} move, {kept} stay; {'proven least' if proven else 'not proven least'}"),
        ("wall chart of 60 projects with 5 stages and 2 milestones each, drawn (aim: 1 s)", f"{drawing():.2f} s"),
        ("200 activities backwards from the deadline, heuristic: free days before it", str(late.margin)),
    ]  # fmt: skip
    lines = [
        "## Each instance\n",
        "| instance | critical path | best known | proven | solver | heuristic |",
        "|---|--:|--:|---|--:|--:|",
    ]
    for name, e in expected.items():
        best = "yes" if e["proven"] else f"no (≥ {e['lower']})"
        lines.append(
            f"| {name} | {e['critical_path']} | {e['best']} | {best} | +{results[name][0]:.1f} % | +{quick[name][0]:.1f} % |"
        )
    return page(rows, [*lines, ""])


def main() -> int:
    """Prove, measure, or look at files of one's own."""
    parser = argparse.ArgumentParser(prog="python -m bench.scheduling", description=__doc__)
    parser.add_argument("--prove", type=float, metavar="SECONDS", help="make the expected values anew, so long each")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--files", type=Path, help="a folder with .sm files of PSPLIB: print what is found")
    parser.add_argument("--dry", action="store_true", help="print the page instead of writing it")
    options = parser.parse_args()
    django.setup()
    if options.prove:
        prove(options.prove)
    elif options.files:
        for path in sorted(options.files.glob("*.sm")):
            plan = schedule(network(path), EveryDay(), options=Options(seconds=options.seconds))
            print(path.name, makespan(plan), plan.proof)
    elif options.dry:
        print(measure(options.seconds))
    else:
        TARGET.write_text(measure(options.seconds), encoding="utf8")
        print(f"written: docs/reference/{TARGET.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
