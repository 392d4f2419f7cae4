"""Figures as pages show them: numbers in words, a trend as inline SVG, links to the rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.engines.indicators.types import Better, Counted, Figure, Point, Unit, Value
from linli.interfaces.desk.figures.asking import Asked

WIDTH, HEIGHT = 720, 240
_LEFT, _BOTTOM, _TOP = 48, 26, 12
_LABELS = 9
_STEPS = (1, 2, 5, 10)


def minutes_words(minutes: float | None) -> str:
    """Return a length of time in days, hours or minutes; a dash where there is none."""
    if minutes is None:
        return "—"
    if minutes < 60:
        return _("%(n)s 分钟") % {"n": round(minutes)}
    hours = minutes / 60
    if hours < 48:
        return _("%(n)s 小时") % {"n": f"{hours:.1f}"}
    return _("%(n)s 天") % {"n": f"{hours / 24:.1f}"}


def words(figure: Figure, value: float | None) -> str:
    """Return a figure's value in words; a dash where there is nothing to divide by."""
    if value is None:
        return "—"
    if figure.unit == Unit.TIME:
        return minutes_words(value)
    return f"{value:.1f}%" if figure.unit == Unit.SHARE else f"{value:,.0f}"


def out_of(figure: Figure, value: Value) -> str:
    """Return numerator and denominator; of a time how many it was taken from."""
    if figure.unit == Unit.SHARE:
        return f"{value.part:.1f}".removesuffix(".0") + f" / {value.whole}"
    return _("%(n)s 件") % {"n": value.whole} if figure.unit == Unit.TIME else ""


def change(figure: Figure, value: Value, before: Value) -> dict[str, str]:
    """Return how a figure moved against the period before: words, and whether that is good."""
    if value.value is None or before.value is None:
        return {"words": _("上一期 %(value)s") % {"value": words(figure, before.value)}, "tone": ""}
    moved = value.value - before.value
    tone = ""
    if moved and figure.better is not Better.NEITHER:
        tone = "good" if (moved > 0) is (figure.better is Better.MORE) else "poor"
    return {"words": _("上一期 %(value)s") % {"value": words(figure, before.value)}, "tone": tone}


@dataclass(frozen=True, slots=True)
class Mark:
    """One point of a trend: where it stands, whether its day is written."""

    x: float
    left: float
    y: float | None
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A trend: bars of counts, or lines of shares and times; gaps where there is nothing to divide by."""

    marks: Sequence[Mark]
    lines: Sequence[str]
    ticks: Sequence[tuple[str, float]]
    bars: bool
    bar: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    base: int = HEIGHT - _BOTTOM


def scale(most: float, lines: int = 4) -> tuple[float, int]:
    """Return the round step of a scale up to ``most``, and how many steps it has."""
    wanted = max(most, 1e-9) / lines
    power = 10 ** math.floor(math.log10(wanted))
    step = next(s * power for s in _STEPS if s * power >= wanted * 0.999999)
    return step, max(1, math.ceil(most / step - 1e-9))


def chart(figure: Figure, points: Sequence[Point]) -> Chart:
    """Return the points drawn; a share's scale ends at a hundred, every scale begins at nought."""
    values = [p.value.value for p in points]
    most = max([v for v in values if v is not None], default=0.0)
    step, count = (25.0, 4) if figure.unit == Unit.SHARE else scale(max(most, 1.0))
    top, base = step * count, HEIGHT - _BOTTOM
    each = (WIDTH - _LEFT) / max(1, len(points))

    def up(value: float) -> float:
        return round((base - _TOP) * min(value, top) / top, 1)

    every = max(1, math.ceil(len(points) / _LABELS))
    marks, lines, line = [], [], list[str]()
    for n, (point, value) in enumerate(zip(points, values, strict=True)):
        x = round(_LEFT + (n + 0.5) * each, 1)
        label = f"{point.begins.month}/{point.begins.day}" if n % every == 0 else ""
        tall = up(value) if value is not None else 0.0
        marks.append(
            Mark(
                x,
                round(_LEFT + (n + 0.15) * each, 1),
                round(base - tall, 1) if value is not None else None,
                tall,
                label,
            )
        )
        if value is not None:
            line.append(f"{x},{round(base - tall, 1)}")
        elif line:
            lines.append(" ".join(line))
            line = []
    lines += [" ".join(line)] if line else []
    ticks = [(words(figure, step * n), round(base - up(step * n), 1)) for n in range(count + 1)]
    return Chart(marks, lines, ticks, figure.unit == Unit.COUNT, round(each * 0.7, 2))


def cells(found: Counted, asked: Asked) -> list[dict[str, Any]]:
    """Return the lines of the table of a figure told apart, with links to their rows."""
    figure = found.figure
    address = reverse("desk:figure_rows", args=[figure.code])
    most = max([v.value or 0 for v in found.values], default=0) or 1
    rows = []
    for value in found.values:
        link = asked.query(key=value.key or "-")
        rows.append(
            {
                "label": value.label,
                "value": words(figure, value.value),
                "long": minutes_words(value.second) if figure.unit == Unit.TIME else "",
                "out_of": out_of(figure, value),
                "bar": round(100 * (value.value or 0) / (100 if figure.unit == Unit.SHARE else most)),
                "between": f"{value.low:.0f}–{value.high:.0f}%" if value.low is not None else "",
                "low": round(value.low or 0, 1),
                "wide": round((value.high or 0) - (value.low or 0), 1),
                "place": value.place,
                "few": value.few,
                "group": value.group,
                "whole_url": f"{address}?{link}" if value.whole else "",
                "part_url": f"{address}?{link}&part=1" if figure.part is not None and value.part else "",
            }
        )
    return rows


def shown_rule(figure: Figure) -> dict[str, Any]:
    """Return a figure's definition in words."""
    return {
        "formula": figure.formula,
        "part": figure.part_words,
        "whole": figure.whole_words,
        "source": figure.source,
        "mark": figure.mark,
        "better": {
            Better.MORE: _("越高越好"),
            Better.LESS: _("越低越好"),
            Better.NEITHER: _("只看多少，不分好坏"),
        }[figure.better],
    }
