"""How those who rated were satisfied."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.types import Better, Dimension, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="satisfaction",
    name=_("满意率"),
    group=Group.ALL,
    grain=Grain.FACTS,
    unit=Unit.SHARE,
    better=Better.MORE,
    formula=_("评价权重之和 ÷ 已评价件数；没有评价的不计"),
    part_words=_("评价权重之和"),
    whole_words=_("已评价的办结件"),
    source=_("某镇 12345 热线系统所见算法；除受理量外按办结日期计"),
    mark="C",
    moment="closed_at",
    whole=measures.PROBLEM & measures.CLOSED & measures.RATED,
    part=measures.RATED,
    weights="cases.rating.weights",
    within=False,
    compares=frozenset({Dimension.UNIT, Dimension.AREA}),
    beside=("unsolved", "reworked"),
)
