"""Closings that a check had sent back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.types import Better, Dimension, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="reworked",
    name=_("返工件占比"),
    group=Group.ALL,
    grain=Grain.FACTS,
    unit=Unit.SHARE,
    better=Better.LESS,
    formula=_("核查退回过的办结 ÷ 办结"),
    part_words=_("核查退回过的办结"),
    whole_words=_("办结（不含撤单）"),
    source=_("Linli 设计值，不是上海市规定"),
    mark="G",
    moment="closed_at",
    whole=measures.PROBLEM & measures.CLOSED,
    part=measures.REWORKED,
    compares=frozenset({Dimension.UNIT, Dimension.AREA}),
)
