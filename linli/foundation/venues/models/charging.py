"""E-bikes counted against sockets, and charging facilities being built."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.foundation.venues.types import Stage


class BikeCount(Base):
    """How many e-bikes were counted in a 小区 or 居民区 on a day, and by whom or how."""

    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    bikes = models.PositiveIntegerField()
    counted_on = models.DateField()
    source = models.CharField(max_length=100)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=False, place=None) | Q(area=None, place__isnull=False),
                name="venues_bikes_one_subject",
            ),
            models.UniqueConstraint(
                fields=["area", "counted_on"], condition=Q(area__isnull=False), name="venues_bikes_area_day"
            ),
            models.UniqueConstraint(
                fields=["place", "counted_on"], condition=Q(place__isnull=False), name="venues_bikes_place_day"
            ),
        ]


class ChargingProject(Base):
    """Charging facilities to be built somewhere: one stage at a time, each with its day."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=64)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    sockets = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.PLANNED)
    stage_on = models.DateField()
    history = models.JSONField(default=list)
    planned_end = models.DateField(null=True)
    note = models.CharField(max_length=300, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["name"], name="venues_project_name_once")]

    def __str__(self) -> str:
        """Return the name."""
        return self.name
