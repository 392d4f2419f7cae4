"""Of what was filed, what was closed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.types import Better, Dimension, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="closed_loop",
    name=_("闭环率"),
    group=Group.GRID,
    grain=Grain.FACTS,
    unit=Unit.SHARE,
    better=Better.MORE,
    formula=_("已结案 ÷ 网格立案"),
    part_words=_("已结案"),
    whole_words=_("期内网格立案的件（不含作废、撤单）"),
    source=_("某镇网格系统所见指标名；算法为 Linli 设计值，不是上海市规定"),
    mark="C",
    moment="filed_at",
    whole=measures.PROBLEM & measures.COUNTED & measures.NOT_WITHDRAWN,
    part=measures.CLOSED,
    compares=frozenset({Dimension.UNIT, Dimension.AREA}),
)
