"""Devices, what they told as drafts and as events without words, and sums of people passing by the hour.

No column of this room can hold who was seen: an event is a kind out of a list, a time and at most one number.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.engines.signals.types import DeviceKind, DraftState, SignalKind
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal

_COLLEAGUE = Personal("knowing whom to ask", None, "colleagues")


class Device(Base):
    """One camera or sensor of the ledger.

    ``rate_from``/``rate_count`` count the events of a minute; ``shed`` how many were turned away since it floods.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=8, choices=DeviceKind.choices)
    place = models.CharField(max_length=120)
    purpose = models.CharField(max_length=200)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    venue = models.ForeignKey("venues.Venue", on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    notice_on = models.DateField(null=True)
    retention_days = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True)
    entered_at = models.DateTimeField()
    watched_from = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)
    flooding_since = models.DateTimeField(null=True)
    shed_at = models.DateTimeField(null=True)
    shed = models.PositiveIntegerField(default=0)
    rate_from = models.DateTimeField(null=True)
    rate_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    # ``program`` is a connected system and no person.
    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(retention_days__gte=1), name="signals_device_retention"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__isnull=False, lon__isnull=False),
                name="signals_device_point",
            ),
        ]
        indexes = [
            models.Index(fields=["active", "number", "id"], name="signals_device_list"),
            models.Index(fields=["watched_from"], condition=Q(active=True), name="signals_device_watched"),
        ]

    def __str__(self) -> str:
        """Return the number."""
        return self.number


class Draft(Base):
    """What one device saw of one kind within a window: for a person to make a case of, or not."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="drafts")
    kind = models.CharField(max_length=12, choices=SignalKind.choices)
    state = models.CharField(max_length=8, choices=DraftState.choices, default=DraftState.WAITING)
    anchor = models.DateTimeField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    value = models.FloatField(null=True)
    unit = models.CharField(max_length=12, default="", blank=True)
    came_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_label = models.CharField(max_length=80, default="", blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    case_uuid = models.UUIDField(null=True)
    case_number = models.CharField(max_length=40, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {"decided_label": _COLLEAGUE}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "kind", "anchor"], name="signals_one_draft"),
            models.CheckConstraint(condition=Q(count__gte=1), name="signals_draft_count"),
            models.CheckConstraint(condition=Q(last_at__gte=F("first_at")), name="signals_draft_span"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True, case_uuid__isnull=True)
                | Q(state="accepted", decided_at__isnull=False, case_uuid__isnull=False)
                | Q(state="rejected", decided_at__isnull=False, case_uuid__isnull=True) & ~Q(reason=""),
                name="signals_draft_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["came_at", "id"], condition=Q(state="waiting"), name="signals_draft_waiting"),
            models.Index(fields=["-came_at", "-id"], condition=~Q(state="waiting"), name="signals_draft_decided_list"),
        ]


class Event(Base):
    """One event that was taken, for knowing it when it is sent again; deleted after the device's days."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    key_hash = models.CharField(max_length=64)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "key_hash"], name="signals_event_once")]
        indexes = [models.Index(fields=["device", "taken_at"], name="signals_event_age")]


class Flow(Base):
    """How many people passed a device in one hour: a sum, and nothing else."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="flows")
    hour = models.DateTimeField()
    count = models.PositiveIntegerField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "hour"], name="signals_flow_once")]
        indexes = [models.Index(fields=["device", "-hour"], name="signals_flow_newest")]
