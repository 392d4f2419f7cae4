"""Thanks that came in: banners, letters, spoken words, and for which case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.cases.types import PraiseKind
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Praise(Base):
    """One banner, letter or word of thanks, to a unit or one of its posts; never counted by person."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=PraiseKind.choices)
    given_on = models.DateField()
    giver_sealed = models.BinaryField(default=b"")
    consent = models.BooleanField(default=False)
    words = models.TextField()
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=64, blank=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="praises")
    picture = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    public = models.BooleanField(default=False)
    entered_at = models.DateTimeField()
    entered_label = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, Personal]] = {
        "giver_sealed": Personal("thanking in return", 365 * 2, "who reads the register", "encrypted"),
        "words": Personal("what was said; numbers of persons are covered", None, "who reads the register", "masked"),
        "entered_label": Personal("who entered it", None, "who reads the register"),
    }

    class Meta:
        indexes = (
            models.Index(fields=("-given_on", "-id"), name="cases_praise_newest"),
            models.Index(fields=("unit", "-given_on", "-id"), name="cases_praise_unit"),
            models.Index(fields=("case",), condition=Q(case__isnull=False), name="cases_praise_case"),
        )
