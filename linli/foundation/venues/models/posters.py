"""Posters with a QR code, and how often each was opened: numbers by day, nothing of who opened it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.foundation.venues.types import Purpose


class Channel(Base):
    """A configured address outside (a public account, a group's notice): the only ones to which a poster leads."""

    name = models.CharField(max_length=64, unique=True)
    url = models.URLField(max_length=500)
    active = models.BooleanField(default=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Poster(Base):
    """A poster that hangs at one place. ``code`` is drawn at random: nothing can be told from it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=16, unique=True)
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    title = models.CharField(max_length=40)
    text = models.CharField(max_length=120, default="", blank=True)
    spot = models.CharField(max_length=100, default="", blank=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    venue = models.ForeignKey("venues.Venue", on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True, db_index=True)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=False, place=None, venue=None)
                | Q(area=None, place__isnull=False, venue=None)
                | Q(area=None, place=None, venue__isnull=False),
                name="venues_poster_one_target",
            ),
            models.CheckConstraint(
                condition=~Q(purpose="channel") | Q(channel__isnull=False), name="venues_poster_channel_named"
            ),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class PosterDay(Base):
    """How often a poster was opened on a day."""

    poster = models.ForeignKey(Poster, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    opens = models.PositiveIntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poster", "day"], name="venues_poster_day_once")]
