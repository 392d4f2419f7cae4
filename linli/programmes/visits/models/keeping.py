"""What is kept for visits: words that can be changed, campaigns for branches, experience officers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Wording(Base):
    """One version of a set of words (四百, 七要诀); appended only, the newest is in force."""

    code = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=40)
    lines = models.JSONField(default=list)
    saved_at = models.DateTimeField()
    by_label = models.CharField(max_length=80, default="", blank=True)
    why = models.CharField(max_length=200, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("knowing whom to ask", None, "colleagues")}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="visits_wording_once")]


class Campaign(Base):
    """So many branches of a type by a day: what is there is counted from the ledger of branches."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=60)
    branch_type = models.CharField(max_length=32)
    wanted = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("knowing whom to ask", None, "colleagues")}

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="visits_campaign_days")]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Officer(Base):
    """An experience officer (营商环境体验官): the post they speak from, and how long."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    post = models.CharField(max_length=60)
    station = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    personal: ClassVar[dict[str, Personal]] = {"post": Personal("who reports, by post", None, "colleagues")}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="visits_officer_days")
        ]

    def __str__(self) -> str:
        """Return the post."""
        return self.post
