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

- **Subjects** are the addresses that users ask, whole pages with their frame: the workbench with list, tabs, inboxes and
  figures (`/desk/?…`), the page of a case, polls and pins, the residents' form, map and list, intake at the desk.
- **Floor**: a bare Django view with nothing around it that writes two rows in one transaction, reads fifty rows of one table
  by primary key, or reads one row.
- **CPU ms**: processor time of the web process for one request through the whole WSGI stack (session, person, grants,
  locale, security headers), median. **DB ms**: processor time of the database process, mean (SQLite runs inside the web
  process, so its time is in the CPU column). **Wall ms** p50 and p95 include waiting for the disk and for other programs.
- **Ratio**: CPU over the floor's CPU. The aim is 3. **st.** counts statements, those of session, person and `BEGIN` among them.
- **Where the time goes**: processor time by layer, each moment counted to the innermost: *stack* (Django's handler,
  middlewares), *person* (session, user, grants, with their statements), *view* (address, rules, services, selectors,
  presenters), *statements* (the query builder), *SQL* (sending, waiting in process, fetching), *models* (rows made into
  objects and objects into rows), *template*. The clock itself adds some tenths to each.
- With `BENCH=--selectors` a second table measures selectors and services behind thin views: what a page's data cost alone.
- The namespace is filled by bulk copies of cases that went through the services: 4 to 12 % open, the others closed within two years;
  with events, clocks, reporters, journal entries and search rows. Jobs and messages are left out.
- PostgreSQL runs with ordinary durability (fsync on), SQLite with WAL and `synchronous=NORMAL`.
"""


def machine(*, database: bool = True) -> str:
    """Return what it ran on, without naming the machine; without SQLite where it was not asked."""
    sqlite = f", SQLite {sqlite3.sqlite_version}" if database else ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.0f}, Python "
        f"{platform.python_version()}, Django {version('django')}{sqlite}, granian {version('granian')}"
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


def _shares(rows: list[dict[str, Any]]) -> list[str]:
    layers = [name for name in rows[0] if name != "name"]
    lines = ["| where the time goes, CPU ms | " + " | ".join([*layers, "sum"]) + " |"]
    lines.append("|---|" + "--:|" * (len(layers) + 1))
    for r in rows:
        whole = sum(r[layer] for layer in layers)
        cells = [f"{r[layer]:.1f} ({r[layer] / whole:.0%})" for layer in layers]
        lines.append(f"| {r['name']} | " + " | ".join([*cells, f"{whole:.1f}"]) + " |")
    return lines


def _served(rows: list[dict[str, Any]]) -> list[str]:
    lines = [
        "| granian, one process | connections | requests/s | p50 ms | p95 ms | server CPU ms | faults |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {'floor: two inserts' if 'floor' in r['path'] else 'residents: send the report'} | {r['connections']} | {r['per_second']:.0f} | {r['median']:.1f} "
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
        if result.get("selectors"):
            lines += ["The data alone:", "", *_table(result["selectors"]), ""]
        if result.get("shares"):
            lines += [*_shares(result["shares"]), ""]
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
