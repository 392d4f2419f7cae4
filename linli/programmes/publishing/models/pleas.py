"""Requests to take something down: what somebody asked, by when it is answered, what was decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.publishing.types import Answer, Right

_KEEP = 365


class TakedownRequest(Base):
    """One request. Who asks is kept encrypted and is seen by those who decide; a code lets them follow it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    article = models.ForeignKey("publishing.Article", on_delete=models.PROTECT, related_name="pleas")
    right = models.CharField(max_length=12, choices=Right.choices)
    statement_sealed = models.BinaryField(default=b"")
    name_sealed = models.BinaryField(default=b"")
    contact_sealed = models.BinaryField(default=b"")
    code_hash = models.CharField(max_length=64, unique=True)
    filed_at = models.DateTimeField()
    due_on = models.DateField()
    hidden_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)
    reply = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_label = models.CharField(max_length=80, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "statement_sealed": Personal("what is wrong, as written", _KEEP, "who decides", "encrypted"),
        "name_sealed": Personal("who asks", _KEEP, "who decides", "encrypted"),
        "contact_sealed": Personal("answering who asks", _KEEP, "who decides, journalled", "encrypted"),
        "decided_label": Personal("who decided", None, "staff"),
    }

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(answer="", decided_at__isnull=True) | (~Q(answer="") & Q(decided_at__isnull=False)),
                name="publishing_plea_decided_paired",
            ),
        )
        indexes = (
            models.Index(fields=("due_on", "id"), condition=Q(answer=""), name="publishing_plea_open"),
            models.Index(fields=("-filed_at", "-id"), name="publishing_plea_newest"),
        )
