"""Thresholds that people set for themselves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Watch(Base):
    """A threshold on a figure: whoever set it is told once when it is crossed, and may be again after it was back."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    figure = models.CharField(max_length=40)
    dimension = models.CharField(max_length=12, blank=True)
    key = models.CharField(max_length=200, blank=True)
    days = models.PositiveSmallIntegerField()
    above = models.BooleanField()
    threshold = models.FloatField()
    raised_at = models.DateTimeField(null=True)
    times = models.PositiveIntegerField(default=0)
    seen_value = models.FloatField(null=True)
    seen_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {"user": Personal("telling who asked to be told", None, "the person")}

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "figure", "dimension", "key", "days", "above"), name="indicators_watch_once"
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="indicators_watch_days"),
        )
