"""Pure parts of reports: their periods, how a value is said, the seal over frozen figures, the parts of a breakdown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from linli.engines.projects.rules import money
from linli.programmes.publishing.types import Value


def half_year(day: date) -> tuple[date, date]:
    """Return the first and last day of the half-year in which ``day`` lies."""
    if day.month <= 6:
        return date(day.year, 1, 1), date(day.year, 6, 30)
    return date(day.year, 7, 1), date(day.year, 12, 31)


def last_half_year(day: date) -> tuple[date, date]:
    """Return the half-year that is reported on ``day``: this one in its last month, the one before else."""
    begins, ends = half_year(day)
    return (begins, ends) if day.month in {6, 12} else half_year(begins - timedelta(days=1))


def following(since: date, until: date) -> tuple[date, date]:
    """Return the period of about the same length that follows one: the next half-year, year, or as many days."""
    begins = until + timedelta(days=1)
    if (since.month, since.day) == (1, 1) and (until.month, until.day) == (12, 31):
        return begins, date(until.year + 1, 12, 31)
    if (since, until) == half_year(since):
        return half_year(begins)
    return begins, begins + (until - since)


def said(value: Value, unit: str) -> str:
    """Return a value as it is written: ``42 件``, ``95.2%（40/42）``, ``1,200 元``; of too few ``＜5 件``."""
    if value.money:
        return f"{money.write(value.part)} {unit}"
    if value.whole is None:
        return f"＜{value.least} {unit}" if 0 < value.part < value.least else f"{value.part} {unit}"
    whole, least = value.whole, max(1, value.least)
    if whole < least:
        return f"—（{whole} {unit}）"
    return f"{100 * value.part / whole:.1f}%（{value.part}/{whole}）"


@dataclass(frozen=True, slots=True)
class Parted:
    """A breakdown fit to be shown: the parts that are large enough, and the sum of the rest."""

    parts: tuple[tuple[str, int], ...]
    rest: int


def large_enough(parts: Iterable[tuple[str, int]], minimum: int) -> Parted:
    """Return the parts of at least ``minimum``, largest first; the others are one sum.

    Where that sum is itself below the minimum, the smallest part that is shown goes into it, since the total
    would tell what was left out.
    """
    every = sorted(((label, n) for label, n in parts if n > 0), key=lambda p: (-p[1], p[0]))
    shown = [p for p in every if p[1] >= minimum]
    rest = sum(n for _label, n in every if n < minimum)
    while 0 < rest < minimum and shown:
        rest += shown.pop()[1]
    return Parted(tuple(shown), rest)


def digest(frozen: Mapping[str, Any]) -> str:
    """Return the SHA-256 of figures as they were frozen: the same figures, the same digest."""
    raw = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()
