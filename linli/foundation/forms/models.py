"""Forms and their versions; a version is frozen at its first use."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Form(Base):
    """A form by its code; its questions stand in its versions.

    ``whole``: a form with groups, as the designer makes it, and no flat question set. ``kind`` is a code of
    ``types.KINDS``; ``shipped`` the number of the shipped edition that it was taken from, 0 for none.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=200)
    whole = models.BooleanField(default=False)
    kind = models.CharField(max_length=24, default="", blank=True)
    shipped = models.PositiveIntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        indexes = [models.Index(fields=["whole", "title", "code"], name="forms_form_list")]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class FormVersion(Base):
    """The questions of a form at one version, as JSON; from ``frozen_at`` on they never change.

    Without ``published_at`` it is a draft, which nobody fills. ``edition`` counts its changes, so that two persons who
    change it at once are told.
    """

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    questions = models.JSONField()
    created_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    edition = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_label = models.CharField(max_length=80, default="", blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "changed_label": Personal("knowing whom to ask about a form", None, "colleagues"),
    }

    class Meta:
        ordering = ["form", "-number"]
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="forms_version_unique")]
