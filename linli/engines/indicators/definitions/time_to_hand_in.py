"""From the dispatch to the result."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.types import Better, Dimension, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="time_to_hand_in",
    name=_("处置用时"),
    group=Group.ALL,
    grain=Grain.FACTS,
    unit=Unit.TIME,
    better=Better.LESS,
    formula=_("自派遣至提交处置结果：中位数与第 90 百分位"),
    whole_words=_("办结且提交过处置结果的件"),
    source=_("Linli 设计值，不是上海市规定"),
    mark="G",
    moment="closed_at",
    whole=measures.PROBLEM & measures.CLOSED & Q(minutes_to_hand_in__isnull=False),
    minutes="minutes_to_hand_in",
    compares=frozenset({Dimension.UNIT}),
    beside=("rework", "unsolved"),
)
