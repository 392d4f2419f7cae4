"""Tasks: what somebody promised to do by a day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.projects.types import Asked, TaskState
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Admission(Base):
    """An entry of the list of what may be asked of a 居民区 (居委会协助行政事项清单); ended, never deleted."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="projects_admission_days",
            ),
        )

    def __str__(self) -> str:
        """Return what may be asked."""
        return self.title


class Task(Base):
    """One promise with an owner, a day and a result."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=200)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=12, choices=TaskState.choices, default=TaskState.OPEN)
    source_kind = models.CharField(max_length=20, blank=True)
    source_uuid = models.UUIDField(null=True)
    source_label = models.CharField(max_length=80, blank=True)
    result = models.TextField(blank=True)
    what = models.CharField(max_length=8, choices=Asked.choices, default=Asked.TASK)
    sender_unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    admission = models.ForeignKey(Admission, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    outside_reason = models.TextField(blank=True)
    to_neighbourhood = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_label = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_label = models.CharField(max_length=80, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "created_label": Personal("who gave it", None, "staff"),
        "ended_label": Personal("who finished it", None, "staff"),
    }

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN, ended_at__isnull=True)
                | (~Q(state=TaskState.OPEN) & Q(ended_at__isnull=False)),
                name="projects_task_ended_paired",
            ),
        )
        indexes = (
            models.Index(fields=("unit", "due_on", "id"), condition=Q(state=TaskState.OPEN), name="projects_open_unit"),
            models.Index(fields=("source_uuid",), name="projects_source"),
            models.Index(
                fields=("created_at", "unit"), condition=Q(to_neighbourhood=True), name="projects_to_neighbourhood"
            ),
        )

    def __str__(self) -> str:
        """Return what is to be done."""
        return self.title
