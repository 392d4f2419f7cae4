"""Amounts as people write them (“垃圾 12 袋；小广告 30 张”), and their sums."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TypedDict

_ONE = re.compile(r"^(?P<what>.+?)\s*(?P<number>\d{1,9}(?:\.\d{1,2})?)\s*(?P<unit>\D{1,8})$")
_BETWEEN = re.compile(r"[；;、，,\n]+")


class Amount(TypedDict):
    """So much of something."""

    what: str
    number: str
    unit: str


def amounts_in(text: str) -> list[Amount]:
    """Return the amounts in a text, in order.

    Raises:
        ValueError: with the piece that is no amount.
    """
    found: list[Amount] = []
    for piece in filter(None, (p.strip() for p in _BETWEEN.split(text))):
        match = _ONE.match(piece)
        if match is None:
            raise ValueError(piece)
        found.append({"what": match["what"].strip()[:30], "number": match["number"], "unit": match["unit"].strip()})
    return found


def summed(many: Iterable[Iterable[Amount]]) -> list[Amount]:
    """Return the sums, by what and unit, in the order in which they first come."""
    found: dict[tuple[str, str], Decimal] = {}
    for amounts in many:
        for a in amounts:
            key = a["what"], a["unit"]
            found[key] = found.get(key, Decimal(0)) + Decimal(a["number"])
    return [{"what": what, "number": f"{n.normalize():f}", "unit": unit} for (what, unit), n in found.items()]
