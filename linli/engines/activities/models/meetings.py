"""Meetings, the series they belong to, where they are held and who comes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.engines.activities.rules.dates import Move
from linli.engines.activities.types import MinutesForm, Reply, Way
from linli.engines.activities.workflow import MeetingState
from linli.foundation.core.crypto import decrypt_text
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal

SENT = "activities.sent"


class Series(Base):
    """Meetings that come again: which kind, on which day of the month, whom they invite."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=80)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    day = models.PositiveSmallIntegerField()
    every_months = models.PositiveSmallIntegerField(default=1)
    move = models.CharField(max_length=8, choices=[(m.value, m.value) for m in Move], default=Move.NEXT.value)
    starts = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=90)
    place = models.CharField(max_length=120)
    chair = models.CharField(max_length=80, blank=True)
    secretary = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    invited = models.JSONField(default=dict)
    standing = models.JSONField(default=list)
    first_on = models.DateField()
    ended_on = models.DateField(null=True)
    skipped = models.JSONField(default=dict)
    created_label = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {
        "secretary": Personal("who takes the minutes", None, "staff"),
        "created_label": Personal("who set the series up", None, "staff"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(day__gte=1, day__lte=31), name="activities_series_day"),
            models.CheckConstraint(condition=Q(every_months__gte=1), name="activities_series_months"),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Meeting(Base):
    """One meeting, from its planning to its sealed minutes."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=32)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, related_name="meetings")
    occurrence = models.DateField(null=True)
    title = models.CharField(max_length=120)
    theme = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=MeetingState.choices, default=MeetingState.PLANNED)
    version = models.PositiveIntegerField(default=1)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, blank=True)
    chair = models.CharField(max_length=80, blank=True)
    secretary = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    summary = models.TextField(blank=True)
    form = models.CharField(max_length=8, choices=MinutesForm.choices, default=MinutesForm.RECORD)
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    created_label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    circulated_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)
    sealed_label = models.CharField(max_length=80, blank=True)
    seal = models.CharField(max_length=64, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=500, blank=True)
    words = models.CharField(max_length=600, default="")
    held_for_kind = models.CharField(max_length=20, blank=True)
    held_for_uuid = models.UUIDField(null=True)
    held_for_label = models.CharField(max_length=120, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "secretary": Personal("who takes the minutes", None, "who takes part"),
        "created_by": Personal("who convened", None, "who takes part"),
        "created_label": Personal("who convened", None, "who takes part"),
        "sealed_label": Personal("who sealed the minutes", None, "who takes part"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "occurrence"], condition=Q(series__isnull=False), name="activities_occurrence_once"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="activities_meeting_order"),
            models.CheckConstraint(
                condition=Q(state=MeetingState.SEALED) & ~Q(seal="")
                | ~Q(state=MeetingState.SEALED) & Q(seal="", sealed_at__isnull=True),
                name="activities_sealed_has_seal",
            ),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.CANCELLED) | ~Q(cancel_reason=""), name="activities_cancel_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="activities_meeting_time"),
            models.Index(fields=["series", "starts_at"], name="activities_meeting_series"),
            models.Index(fields=["held_for_uuid", "starts_at"], name="activities_meeting_held_for"),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Venue(Base):
    """A place of a meeting: the main one, or a branch joined by video."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="venues")
    name = models.CharField(max_length=120)
    video = models.CharField(max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "name"], name="activities_venue_once")]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def is_main(self) -> bool:
        """Whether it is the main venue."""
        return self.order == 0


class Attendee(Base):
    """Who is invited: a person by their post, a unit, or people without a login by role and number.

    A year after the meeting the link to the person goes; that the unit came stays in the minutes.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    group = models.CharField(max_length=16)
    title = models.CharField(max_length=64, blank=True)
    heads = models.PositiveSmallIntegerField(default=1)
    venue = models.ForeignKey(Venue, on_delete=models.SET_NULL, null=True, related_name="attendees")
    reply = models.CharField(max_length=8, choices=Reply.choices, default=Reply.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    sent_sealed = models.BinaryField(default=b"")
    replied_at = models.DateTimeField(null=True)
    came_at = models.DateTimeField(null=True)
    came = models.PositiveSmallIntegerField(default=0)
    way = models.CharField(max_length=8, choices=Way.choices, blank=True)
    checked_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal("inviting and knowing who came", 365, "who convened, the person"),
        "sent_sealed": Personal("who comes in somebody's place", 365, "who convened", "encrypted"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"], condition=Q(user__isnull=False), name="activities_attendee_once"
            ),
            models.UniqueConstraint(fields=["meeting", "unit"], condition=Q(group="unit"), name="activities_unit_once"),
            models.CheckConstraint(
                condition=Q(came_at__isnull=True, came=0) | Q(came_at__isnull=False, came__gte=1),
                name="activities_came_paired",
            ),
            models.CheckConstraint(condition=~Q(reply=Reply.DECLINE) | ~Q(reason=""), name="activities_decline_reason"),
        ]
        indexes = [models.Index(fields=["user"], name="activities_attendee_user")]

    @property
    def sent(self) -> str:
        """Who comes in their place, as it was told."""
        return decrypt_text(self.sent_sealed, SENT)
