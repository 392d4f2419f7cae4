"""Two drawings: an index by 居民区 with its interval against the aim, and the index over the waves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from linli.engines.projects.rules.charting.svg import Palette, Svg, fit

_LEFT, _ROW, _WIDE, _TOP = 132, 30, 560, 30


def _size(screen: bool) -> str:
    """Return how large a drawing is: as it is on a screen, where it is pushed aside, as wide as the sheet on paper."""
    return "" if screen else 'width="100%"'


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a drawing: name, per cent or None with why, and between what it lies in per cent."""

    name: str
    percent: float | None
    low: float = 0.0
    high: float = 0.0
    why: str = ""
    strong: bool = False


def bars(title: str, rows: Sequence[Bar], *, aim: int | None, screen: bool) -> str:
    """Return shares as bars with whiskers, the aim as a line across."""
    paint = Palette(screen=screen)
    height = _TOP + _ROW * len(rows) + 8
    drawn = Svg(_LEFT + _WIDE + 70, height, title=title, name="survey-bars", size=_size(screen))
    for mark in (0, 25, 50, 75, 100):
        x = _LEFT + _WIDE * mark / 100
        drawn.line(x, _TOP - 6, x, height - 4, paint.line)
        drawn.text(x, _TOP - 12, f"{mark}%", 11, paint.faint_ink, text_anchor="middle")
    for n, row in enumerate(rows):
        _row(drawn, paint, row, _TOP + _ROW * n)
    if aim is not None:
        x = _LEFT + _WIDE * aim / 100
        drawn.line(x, _TOP - 6, x, height - 4, paint.late, stroke_width=1.5, stroke_dasharray="5 4")
    return drawn.done()


def _row(drawn: Svg, paint: Palette, row: Bar, y: int) -> None:
    middle = y + _ROW / 2
    weight = {"font_weight": "600"} if row.strong else {}
    drawn.text(_LEFT - 10, middle + 4, fit(row.name, _LEFT - 14, 13), 13, paint.ink, text_anchor="end", **weight)
    if row.percent is None:
        drawn.text(_LEFT + 8, middle + 4, row.why, 12, paint.faint_ink)
        return
    drawn.rect(_LEFT, y + 6, _WIDE * row.percent / 100, _ROW - 12, paint.brand if row.strong else paint.edge, rx=2)
    if row.high > row.low:
        low, high = _LEFT + _WIDE * row.low / 100, _LEFT + _WIDE * row.high / 100
        drawn.line(low, middle, high, middle, paint.ink, stroke_width=1.5)
        for x in (low, high):
            drawn.line(x, middle - 5, x, middle + 5, paint.ink, stroke_width=1.5)
    drawn.text(_LEFT + _WIDE + 12, middle + 4, f"{row.percent:.1f}%", 13, paint.ink, **weight)


@dataclass(frozen=True, slots=True)
class Point:
    """One wave of an index, in per cent."""

    name: str
    percent: float
    low: float
    high: float


def trend(title: str, points: Sequence[Point], *, aim: int | None, screen: bool) -> str:
    """Return an index over the waves with its intervals, the aim as a line across."""
    paint = Palette(screen=screen)
    wide, high = 640, 220
    drawn = Svg(wide, high, title=title, name="survey-trend", size=_size(screen))
    left, top, bottom = 46, 18, high - 34

    def y_of(percent: float) -> float:
        return bottom - (bottom - top) * percent / 100

    for mark in (0, 25, 50, 75, 100):
        drawn.line(left, y_of(mark), wide - 10, y_of(mark), paint.line)
        drawn.text(left - 8, y_of(mark) + 4, f"{mark}%", 11, paint.faint_ink, text_anchor="end")
    if aim is not None:
        drawn.line(left, y_of(aim), wide - 10, y_of(aim), paint.late, stroke_width=1.5, stroke_dasharray="5 4")
    step = (wide - left - 80) / max(1, len(points) - 1)
    at = [(left + 36 + step * n, p) for n, p in enumerate(points)]
    for (x1, one), (x2, two) in pairwise(at):
        drawn.line(x1, y_of(one.percent), x2, y_of(two.percent), paint.brand, stroke_width=2)
    for x, p in at:
        drawn.line(x, y_of(p.low), x, y_of(p.high), paint.ink, stroke_width=1.2)
        drawn.add(f'<circle cx="{x:.1f}" cy="{y_of(p.percent):.1f}" r="4" fill="{paint.brand}"/>')
        drawn.text(x, y_of(p.high) - 6, f"{p.percent:.1f}%", 12, paint.ink, text_anchor="middle")
        drawn.text(x, high - 12, fit(p.name, max(60, step - 6), 12), 12, paint.soft_ink, text_anchor="middle")
    return drawn.done()
