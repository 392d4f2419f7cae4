"""The Gantt chart of one project or of several, for a page or for paper.

Units are CSS pixels. Every bar is a group with ``data-key``, ``data-start``, ``data-finish`` and ``data-movable``,
the root has ``data-first`` and ``data-day``: a page's script turns a drag into days and needs to know no more.
Without a script it is a picture that says everything; its rows have titles for screen readers.
"""

from __future__ import annotations

from datetime import date, timedelta

from linli.engines.projects.rules.charting.scale import Scale
from linli.engines.projects.rules.charting.svg import Palette, Svg, diamond, fit, hatch, light, num, quoted, width_of
from linli.engines.projects.rules.charting.types import Gantt, GanttRow, Zoom
from linli.engines.projects.rules.charting.words import (
    due_word,
    full_day_word,
    light_name,
    light_word,
    month_word,
    span_word,
    today_word,
)
from linli.engines.projects.rules.scheduling.types import Dependency, Kind, Light, Spell

ROW, HEAD = 36, 60
LABELS = 300
DAY_WIDTHS = {Zoom.DAY: 24.0, Zoom.WEEK: 9.0, Zoom.MONTH: 3.4}
_TAIL = 120
_BAR, _THIN = 16, 5
_MARGIN = timedelta(days=3)


def gantt(chart: Gantt, zoom: Zoom = Zoom.WEEK, *, labels: bool = True, screen: bool = True) -> str:
    """Return the chart as an SVG text.

    Args:
        zoom: how wide a day is.
        labels: whether the names of the rows stand at the left within the drawing; a page that keeps them in sight
            while it scrolls writes them itself, ``ROW`` pixels a row below ``HEAD``.
        screen: colours by the page's variables; else as on paper.
    """
    return _Drawing(chart, zoom, labels=labels, screen=screen).drawn()


def extent(chart: Gantt) -> tuple[date, date]:
    """Return the first and last day to be drawn, with some room at either side."""
    days = [day for day in (chart.today, chart.deadline) if day]
    for row in chart.rows:
        for spell in (row.planned, row.baseline, row.actual):
            days += [spell.start, spell.finish] if spell else []
        days += [day for day in (row.late_finish, row.due) if day]
    days = days or [date(2000, 1, 3)]
    return min(days) - _MARGIN, max(days) + _MARGIN


class _Drawing:
    def __init__(self, chart: Gantt, zoom: Zoom, *, labels: bool, screen: bool) -> None:
        self.chart, self.zoom, self.labels = chart, zoom, labels
        self.colours = Palette(screen=screen)
        self.day = DAY_WIDTHS[zoom]
        first, last = extent(chart)
        self.left = LABELS if labels else 0
        self.scale = Scale(first, last, float(self.left), self.day)
        self.height = HEAD + ROW * len(chart.rows) + 8
        # The last bar's words stand behind it.
        self.width = self.left + self.scale.width + _TAIL
        self.svg = Svg(
            self.width,
            self.height,
            title=chart.title,
            name="gantt",
            more=f'data-first="{first.isoformat()}" data-day="{num(self.day)}" data-left="{self.left}" '
            f'data-row="{ROW}" data-head="{HEAD}"',
        )

    def drawn(self) -> str:
        self.late = hatch(self.svg, "late", self.colours.late, 6)
        self._arrow()
        self._rest()
        self._head()
        for n, row in enumerate(self.chart.rows):
            self._row_band(n, row)
        self._marks()
        self._links()
        for n, row in enumerate(self.chart.rows):
            self._row(HEAD + n * ROW, row)
        return self.svg.done()

    def _arrow(self) -> None:
        self.svg.add(
            '<defs><marker id="gantt-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            f'orient="auto"><path d="M0 0L8 4L0 8Z" fill="{self.colours.edge}"/></marker></defs>'
        )

    def _rest(self) -> None:
        """Shade the days not worked: one rectangle for days in a row."""
        end = self.height - 8
        run: list[date] = []
        for day in [*self.scale.days(), None]:
            if day is not None and day in self.chart.rest:
                run.append(day)
                continue
            if run:
                x = self.scale.x(run[0])
                self.svg.open(class_="gantt__rest")
                names = list(dict.fromkeys(self.chart.names[d] for d in run if d in self.chart.names))
                if names:
                    self.svg.tip("、".join(names))
                self.svg.rect(x, HEAD, self.scale.end(run[-1]) - x, end - HEAD, self.colours.rest)
                self.svg.close()
            run = []

    def _head(self) -> None:
        svg, colours, right = self.svg, self.colours, self.scale.left + self.scale.width
        svg.rect(0, 0, self.width, HEAD, colours.band)
        for start, end in self.scale.months():
            x, stop = self.scale.x(start), self.scale.end(end)
            svg.line(x, 0, x, self.height - 8, colours.line)
            word = month_word(start, year=True)
            word = word if width_of(word, 13) < stop - x - 8 else month_word(start, year=False)
            if width_of(word, 13) < stop - x:
                svg.text(x + 6, 20, word, 13, colours.ink, font_weight="600")
        if self.zoom is not Zoom.MONTH:
            self._small_head()
        svg.line(0, HEAD, self.width, HEAD, colours.line)
        svg.line(right, 0, right, self.height - 8, colours.line)

    def _small_head(self) -> None:
        """Write the days, or the Mondays."""
        for day in self.scale.days():
            if self.zoom is Zoom.DAY or day.weekday() == 0:
                ink = self.colours.faint_ink if day in self.chart.rest else self.colours.soft_ink
                x = self.scale.x(day) + (self.day / 2 if self.zoom is Zoom.DAY else 2)
                anchor = "middle" if self.zoom is Zoom.DAY else "start"
                self.svg.text(x, 39, str(day.day), 11, ink, text_anchor=anchor)

    def _row_band(self, n: int, row: GanttRow) -> None:
        y = HEAD + n * ROW
        self.svg.line(0, y + ROW, self.width, y + ROW, self.colours.line)
        if self.labels:
            self._label(y, row)

    def _label(self, y: int, row: GanttRow) -> None:
        svg, colours = self.svg, self.colours
        x = 12.0 + 14 * row.depth
        if row.light is not None:
            light(svg, x + 9, y + ROW / 2, 18, row.light, light_word(row.light), colours)
            x += 26
        room = LABELS - x - 10
        owner = fit(row.owner, 84, 11) if row.owner else ""
        if owner:
            svg.text(LABELS - 10, y + 22, owner, 11, colours.faint_ink, text_anchor="end")
            room -= width_of(owner, 11) + 8
        svg.text(x, y + 23, fit(row.title, room, 13), 13, colours.ink, font_weight="600" if row.group else "400")

    def _marks(self) -> None:
        """Draw the lines of today and of the deadline, with their words in the head."""
        svg, colours = self.svg, self.colours
        if self.chart.deadline:
            x = self.scale.end(self.chart.deadline)
            svg.line(x, HEAD - 6, x, self.height - 8, colours.late, stroke_width=2)
            svg.text(x + 4, HEAD - 4, due_word(self.chart.deadline), 11, colours.late, font_weight="600")
        if self.chart.today:
            x = self.scale.x(self.chart.today)
            svg.line(x, HEAD - 6, x, self.height - 8, colours.brand, stroke_width=2, stroke_dasharray="5 4")
            word = today_word(self.chart.today)
            svg.text(x - 4, HEAD - 4, word, 11, colours.brand, text_anchor="end", font_weight="600")

    def _links(self) -> None:
        place = {row.key: n for n, row in enumerate(self.chart.rows) if row.planned}
        self.svg.open(class_="gantt__links", fill="none", stroke=self.colours.edge)
        for tie in self.chart.links:
            if tie.before in place and tie.after in place:
                self._link(tie, place[tie.before], place[tie.after])
        self.svg.close()

    def _link(self, tie: Dependency, before: int, after: int) -> None:
        from_start, to_start = tie.kind in (Kind.SS, Kind.SF), tie.kind in (Kind.FS, Kind.SS)
        x1, y1 = self._side(before, start=from_start), HEAD + before * ROW + ROW / 2
        x2, y2 = self._side(after, start=to_start), HEAD + after * ROW + ROW / 2
        out, into = (-8 if from_start else 8), (-8 if to_start else 8)
        if not from_start and to_start and x2 - x1 >= -into:
            d = f"M{num(x1)} {num(y1)}H{num(x2 + into)}V{num(y2)}H{num(x2)}"
        else:
            half = y1 + (ROW / 2 if y2 > y1 else -ROW / 2)
            d = f"M{num(x1)} {num(y1)}h{out}V{num(half)}H{num(x2 + into)}V{num(y2)}H{num(x2)}"
        more = f" data-before={quoted(tie.before)} data-after={quoted(tie.after)}"
        self.svg.add(f'<path d="{d}" marker-end="url(#gantt-arrow)"{more}/>')

    def _side(self, n: int, *, start: bool) -> float:
        row = self.chart.rows[n]
        spell = row.planned or Spell(self.scale.first, self.scale.first)
        if row.milestone:
            return self.scale.end(spell.finish) + (-9 if start else 9)
        return self.scale.x(spell.start) if start else self.scale.end(spell.finish)

    def _row(self, y: int, row: GanttRow) -> None:
        svg, colours = self.svg, self.colours
        if row.baseline:
            left, right = self.scale.x(row.baseline.start), self.scale.end(row.baseline.finish)
            if row.milestone:
                svg.path(diamond(right, y + ROW / 2 + 4, 6), "none", stroke=colours.edge)
            else:
                svg.rect(left, y + ROW - 8, right - left, _THIN, colours.edge, rx=2, class_="gantt__baseline")
        if row.planned is None:
            return
        moves = "true" if row.movable else "false"
        svg.add(
            f'<g class="{self._classes(row)}" data-key={quoted(row.key)} data-start="{row.planned.start.isoformat()}" '
            f'data-finish="{row.planned.finish.isoformat()}" data-movable="{moves}"'
            f'{" tabindex=" + quoted("0") if row.movable else ""} role="img" aria-label={quoted(self._told(row))}>'
        )
        svg.tip(self._told(row))
        if row.milestone:
            self._milestone(y, row, row.planned)
        elif row.group:
            self._group(y, row.planned)
        else:
            self._bar(y, row, row.planned)
        svg.close()

    def _classes(self, row: GanttRow) -> str:
        marks = (name for name in ("group", "milestone", "critical", "movable") if getattr(row, name))
        return " ".join(["gantt__bar", *(f"gantt__bar--{name}" for name in marks)])

    def _told(self, row: GanttRow) -> str:
        spell = row.planned or Spell(self.scale.first, self.scale.first)
        days = full_day_word(spell.finish) if row.milestone else span_word(spell.start, spell.finish)
        told = [row.title, row.owner, days, "" if row.milestone else f"{row.percent}%"]
        told.append(light_name(row.light) if row.light else "")
        return " ".join(part for part in told if part)

    def _bar(self, y: int, row: GanttRow, spell: Spell) -> None:
        svg, colours = self.svg, self.colours
        left, right = self.scale.x(spell.start), self.scale.end(spell.finish)
        late = row.light is Light.RED
        edge = colours.late if late else colours.done if row.light is Light.DONE else colours.brand
        soft = colours.late_soft if late else colours.done_soft if row.light is Light.DONE else colours.brand_soft
        top = y + 8
        if row.late_finish and row.late_finish > spell.finish:
            stop = self.scale.end(row.late_finish)
            svg.line(right, top + 8, stop, top + 8, colours.edge, stroke_width=2, stroke_dasharray="2 3")
            svg.line(stop, top + 3, stop, top + 13, colours.edge, stroke_width=2)
        svg.rect(left, top, right - left, _BAR, soft, rx=3)
        done = (right - left) * min(100, max(0, row.percent)) / 100
        svg.rect(left, top, done, _BAR, edge, rx=3, class_="gantt__done")
        if late:
            svg.rect(left + done, top, right - left - done, _BAR, self.late, rx=3, fill_opacity=0.55)
        weight = 2.5 if row.critical else 1
        svg.rect(left, top, right - left, _BAR, "none", stroke=edge, stroke_width=weight, rx=3, class_="gantt__edge")
        if row.actual:
            a, b = self.scale.x(row.actual.start), self.scale.end(row.actual.finish)
            svg.rect(a, top + _BAR - 1, b - a, 3, colours.ink, class_="gantt__actual")
        if row.due:
            x = self.scale.end(row.due)
            svg.line(x, y + 4, x, y + ROW - 4, colours.late, stroke_width=2)
        self._behind(
            max(right, self.scale.end(row.late_finish) if row.late_finish else right) + 6, y, f"{row.percent}%"
        )

    def _behind(self, x: float, y: int, word: str) -> None:
        """Write ``word`` behind a bar, with a rim that keeps it legible upon lines."""
        rim = self.colours.panel
        self.svg.text(x, y + 21, word, 11, self.colours.soft_ink, paint_order="stroke", stroke=rim, stroke_width=4)

    def _milestone(self, y: int, row: GanttRow, spell: Spell) -> None:
        x, colours = self.scale.end(spell.finish), self.colours
        edge = colours.late if row.light is Light.RED else colours.ink
        fill = edge if row.light in (Light.RED, Light.DONE) else colours.panel
        self.svg.path(diamond(x, y + ROW / 2, 9), fill, stroke=edge, stroke_width=2)
        self._behind(x + 14, y, full_day_word(spell.finish))

    def _group(self, y: int, spell: Spell) -> None:
        left, right = self.scale.x(spell.start), self.scale.end(spell.finish)
        top = y + 12
        self.svg.path(
            f"M{num(left)} {top}H{num(right)}V{top + 12}L{num(right - 6)} {top + 6}H{num(left + 6)}L{num(left)} "
            f"{top + 12}Z",
            self.colours.soft_ink,
        )
