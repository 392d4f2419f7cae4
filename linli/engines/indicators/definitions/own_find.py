"""What the street found by itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.sources import CITIZENS, OWN
from linli.engines.indicators.types import Better, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="own_find",
    name=_("主动发现率"),
    group=Group.GRID,
    grain=Grain.FACTS,
    unit=Unit.SHARE,
    better=Better.MORE,
    formula=_("自己发现 ÷（自己发现 + 市民反映）"),
    part_words=_("巡查、居民区采集、视频、督查等自己发现"),
    whole_words=_("自己发现和市民反映的受理"),
    source=_("行业通行口径；分子分母由 Linli 列明，可核对"),
    mark="G",
    moment="reported_at",
    whole=measures.PROBLEM & measures.COUNTED & (OWN | CITIZENS),
    part=OWN,
)
