"""What of what is open is past its limit when a day ends."""

from __future__ import annotations

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.engines.indicators.types import Better, Figure, Grain, Group, Unit

FIGURE = Figure(
    code="overdue",
    name=_("在办超期占比"),
    group=Group.OPEN,
    grain=Grain.OPEN,
    unit=Unit.SHARE,
    better=Better.LESS,
    formula=_("一日终了时已过时限的在办件 ÷ 在办件"),
    part_words=_("已过时限的在办件"),
    whole_words=_("在办的件"),
    source=_("Linli 设计值，不是上海市规定"),
    mark="G",
    # ``asked_at``: the moment that is asked about, set on each row by ``selectors.counting``.
    part=Q(due_at__lt=F("asked_at")),
)
