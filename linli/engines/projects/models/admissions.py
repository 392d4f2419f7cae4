"""The list of what may be asked of a 居民区."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Admission(Base):
    """An entry of the list of what may be asked of a 居民区 (居委会协助行政事项清单); ended, never deleted."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="projects_admission_days",
            ),
        )

    def __str__(self) -> str:
        """Return what may be asked."""
        return self.title
