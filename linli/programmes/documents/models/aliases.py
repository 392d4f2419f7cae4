"""How texts call what Linli knows by another name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal
from linli.programmes.documents.workflow import KNOWN


class Alias(Base):
    """A name in a text that a person said to be a unit, post or place of Linli; the next text is read by it.

    ``kind`` and ``target`` are those of what it stands for, ``label`` its own name then. What was removed stays,
    with who and when.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=list(KNOWN.items()))
    name = models.CharField(max_length=60)
    target = models.UUIDField()
    label = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    made_label = models.CharField(max_length=80)
    removed_at = models.DateTimeField(null=True)
    removed_label = models.CharField(max_length=80, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "made_label": Personal("who linked it", None, "staff who work with documents"),
        "removed_label": Personal("who removed it", None, "staff who work with documents"),
    }

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "name"), condition=Q(removed_at__isnull=True), name="documents_alias_one"
            ),
        )
        indexes = (models.Index(fields=("-made_at", "-id"), name="documents_alias_newest"),)

    def __str__(self) -> str:
        """Return the name and what it stands for."""
        return f"{self.name} → {self.label}"
