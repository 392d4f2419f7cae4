"""What was done, step by step, and the pictures that show it: of everything in this room."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.models import Base, Personal


class Step(Base):
    """One step of a matter, a duty, a spot, a plan …; appended, never edited. ``data`` holds what it changed."""

    kind = models.CharField(max_length=16)
    subject = models.UUIDField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=24)
    text = models.CharField(max_length=1000, default="", blank=True)
    data = models.JSONField(default=dict)
    by_label = models.CharField(max_length=80)
    second_label = models.CharField(max_length=80, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "by_label": Personal("knowing whom to ask", None, "colleagues"),
        "second_label": Personal("that two went, where the law asks for two", None, "colleagues"),
    }

    class Meta:
        indexes = [models.Index(fields=["subject", "-id"], name="streets_step_subject")]


class Evidence(Base):
    """A picture or a paper of a step: of the place and the thing, not of persons."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, default="seen")

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ["id"]
