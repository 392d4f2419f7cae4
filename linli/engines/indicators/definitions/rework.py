"""Of the checks, those that failed."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.engines.indicators.types import Better, Dimension, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="rework",
    name=_("返工率"),
    group=Group.GRID,
    grain=Grain.ACTS,
    unit=Unit.SHARE,
    better=Better.LESS,
    formula=_("核查不通过次数 ÷ 核查次数"),
    part_words=_("核查不通过"),
    whole_words=_("核查"),
    source=_("行业通行口径；分子分母由 Linli 列明，可核对"),
    mark="G",
    moment="at",
    whole=Q(kind="check"),
    part=Q(good=False),
    compares=frozenset({Dimension.UNIT, Dimension.AREA}),
)
