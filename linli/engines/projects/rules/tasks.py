"""A task's light, by rule and never by hand, and how far a whole is by its parts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction


class Light(StrEnum):
    """How a task stands: in time, to be watched, late; ended ones have their own."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    DONE = "done"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Limits:
    """When a light is yellow (rulebook ``projects.light.*``): share of time used, points behind the time."""

    warn_percent: int = 80
    behind_points: int = 30


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole: its weight and how far it is, in percent."""

    weight: int
    percent: Fraction | int


def used(begun: date, due: date, today: date) -> Fraction:
    """Return the share of the time that is used, in percent, the day of the end counted whole; never below 0."""
    whole = (due - begun).days + 1
    if whole <= 0:
        return Fraction(100) if today < due else Fraction(100 * ((today - due).days + 1))
    return max(Fraction(0), Fraction(100 * (today - begun).days, whole))


def light(
    *, begun: date, due: date, today: date, percent: int, ended: bool, done: bool, ordered: bool, limits: Limits
) -> Light:
    """Return the light of a task.

    Args:
        ended: it runs no more; ``done`` says whether it was done (or else dropped or refused).
        ordered: an order from above (督办) stands open.
    """
    if ended:
        return Light.DONE if done else Light.NONE
    if today > due:
        return Light.RED
    spent = used(begun, due, today)
    if ordered or spent >= limits.warn_percent or spent - percent >= limits.behind_points:
        return Light.YELLOW
    return Light.GREEN


def percent_of(parts: Sequence[Part]) -> Fraction:
    """Return how far a whole is, in percent: the mean of its parts by weight; by number where none weighs anything.

    An empty whole is not begun.
    """
    if not parts:
        return Fraction(0)
    total = sum(p.weight for p in parts)
    if total == 0:
        return sum((Fraction(p.percent) for p in parts), Fraction(0)) / len(parts)
    return sum((Fraction(p.percent) * p.weight for p in parts), Fraction(0)) / total


def shown(percent: Fraction) -> int:
    """Return a percent as people read it: rounded down, so that only what is done whole reads 100."""
    return int(percent)


def overdue_days(due: date, today: date) -> int:
    """Return by how many days a task is late, 0 where it is not."""
    return max(0, (today - due).days)
