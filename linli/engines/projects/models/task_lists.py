"""Named lists of tasks, and tasks that come again and again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.projects.types import Every
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class TaskList(Base):
    """A named list of tasks (任务清单), kept by a unit."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("people.Body", on_delete=models.PROTECT, null=True, related_name="+")
    source_kind = models.CharField(max_length=20, blank=True)
    source_uuid = models.UUIDField(null=True)
    source_label = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    created_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"created_label": Personal("who made it", None, "staff")}

    class Meta:
        indexes = (models.Index(fields=("created_at", "id"), name="projects_list_created"),)

    def __str__(self) -> str:
        """Return its title."""
        return self.title


class TaskSeries(Base):
    """A task that comes again and again: when, and what each of them is."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=200)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    sender_unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    giver = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    template = models.JSONField(default=dict)
    every = models.CharField(max_length=8, choices=Every.choices)
    day = models.PositiveSmallIntegerField()
    working_only = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    times = models.PositiveSmallIntegerField(null=True)
    lead_days = models.PositiveSmallIntegerField(default=7)
    next_on = models.DateField(null=True)
    skipped = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_label = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)

    personal: ClassVar[dict[str, Personal]] = {"created_label": Personal("who made it", None, "staff")}

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(day__gte=1, day__lte=31), name="projects_series_day"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")), name="projects_series_days"
            ),
        )
        indexes = (
            models.Index(
                fields=("next_on",), condition=Q(ended_at__isnull=True, next_on__isnull=False), name="projects_series"
            ),
        )

    def __str__(self) -> str:
        """Return what is to be done."""
        return self.title
