"""Drawings of plans as SVG: the Gantt chart and the wall chart (挂图作战)."""

from linli.engines.projects.rules.charting.gantt import DAY_WIDTHS, HEAD, LABELS, ROW, extent, gantt
from linli.engines.projects.rules.charting.legend import gantt_legend
from linli.engines.projects.rules.charting.rows import gantt_rows, rest_days
from linli.engines.projects.rules.charting.wall import MOST_ROWS, wall_sheets

__all__ = [
    "DAY_WIDTHS",
    "HEAD",
    "LABELS",
    "MOST_ROWS",
    "ROW",
    "extent",
    "gantt",
    "gantt_legend",
    "gantt_rows",
    "rest_days",
    "wall_sheets",
]
