"""Kinds of meetings of the installation's own, or shipped ones changed on site."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.models import Base, Personal


class MeetingKind(Base):
    """A kind that was entered or changed here; shipped kinds without a row stand in the programme.

    ``version`` guards what two people change at once. Meetings keep what they were planned with.
    """

    code = models.CharField(max_length=32, unique=True)
    data = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    def __str__(self) -> str:
        """Return the name."""
        return str(self.data.get("name", self.code))
