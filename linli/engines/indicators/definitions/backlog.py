"""What is open when a day ends."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.indicators.types import Better, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="backlog",
    name=_("在办件"),
    group=Group.OPEN,
    grain=Grain.OPEN,
    unit=Unit.COUNT,
    better=Better.NEITHER,
    formula=_("一日终了时没有办结的件"),
    whole_words=_("在办的件"),
    source=_("Linli 设计值，不是上海市规定"),
    mark="G",
)
