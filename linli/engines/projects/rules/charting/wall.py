"""The wall chart (挂图作战): projects down, months across, for print on A1 or A3.

Units are tenths of a millimetre of A3; A1 is the same drawing twice as large: what is 6 points on A3 is 12 there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from linli.engines.projects.rules.charting.bars import Bars, mark
from linli.engines.projects.rules.charting.scale import Scale, month_end, month_start
from linli.engines.projects.rules.charting.svg import Palette, Svg, fit, hatch, light, width_of, wrap
from linli.engines.projects.rules.charting.types import Paper, WallChart, WallRow
from linli.engines.projects.rules.charting.words import (
    full_day_word,
    light_name,
    light_word,
    month_word,
    today_word,
)
from linli.engines.projects.rules.scheduling.types import Light

WIDTH, HEIGHT, MARGIN = 4200, 2970, 90
MOST_ROWS = 60
LEAST_TEXT = 21.2  # 6 points in tenths of a millimetre
_TITLE, _AXIS, _FOOT = 190, 84, 100
_TALLEST, _GROUP, _LEADING = 170, 0.7, 1.16
_NUMBER, _NAME, _OWNER, _PERCENT, _LIGHT = 70, 660, 330, 150, 80
_LEFT = MARGIN + _NUMBER + _NAME + _OWNER + _PERCENT + _LIGHT
_RIGHT = WIDTH - MARGIN
_LEAST_MONTH = 3
_LIGHTS = (Light.GREEN, Light.YELLOW, Light.RED, Light.DONE, Light.WAITING)


def wall_sheets(chart: WallChart, paper: Paper) -> list[str]:
    """Return the chart as SVG texts, one for each sheet; at most sixty projects stand on one.

    Args:
        paper: what it is printed on; the drawing says its size in millimetres.
    """
    parts = [chart.rows[n : n + MOST_ROWS] for n in range(0, len(chart.rows), MOST_ROWS)] or [()]
    scale = _scale(chart)
    return [
        _Sheet(chart, rows, scale, paper, first=n * MOST_ROWS, sheet=n + 1, sheets=len(parts)).drawn()
        for n, rows in enumerate(parts)
    ]


def _scale(chart: WallChart) -> Scale:
    days = [chart.as_of]
    for row in chart.rows:
        days += [day for stage in row.stages for day in (stage.spell.start, stage.spell.finish)]
        days += [milestone.on for milestone in row.milestones]
        days += [row.due] if row.due else []
    first, last = month_start(chart.first or min(days)), month_end(chart.last or max(days))
    while (last - first).days < _LEAST_MONTH * 28:
        last = month_end(last.replace(day=28) + (date(2000, 1, 5) - date(2000, 1, 1)))
    return Scale(first, last, _LEFT, (_RIGHT - _LEFT) / ((last - first).days + 1))


@dataclass
class _Sheet:
    chart: WallChart
    rows: tuple[WallRow, ...]
    scale: Scale
    paper: Paper
    first: int
    sheet: int
    sheets: int

    def __post_init__(self) -> None:
        width, height = self.paper.size
        self.colours = Palette(screen=False)
        self.svg = Svg(
            WIDTH,
            HEIGHT,
            size=f'width="{width}mm" height="{height}mm"',
            title=f"{self.chart.title} {full_day_word(self.chart.as_of)}",
            name="wallchart",
        )
        groups = sum(1 for name, _rows in groupby(self.rows, key=lambda row: row.group) if name)
        room = HEIGHT - 2 * MARGIN - _TITLE - _AXIS - _FOOT
        self.height = min(_TALLEST, room / max(1, len(self.rows) + _GROUP * groups))
        self.size = max(LEAST_TEXT, min(38.0, self.height * 0.42))
        self.top = MARGIN + _TITLE + _AXIS
        self.bottom = self.top + self.height * (len(self.rows) + _GROUP * groups)

    def drawn(self) -> str:
        """Return the sheet."""
        self.svg.rect(0, 0, WIDTH, HEIGHT, self.colours.panel)
        self.hatch = hatch(self.svg, "late", self.colours.late, 9)
        self.bars = Bars(self.svg, self.colours, self.scale, self.hatch, self.height, self.size, LEAST_TEXT)
        self._title()
        self._axis()
        placed = self._placed()
        for y, number, _row in placed:
            if number % 2 == 0:
                self.svg.rect(MARGIN, y, _RIGHT - MARGIN, self.height, self.colours.band)
        self._grid()
        self._groups()
        for y, number, row in placed:
            self._row(y, number, row)
        self._today()
        self._foot()
        return self.svg.done()

    def _title(self) -> None:
        y = MARGIN + 88
        self.svg.text(MARGIN, y, fit(self.chart.title, 2600, 84), 84, self.colours.ink, font_weight="700")
        counted = "　".join(self._counts())
        self.svg.text(MARGIN, y + 62, counted, 34, self.colours.soft_ink)
        right = [full_day_word(self.chart.as_of), self.chart.issuer]
        if self.sheets > 1:
            right.append(_("第%(sheet)d页，共%(sheets)d页") % {"sheet": self.sheet, "sheets": self.sheets})
        for n, line in enumerate(right):
            self.svg.text(_RIGHT, y - 30 + n * 46, fit(line, 1300, 34), 34, self.colours.soft_ink, text_anchor="end")

    def _counts(self) -> list[str]:
        rows = self.chart.rows
        found = [_("共%(count)d个项目") % {"count": len(rows)}]
        for shown in _LIGHTS:
            count = sum(row.light is shown for row in rows)
            if count:
                found.append(_("%(name)s%(count)d个") % {"name": light_name(shown), "count": count})
        return found

    def _axis(self) -> None:
        y, colours = MARGIN + _TITLE, self.colours
        self.svg.rect(MARGIN, y, _RIGHT - MARGIN, _AXIS, colours.brand)
        heads = (
            (_NUMBER, _("序号")),
            (_NAME, _("项目名称")),
            (_OWNER, _("责任单位")),
            (_PERCENT, _("进度")),
            (_LIGHT, _("状态")),
        )
        x = MARGIN
        for width, word in heads:
            self._head(x, y + 54, width, word)
            x += width
        for start, end in self.scale.months():
            left, right = self.scale.x(start), self.scale.end(end)
            word = month_word(start, year=start.month == 1 or start == self.scale.first)
            word = word if width_of(word, 30) < right - left else month_word(start, year=False)
            size = 30 if width_of(word, 30) < right - left else LEAST_TEXT
            if width_of(word, size) < right - left + size:
                self.svg.text(
                    (left + right) / 2, y + 54, word, size, colours.panel, text_anchor="middle", font_weight="700"
                )

    def _head(self, x: float, y: float, width: float, word: str) -> None:
        """Write the head of a column: over words to the left, as they stand; else in the middle."""
        if width > _NUMBER + _PERCENT:
            self.svg.text(x + 12, y, word, 32, self.colours.panel, font_weight="700")
        else:
            self.svg.text(x + width / 2, y, word, 32, self.colours.panel, text_anchor="middle", font_weight="700")

    def _placed(self) -> list[tuple[float, int, WallRow]]:
        """Return every row with where it begins and its number."""
        found: list[tuple[float, int, WallRow]] = []
        y = float(self.top)
        for n, row in enumerate(self.rows):
            if row.group and (n == 0 or self.rows[n - 1].group != row.group):
                y += self.height * _GROUP
            found.append((y, self.first + n + 1, row))
            y += self.height
        return found

    def _groups(self) -> None:
        for name, found in groupby(self._placed(), key=lambda one: one[2].group):
            if name:
                self._group(next(found)[0] - self.height * _GROUP, name)

    def _group(self, y: float, name: str) -> None:
        height = self.height * _GROUP
        self.svg.rect(MARGIN, y, _RIGHT - MARGIN, height, self.colours.brand_soft)
        size = min(34.0, max(LEAST_TEXT, height * 0.55))
        self.svg.text(
            MARGIN + 16,
            y + height / 2 + size * 0.36,
            fit(name, 3000, size),
            size,
            self.colours.brand,
            font_weight="700",
        )

    def _row(self, y: float, number: int, row: WallRow) -> None:
        svg, colours, middle = self.svg, self.colours, y + self.height / 2
        svg.open(class_="wallchart__row")
        svg.tip(row.title)
        base = middle + self.size * 0.36
        svg.text(MARGIN + _NUMBER / 2, base, str(number), self.size, colours.soft_ink, text_anchor="middle")
        self._words(MARGIN + _NUMBER + 12, middle, _NAME - 24, row.title, colours.ink, bold=True)
        self._words(MARGIN + _NUMBER + _NAME + 12, middle, _OWNER - 24, row.owner, colours.soft_ink, bold=False)
        self._percent(MARGIN + _NUMBER + _NAME + _OWNER, middle, row.percent)
        size = min(52.0, self.height * 0.8)
        light(svg, _LEFT - _LIGHT / 2, middle, max(size, LEAST_TEXT / 0.64), row.light, light_word(row.light), colours)
        self.bars.draw(y, row)
        svg.close()

    def _words(self, x: float, middle: float, width: float, text: str, fill: str, *, bold: bool) -> None:
        """Write on one line, or on as many as the row takes."""
        size, most = self._fitting(text, width)
        lines = wrap(text, width, size, most)
        for n, line in enumerate(lines):
            y = middle + (n - (len(lines) - 1) / 2) * size * _LEADING + size * 0.36
            self.svg.text(x, y, line, size, fill, **({"font_weight": "600"} if bold else {}))

    def _fitting(self, text: str, width: float) -> tuple[float, int]:
        """Return size and number of lines in which ``text`` stands best: large on one, smaller on one, else on two."""
        small = max(LEAST_TEXT, self.size * 0.86)
        for size in (self.size, small):
            if width_of(text, size) <= width:
                return size, 1
        half = min(small, self.height * 0.86 / (2 * _LEADING))
        return (half, 2) if half >= LEAST_TEXT else (small, 1)

    def _percent(self, x: float, middle: float, percent: int) -> None:
        svg, colours = self.svg, self.colours
        height = min(16.0, self.height * 0.16)
        width = _PERCENT - 36
        y = middle + self.size * 0.3
        svg.text(x + _PERCENT / 2, y - 4, f"{percent}%", self.size, colours.ink, text_anchor="middle")
        svg.rect(x + 18, y + 3, width, height, colours.line, rx=height / 2)
        svg.rect(x + 18, y + 3, width * min(100, max(0, percent)) / 100, height, colours.brand, rx=height / 2)

    def _grid(self) -> None:
        svg, colours = self.svg, self.colours
        for start, _end in self.scale.months():
            x = self.scale.x(start)
            svg.line(x, self.top, x, self.bottom, colours.edge if start.month == 1 else colours.line, stroke_width=2)
        x = MARGIN
        for width in (0, _NUMBER, _NAME, _OWNER, _PERCENT, _LIGHT):
            x += width
            svg.line(x, self.top, x, self.bottom, colours.line, stroke_width=2)
        svg.rect(MARGIN, self.top, _RIGHT - MARGIN, self.bottom - self.top, "none", stroke=colours.edge, stroke_width=4)

    def _today(self) -> None:
        if not self.scale.shows(self.chart.as_of):
            return
        svg, x = self.svg, self.scale.x(self.chart.as_of)
        svg.line(x, self.top - 8, x, self.bottom, self.colours.late, stroke_width=5, stroke_dasharray="18 12")
        word = today_word(self.chart.as_of)
        width = width_of(word, 26) + 20
        left = min(max(x - width / 2, _LEFT), _RIGHT - width)
        y = MARGIN + _TITLE - 38
        svg.rect(left, y, width, 38, self.colours.late, rx=6)
        svg.text(left + width / 2, y + 28, word, 26, self.colours.panel, text_anchor="middle", font_weight="700")

    def _foot(self) -> None:
        svg, colours = self.svg, self.colours
        y = HEIGHT - MARGIN - 34
        x: float = MARGIN
        svg.text(x, y + 10, _("图例"), 28, colours.ink, font_weight="700")
        x += 90
        for shown in _LIGHTS:
            light(svg, x + 18, y, 36, shown, light_word(shown), colours)
            x = self._legend(x + 48, y, light_name(shown))
        svg.rect(x, y - 18, 70, 36, colours.brand_soft, stroke=colours.brand, stroke_width=3)
        svg.rect(x, y + 8, 40, 10, colours.brand)
        x = self._legend(x + 84, y, _("阶段（底条为已完成部分）"))
        svg.rect(x, y - 18, 70, 36, colours.late_soft, stroke=colours.late, stroke_width=3)
        svg.rect(x, y + 8, 70, 10, self.hatch)
        x = self._legend(x + 84, y, _("滞后的阶段"))
        for met, late, word in (
            (False, False, _("里程碑")),
            (True, False, _("已达成")),
            (False, True, _("逾期")),
        ):
            mark(svg, x + 18, y, 20, colours, met=met, late=late)
            x = self._legend(x + 46, y, word)
        svg.line(x + 10, y - 18, x + 10, y + 18, colours.late, stroke_width=6)
        x = self._legend(x + 28, y, _("截止日"))
        if self.chart.note:
            svg.text(
                _RIGHT, y + 10, fit(self.chart.note, _RIGHT - x - 20, 26), 26, colours.faint_ink, text_anchor="end"
            )

    def _legend(self, x: float, y: float, word: str) -> float:
        self.svg.text(x, y + 10, word, 28, self.colours.soft_ink)
        return x + width_of(word, 28) + 34
