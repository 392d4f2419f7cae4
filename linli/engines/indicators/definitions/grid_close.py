"""Of what was due, what was closed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.sources import FROM_GRID
from linli.engines.indicators.types import Better, Dimension, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="grid_close",
    name=_("结案率"),
    group=Group.GRID,
    grain=Grain.FACTS,
    unit=Unit.SHARE,
    better=Better.MORE,
    formula=_("已结案 ÷ 应结案（全程时限落在期内）"),
    part_words=_("已结案"),
    whole_words=_("全程时限落在期内的件（不论是否已结，不含作废、撤单）"),
    source=_("行业通行口径；分子分母由 Linli 列明，可核对"),
    mark="G",
    moment="due_at",
    whole=measures.PROBLEM & measures.COUNTED & FROM_GRID & measures.NOT_WITHDRAWN,
    part=measures.CLOSED,
    compares=frozenset({Dimension.UNIT, Dimension.AREA}),
    beside=("unsolved",),
)
