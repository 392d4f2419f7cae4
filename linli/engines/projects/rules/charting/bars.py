"""Bars and diamonds of one row of the wall chart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from linli.engines.projects.rules.charting.scale import Scale
from linli.engines.projects.rules.charting.svg import Palette, Svg, diamond, fit, width_of
from linli.engines.projects.rules.charting.types import WallMilestone, WallRow, WallStage
from linli.engines.projects.rules.charting.words import full_day_word, span_word

_ROOMY = 80
Interval = tuple[float, float]


@dataclass
class Bars:
    """Draws the bars of rows of one height.

    Attributes:
        late: what fills the part of a late stage that is not done.
        size: of the words, and ``least``: the smallest they may be.
        diamonds: in the row that is drawn, where diamonds lie; ``taken``: where words are.
    """

    svg: Svg
    colours: Palette
    scale: Scale
    late: str
    height: float
    size: float
    least: float
    diamonds: list[Interval] = field(default_factory=list)
    taken: list[Interval] = field(default_factory=list)

    def draw(self, y: float, row: WallRow) -> None:
        """Draw the bars of ``row``, whose upper edge is at ``y``."""
        half = self._half()
        shown = [m for m in sorted(row.milestones, key=lambda one: one.on) if self.scale.shows(m.on)]
        self.diamonds = [(self.scale.end(m.on) - half, self.scale.end(m.on) + half) for m in shown]
        self.taken = list(self.diamonds)
        lanes = _lanes(row.stages) if self.height >= _ROOMY else [0] * len(row.stages)
        deep = max(lanes, default=0) + 1
        for stage, lane in zip(row.stages, lanes, strict=True):
            self._stage(y + self.height * (0.14 + 0.72 * lane / deep), self.height * 0.72 / deep, stage)
        if row.due and self.scale.shows(row.due):
            x = self.scale.end(row.due)
            self.svg.line(x, y + self.height * 0.06, x, y + self.height * 0.94, self.colours.late, stroke_width=6)
        for milestone in shown:
            self._milestone(y + self.height / 2, milestone)

    def _half(self) -> float:
        return min(22.0, self.height * 0.32)

    def _stage(self, y: float, height: float, stage: WallStage) -> None:
        svg, colours = self.svg, self.colours
        left, right = self.scale.x(stage.spell.start), self.scale.end(stage.spell.finish)
        if right <= left:
            return
        edge = colours.late if stage.late else colours.brand
        svg.open(class_="wallchart__stage")
        svg.tip(f"{stage.title} {span_word(stage.spell.start, stage.spell.finish)} {stage.percent}%")
        svg.rect(left, y, right - left, height, colours.late_soft if stage.late else colours.brand_soft)
        done = (right - left) * min(100, max(0, stage.percent)) / 100
        # What is done is a full band at the foot of the bar, so that the words above it stay legible on any printer.
        svg.rect(left, y + height * 0.78, done, height * 0.22, edge)
        if stage.late:
            svg.rect(left + done, y + height * 0.78, right - left - done, height * 0.22, self.late)
        svg.rect(left, y, right - left, height, "none", stroke=edge, stroke_width=3)
        self._word(left, right, y + height * 0.39, min(self.size, max(self.least, height * 0.6)), stage.title)
        svg.close()

    def _word(self, left: float, right: float, middle: float, size: float, title: str) -> None:
        """Write a stage's name into its bar, beside the diamonds that lie there."""
        start = left + 8
        for a, b in self.diamonds:
            start = b + 6 if a < start + size and b > start else start
        stop = min([right - 4, *(a for a, _b in self.diamonds if a > start)])
        word = fit(title, stop - start, size)
        if len(word.rstrip("…")) > 1 or word == title:
            self.svg.text(start, middle + size * 0.36, word, size, self.colours.ink)
            self.taken.append((start, start + width_of(word, size)))

    def _milestone(self, middle: float, milestone: WallMilestone) -> None:
        svg, colours, half = self.svg, self.colours, self._half()
        x = self.scale.end(milestone.on)
        edge = colours.late if milestone.late else colours.ink
        svg.open(class_="wallchart__milestone")
        svg.tip(f"{milestone.title} {full_day_word(milestone.on)}")
        width = width_of(milestone.title, self.size)
        for left in (x + half + 6, x - half - 6 - width):
            right = left + width
            free = all(right <= a or left >= b for a, b in self.taken)
            if free and left >= self.scale.left and right <= self.scale.left + self.scale.width:
                svg.rect(left - 2, middle - self.size * 0.5, width + 4, self.size, colours.panel, fill_opacity=0.85)
                svg.text(left, middle + self.size * 0.36, milestone.title, self.size, edge)
                self.taken.append((left, right))
                break
        mark(svg, x, middle, half, colours, met=milestone.met, late=milestone.late)
        svg.close()


def mark(svg: Svg, x: float, y: float, half: float, colours: Palette, *, met: bool, late: bool) -> None:
    """Draw a milestone: hollow; full where it is met; crossed out where its day has passed without it."""
    edge = colours.late if late else colours.ink
    svg.path(diamond(x, y, half), edge if met and not late else colours.panel, stroke=edge, stroke_width=4)
    if late:
        arm = half * 0.42
        svg.line(x - arm, y - arm, x + arm, y + arm, edge, stroke_width=4)
        svg.line(x - arm, y + arm, x + arm, y - arm, edge, stroke_width=4)


def _lanes(stages: tuple[WallStage, ...]) -> list[int]:
    """Return in which lane each stage is drawn, so that none hides another."""
    ends: list[date] = []
    found = []
    for stage in stages:
        lane = next((n for n, end in enumerate(ends) if end < stage.spell.start), len(ends))
        ends[lane : lane + 1] = [stage.spell.finish]
        found.append(lane)
    return found
