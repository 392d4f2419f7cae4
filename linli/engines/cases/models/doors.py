"""Which ways in are shut."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.engines.cases.types import Source
from linli.foundation.core.models import Base, Personal


class ShutDoor(Base):
    """A way in by which nothing is taken for now: while a subdistrict is being set up, or for a while later.

    A source without a row is open.
    """

    source = models.CharField(max_length=16, choices=Source.choices, unique=True)
    reason = models.CharField(max_length=200)
    shut_at = models.DateTimeField()

    personal: ClassVar[dict[str, Personal]] = {}

    def __str__(self) -> str:
        """Return the source's name."""
        return str(Source(self.source).label)
