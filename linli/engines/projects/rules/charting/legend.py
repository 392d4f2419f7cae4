"""What the marks of a Gantt chart mean."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.engines.projects.rules.charting.svg import Palette, Svg, diamond, hatch, width_of

_HEIGHT, _GAP, _MARK, _SIZE = 28, 18, 34, 12


def gantt_legend(*, screen: bool = True) -> str:
    """Return the legend of the Gantt chart as an SVG text, on one line."""
    return _Legend(screen=screen).drawn()


class _Legend:
    def __init__(self, *, screen: bool) -> None:
        self.colours = Palette(screen=screen)
        self.marks = (
            (self._bar, _("计划与完成部分")),
            (self._critical, _("关键节点")),
            (self._late, _("滞后")),
            (self._actual, _("实际")),
            (self._baseline, _("基线")),
            (self._slack, _("余量")),
            (self._milestone, _("里程碑")),
            (self._due, _("截止日")),
            (self._rest, _("休息日")),
        )
        width = sum(_MARK + 8 + width_of(word, _SIZE) + _GAP for _draw, word in self.marks)
        self.svg = Svg(width, _HEIGHT, title=_("图例"), name="gantt-legend")
        self.late = hatch(self.svg, "late", self.colours.late, 6)

    def drawn(self) -> str:
        x = 2.0
        for draw, word in self.marks:
            draw(x)
            self.svg.text(x + _MARK + 6, 18, word, _SIZE, self.colours.soft_ink)
            x += _MARK + 8 + width_of(word, _SIZE) + _GAP
        return self.svg.done()

    def _bar(self, x: float) -> None:
        self.svg.rect(x, 6, _MARK, 16, self.colours.brand_soft, stroke=self.colours.brand, rx=3)
        self.svg.rect(x, 6, _MARK / 2, 16, self.colours.brand, rx=3)

    def _critical(self, x: float) -> None:
        soft, edge = self.colours.brand_soft, self.colours.brand
        self.svg.rect(x + 1, 7, _MARK - 2, 14, soft, stroke=edge, stroke_width=2.5, rx=3)

    def _late(self, x: float) -> None:
        self.svg.rect(x, 6, _MARK, 16, self.colours.late_soft, rx=3)
        self.svg.rect(x, 6, _MARK, 16, self.late, stroke=self.colours.late, rx=3)

    def _actual(self, x: float) -> None:
        self.svg.rect(x, 13, _MARK, 3, self.colours.ink)

    def _baseline(self, x: float) -> None:
        self.svg.rect(x, 12, _MARK, 5, self.colours.edge, rx=2)

    def _slack(self, x: float) -> None:
        edge = self.colours.edge
        self.svg.line(x, 14, x + _MARK, 14, edge, stroke_width=2, stroke_dasharray="2 3")
        self.svg.line(x + _MARK, 9, x + _MARK, 19, edge, stroke_width=2)

    def _milestone(self, x: float) -> None:
        shape = diamond(x + _MARK / 2, 14, 9)
        self.svg.path(shape, self.colours.panel, stroke=self.colours.ink, stroke_width=2)

    def _due(self, x: float) -> None:
        self.svg.line(x + _MARK / 2, 4, x + _MARK / 2, 24, self.colours.late, stroke_width=2)

    def _rest(self, x: float) -> None:
        self.svg.rect(x, 4, _MARK, 20, self.colours.rest)
