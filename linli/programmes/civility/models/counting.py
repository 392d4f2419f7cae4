"""What trials counted, as records come in: so that a million records are read as some hundred lines."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.models import Base, Personal


class Tally(Base):
    """Of one trial and one standard, by area and by the unit that answers: sums of what the records say.

    Marks are weighted, before any veto; ``vetoed`` counts failures of a standard with a veto.
    """

    trial = models.ForeignKey("civility.Trial", on_delete=models.CASCADE, related_name="tallies")
    standard = models.ForeignKey("civility.Standard", on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    # The unit's row, 0 for none: a key may not hold nothing.
    unit_key = models.BigIntegerField(default=0)
    observed = models.IntegerField(default=0)
    perfect = models.IntegerField(default=0)
    spared = models.IntegerField(default=0)
    earned = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    full = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    vetoed = models.IntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "standard", "area_path", "unit_key"], name="civility_tally_once"),
            models.CheckConstraint(
                condition=Q(perfect__lte=F("observed")) & Q(earned__lte=F("full")), name="civility_tally_adds_up"
            ),
        ]


class Counted(Base):
    """What one record added to the tallies: standard → marks, full marks, unit; taken back when it no longer stands."""

    trial = models.ForeignKey("civility.Trial", on_delete=models.CASCADE, related_name="counted")
    record = models.OneToOneField("fieldwork.Submission", on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey("fieldwork.Visit", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    marks = models.JSONField(default=dict)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        indexes = [models.Index(fields=["trial", "id"], name="civility_counted_trial")]
