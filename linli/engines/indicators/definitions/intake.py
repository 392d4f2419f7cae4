"""What came in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.types import Better, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="intake",
    name=_("受理量"),
    group=Group.ALL,
    grain=Grain.FACTS,
    unit=Unit.COUNT,
    better=Better.NEITHER,
    formula=_("按发现（受理）日期计的件数"),
    whole_words=_("受理的件数（不含作废、不予受理、合并、拆分的）"),
    source=_("某镇 12345 热线系统所见算法；除受理量外按办结日期计"),
    mark="C",
    moment="reported_at",
    whole=measures.PROBLEM & measures.COUNTED,
)
