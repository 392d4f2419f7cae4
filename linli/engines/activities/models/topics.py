"""Topics that live on between meetings, and the readings of the standing ones."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.activities.models.meetings import Meeting, Series
from linli.engines.activities.workflow import TopicState
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Topic(Base):
    """Something hard that is named, owned and solved: 识题、领题、破题."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    words = models.TextField(default="")
    difficulty = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=TopicState.choices, default=TopicState.RAISED)
    version = models.PositiveIntegerField(default=1)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, related_name="topics")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField()
    raised_label = models.CharField(max_length=80)
    raised_unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    result = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_label = models.CharField(max_length=80, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "raised_label": Personal("who raised it", None, "staff"),
        "user": Personal("who answers for it", None, "staff"),
        "closed_label": Personal("who accepted the result", None, "staff"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=TopicState.RAISED)
                | Q(state=TopicState.DROPPED)
                | Q(unit__isnull=False, due_on__isnull=False),
                name="activities_topic_has_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[TopicState.SOLVED, TopicState.CLOSED]) | (~Q(result="") & ~Q(evidence="")),
                name="activities_topic_has_result",
            ),
        ]
        indexes = [
            models.Index(fields=["-raised_at", "-id"], name="activities_topic_newest"),
            models.Index(fields=["series", "state"], name="activities_topic_series"),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class TopicNote(Base):
    """What happened to a topic, when, in which meeting."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="notes")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="+")
    step = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who acted", None, "staff")}

    class Meta:
        ordering = ["id"]


class TopicFile(Base):
    """A photo or file that came with what happened to a topic: what is hard, how it is coming on, what was solved."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="files")
    note = models.ForeignKey(TopicNote, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["topic", "file"], name="activities_topic_file_once")]


class Reading(Base):
    """The value of a standing topic for a 居民区 in a month; shown in the order of names, never ranked."""

    standing = models.CharField(max_length=32)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who entered it", None, "staff")}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standing", "unit", "month"], name="activities_reading_once"),
        ]
