"""Orders of the hotline that came in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.sources import HOTLINE
from linli.engines.indicators.types import Better, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="hotline_intake",
    name=_("热线受理量"),
    group=Group.HOTLINE,
    grain=Grain.FACTS,
    unit=Unit.COUNT,
    better=Better.NEITHER,
    formula=_("按发现（受理）日期计的热线工单"),
    whole_words=_("热线工单（不含作废、不予受理、合并、拆分的）"),
    source=_("某镇 12345 热线系统所见算法；除受理量外按办结日期计"),
    mark="C",
    moment="reported_at",
    whole=measures.PROBLEM & measures.COUNTED & HOTLINE,
)
