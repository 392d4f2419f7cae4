"""Runs every test: once on SQLite, then those that touch a database, and the browser's, on PostgreSQL.

Rules need no database and so are tested once. The PostgreSQL server is started here, once
for all workers, and stopped at the end whatever happens.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time

from tests import postgres

_EMPTY = 5  # pytest's exit code when no test was selected
_COMMON = [
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "--durations=10",
    "--durations-min=1",
    "-rR",
    "-n",
    "2",
    "--dist",
    "loadgroup",
]


def _run(title: str, marks: str, arguments: list[str], **environment: str) -> tuple[int, float]:
    print(f"\n=== {title}", flush=True)
    began = time.monotonic()
    done = subprocess.run(
        [*_COMMON, "-m", marks, *arguments], check=False, env={**os.environ, **environment}, stdin=subprocess.DEVNULL
    )
    return done.returncode, time.monotonic() - began


def main() -> int:
    """Run the suite; return pytest's exit code, the first that is not 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--soak", action="store_true", help="only the tests marked soak")
    parser.add_argument("--fast", action="store_true", help="on SQLite, without the browser and what is marked slow")
    parser.add_argument("rest", nargs="*", help="handed on to pytest")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server below is stopped then too
    sqlite, both = "(not browser or smoke) and not soak", "(db or browser) and not soak"
    if options.soak:
        sqlite = both = "soak"
    if options.fast:
        code, seconds = _run(
            "Fast", "not browser and not slow and not soak", options.rest, LINLI_TEST_DATABASE="sqlite"
        )
        print(f"{seconds:.0f} s", flush=True)
        return code
    first, seconds = _run("SQLite", sqlite, options.rest, LINLI_TEST_DATABASE="sqlite")
    took = [f"SQLite {seconds:.0f} s"]
    server = postgres.server(cleanup_mode="stop")
    try:
        second, seconds = _run(
            "PostgreSQL", both, options.rest, LINLI_TEST_DATABASE="postgres", LINLI_TEST_POSTGRES=server.get_uri()
        )
    finally:
        server.cleanup()
    took.append(f"PostgreSQL {seconds:.0f} s")
    print(", ".join(took), flush=True)
    if options.soak:
        return next((code for code in (first, second) if code not in {0, _EMPTY}), 0)
    return first or second


if __name__ == "__main__":
    raise SystemExit(main())
