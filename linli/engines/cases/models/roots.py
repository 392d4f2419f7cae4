"""Repeated causes: one case for the root, and the cases that came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.models import Base, Personal


class RootCause(Base):
    """What a case of the kind ``root_cause`` knows beside its row: what was changed, and how long it is watched."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="root_cause")
    changed = models.TextField(blank=True)
    watch_until = models.DateField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(changed="", watch_until__isnull=True) | (~Q(changed="") & Q(watch_until__isnull=False)),
                name="cases_root_changed_watched",
            ),
        )


class RootCauseChild(Base):
    """A case that came of a root cause; it stays as it is."""

    root = models.ForeignKey(RootCause, on_delete=models.PROTECT, related_name="children")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="roots")
    added_at = models.DateTimeField()
    added_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {
        "added_label": Personal("who linked it", None, "staff who read the case"),
    }

    class Meta:
        constraints = (models.UniqueConstraint(fields=("root", "case"), name="cases_root_child_once"),)
