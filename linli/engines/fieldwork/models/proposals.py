"""Proposals of who goes where: asked for, worked out by the worker, taken whole or in part by a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    ASKED = "asked", _("正在计算")
    READY = "ready", _("待采纳")
    FAILED = "failed", _("没有算出")
    TAKEN = "taken", _("已采纳")


class RoundProposal(Base):
    """One proposal for a round. ``asked`` says who is free when; ``found`` holds who would go where, and what is left.

    It is a proposal and nothing else: nothing is assigned before a person takes it.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey("fieldwork.Round", on_delete=models.PROTECT, related_name="proposals")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=80)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ProposalState.choices, default=ProposalState.ASKED)
    asked = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    why_not = models.CharField(max_length=300, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal("who asked for it", None, "colleagues"),
        "by_label": Personal("who asked for it", None, "colleagues"),
        "asked": Personal("who might go", None, "who leads the round"),
        "found": Personal("who might go where", None, "who leads the round"),
    }

    class Meta:
        indexes = [models.Index(fields=["round", "-id"], name="fieldwork_proposal_round")]
