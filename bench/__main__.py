"""``make bench``: fills and measures each database at each size in a process of its own, and writes the record."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import report, setting

TARGET = Path(__file__).parent.parent / "docs" / "reference" / "benchmarks.md"


def _run(kind: str, options: argparse.Namespace) -> list[dict[str, Any]]:
    print(f"{kind}, {options.cases} cases", file=sys.stderr, flush=True)
    with setting.work_folder() as folder, setting.database(kind, Path(folder)) as url:
        command = [
            sys.executable,
            "-m",
            "bench.child",
            "--url",
            url,
            "--data",
            f"{folder}/data",
            "--cases",
            options.cases,
        ]
        only = options.only + (",selectors" if options.selectors else "")
        command += ["--rounds", str(options.rounds), "--only", only]
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, env={**os.environ, "LINLI_LOG_LEVEL": "ERROR"}
        )
    # The server that is measured too may have had something to say between.
    lines = [line for line in done.stdout.decode().splitlines() if line.startswith("{")]
    return [{**json.loads(line), "database": kind} for line in lines]


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="make bench BENCH=…", description=__doc__)
    parser.add_argument("--cases", default="10000,100000", help="sizes, ascending, comma between (also 1000000)")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default=setting.PARTS, help=f"of {setting.PARTS},selectors")
    parser.add_argument("--selectors", action="store_true", help="also measure selectors and services without pages")
    parser.add_argument(
        "--dry", action="store_true", help="print the page instead of writing docs/reference/benchmarks.md"
    )
    options = parser.parse_args()
    found = [r for kind in options.databases.split(",") for r in _run(kind, options)]
    results = sorted(found, key=lambda r: int(r["cases"]))
    if options.dry:
        print(report.page(results, ""))
    else:
        report.write(results, TARGET)
        print(f"written: docs/reference/{TARGET.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
