"""A shop's matter: warned, ordered to put it right, handed over; or put right, or annulled."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.streets.types import Served, Way
from linli.programmes.streets.workflow import MatterState


class Matter(Base):
    """One fault at one shop and what came of it. It is about the shop; nobody's name stands in it.

    ``times`` is the how-manieth of the same fault within the rule's days; ``by_count`` the step that the rule asks for
    on that count. ``warned_by`` and ``ordered_by`` are users: who decides on an objection is another. Linli records the
    hand-over, the outside number and the result; it sets no fine.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, related_name="+")
    fault = models.CharField(max_length=32)
    text = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=MatterState.choices, default=MatterState.WARNED)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    found_on = models.DateField()
    correct_by = models.DateField(null=True)
    times = models.PositiveSmallIntegerField(default=1)
    by_count = models.CharField(max_length=10, default="", blank=True)
    finding_uuid = models.UUIDField(null=True)
    basis = models.CharField(max_length=300, default="", blank=True)
    ordered_on = models.DateField(null=True)
    order_year = models.PositiveSmallIntegerField(null=True)
    order_number = models.PositiveIntegerField(null=True)
    served = models.CharField(max_length=10, choices=Served.choices, default="", blank=True)
    way = models.CharField(max_length=8, choices=Way.choices, default="", blank=True)
    served_on = models.DateField(null=True)
    case_uuid = models.UUIDField(null=True)
    case_number = models.CharField(max_length=32, default="", blank=True)
    outside_number = models.CharField(max_length=60, default="", blank=True)
    result = models.CharField(max_length=500, default="", blank=True)
    appealed_on = models.DateField(null=True)
    appeal = models.CharField(max_length=500, default="", blank=True)
    appeal_open = models.BooleanField(default=False)
    warned_by = models.BigIntegerField(null=True)
    ordered_by = models.BigIntegerField(null=True)
    closed_on = models.DateField(null=True)
    area_path = models.CharField(max_length=200, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {
        "warned_by": Personal("that another person decides on an objection", None, "nobody: compared only"),
        "ordered_by": Personal("that another person decides on an objection", None, "nobody: compared only"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_year", "order_number"], condition=Q(order_number__isnull=False),
                name="streets_matter_order_once",
            ),
            models.UniqueConstraint(
                fields=["finding_uuid"], condition=Q(finding_uuid__isnull=False) & ~Q(state=MatterState.ANNULLED),
                name="streets_matter_finding_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=MatterState.ORDERED) | (~Q(basis="") & Q(order_number__isnull=False)),
                name="streets_matter_order_basis",
            ),
            models.CheckConstraint(
                condition=~Q(state=MatterState.HANDED) | Q(case_uuid__isnull=False), name="streets_matter_has_case"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "correct_by", "id"], name="streets_matter_due"),
            models.Index(fields=["target", "fault", "-found_on"], name="streets_matter_shop"),
            models.Index(fields=["case_uuid"], name="streets_matter_case"),
        ]
