"""Problems that came back."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.selectors import measures
from linli.engines.indicators.types import Better, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="relapse",
    name=_("返潮率"),
    group=Group.ALL,
    grain=Grain.FACTS,
    unit=Unit.SHARE,
    better=Better.LESS,
    formula=_("同一地点同类问题再次发生的受理 ÷ 受理"),
    part_words=_("再次发生的受理"),
    whole_words=_("受理的件数（不含作废、不予受理、合并、拆分的）"),
    source=_("Linli 设计值，不是上海市规定"),
    mark="G",
    moment="reported_at",
    whole=measures.PROBLEM & measures.COUNTED,
    part=Q(repeat=True),
)
