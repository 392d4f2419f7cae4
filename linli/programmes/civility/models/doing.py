"""What is done between the checks: the lists, the weekly plan, campaigns, same-spot photos, the office's log."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.civility.types import Drive, Listed, LogKind, TodoState, Work

_WHO = {"created_label": Personal("knowing whom to ask", None, "colleagues")}


class Todo(Base):
    """One entry of the lists (加减乘法) or of a week's plan: what, who owns it, by when, what came of it.

    ``rota`` of a multiplication says who is on duty when, by post. ``task_uuid`` is the task given for it.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    listed = models.CharField(max_length=6, choices=Listed.choices)
    work = models.CharField(max_length=10, choices=Work.choices)
    title = models.CharField(max_length=100)
    text = models.CharField(max_length=500, default="", blank=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, null=True, related_name="+")
    week = models.DateField(null=True)
    due_on = models.DateField()
    rota = models.TextField(default="", blank=True)
    state = models.CharField(max_length=8, choices=TodoState.choices, default=TodoState.OPEN)
    result = models.CharField(max_length=500, default="", blank=True)
    ended_on = models.DateField(null=True)
    task_uuid = models.UUIDField(null=True)
    created_label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = _WHO

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=TodoState.OPEN) | (~Q(result="") & Q(ended_on__isnull=False)),
                name="civility_todo_result",
            ),
            models.CheckConstraint(condition=~Q(listed=Listed.WEEK) | Q(week__isnull=False), name="civility_todo_week"),
        ]
        indexes = [
            models.Index(fields=["listed", "state", "due_on", "id"], name="civility_todo_list"),
            models.Index(fields=["week", "id"], name="civility_todo_week_ix"),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Campaign(Base):
    """A standing campaign, a clean-up, a joint action: plan, progress, result, counts before and after.

    ``before`` and ``after`` are what was counted of ``categories`` in as many days before its first day and up to its
    end: frozen when it starts and when it ends.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=Drive.choices)
    title = models.CharField(max_length=80)
    plan = models.TextField(default="", blank=True)
    hours = models.CharField(max_length=100, default="", blank=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    helper_ids = models.JSONField(default=list)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    categories = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    result = models.TextField(default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    created_label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = _WHO

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="civility_campaign_days"),
            models.CheckConstraint(condition=Q(ended_at=None) | ~Q(result=""), name="civility_campaign_result"),
        ]
        indexes = [models.Index(fields=["kind", "-starts_on", "-id"], name="civility_campaign_list")]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class CampaignDay(Base):
    """What was done on one day of a campaign: by which units together, how many people, which amounts."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="days")
    on = models.DateField()
    hours = models.CharField(max_length=60, default="", blank=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=500)
    headcount = models.PositiveIntegerField(default=0)
    unit_ids = models.JSONField(default=list)
    amounts = models.JSONField(default=list)
    before = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    created_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = _WHO

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["campaign", "-on"], name="civility_campaign_days_ix")]


class Shot(Base):
    """A photo of a point or an advertisement, taken at the same spot again and again (一周一个样)."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, related_name="+")
    todo = models.ForeignKey(Todo, on_delete=models.PROTECT, null=True, related_name="shots")
    on = models.DateField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=120, default="", blank=True)
    created_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = _WHO

    class Meta:
        indexes = [models.Index(fields=["target", "on", "id"], name="civility_shot_spot")]


class LogEntry(Base):
    """One line of the leading group's office log: what was looked at, who is asked for what, what came back."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    on = models.DateField()
    kind = models.CharField(max_length=8, choices=LogKind.choices)
    title = models.CharField(max_length=100)
    text = models.CharField(max_length=1000, default="", blank=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    feedback = models.CharField(max_length=1000, default="", blank=True)
    result = models.CharField(max_length=1000, default="", blank=True)
    closed_on = models.DateField(null=True)
    created_label = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = _WHO

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | (~Q(feedback="") & ~Q(result="")), name="civility_log_answered"
            )
        ]
        indexes = [models.Index(fields=["-on", "-id"], name="civility_log_list")]

    def __str__(self) -> str:
        """Return the title."""
        return self.title
