"""Orders closed in time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.sources import HOTLINE
from linli.engines.indicators.types import Better, Dimension, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="hotline_on_time",
    name=_("热线按时办结率"),
    group=Group.HOTLINE,
    grain=Grain.FACTS,
    unit=Unit.SHARE,
    better=Better.MORE,
    formula=_("按时办结 ÷ 办结"),
    part_words=_("全程没有超期的办结工单"),
    whole_words=_("办结工单（不含撤单）"),
    source=_("某镇 12345 热线系统所见算法；除受理量外按办结日期计"),
    mark="C",
    moment="closed_at",
    whole=measures.PROBLEM & measures.CLOSED & HOTLINE,
    part=measures.ON_TIME,
    compares=frozenset({Dimension.UNIT, Dimension.AREA}),
    beside=("hotline_solved", "rework"),
)
