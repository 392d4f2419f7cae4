"""Surveys, the answer sheets, and codes that let somebody answer once.

A sheet leads to nobody: no user, no address, no device, no time finer than the day, no file; its number is drawn by
lot, so that the order in which sheets came stands nowhere. A code knows that it was used, and nothing of the sheet.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.surveys.workflow import State, Way


def by_lot() -> int:
    """Return a number that says nothing of when it was given."""
    return secrets.randbelow(2**52) + 1


class Survey(Base):
    """One wave of a survey: a form, whom it asks, by when, and what is aimed at.

    ``frame`` is the protocol of the draw: ledger, seed, sizes and numbers drawn by 居民区 (code → number), the targets
    drawn. ``aims`` is index → per cent. ``counts`` is made when it ends, ``rules.tally`` of its sheets; the result page
    reads it alone. ``released_at`` is when residents were given it to read. ``series`` joins the waves of one survey.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=80)
    intro = models.CharField(max_length=300, default="", blank=True)
    series = models.UUIDField()
    wave = models.PositiveSmallIntegerField(default=1)
    form = models.ForeignKey("forms.Form", on_delete=models.PROTECT, related_name="+")
    form_version = models.ForeignKey("forms.FormVersion", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=200, default="", blank=True)
    ways = models.JSONField(default=list)
    opens_on = models.DateField()
    closes_on = models.DateField()
    frame = models.JSONField(default=dict)
    aims = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    released_at = models.DateTimeField(null=True)
    created_label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {"created_label": Personal("knowing whom to ask", None, "colleagues")}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "wave"], name="surveys_wave_once"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="surveys_days"),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(state=State.CLOSED), name="surveys_released_when_over"
            ),
        ]
        indexes = [models.Index(fields=["-opens_on", "-id"], name="surveys_list")]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Sheet(Base):
    """One filled sheet, of nobody."""

    id = models.BigAutoField(primary_key=True, default=by_lot)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="sheets")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=8, choices=Way.choices)
    day = models.DateField()
    answers = models.JSONField(default=dict)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        indexes = [models.Index(fields=["survey", "area"], name="surveys_sheet_area")]


class Token(Base):
    """A code on a slip of paper that lets somebody of a 居民区 answer once; who got which slip, nobody wrote down."""

    id = models.BigAutoField(primary_key=True, default=by_lot)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="tokens")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, related_name="+")
    hash = models.CharField(max_length=64)
    used = models.BooleanField(default=False)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "hash"], name="surveys_token_once")]
