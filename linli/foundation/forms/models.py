"""Forms and their versions; a version is frozen at its first use."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Form(Base):
    """A form by its code; its questions stand in its versions."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=200)

    personal: ClassVar[dict[str, Personal]] = {}

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class FormVersion(Base):
    """The questions of a form at one version, as JSON; from ``frozen_at`` on they never change."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    questions = models.JSONField()
    created_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["form", "-number"]
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="forms_version_unique")]
