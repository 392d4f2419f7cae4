"""Self-checks, mock tests and supervision: each a set of rounds of fieldwork, one for each type of point."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.civility.types import Level, Purpose, TrialState


class Trial(Base):
    """One self-check, mock test or supervision. 有督查就有情况反馈，有督查就有处理结果: none is closed without both.

    ``seed``, ``wanted`` and ``margin`` are as they were written down before the draw; the draw's protocol stands in the
    rounds.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=80)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    level = models.CharField(max_length=14, choices=Level.choices, default="", blank=True)
    edition = models.ForeignKey("civility.Edition", on_delete=models.PROTECT, related_name="trials")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    seed = models.CharField(max_length=60, default="", blank=True)
    wanted = models.PositiveIntegerField(default=0)
    margin = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=TrialState.choices, default=TrialState.OPEN)
    feedback = models.TextField(default="", blank=True)
    result = models.TextField(default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    created_label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {"created_label": Personal("knowing whom to ask", None, "colleagues")}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="civility_trial_days"),
            models.CheckConstraint(
                condition=~Q(state=TrialState.CLOSED) | (~Q(feedback="") & ~Q(result="")),
                name="civility_trial_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["purpose", "-starts_on", "-id"], name="civility_trial_list"),
            models.Index(fields=["state", "ends_on"], name="civility_trial_open"),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class TrialPart(Base):
    """The round of one type of point of a trial."""

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="parts")
    point_type = models.ForeignKey("civility.PointType", on_delete=models.PROTECT, null=True, related_name="+")
    round = models.OneToOneField("fieldwork.Round", on_delete=models.PROTECT, related_name="+")

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["id"]
