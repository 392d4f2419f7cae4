"""What a meeting deals with, what was said and decided, its papers, and the remarks on its minutes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.engines.activities.models.meetings import Meeting
from linli.engines.activities.types import Doing, Outcome, RemarkKind
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class AgendaItem(Base):
    """One item: planned minutes and presenter, the text handed in, what was said.

    ``version`` guards what two people write at once. ``proposal`` is what the meeting means for the
    topic; it takes effect when the minutes are finished, and ``undo`` holds how the topic was before.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Doing.choices, default=Doing.ITEM)
    title = models.CharField(max_length=120)
    minutes = models.PositiveSmallIntegerField(default=10)
    presenter = models.CharField(max_length=80, blank=True)
    presenter_unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    standing = models.CharField(max_length=32, blank=True)
    topic = models.ForeignKey("activities.Topic", on_delete=models.PROTECT, null=True, related_name="items")
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_uuid = models.UUIDField(null=True)
    record = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(null=True)
    recorded_label = models.CharField(max_length=80, blank=True)
    proposal = models.JSONField(default=dict)
    undo = models.JSONField(default=dict)
    snapshot = models.JSONField(default=dict)

    personal: ClassVar[dict[str, Personal]] = {
        "recorded_label": Personal("who wrote the minutes", None, "who takes part"),
    }

    class Meta:
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["subject_uuid"], name="activities_item_subject")]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class ItemText(Base):
    """The text that a speaker's unit handed in for an item (交流材料)."""

    item = models.OneToOneField(AgendaItem, on_delete=models.CASCADE, related_name="text")
    text = models.TextField()
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who handed it in", None, "who takes part")}


class Decision(Base):
    """What was decided: information, a decision, or a task (the tasks carry its uuid)."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, null=True, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Outcome.choices)
    text = models.TextField()
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who recorded it", None, "who takes part")}

    class Meta:
        ordering = ["id"]


class Paper(Base):
    """A file handed out before the meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="papers")
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, related_name="papers")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who handed it in", None, "who takes part")}

    class Meta:
        ordering = ["id"]


class Remark(Base):
    """A comment on minutes sent for correction, with its answer; or a note added to sealed minutes."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="remarks")
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, related_name="remarks")
    kind = models.CharField(max_length=8, choices=RemarkKind.choices)
    text = models.TextField()
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_label = models.CharField(max_length=80, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "by_label": Personal("who remarked", None, "who takes part"),
        "answered_label": Personal("who answered", None, "who takes part"),
    }

    class Meta:
        ordering = ["id"]
