"""Channels as data, and the record of what stood in which."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.publishing.types import ChannelKind, PieceKind, ReleaseState


class Channel(Base):
    """A way by which words go out (两微一端, 社区报, 公告栏 …): data, not code."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=ChannelKind.choices)
    address = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Release(Base):
    """That something stood in a channel: when, by whom, where outside."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=PieceKind.choices)
    piece = models.UUIDField(db_index=True)
    title = models.CharField(max_length=80)
    version = models.IntegerField()
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="releases")
    state = models.CharField(max_length=12, choices=ReleaseState.choices, default=ReleaseState.OUT)
    released_at = models.DateTimeField()
    released_label = models.CharField(max_length=80)
    link = models.URLField(max_length=500, blank=True)
    outside_number = models.CharField(max_length=60, blank=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_label = models.CharField(max_length=80, blank=True)
    to_check = models.BooleanField(default=False)

    personal: ClassVar[dict[str, Personal]] = {
        "released_label": Personal("who released it", None, "staff"),
        "taken_back_label": Personal("who took it back", None, "staff"),
    }

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("piece", "channel"), condition=Q(state=ReleaseState.OUT), name="publishing_release_once"
            ),
            models.CheckConstraint(
                condition=Q(state=ReleaseState.OUT, taken_back_at__isnull=True)
                | Q(state=ReleaseState.TAKEN_BACK, taken_back_at__isnull=False),
                name="publishing_release_taken_back_paired",
            ),
        )
        indexes = (models.Index(fields=("-released_at", "-id"), name="publishing_release_newest"),)
