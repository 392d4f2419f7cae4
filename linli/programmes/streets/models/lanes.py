"""一弄一案: one plan for one lane."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.streets.workflow import LaneState


class LanePlan(Base):
    """What is known of a lane, what is to be done by whom until when, and what came of it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, related_name="+")
    facts = models.TextField(default="", blank=True)
    plan = models.TextField(default="", blank=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=LaneState.choices, default=LaneState.DRAFT)
    result = models.TextField(default="", blank=True)
    drafted_on = models.DateField()
    agreed_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    area_path = models.CharField(max_length=200, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["target"], condition=Q(state__in=[LaneState.DRAFT, LaneState.AGREED]), name="streets_lane_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=LaneState.AGREED) | (~Q(plan="") & Q(unit__isnull=False, due_on__isnull=False)),
                name="streets_lane_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(state=LaneState.DONE) | (~Q(result="") & Q(done_on__isnull=False)),
                name="streets_lane_done",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on", "id"], name="streets_lane_due")]


class LaneProblem(Base):
    """One problem of a lane, found by a patrol or written down by hand; once in a plan."""

    plan = models.ForeignKey(LanePlan, on_delete=models.PROTECT, related_name="problems")
    text = models.CharField(max_length=300)
    finding_uuid = models.UUIDField(null=True)
    solved_on = models.DateField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "finding_uuid"], condition=Q(finding_uuid__isnull=False), name="streets_problem_once"
            )
        ]
