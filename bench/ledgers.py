# ruff: noqa: E501  tables are wide
"""``python -m bench.ledgers``: pages of ledgers, rounds and records at 10,000 and 100,000 targets.

Writes docs/reference/ledgers.md. ``bench.ledgers_filling`` says what the namespace is filled with.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench import ledgers_filling, setting

TARGET = Path(__file__).parent.parent / "docs" / "reference" / "ledgers.md"
AIM = 1.5


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured: a page, as whom it is asked, the address of the next request.

    Attributes:
        of_issue: the bar is for this one.
        fresh: what the process keeps for some seconds is dropped each time.
    """

    name: str
    who: str
    address: Callable[[], str]
    of_issue: bool = False
    fresh: bool = False


def subjects(world: Any, size: int) -> list[Subject]:
    """Return what is measured."""
    from linli.engines.fieldwork.models import Round, Target  # noqa: PLC0415  Django must be set up

    luck = random.Random(5)
    shops = list(
        Target.objects.filter(kind__code="shop")
        .order_by("pk")
        .values_list("uuid", "name", "number")[:: size // 500 or 1]
    )
    here, area = "/desk/fieldwork/ledgers/", world.areas["陶家宅"].pk
    desk = "/desk/fieldwork/"
    rounds = {r.state: r for r in Round.objects.order_by("pk")}
    open_, over = rounds["open"].uuid, rounds["closed"].uuid
    draft = rounds["draft"].uuid
    return [
        Subject("home of ledgers", "paidan", lambda: here),
        Subject("home of ledgers, nothing kept", "paidan", lambda: here, fresh=True),
        Subject("list, first page", "paidan", lambda: f"{here}of/shop/"),
        Subject("list, one area and trade", "paidan", lambda: f"{here}of/shop/?area={area}&f.trade=food"),
        Subject("list, not visited for 180 days", "paidan", lambda: f"{here}of/shop/?since=180"),
        Subject("list, one tag", "paidan", lambda: f"{here}of/shop/?tag=示范"),
        Subject("search, rare word", "paidan", lambda: f"{here}of/shop/?q={luck.choice(shops)[1][-6:]}"),
        Subject("search, number", "paidan", lambda: f"{here}of/shop/?q={luck.choice(shops)[2]}"),
        Subject("search, usual word", "paidan", lambda: f"{here}of/shop/?q=长宁路"),
        Subject("search, two words", "paidan", lambda: f"{here}of/shop/?q=永安 理发店"),
        Subject("search, nothing", "paidan", lambda: f"{here}of/shop/?q=没有这家店"),
        Subject("dossier", "paidan", lambda: f"{here}at/{luck.choice(shops)[0]}/"),
        Subject("coverage, page", "paidan", lambda: f"{here}coverage/?kind=shop&days=90", of_issue=True),
        Subject("coverage, map", "paidan", lambda: f"{here}coverage/map.json?kind=shop&days=90", of_issue=True),
        Subject(
            "coverage, page, nothing kept", "paidan", lambda: f"{here}coverage/?kind=shop&days=90", True, fresh=True
        ),
        Subject("doubles", "paidan", lambda: f"{here}of/shop/twins/"),
        Subject("flood ledgers", "paidan", lambda: f"{here}flood/"),
        Subject("rounds", "zhiban", lambda: desk),
        Subject("planner, empty", "zhiban", lambda: f"{desk}rounds/new/", of_issue=True),
        Subject("planner, all shops", "zhiban", lambda: f"{desk}rounds/{draft}/edit/", of_issue=True),
        Subject("planner, who goes", "zhiban", lambda: f"{desk}rounds/{open_}/assign/", of_issue=True),
        Subject("planner, calendar", "zhiban", lambda: f"{desk}rounds/{open_}/calendar/", of_issue=True),
        Subject("planner, map", "zhiban", lambda: f"{desk}rounds/{open_}/pins/", of_issue=True),
        Subject("board, open round", "zhiban", lambda: f"{desk}rounds/{open_}/", of_issue=True),
        Subject("board, closed round", "zhiban", lambda: f"{desk}rounds/{over}/", of_issue=True),
        Subject("visits of a round", "zhiban", lambda: f"{desk}rounds/{open_}/visits/"),
        Subject("calendar of mine", "shegong", lambda: f"{desk}calendar/"),
        Subject("what is mine", "shegong", lambda: f"{desk}mine/"),
        Subject("records of all rounds", "zhiban", lambda: f"{desk}records/"),
        Subject("records of one round", "zhiban", lambda: f"{desk}records/?round={over}"),
        Subject("records, sent back", "zhiban", lambda: f"{desk}records/?state=returned"),
        Subject("records, of a worker", "shegong", lambda: f"{desk}records/"),
        Subject("records, of a unit", "chengguan", lambda: f"{desk}records/"),
        Subject("records, of who has none", "wuye", lambda: f"{desk}records/"),
        Subject("findings of all rounds", "zhiban", lambda: f"{desk}findings/"),
        Subject("findings, come again", "zhiban", lambda: f"{desk}findings/?box=again"),
        Subject("findings, of a worker", "shegong", lambda: f"{desk}findings/"),
        Subject("review queue", "zhiban", lambda: f"{desk}review/"),
        Subject("today on a phone", "shegong", lambda: "/field/sync/"),
    ]


def _p95(took: list[float]) -> float:
    return sorted(took)[max(0, round(len(took) * 0.95) - 1)]


def measured(world: Any, size: int, rounds: int) -> list[dict[str, Any]]:
    """Return p50 and p95 in milliseconds of each subject; what a process keeps for some seconds is dropped each time."""
    from bench.measuring import Client, backend, count, timed  # noqa: PLC0415  Django must be set up
    from bench.subjects import session  # noqa: PLC0415
    from bench.wsgi import application  # noqa: PLC0415
    from linli.engines.fieldwork.selectors import covering, ledgers  # noqa: PLC0415

    found, where = [], backend()
    clients: dict[str, Client] = {}
    for subject in subjects(world, size):
        client = clients.setdefault(subject.who, Client(application, session(world.users[subject.who])))
        for _warm in range(3):
            answer = client.ask(subject.address())
            if answer.status != 200:
                raise RuntimeError(f"{subject.name}: {answer.status}")
        took, worked = [], []
        for _n in range(rounds):
            if subject.fresh:
                for kept in (covering._kept, ledgers._figures, ledgers._twins):
                    kept.clear()
            cpu, wall, database = timed(partial(client.ask, subject.address()), where)
            took.append(wall * 1000)
            worked.append((cpu + database) * 1000)
        sent = count(partial(client.ask, subject.address()))
        row = {"name": subject.name, "of_issue": subject.of_issue, "statements": sent, "bytes": len(answer.body)}
        row |= {"p50": statistics.median(took), "p95": _p95(took), "worked": statistics.median(worked)}
        print(f"    {row}", file=sys.stderr, flush=True)
        found.append(row)
    return found


def child(options: argparse.Namespace) -> int:
    """Fill and measure size after size; print JSON."""
    setting.start(Path(options.data), options.url)
    world = setting.lay_world()
    from django.db import connection  # noqa: PLC0415  Django must be set up

    from linli.engines.fieldwork import services  # noqa: PLC0415
    from linli.engines.fieldwork.models import Submission  # noqa: PLC0415
    from linli.foundation.core import clock  # noqa: PLC0415

    if connection.vendor != "postgresql":
        raise RuntimeError(connection.vendor)
    for size in map(int, options.targets.split(",")):
        with clock.frozen(setting.NOW):
            services.load_shipped(now=setting.NOW)
            begun = time.monotonic()
            ledgers_filling.targets(world, size)
            print(f"  {size:,} targets after {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
            ledgers_filling.history(world, size)
            filled = time.monotonic() - begun
            print(f"  their records after {filled:.0f} s", file=sys.stderr, flush=True)
            rows = measured(world, size, options.rounds)
        version = connection.pg_version
        result = {"targets": size, "records": Submission.objects.count(), "filled": filled, "rows": rows}
        result |= {"postgresql": f"{version // 10_000}.{version % 10_000}", "load": os.getloadavg()[0]}
        print(json.dumps(result, ensure_ascii=False), flush=True)
    return 0


_HEAD = """# Ledgers: size and speed

Written by `make bench-fieldwork`. A namespace on PostgreSQL with ordinary durability is filled with targets (shops 62 %,
companies 15 %, facilities 13 %, households 10 %), each with eleven visits, about eleven records and three facts; a round has at
most 20,000 visits, as the rulebook has it, and six in ten visits of the open rounds are done. Then whole pages are asked through
the WSGI stack, one after another, in one process.

- **p50, p95**: milliseconds by the clock. They include waiting for other programs: look at the load below.
- **work**: milliseconds of processor time of the web process and of its database process together, median. Other programs
  hardly touch it, so it is the fairer ratio where the machine is busy.
- **st.**: statements, those of session and person among them. They are the same at both sizes.
- **aim**: p95 at the full size at most 1.5 times p95 at a tenth of it, for planner, coverage map and board (marked *). Where other
  programs ran (the load says so) the ratio by the clock is chance, for the better as for the worse: what is over the aim is said
  by the ratio of the work.
  "Nothing kept" asks with the caches of a few seconds emptied before each request.
"""

_WHY = """
## Why it does not grow

Statements were looked at one by one on 2026-11-23 (`EXPLAIN (ANALYZE, BUFFERS)`, 100,000 targets, 1,060,000 records).

- A record and a visit say themselves whether they are of a guarded kind (`guarded`), and a record whether its round is reviewed
  (`review`): set when they are made while the kind is held, changed with the kind when it becomes guarded. So who may read what
  is asked of the row alone. Before, target and kind were joined under OR: 5.6 s for the records of all rounds at 500,000.
- *Records of all rounds* walk the primary key backwards until the page is full. At a million records, for who reads all:
  `Limit (rows=51) … Index Scan Backward using fieldwork_submission_pkey (58 rows read) … Buffers: shared hit=495`, 1.3 ms of
  execution; most of the statement's time is its planning. *The review queue* walks `fieldwork_submission_review`, which holds what
  waits and nothing else: 60 rows, 616 buffers, 3 ms. *Open findings* walk `fieldwork_finding_open`.
- Who reads few records finds them by index too: which rounds are a unit's is asked by one statement before (3.7 s before for a
  unit without any, 0.04 s after). What stays slow is a unit all of whose records are many and old: the walk passes the newer ones.
- A month of the calendar counts by a window over `fieldwork_visit_open` (open visits by round and day) and fetches the few that
  it shows; late visits and closed doors have indexes of their own; marks of a round are summed from its index alone.
- Coverage up to today is kept as things happen: `fieldwork_targettally` says under each day of a last visit by how many a ledger
  and an area became more or fewer. Triggers of the database add to it with each change of a target, whichever way it came (no row
  that others wait for), a job folds it every ten minutes, and a property test holds it to a count anew. So the map sums as many
  rows as there are areas and days, whether a ledger has a thousand targets or a hundred thousand. A period that is over is
  counted from its visits.
- Plans and the home of ledgers are counted along `fieldwork_target_living` (kind, area, last visit, of what is living) and nothing
  else: 97 pages for 90,000 targets instead of 4,911; the planner's count of all shops takes 9 ms instead of 88 ms. The home keeps
  its figures for 15 seconds, and likely doubles (90 ms) for a minute.
"""


def _ratio(one: dict[str, Any], other: dict[str, Any], what: str) -> float:
    return float(other[what] / one[what])


def page(results: list[dict[str, Any]], machine: str) -> str:
    """Return the page of the documentation."""
    small, large = results[0], results[-1]
    lines = [
        f"| page | st. | p50, {small['targets']:,} | p95, {small['targets']:,} | work | p50, {large['targets']:,} | p95, {large['targets']:,} | work | p95 by p95 | work by work |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for one, other in zip(small["rows"], large["rows"], strict=True):
        ratio, worked = (_ratio(one, other, what) for what in ("p95", "worked"))
        star, over = (" *", worked > AIM) if one["of_issue"] else ("", False)
        figures = " | ".join(f"{size[k]:.0f}" for size in (one, other) for k in ("p50", "p95", "worked"))
        mark = " (over the aim)" if over else ""
        lines.append(f"| {one['name']}{star} | {other['statements']} | {figures} | {ratio:.2f} | {worked:.2f}{mark} |")
    counts = (
        f"\n{large['targets']:,} targets, {large['records']:,} records, filled in {large['filled']:.0f} s. {machine}, PostgreSQL "
        f"{large['postgresql']}. Load of the machine, of which this takes about one: {small['load']:.1f} after the smaller size, "
        f"{large['load']:.1f} after the larger.\n\n"
    )
    return _HEAD + counts + "\n".join(lines) + "\n" + _WHY


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="make bench-fieldwork", description=__doc__)
    parser.add_argument("--targets", default="10000,100000", help="sizes, ascending, comma between")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--dry", action="store_true", help="print the page instead of writing it")
    parser.add_argument("--url", default="")
    parser.add_argument("--data", default="")
    options = parser.parse_args()
    if options.url:
        return child(options)
    from bench import report  # noqa: PLC0415  as the others

    with setting.work_folder() as folder, setting.database("postgres", Path(folder)) as url:
        command = [sys.executable, "-m", "bench.ledgers", "--url", url, "--data", f"{folder}/data"]
        command += ["--targets", options.targets, "--rounds", str(options.rounds)]
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, env={**os.environ, "LINLI_LOG_LEVEL": "ERROR"}
        )
    results = [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]
    text = page(results, report.machine(database=False))
    if options.dry:
        print(text)
    else:
        TARGET.write_text(text, encoding="utf8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
