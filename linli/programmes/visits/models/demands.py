"""The register of needs: who needs what, who answers until when, what was answered, and that they were told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.visits.types import Origin, Way
from linli.programmes.visits.workflow import DemandState


class Demand(Base):
    """One need. What somebody said at home is ``guarded``: its words stand in ``sealed`` alone.

    ``task`` is the task of the engine that keeps its clock: it falls due with the answer, and ends with it.
    ``submission`` and ``item`` name the record and the question that it came from; ``source`` is the uuid of whatever
    it came from.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    origin = models.CharField(max_length=12, choices=Origin.choices)
    text = models.CharField(max_length=500, default="", blank=True)
    sealed = models.BinaryField(default=b"")
    who = models.CharField(max_length=100, default="", blank=True)
    guarded = models.BooleanField(default=False)
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, null=True, related_name="+")
    submission = models.ForeignKey("fieldwork.Submission", on_delete=models.PROTECT, null=True, related_name="+")
    item = models.CharField(max_length=200, default="", blank=True)
    source = models.UUIDField(null=True)
    officer = models.ForeignKey("visits.Officer", on_delete=models.PROTECT, null=True, related_name="reports")
    area_path = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=10, choices=DemandState.choices, default=DemandState.NEW)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    task = models.UUIDField(null=True)
    reply = models.CharField(max_length=1000, default="", blank=True)
    replied_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_way = models.CharField(max_length=10, choices=Way.choices, default="", blank=True)
    created_at = models.DateTimeField()
    by_uuid = models.UUIDField(null=True)
    by_label = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal("answering what somebody needs", None, "keepers, the owner unit"),
        "sealed": Personal("answering what somebody needs", 730, "who works in the grid, the owner unit", "encrypted"),
        "who": Personal("knowing whom to tell", None, "keepers, the owner unit"),
        "by_uuid": Personal("letting who noted it follow it", None, "nobody"),
        "by_label": Personal("knowing whom to ask", None, "colleagues"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "item"], condition=Q(submission__isnull=False), name="visits_demand_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="assigned") | Q(unit__isnull=False, due_on__isnull=False), name="visits_demand_owner"
            ),
            models.CheckConstraint(condition=Q(guarded=False) | Q(text=""), name="visits_demand_guarded"),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="visits_demand_due"),
            models.Index(fields=["area_path", "-id"], name="visits_demand_area"),
            models.Index(fields=["unit", "state"], name="visits_demand_unit"),
            models.Index(fields=["source"], condition=Q(source__isnull=False), name="visits_demand_source"),
        ]

    @property
    def number(self) -> str:
        """What people call it."""
        return f"XQ{self.created_at.year}-{self.pk:05d}"

    def __str__(self) -> str:
        """Return the number."""
        return self.number


class DemandEvent(Base):
    """One step of a need; appended only."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    verb = models.CharField(max_length=16)
    text = models.CharField(max_length=1000, default="", blank=True)
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("knowing whom to ask", None, "colleagues")}

    class Meta:
        indexes = [models.Index(fields=["demand", "id"], name="visits_demand_events")]
