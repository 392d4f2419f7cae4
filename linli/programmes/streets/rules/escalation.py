"""When a repeated fault is to be met with the next step, counted in days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ORDER, HAND_OVER, NOTHING = "order", "hand_over", ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """When the next step is due; the values are the rulebook's.

    Attributes:
        order_times, order_days: so many matters of the same fault within so many days ask for an order.
        hand_times, hand_days: so many ask for the hand-over.
    """

    order_times: int
    order_days: int
    hand_times: int
    hand_days: int


def within(days: Sequence[date], on: date, span: int) -> int:
    """Return how many of ``days`` lie within ``span`` days up to ``on``, that day counted as one of them."""
    first = on - timedelta(days=span - 1)
    return sum(first <= day <= on for day in days)


def suggested(days: Sequence[date], on: date, ladder: Ladder) -> str:
    """Return the step that a fault asks for: the hand-over, an order, or nothing yet.

    Args:
        days: when the same fault was found at the same shop, this time included; what was annulled left out.
        on: the day of this one.
    """
    if within(days, on, ladder.hand_days) >= ladder.hand_times:
        return HAND_OVER
    if within(days, on, ladder.order_days) >= ladder.order_times:
        return ORDER
    return NOTHING


def due_step(state: str, by_count: str, correct_by: date | None, on: date) -> str:
    """Return the step that a matter asks for now: by count, or since its period ran out.

    Args:
        state: ``warned`` or ``ordered``; in any other nothing is asked.
        by_count: what :func:`suggested` said when it was written down.
        correct_by: the last day of its period.
        on: today.
    """
    over = correct_by is not None and on > correct_by
    if state == "warned":
        return by_count or (ORDER if over else NOTHING)
    if state == "ordered":
        return HAND_OVER if over or by_count == HAND_OVER else NOTHING
    return NOTHING
