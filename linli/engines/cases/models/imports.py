"""What was said of a sheet's columns and values, for the next sheet with the same header row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.models import Base, Personal


class SheetLayout(Base):
    """A sheet's header row, with what each column is and what its values mean here.

    Attributes of the table: ``key`` is a hash of the header row; ``mapping`` field → column from 0; ``values``
    field → what stands in the sheet → what it is called here.
    """

    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {
        "changed_by": Personal("who said it", None, "the centre"),
    }

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "key"), name="cases_sheetlayout_once"),)
