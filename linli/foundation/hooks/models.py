"""Who is told over HTTP, and what was sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core import crypto
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.foundation.hooks.types import Algorithm, DeliveryState, HookState

SECRET_PURPOSE = "hooks.secret"  # noqa: S105  what the key is for


class Hook(Base):
    """One subscription: where to, which events, what it is signed with. ``keeper`` is told where it fails.

    ``mapping`` puts events into the receiver's own fields and values (:func:`rules.mapped`); empty: CloudEvents.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=64)
    url = models.CharField(max_length=500)
    patterns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    algorithm = models.CharField(max_length=8, choices=Algorithm.choices, default=Algorithm.SHA256)
    secret_sealed = models.BinaryField(default=bytes)
    state = models.CharField(max_length=8, choices=HookState.choices, default=HookState.ACTIVE)
    keeper = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, default="", blank=True)
    last_arrived_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], condition=~Q(state="closed"), name="hooks_name_once")]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def secret(self) -> str:
        """The key in clear."""
        return crypto.decrypt_text(self.secret_sealed, SECRET_PURPOSE)

    def set_secret(self, secret: str) -> None:
        """Keep the key, encrypted."""
        self.secret_sealed = crypto.encrypt_text(secret, SECRET_PURPOSE)


class Delivery(Base):
    """One event for one subscription: the very text that is sent, and what became of it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.UUIDField()
    verb = models.CharField(max_length=64)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, default="", blank=True)
    made_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "event"], name="hooks_delivery_once")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="hooks_delivery_due"),
            models.Index(fields=["hook", "state", "id"], name="hooks_delivery_list"),
        ]


class Followed(Base):
    """How far the journal was read: the number of the last seal whose entries were told."""

    seal = models.BigIntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {}
