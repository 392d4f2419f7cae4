"""The ledger of agreements (共建协议)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Agreement(Base):
    """One signed agreement with its term; a renewal is a new row that names the one before it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=120)
    title_key = models.CharField(max_length=240)
    signed_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    items = models.JSONField(default=list)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    previous = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="following")
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=300, default="", blank=True)
    reminded_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="alliance_agreement_days"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="") | Q(ended_on__isnull=False),
                name="alliance_agreement_ended",
            ),
        ]
        indexes = [models.Index(fields=["ends_on", "id"], name="alliance_agreement_end")]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Party(Base):
    """Who signed: a member, or another by name (街道社区党委)."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    member = models.ForeignKey("alliance.Member", on_delete=models.PROTECT, null=True, related_name="agreements")
    name = models.CharField(max_length=100, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, name="") | Q(member__isnull=True) & ~Q(name=""),
                name="alliance_party_one_way",
            ),
            models.UniqueConstraint(
                fields=["agreement", "member"], condition=Q(member__isnull=False), name="alliance_party_once"
            ),
        ]
