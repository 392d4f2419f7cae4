"""Clocks and their pauses."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.models import Base, Personal
from linli.foundation.deadlines.types import Unit


class Clock(Base):
    """One run of one stage of one subject.

    ``marks`` holds ``[percent, moment, known]`` ascending and ``told`` how many of them have
    been told; ``next_mark_at`` is when the sweep has to look next, null when nothing is to come.
    """

    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    subject_uuid = models.UUIDField(null=True, blank=True)
    stage = models.CharField(max_length=40)
    rule_code = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=20, choices=[(u.value, u.value) for u in Unit])
    extensions = models.JSONField(default=list, blank=True)
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    marks = models.JSONField(default=list, blank=True)
    told = models.PositiveSmallIntegerField(default=0)
    next_mark_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    isolated_at = models.DateTimeField(null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "stage"],
                condition=Q(ended_at=None),
                name="deadlines_clock_one_open",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="deadlines_clock_amount"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="deadlines_clock_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_mark_at", "id"],
                condition=Q(ended_at=None, isolated_at=None, next_mark_at__isnull=False),
                name="deadlines_clock_sweep",
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="deadlines_clock_subject"),
            models.Index(
                fields=["isolated_at"], condition=Q(isolated_at__isnull=False), name="deadlines_clock_isolated"
            ),
        ]


class ClockPause(Base):
    """A time during which a clock stood still; no end while it does."""

    clock = models.ForeignKey("deadlines.Clock", on_delete=models.PROTECT, related_name="pauses")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(ended_at=None), name="deadlines_pause_one_open"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="deadlines_pause_order"
            ),
        ]
