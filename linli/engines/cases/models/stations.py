"""联勤联动站: which units work together where, and the cases that they share."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Station(Base):
    """Partner units of one area that handle together what concerns several of them."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=80)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=200)
    place = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    active = models.BooleanField(default=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("name",), condition=Q(active=True), name="cases_station_name_once"),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class StationPartner(Base):
    """A unit that works in a station."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="partners")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("station", "unit"), name="cases_station_partner_once"),)


class PooledCase(Base):
    """A case that a partner put into the pool, with the reason."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="pooled")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="pools")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.TextField()
    put_at = models.DateTimeField()
    put_label = models.CharField(max_length=80)
    taken_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, Personal]] = {
        "put_label": Personal("who put it there", None, "the station's partners"),
    }

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("station", "case"), condition=Q(taken_at__isnull=True), name="cases_pooled_once"
            ),
        )
