"""What stands beside a case: requests to decide, orders from above, consultations, shift notes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.cases.types import Decision, RequestKind
from linli.engines.cases.workflow import Level
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.foundation.core.orders import OrderBase


class Request(Base):
    """An extension, shelving or raise asked for with a reason; decided by somebody else."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=12, choices=RequestKind.choices)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    asked_label = models.CharField(max_length=80)
    amount = models.IntegerField(null=True)
    time_unit = models.CharField(max_length=20, blank=True)
    review_on = models.DateField(null=True)
    decision = models.CharField(max_length=12, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_label = models.CharField(max_length=80, blank=True)
    decision_reason = models.TextField(blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "asked_label": Personal("who asked", None, "staff who read the case"),
        "decided_label": Personal("who decided", None, "staff who read the case"),
    }

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "kind"), condition=Q(decision=""), name="cases_request_one_open"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="cases_request_decided_paired",
            ),
        )
        indexes = (models.Index(fields=("asked_at",), condition=Q(decision=""), name="cases_request_open"),)


class Order(OrderBase):
    """A 督办: order → reply → result. A case with one that is not concluded cannot be closed."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="orders")

    personal: ClassVar[dict[str, Personal]] = OrderBase.declared("staff who read the case")


class Consultation(Base):
    """What a meeting of a level's convening body deals with of cases (会商): one object with its meeting."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=120)
    level = models.CharField(max_length=16, choices=Level.choices)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=120, blank=True)
    meeting = models.OneToOneField("activities.Meeting", on_delete=models.PROTECT, null=True, related_name="+")
    held_at = models.DateTimeField()
    called_at = models.DateTimeField()
    called_label = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True)
    minutes = models.TextField(blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "called_label": Personal("who convened", None, "staff who take part"),
    }


class ConsultationCase(Base):
    """One agenda item."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="items")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="consultations")
    order = models.IntegerField(default=0)
    decision = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("consultation", "case"), name="cases_consultation_case_once"),)


class ConsultationParty(Base):
    """A unit invited, whether it came, and what it said."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="parties")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    attended = models.BooleanField(null=True)
    position = models.TextField(blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("consultation", "unit"), name="cases_party_once"),)


class ShiftNote(Base):
    """What one shift tells the next."""

    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    open_cases = models.JSONField(default=list)
    read_at = models.DateTimeField(null=True)
    read_label = models.CharField(max_length=80, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "by_label": Personal("who wrote it", None, "the centre"),
        "read_label": Personal("who took over", None, "the centre"),
    }
