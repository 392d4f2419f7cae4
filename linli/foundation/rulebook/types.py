"""Values that the rulebook hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

MARKS = {
    "L": "法律法规条文",
    "D": "官方文件",
    "P": "报道或区县网页摘录",
    "C": "某镇在用系统代码所见",
    "M": "记忆，未核实出处",
    "G": "设计建议值",
}

Value = int | Decimal | str | bool | list[Any] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """One parameter as it holds between two days.

    Attributes:
        code: its name, ``cases.clock.handle.general``.
        value: a whole number, decimal, text, truth value, list or table.
        unit: what the value counts; empty for tables that say so themselves.
        title: its Chinese name.
        source: where it comes from, for people to check.
        mark: how good the source is: L law, D document, P press, C code seen, M memory, G guess.
        valid_from: the first day on which it holds.
        valid_to: the last day on which it holds; None while no end is known.
        why: what it is for, or why it was changed.
        shipped: whether it came with Linli rather than from this installation.
    """

    code: str
    value: Value
    unit: str
    title: str
    source: str
    mark: str
    valid_from: date
    valid_to: date | None
    why: str
    shipped: bool = False

    @property
    def is_unproved(self) -> bool:
        """Whether the screen that shows it must say that nobody has checked it."""
        return self.mark in {"M", "G"}

    def holds(self, on: date) -> bool:
        """Return whether it is in force on the day ``on``."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not what its weekday says: a holiday, or a working Saturday."""

    day: date
    is_workday: bool
    name: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading the shipped rules did: codes entered, and codes that the installation keeps otherwise."""

    added: tuple[str, ...]
    kept: tuple[str, ...]
