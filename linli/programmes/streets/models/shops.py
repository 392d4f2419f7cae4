"""Shops together: the shop alliance with its peer checks, sign-boards, friendly merchants."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class ShopMember(Base):
    """A shop of the alliance, and what it pledged."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, related_name="+")
    joined_on = models.DateField()
    pledge = models.CharField(max_length=500)
    left_on = models.DateField(null=True)
    left_reason = models.CharField(max_length=300, default="", blank=True)
    area_path = models.CharField(max_length=200, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target"], condition=Q(left_on__isnull=True), name="streets_member_once")
        ]


class PeerCheck(Base):
    """One shop looked at another's frontage: a record, never a ranking."""

    checker = models.ForeignKey(ShopMember, on_delete=models.PROTECT, related_name="checks_made")
    checked = models.ForeignKey(ShopMember, on_delete=models.PROTECT, related_name="checks")
    on = models.DateField()
    fine = models.BooleanField()
    text = models.CharField(max_length=300, default="", blank=True)
    mended_on = models.DateField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(checker=F("checked")), name="streets_peer_two"),
            models.UniqueConstraint(fields=["checker", "checked", "on"], name="streets_peer_once"),
        ]


class BoardCheck(Base):
    """A sign-board's safety check: fine, or to be put right until a day."""

    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    fine = models.BooleanField()
    text = models.CharField(max_length=300, default="", blank=True)
    rectify_by = models.DateField(null=True)
    rectified_on = models.DateField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["target", "on"], name="streets_board_once"),
            models.CheckConstraint(condition=Q(fine=True) | Q(rectify_by__isnull=False), name="streets_board_by"),
        ]


class Friendly(Base):
    """A friendly merchant (友好商户): what it offers, its plaque, and until when it was looked at."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, related_name="+")
    offers = models.JSONField(default=list)
    plaque = models.CharField(max_length=40, unique=True)
    since = models.DateField()
    review_on = models.DateField()
    public = models.BooleanField(default=False)
    ended_on = models.DateField(null=True)
    ended_reason = models.CharField(max_length=300, default="", blank=True)
    area_path = models.CharField(max_length=200, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["target"], condition=Q(ended_on__isnull=True), name="streets_friendly_once"
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["review_on", "id"], name="streets_friendly_review")]
