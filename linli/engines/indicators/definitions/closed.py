"""What was closed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.types import Better, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="closed",
    name=_("办结量"),
    group=Group.ALL,
    grain=Grain.FACTS,
    unit=Unit.COUNT,
    better=Better.NEITHER,
    formula=_("按办结日期计的件数"),
    whole_words=_("办结的件数（不含撤单）"),
    source=_("Linli 设计值，不是上海市规定"),
    mark="G",
    moment="closed_at",
    whole=measures.PROBLEM & measures.CLOSED,
)
