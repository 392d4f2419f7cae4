"""Callers who were contacted first, in time."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.sources import HOTLINE
from linli.engines.indicators.types import Better, Dimension, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="hotline_contact",
    name=_("先行联系率"),
    group=Group.HOTLINE,
    grain=Grain.FACTS,
    unit=Unit.SHARE,
    better=Better.MORE,
    formula=_("是 ÷（是 + 否）；没有要求联系的不计"),
    part_words=_("在先行联系时限内联系上"),
    whole_words=_("有先行联系时限的办结工单"),
    source=_("某镇 12345 热线系统所见算法；除受理量外按办结日期计"),
    mark="C",
    moment="closed_at",
    whole=measures.PROBLEM & measures.CLOSED & HOTLINE & Q(contact_in_time__isnull=False),
    part=Q(contact_in_time=True),
    compares=frozenset({Dimension.UNIT, Dimension.AREA}),
)
