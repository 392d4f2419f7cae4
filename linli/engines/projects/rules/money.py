"""Money as whole cents (分): read from what people type, written as people read it; never a float."""

from __future__ import annotations

import re

from linli.foundation.core.text import to_halfwidth

LARGEST = 10**15
"""Cents; ten thousand times what a subdistrict spends in a year."""
_AMOUNT = re.compile(r"(-?)[￥¥]?(\d{1,3}(?:,\d{3})+|\d{1,13})(?:\.(\d{1,6}))?(万|亿)?元?")
_TIMES = {"": 0, "万": 4, "亿": 8}


def parse(text: str) -> int | None:
    """Return the cents in ``text`` (``12,345.67``, ``１２万元``, ``0.5万``), None for anything else.

    More digits than whole cents are refused rather than rounded.
    """
    found = _AMOUNT.fullmatch(to_halfwidth(text).replace(" ", "").replace("，", ","))
    if found is None:
        return None
    sign, whole, part, unit = found.groups()
    digits: int = 2 + _TIMES[unit or ""]
    part = (part or "").rstrip("0")
    if len(part) > digits:
        return None
    cents = int(whole.replace(",", "") + part.ljust(digits, "0"))
    if cents > LARGEST:
        return None
    return -cents if sign else cents


def write(cents: int) -> str:
    """Return cents as yuan with thousands apart: ``1,234.50``; whole yuan without a fraction."""
    sign = "-" if cents < 0 else ""
    yuan, rest = divmod(abs(cents), 100)
    return f"{sign}{yuan:,}" + (f".{rest:02}" if rest else "")


def write_short(cents: int) -> tuple[str, bool]:
    """Return an amount as it stands on a wall, and whether it counts ten thousands: ``("12.5", True)`` is 12.5 万元.

    Only where nothing is lost: what is no whole number of hundred yuan is written in full.
    """
    if cents and cents % 10_000_00 == 0:
        return f"{cents // 10_000_00:,}", True
    if abs(cents) >= 10_000_00 and cents % 100_00 == 0:
        whole, rest = divmod(abs(cents), 10_000_00)
        return f"{'-' if cents < 0 else ''}{whole:,}." + f"{rest // 100_00:02}".rstrip("0"), True
    return write(cents), False


def pairs(total: int, spent: int) -> tuple[int, int]:
    """Return what is left of ``total`` and how many whole percent are spent; a total of 0 is spent at 0."""
    return total - spent, spent * 100 // total if total else 0
