"""Frontage duty (市容环境卫生责任区), and places that nobody looks after."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.streets.types import Served, SpotKind
from linli.programmes.streets.workflow import SpotState


class Duty(Base):
    """What one door answers for, how far, and when that was made known; metres from the axis of the door."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, related_name="+")
    left = models.DecimalField(max_digits=6, decimal_places=1)
    right = models.DecimalField(max_digits=6, decimal_places=1)
    out = models.DecimalField(max_digits=6, decimal_places=1)
    sides = models.CharField(max_length=200, default="", blank=True)
    contents = models.JSONField(default=list)
    notice_year = models.PositiveSmallIntegerField(null=True)
    notice_number = models.PositiveIntegerField(null=True)
    served_on = models.DateField(null=True)
    served = models.CharField(max_length=10, choices=Served.choices, default="", blank=True)
    ended_on = models.DateField(null=True)
    ended_reason = models.CharField(max_length=300, default="", blank=True)
    area_path = models.CharField(max_length=200, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["target"], condition=Q(ended_on__isnull=True), name="streets_duty_once"
            ),
            models.UniqueConstraint(
                fields=["notice_year", "notice_number"], condition=Q(notice_number__isnull=False),
                name="streets_duty_notice_once",
            ),
            models.CheckConstraint(condition=Q(left__gte=0, right__gte=0, out__gte=0), name="streets_duty_metres"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["area_path", "id"], name="streets_duty_area")]


class BlindSpot(Base):
    """A place that nobody looks after: who is to, until when; immediate ones are a case at once."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=SpotKind.choices)
    place = models.CharField(max_length=120)
    text = models.CharField(max_length=500)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    lane = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    immediate = models.BooleanField(default=False)
    found_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=SpotState.choices, default=SpotState.OPEN)
    fixed_on = models.DateField(null=True)
    fixed_by = models.BigIntegerField(null=True)
    closed_on = models.DateField(null=True)
    case_uuid = models.UUIDField(null=True)
    case_number = models.CharField(max_length=32, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {
        "fixed_by": Personal("that another person looks again", None, "nobody: compared only"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("found_on")), name="streets_spot_days"),
        ]
        indexes = [
            models.Index(fields=["state", "due_on", "id"], name="streets_spot_due"),
            models.Index(fields=["case_uuid"], name="streets_spot_case"),
        ]
