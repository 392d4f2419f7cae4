"""Dispatches to the unit that a rule named."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.engines.indicators.types import Better, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="by_rule",
    name=_("智能派单率"),
    group=Group.GRID,
    grain=Grain.ACTS,
    unit=Unit.SHARE,
    better=Better.MORE,
    formula=_("按规则派遣 ÷ 派遣"),
    part_words=_("派到规则所定单位的派遣"),
    whole_words=_("派遣"),
    source=_("某镇网格系统所见指标名；算法为 Linli 设计值，不是上海市规定"),
    mark="C",
    moment="at",
    whole=Q(kind="dispatch"),
    part=Q(good=True),
)
