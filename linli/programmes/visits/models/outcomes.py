"""What a visit gave out, and which details about a person it noted, each with consent, purpose and end."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.visits.types import Gift as GiftKind


class Gift(Base):
    """One thing given out on a visit (送宣传、送服务、送资源), so many of it."""

    submission = models.ForeignKey("fieldwork.Submission", on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=GiftKind.choices)
    name = models.CharField(max_length=60)
    quantity = models.DecimalField(max_digits=9, decimal_places=2)
    target_kind = models.CharField(max_length=32, default="", blank=True)
    area_path = models.CharField(max_length=200, default="", blank=True)
    day = models.DateField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "path", "name"], name="visits_gift_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="visits_gift_some"),
        ]
        indexes = [models.Index(fields=["day", "kind", "name"], name="visits_gift_day")]


class Detail(Base):
    """One detail that a visit noted about a person: where it stands, what for, until when.

    What was noted stands sealed in the record that it came from, once; where there is no consent, where it is
    withdrawn, or when the day is over, it is forgotten there and in the ledger.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    submission = models.ForeignKey("fieldwork.Submission", on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=200)
    label = models.CharField(max_length=100)
    purpose = models.CharField(max_length=100)
    consent = models.BooleanField()
    until = models.DateField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, default="", blank=True)
    area_path = models.CharField(max_length=200, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "path"], name="visits_detail_once"),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=False) | Q(consent=True, until__isnull=False),
                name="visits_detail_consent",
            ),
        ]
        indexes = [
            models.Index(fields=["until"], condition=Q(forgotten_at=None), name="visits_detail_until"),
            models.Index(fields=["area_path", "-id"], name="visits_detail_area"),
        ]
