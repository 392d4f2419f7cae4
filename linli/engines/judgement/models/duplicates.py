"""Keys by which earlier reports of a matter are found, what people said of pairs, and weights that were learned."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.models import Base, Personal


class DuplicateKey(Base):
    """One key of one case: a cell of ground, an address, or words; written with the case."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    key = models.BigIntegerField()
    at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        indexes = (models.Index(fields=("key", "-at", "case"), name="judgement_duplicate_key"),)


class DuplicateDismissal(Base):
    """Somebody looked at two cases and said that they are not one matter; ``figures`` are what the score came of."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    figures = models.JSONField(default=list)

    personal: ClassVar[dict[str, Personal]] = {
        "by_label": Personal("who said so", None, "staff who read the case"),
    }

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "other"), name="judgement_dismissed_once"),)


class DuplicateWeights(Base):
    """A version of the weights that was learned here; at most one is live, without one the shipped ones are."""

    made_at = models.DateTimeField()
    data = models.JSONField()
    judged = models.IntegerField()
    loss_before = models.FloatField()
    loss_after = models.FloatField()
    live = models.BooleanField(default=False)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("live",), condition=Q(live=True), name="judgement_one_live_duplicates"),
        )
