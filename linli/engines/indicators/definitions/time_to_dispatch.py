"""From the report to the dispatch."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.types import Better, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="time_to_dispatch",
    name=_("派遣用时"),
    group=Group.ALL,
    grain=Grain.FACTS,
    unit=Unit.TIME,
    better=Better.LESS,
    formula=_("自上报至最近一次派遣：中位数与第 90 百分位"),
    whole_words=_("派遣过的件"),
    source=_("Linli 设计值，不是上海市规定"),
    mark="G",
    moment="dispatched_at",
    whole=measures.PROBLEM & measures.COUNTED & Q(minutes_to_dispatch__isnull=False),
    minutes="minutes_to_dispatch",
)
