"""Tasks: one promise each, what hangs on it, and how it came about."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.projects.types import Asked, Granted, Priority, Standing, TagKind, TaskLevel, TaskState
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.foundation.core.orders import OrderBase

_STAFF = "staff"


class Task(Base):
    """One promise with an owner, a day and a result; ``state`` follows from ``standing``."""

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
    admission = models.ForeignKey(
        "projects.Admission", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    outside_reason = models.TextField(blank=True)
    to_neighbourhood = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_label = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_label = models.CharField(max_length=80, blank=True)

    standing = models.CharField(max_length=12, choices=Standing.choices, default=Standing.GIVEN)
    version = models.PositiveIntegerField(default=0)
    detail = models.TextField(blank=True)
    giver = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    weight = models.PositiveSmallIntegerField(default=1)
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    percent = models.PositiveSmallIntegerField(default=0)
    evidence = models.CharField(max_length=200, blank=True)
    evidence_files = models.PositiveSmallIntegerField(default=0)
    needs_acceptance = models.BooleanField(default=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    task_list = models.ForeignKey("projects.TaskList", on_delete=models.PROTECT, null=True, related_name="tasks")
    number = models.PositiveSmallIntegerField(default=0)
    body = models.ForeignKey("people.Body", on_delete=models.PROTECT, null=True, related_name="+")
    series = models.ForeignKey("projects.TaskSeries", on_delete=models.PROTECT, null=True, related_name="tasks")
    series_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    open_orders = models.PositiveSmallIntegerField(default=0)
    rework_count = models.PositiveSmallIntegerField(default=0)
    urge_count = models.PositiveSmallIntegerField(default=0)
    was_overdue = models.BooleanField(default=False)
    level = models.SmallIntegerField(choices=TaskLevel.choices, default=TaskLevel.UNIT)

    personal: ClassVar[dict[str, Personal]] = {
        "created_label": Personal("who gave it", None, _STAFF),
        "ended_label": Personal("who finished it", None, _STAFF),
    }

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN, ended_at__isnull=True)
                | (~Q(state=TaskState.OPEN) & Q(ended_at__isnull=False)),
                name="projects_task_ended_paired",
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="projects_task_percent"),
            models.UniqueConstraint(fields=("series", "series_on"), name="projects_task_series_once"),
        )
        indexes = (
            models.Index(fields=("unit", "due_on", "id"), condition=Q(state=TaskState.OPEN), name="projects_open_unit"),
            models.Index(fields=("due_on", "id"), condition=Q(state=TaskState.OPEN), name="projects_open_due"),
            models.Index(
                fields=("sender_unit", "due_on", "id"), condition=Q(state=TaskState.OPEN), name="projects_open_sender"
            ),
            models.Index(fields=("ended_at", "id"), name="projects_task_ended"),
            models.Index(fields=("source_uuid",), name="projects_source"),
            models.Index(
                fields=("created_at", "unit"), condition=Q(to_neighbourhood=True), name="projects_to_neighbourhood"
            ),
            models.Index(
                fields=("id",), condition=Q(state=TaskState.OPEN, due_at__isnull=True), name="projects_task_unclocked"
            ),
        )

    def __str__(self) -> str:
        """Return what is to be done."""
        return self.title


class TaskHelper(Base):
    """A unit that helps with a task (配合单位)."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="helpers")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("task", "unit"), name="projects_helper_once"),)


class TaskTag(Base):
    """A strand (三化) or topic under which a task is reported."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="tags")
    kind = models.CharField(max_length=8, choices=TagKind.choices)
    name = models.CharField(max_length=40)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("task", "kind", "name"), name="projects_tag_once"),)
        indexes = (models.Index(fields=("kind", "name"), name="projects_tag"),)


class TaskEvent(Base):
    """One act on a task, with exactly the fields that it changed; never edited."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    at = models.DateTimeField()
    by_uuid = models.UUIDField(null=True)
    by_label = models.CharField(max_length=80)
    from_standing = models.CharField(max_length=12, blank=True)
    to_standing = models.CharField(max_length=12)
    text = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who acted", None, _STAFF)}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("task", "seq"), name="projects_event_once"),)


class TaskFile(Base):
    """A file that came with an act: evidence of what was done."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    event_seq = models.PositiveIntegerField()
    caption = models.CharField(max_length=80, blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("task", "file"), name="projects_file_once"),)


class TaskExtension(Base):
    """A later day asked for with the reason; decided by whoever gave the task."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="extensions")
    reason = models.TextField()
    due_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_label = models.CharField(max_length=80)
    decision = models.CharField(max_length=8, choices=Granted.choices, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_label = models.CharField(max_length=80, blank=True)
    decision_reason = models.TextField(blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "asked_label": Personal("who asked", None, _STAFF),
        "decided_label": Personal("who decided", None, _STAFF),
    }

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("task",), condition=Q(decision=""), name="projects_extension_one_open"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="projects_extension_decided",
            ),
        )


class TaskOrder(OrderBase):
    """A 督办 of a task: order, answer, result. A task with one that is not concluded cannot end."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="orders")

    personal: ClassVar[dict[str, Personal]] = OrderBase.declared(_STAFF)
