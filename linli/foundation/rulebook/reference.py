"""Writes the reference page of the shipped rules: ``docs/reference/rulebook.md``."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from linli.foundation.rulebook.shipped_rules import shipped
from linli.foundation.rulebook.types import MARKS, Rule

_UNITS = {
    "natural_minutes": "自然分钟",
    "natural_hours": "自然时",
    "natural_days": "自然日",
    "work_hours": "工作时",
    "work_days": "工作日",
}
_HEAD = """# Rules that Linli ships

Generated from `linli/foundation/rulebook/shipped/*.toml`; do not edit. Each number may be changed in the
console with a source and a first day; the past keeps the value that held then.

A mark says how good the source is: {marks}. A rule marked M or G is a default of this
product that nobody has checked against an official text. It is not a rule of Shanghai.
"""


def markdown() -> str:
    """Return the reference page of every shipped rule, by room and code."""
    marks = ", ".join(f"**{mark}** {meaning}" for mark, meaning in MARKS.items())
    parts = [_HEAD.format(marks=marks)]
    rules = [rule for found in shipped().values() for rule in found]
    for room, of_room in groupby(rules, key=lambda r: r.code.split(".")[0]):
        parts.append(f"## `{room}`\n\n| code | 名称 | 值 | 出处 | mark | 用途 |\n|---|---|---|---|---|---|")
        parts[-1] += "".join(f"\n{_row(rule)}" for rule in of_room) + "\n"
    return "\n".join(parts)


def _row(rule: Rule) -> str:
    cells = [f"`{rule.code}`", rule.title, show(rule.value, rule.unit), rule.source, rule.mark, rule.why]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def show(value: Any, unit: str) -> str:
    """Return a value with its unit as people write it: ``5 个工作日``."""
    if isinstance(value, Mapping):
        if {"amount", "unit"} <= set(value):
            return f"{value['amount']} {_UNITS.get(value['unit'], value['unit'])}"
        return "，".join(f"{k} = {v}" for k, v in value.items())
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        value = "，".join(str(v) for v in value)
    return f"{value} {unit}".strip()
