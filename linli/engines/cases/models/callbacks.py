"""Calling people back about closed cases: a sample a week, and what each call brought."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.cases.types import CallBackState, Solved
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class CallBackRound(Base):
    """The sample of one week, with all that is needed to draw it again."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    week = models.DateField(unique=True)  # its Monday
    seed = models.CharField(max_length=64)
    shares = models.JSONField(default=dict)
    minimum = models.IntegerField(default=0)
    candidates = models.JSONField(default=list)
    drawn = models.IntegerField(default=0)
    drawn_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {}


class CallBack(Base):
    """One closed case whose reporter is to be called."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(CallBackRound, on_delete=models.PROTECT, related_name="calls")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="call_backs")
    state = models.CharField(max_length=12, choices=CallBackState.choices, default=CallBackState.WAITING)
    attempts = models.IntegerField(default=0)
    solved = models.CharField(max_length=12, choices=Solved.choices, blank=True)
    satisfied = models.CharField(max_length=12, blank=True)
    words = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_label = models.CharField(max_length=80, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "words": Personal("what the person said; numbers of persons are covered", None, "the centre", "masked"),
        "ended_label": Personal("who called", None, "the centre"),
    }

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("round", "case"), name="cases_call_back_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True) | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="cases_call_back_ended_paired",
            ),
        )
        indexes = (
            models.Index(fields=("id",), condition=Q(state="waiting"), name="cases_call_back_waiting"),
            models.Index(fields=("ended_at", "id"), name="cases_call_back_ended"),
        )
