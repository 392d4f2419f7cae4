"""Small drawings of a round as numbers for inline SVG: how many were done by when, against an even pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 200, 40, 22, 12, 26
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Pace:
    """Done so far as a line, the even pace as another, and the scale beside them.

    Attributes:
        done: points of the line as SVG takes them; empty where nothing was done yet.
        even: from nothing on the first day to all on the last.
        today: where today lies; None outside the round.
        ticks: value and height.
        marks: day in words and place, for the axis.
    """

    done: str
    area: str
    even: str
    today: float | None
    ticks: Sequence[tuple[int, float]]
    marks: Sequence[tuple[str, float]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def _scale(top: int) -> list[int]:
    """Return the values of a scale up to ``top`` with at most five lines."""
    step, power = 1, 1
    while top > 5 * step:
        step = next((s * power for s in _STEPS if top <= 5 * s * power), 0)
        if not step:
            power *= 10
            step = power
    return list(range(0, top + step, step))


def pace(planned: int, days: Sequence[tuple[date, int]], first: date, last: date, today: date) -> Pace | None:
    """Return the drawing; None where nothing is planned.

    Args:
        days: day → visits done on it, in order.
        first, last: the round's days.
    """
    if planned <= 0:
        return None
    first = min([first, *(d for d, _n in days)])
    last = max([last, *(d for d, _n in days)])
    span = max(1, (last - first).days)
    scale = _scale(max(planned, sum(n for _d, n in days)))
    top, base = scale[-1], HEIGHT - BOTTOM

    def x(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / span, 1)

    def y(value: float) -> float:
        return round(base - (base - TOP) * value / top, 1)

    points, total = [(x(first), y(0))], 0
    for day, n in days:
        points.append((x(day), y(total)))
        total += n
        points.append((x(day), y(total)))
    here = min(today, last)
    if days and here >= days[-1][0]:
        points.append((x(here), y(total)))
    line = " ".join(f"{a},{b}" for a, b in points) if days else ""
    filled = f"{line} {points[-1][0]},{base} {points[0][0]},{base}" if days else ""
    every = max(1, span // 6)
    marks = [(f"{d:%m-%d}", x(d)) for n in range(0, span + 1, every) if (d := date.fromordinal(first.toordinal() + n))]
    return Pace(
        line, filled, f"{x(first)},{y(0)} {x(last)},{y(planned)}",
        x(today) if first <= today <= last else None,
        [(v, y(v)) for v in scale], marks,
    )  # fmt: skip
