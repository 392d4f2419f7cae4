"""What crews did on a route, and how it was found; nothing here names a worker."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.streets.types import Crew, Shift


class WorkLog(Base):
    """What one crew did on one route in one shift: planned, done, and for bikes told and removed."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    shift = models.CharField(max_length=8, choices=Shift.choices)
    crew = models.CharField(max_length=12, choices=Crew.choices, default=Crew.CONTRACTOR)
    planned = models.DecimalField(max_digits=10, decimal_places=1)
    done = models.DecimalField(max_digits=10, decimal_places=1)
    unit_word = models.CharField(max_length=12)
    told = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    text = models.CharField(max_length=300, default="", blank=True)
    area_path = models.CharField(max_length=200, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "on", "shift", "crew"], name="streets_log_once"),
            models.CheckConstraint(condition=Q(planned__gte=0, done__gte=0), name="streets_log_quantities"),
        ]
        indexes = [models.Index(fields=["-on", "-id"], name="streets_log_day")]


class Quality(Base):
    """A look at a route's quality: marks off of a hundred, for the firm and never for a person."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    off = models.DecimalField(max_digits=5, decimal_places=1)
    text = models.CharField(max_length=300)
    reply = models.CharField(max_length=300, default="", blank=True)
    annulled_on = models.DateField(null=True)
    annul_reason = models.CharField(max_length=300, default="", blank=True)
    area_path = models.CharField(max_length=200, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(off__gte=0, off__lte=100), name="streets_quality_marks")]
        indexes = [models.Index(fields=["-on", "-id"], name="streets_quality_day")]
