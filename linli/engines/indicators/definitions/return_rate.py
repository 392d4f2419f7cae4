"""Of the dispatches, how many were sent back."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.engines.indicators.types import Better, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="return_rate",
    name=_("退单率"),
    group=Group.ALL,
    grain=Grain.ACTS,
    unit=Unit.SHARE,
    better=Better.LESS,
    formula=_("退单次数 ÷ 派遣次数（含改派）"),
    part_words=_("退单"),
    whole_words=_("派遣和改派"),
    source=_("Linli 设计值，不是上海市规定"),
    mark="G",
    moment="at",
    whole=Q(kind__in=("dispatch", "transfer")),
    part=Q(kind="return"),
    within=False,
)
