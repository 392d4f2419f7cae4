"""Areas (a stand-in until the room is built)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.models import Base, Personal


class AreaKind(Base):
    """What sort of area."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    order = models.PositiveSmallIntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {}


class Area(Base):
    """A piece of the subdistrict."""

    kind = models.ForeignKey(AreaKind, on_delete=models.PROTECT)
    name = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    path = models.CharField(max_length=255)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    personal: ClassVar[dict[str, Personal]] = {}
