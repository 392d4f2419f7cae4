"""What deputies take up: motions and suggestions sent outside, talks with third parties. A record, not a channel."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.activities.models.meetings import Meeting
from linli.engines.activities.models.topics import Topic
from linli.engines.activities.types import MotionKind, MotionState
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Motion(Base):
    """A motion or suggestion of deputies: its draft here, its number, reply and result outside."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=MotionKind.choices)
    title = models.CharField(max_length=120)
    proposers = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=MotionState.choices, default=MotionState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="motions")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, related_name="motions")
    platform = models.CharField(max_length=80, blank=True)
    outside_number = models.CharField(max_length=60, blank=True)
    submitted_on = models.DateField(null=True)
    reply_due_on = models.DateField(null=True)
    replied_on = models.DateField(null=True)
    reply = models.TextField(blank=True)
    replied_by = models.CharField(max_length=80, blank=True)
    result = models.TextField(blank=True)
    ended_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    created_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {
        "created_label": Personal("who drafted it", None, "staff of the deputies' work"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MotionState.DRAFT) | (~Q(outside_number="") & Q(submitted_on__isnull=False)),
                name="activities_motion_submitted",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="activities_motion_newest")]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class MotionText(Base):
    """One version of a motion's text; none is ever overwritten."""

    motion = models.ForeignKey(Motion, on_delete=models.CASCADE, related_name="texts")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who wrote it", None, "staff")}

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["motion", "number"], name="activities_motion_text_once")]


class Negotiation(Base):
    """Talks with a third party (the gas company) over one matter."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=120)
    third_party = models.CharField(max_length=120)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, null=True, related_name="negotiations")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, related_name="negotiations")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="negotiations")
    ended_on = models.DateField(null=True)
    result = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"created_label": Personal("who opened it", None, "staff")}

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class NegotiationStep(Base):
    """One round of talks: when, who took part by role, what was said, what comes next by when."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.CASCADE, related_name="steps")
    on = models.DateField()
    who = models.CharField(max_length=200)
    said = models.TextField()
    next_step = models.CharField(max_length=300, blank=True)
    next_on = models.DateField(null=True)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who recorded it", None, "staff")}

    class Meta:
        ordering = ["-on", "-id"]
