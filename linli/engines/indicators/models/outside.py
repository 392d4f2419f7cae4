"""What an outside platform says of a 居民区: kept beside our own, never mixed with it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class OutsideFigure(Base):
    """One figure of one 居民区 for one month as another platform gives it, with its rank there if it gives one."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    platform = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    value = models.DecimalField(max_digits=12, decimal_places=2)
    place = models.PositiveIntegerField(null=True)
    entered_at = models.DateTimeField()
    entered_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"entered_label": Personal("knowing whom to ask", None, "staff")}

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("platform", "name", "area", "month"), name="indicators_outside_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="indicators_outside_month"),
        )
