"""Claims: which member takes on which share of a project, and what came of it."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.alliance.workflow import ClaimState


class Claim(Base):
    """One member's claim of a share of a project; the share is an exact fraction."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    entry = models.ForeignKey("alliance.Entry", on_delete=models.PROTECT, related_name="claims")
    member = models.ForeignKey("alliance.Member", on_delete=models.PROTECT, related_name="claims")
    share_top = models.PositiveIntegerField()
    share_bottom = models.PositiveIntegerField()
    role = models.CharField(max_length=100)
    on_spot = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=ClaimState.choices, default=ClaimState.CLAIMED)
    claimed_on = models.DateField()
    answer_by = models.DateField()
    agreement = models.ForeignKey("alliance.Agreement", on_delete=models.PROTECT, null=True, related_name="claims")
    agreed_on = models.DateField(null=True)
    delivered_on = models.DateField(null=True)
    confirmed_on = models.DateField(null=True)
    confirmed_label = models.CharField(max_length=80, default="", blank=True)
    confirm_text = models.CharField(max_length=500, default="", blank=True)
    thanked_on = models.DateField(null=True)
    thanks = models.CharField(max_length=500, default="", blank=True)
    street_agrees = models.BooleanField(default=False)
    member_agrees = models.BooleanField(default=False)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=300, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {
        "confirmed_label": Personal("knowing who received it", None, "colleagues, the member"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(share_top__gt=0, share_bottom__gt=0, share_top__lte=F("share_bottom")),
                name="alliance_claim_share",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "thanked"]) | Q(confirmed_on__isnull=False),
                name="alliance_claim_confirmed",
            ),
            models.UniqueConstraint(
                fields=["entry", "member"],
                condition=~Q(state__in=["withdrawn", "lapsed"]),
                name="alliance_claim_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="alliance_claim_state")]

    @property
    def share(self) -> Fraction:
        """The share as a fraction."""
        return Fraction(self.share_top, self.share_bottom)

    @property
    def thanks_public(self) -> bool:
        """Whether everybody may read the thanks: where both agree."""
        return self.state == ClaimState.THANKED and self.street_agrees and self.member_agrees


class Milestone(Base):
    """A step that a claimant promised by a day."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=100)
    due_on = models.DateField()
    done_on = models.DateField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["claim", "title"], name="alliance_milestone_once")]


class ClaimReport(Base):
    """What a claimant reported, with a file as evidence; appended, never edited."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="reports")
    at = models.DateTimeField()
    verb = models.CharField(max_length=16)
    text = models.TextField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {
        "by_label": Personal("knowing who reported", None, "colleagues, the member"),
    }

    class Meta:
        ordering = ["-at", "-id"]
