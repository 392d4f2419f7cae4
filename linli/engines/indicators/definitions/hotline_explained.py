"""Orders that were explained: the complement."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.sources import HOTLINE
from linli.engines.indicators.types import Better, Dimension, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="hotline_explained",
    name=_("解释说明率"),
    group=Group.HOTLINE,
    grain=Grain.FACTS,
    unit=Unit.SHARE,
    better=Better.LESS,
    formula=_("解释说明 ÷（实际解决 + 解释说明）"),
    part_words=_("解释说明"),
    whole_words=_("结果为实际解决或解释说明的办结工单"),
    source=_("某镇 12345 热线系统所见算法；除受理量外按办结日期计"),
    mark="C",
    moment="closed_at",
    whole=measures.PROBLEM & measures.CLOSED & HOTLINE & (measures.SOLVED | measures.EXPLAINED),
    part=measures.EXPLAINED,
    compares=frozenset({Dimension.UNIT, Dimension.AREA}),
)
