"""Visits that leaders make to enterprises; each request that comes of one is a need in the register."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class CompanyVisit(Base):
    """One visit: when, to whom, which leaders with which departments, what was talked about."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    held_on = models.DateField()
    name = models.CharField(max_length=100)
    target = models.ForeignKey("fieldwork.Target", on_delete=models.PROTECT, null=True, related_name="+")
    leaders = models.CharField(max_length=200)
    departments = models.CharField(max_length=200, default="", blank=True)
    topics = models.CharField(max_length=1000, default="", blank=True)
    notes = models.CharField(max_length=2000, default="", blank=True)
    created_at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {
        "leaders": Personal("who led the visit, by post", None, "colleagues"),
        "by_label": Personal("knowing whom to ask", None, "colleagues"),
    }

    class Meta:
        indexes = [models.Index(fields=["-held_on", "-id"], name="visits_company_day")]

    def __str__(self) -> str:
        """Return whom it went to."""
        return self.name
