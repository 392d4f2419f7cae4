"""Warnings, the messages that they are made of, and who took note of each."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.engines.alerts.rules.chain import state_at
from linli.engines.alerts.types import AlertState, Colour, Hazard, MessageKind, Via
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal

_COLLEAGUE = Personal("knowing who took note and who entered it", None, "colleagues")


class Alert(Base):
    """One warning as it is now; what it was stands in its messages.

    ``area_paths`` are those of our areas that it names, none of them: the whole subdistrict. ``current`` is the message
    whose words it shows. ``merged_into`` is set where a later message showed that two were one.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    hazard = models.CharField(max_length=16, choices=Hazard.choices)
    colour = models.CharField(max_length=8, choices=Colour.choices)
    headline = models.CharField(max_length=200)
    text = models.TextField(default="", blank=True)
    instruction = models.TextField(default="", blank=True)
    issuer = models.CharField(max_length=100, default="", blank=True)
    area_text = models.CharField(max_length=300, default="", blank=True)
    area_paths = models.JSONField(default=list)
    exercise = models.BooleanField(default=False)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    came_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    current = models.ForeignKey("alerts.AlertMessage", on_delete=models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="alerts_alert_span")]
        indexes = [
            models.Index(fields=["-sent_at", "-id"], condition=Q(merged_into=None), name="alerts_alert_list"),
            models.Index(fields=["ends_at"], condition=Q(merged_into=None, lifted_at=None), name="alerts_alert_now"),
        ]

    def __str__(self) -> str:
        """Return the headline."""
        return self.headline

    def state(self, now: datetime) -> AlertState:
        """Return how it stands at ``now``."""
        return AlertState(state_at(self.begins_at, self.ends_at, self.lifted_at, now))


class AlertMessage(Base):
    """One message, as it came; never changed. ``alert`` is None while what it refers to has not come."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, null=True, related_name="messages")
    sender = models.CharField(max_length=100)
    identifier = models.CharField(max_length=150)
    kind = models.CharField(max_length=8, choices=MessageKind.choices)
    via = models.CharField(max_length=8, choices=Via.choices)
    sent_at = models.DateTimeField()
    came_at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    personal: ClassVar[dict[str, Personal]] = {"by_label": _COLLEAGUE}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "identifier"], name="alerts_message_once")]
        indexes = [models.Index(fields=["alert", "sent_at", "id"], name="alerts_message_chain")]


class AlertReference(Base):
    """Which message another one follows; that one may come later."""

    message = models.ForeignKey(AlertMessage, on_delete=models.PROTECT, related_name="references")
    sender = models.CharField(max_length=100)
    identifier = models.CharField(max_length=150)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        indexes = [models.Index(fields=["sender", "identifier"], name="alerts_reference_of")]


class Acknowledgement(Base):
    """Somebody took note of what a message says; of the next one they are asked anew."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="acknowledgements")
    message = models.ForeignKey(AlertMessage, on_delete=models.PROTECT, related_name="acknowledgements")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=80)
    at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {"user": _COLLEAGUE, "by_label": _COLLEAGUE}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="alerts_acknowledged_once")]
        indexes = [models.Index(fields=["alert", "at"], name="alerts_acknowledged_list")]


class Intake(Base):
    """The one row that messages are taken in behind, one after the other: two of one chain must see each other."""

    taken = models.BigIntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {}
