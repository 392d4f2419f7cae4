"""How often somebody was to come and came, by month; when a check is due again."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date


def month_of(text: str, today: date) -> date:
    """Return the first day of the month ``2026-03``; of today's month where it is none."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def last_day(month: date) -> date:
    """Return the last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def months_on(day: date, months: int) -> date:
    """Return the same day so many months on, the last day in a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def missing(wanted: int, came: Iterable[date], month: date) -> int:
    """Return how many visits of a month are still missing; more than wanted are not owed back."""
    there = sum(day.year == month.year and day.month == month.month for day in came)
    return max(0, wanted - there)
