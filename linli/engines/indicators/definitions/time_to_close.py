"""From the report to the close."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.types import Better, Dimension, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="time_to_close",
    name=_("办结用时"),
    group=Group.ALL,
    grain=Grain.FACTS,
    unit=Unit.TIME,
    better=Better.LESS,
    formula=_("自上报至办结：中位数与第 90 百分位"),
    whole_words=_("办结（不含撤单）"),
    source=_("Linli 设计值，不是上海市规定"),
    mark="G",
    moment="closed_at",
    whole=measures.PROBLEM & measures.CLOSED & Q(minutes_to_close__isnull=False),
    minutes="minutes_to_close",
    compares=frozenset({Dimension.UNIT}),
    beside=("rework", "unsolved"),
)
