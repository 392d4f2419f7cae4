"""Extensions granted among those decided."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.engines.indicators.types import Better, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="extension_rate",
    name=_("延期批准率"),
    group=Group.ALL,
    grain=Grain.ACTS,
    unit=Unit.SHARE,
    better=Better.NEITHER,
    formula=_("批准的延期 ÷ 作出决定的延期申请"),
    part_words=_("批准的延期"),
    whole_words=_("作出决定的延期申请"),
    source=_("Linli 设计值，不是上海市规定"),
    mark="G",
    moment="at",
    whole=Q(kind="extension"),
    part=Q(good=True),
)
