# ruff: noqa: E501  tables are wide
"""Writes what was measured as a page of the documentation and as JSON."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

_HEAD = """# Benchmarks

Written by `make bench`; the numbers of this page come from one run. Read the ratios, not the milliseconds: each subject runs
turn about with its floor in the same process, so that both meet the same noise.

- **Floor**: a bare Django view with nothing around it that writes two rows in one transaction, reads fifty rows of one table
  by primary key, or reads one row.
- **CPU ms**: processor time of the web process for one request through the whole WSGI stack (session, person, grants,
  locale, security headers), median. **DB ms**: processor time of the database process, mean (SQLite runs inside the web
  process, so its time is in the CPU column). **Wall ms** p50 and p95 include waiting for the disk and for other programs.
- **Ratio**: CPU over the floor's CPU. The aim is 3. **st.** counts statements, those of session, person and `BEGIN` among them.
- The namespace is filled by bulk copies of cases that went through the services: 4 % open, the others closed within two years;
  with events, clocks, reporters, journal entries and search rows. Jobs and messages are left out.
- PostgreSQL runs with ordinary durability (fsync on), SQLite with WAL and `synchronous=NORMAL`.
"""


def machine() -> str:
    """Return what it ran on, without naming the machine."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.0f}, Python "
        f"{platform.python_version()}, Django {version('django')}, SQLite {sqlite3.sqlite_version}, granian {version('granian')}"
    )


def _size(result: dict[str, Any]) -> str:
    sizes = result["sizes"]
    return (
        f"{sizes['case']:,.0f} cases ({sizes['open']:,.0f} open), {sizes['event']:,.0f} events, {sizes['clock']:,.0f} clocks, "
        f"{sizes['entry']:,.0f} journal entries; {sizes['megabytes']:,.0f} MB."
    )


def _table(rows: list[dict[str, Any]]) -> list[str]:
    lines = [
        "| subject | floor | n | st. | CPU ms | DB ms | wall p50 | wall p95 | floor CPU ms | ratio |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for r in rows:
        ratio, floor = (f"{r['ratio']:.1f}", f"{r['floor_cpu']:.1f}") if r["floor"] else ("", "")
        lines.append(
            f"| {r['name']} | {r['floor']} | {r['n']} | {r['statements']} | {r['cpu']:.1f} | {r['database']:.1f} | {r['wall']:.1f} "
            f"| {r['p95']:.1f} | {floor} | {ratio} |"
        )
    return lines


def _served(rows: list[dict[str, Any]]) -> list[str]:
    lines = [
        "| granian, one process | connections | requests/s | p50 ms | p95 ms | server CPU ms | faults |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {'floor: two inserts' if 'floor' in r['path'] else 'intake'} | {r['connections']} | {r['per_second']:.0f} | {r['median']:.1f} "
        f"| {r['p95']:.1f} | {r['cpu']:.1f} | {r['faults']} |"
        for r in rows
    ]
    return lines


def page(results: list[dict[str, Any]], remarks: str) -> str:
    """Return the page."""
    lines = [_HEAD, f"Run: {machine()}.", ""]
    if remarks:
        lines += [remarks, ""]
    for result in results:
        name = "SQLite" if result["database"] == "sqlite" else "PostgreSQL"
        lines += [f"## {name}, {result['cases']:,} cases", "", _size(result), "", *_table(result["rows"]), ""]
        if result.get("served"):
            lines += [*_served(result["served"]), ""]
    return "\n".join(lines).rstrip() + "\n"


def write(results: list[dict[str, Any]], target: Path) -> None:
    """Write ``target`` and the JSON beside it; what somebody wrote under "What it shows" is kept."""
    remarks = ""
    old = target.read_text(encoding="utf8") if target.exists() else ""
    if "## What it shows" in old:
        remarks = "## What it shows" + old.split("## What it shows", 1)[1].split("\n## ", 1)[0].rstrip()
    target.write_text(page(results, remarks), encoding="utf8")
    target.with_suffix(".json").write_text(
        json.dumps({"machine": machine(), "results": results}, ensure_ascii=False, indent=1) + "\n", encoding="utf8"
    )
