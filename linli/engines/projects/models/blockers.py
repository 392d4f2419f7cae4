"""What stands in a project's way: the cause, the steps tried, the next one, and who else may read of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.engines.projects.types import AskKind, BlockerLevel, BlockerState
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Blocker(Base):
    """Something that keeps a project, or one of its nodes, from going on."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="blockers")
    node = models.ForeignKey("projects.Node", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    cause = models.TextField()
    party = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=14, choices=BlockerLevel.choices, default=BlockerLevel.GENERAL)
    convener = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=8, choices=BlockerState.choices, default=BlockerState.OPEN)
    next_step = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True)
    linked_kind = models.CharField(max_length=20, blank=True)
    linked_uuid = models.UUIDField(null=True)
    linked_label = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=24, blank=True)
    opened_at = models.DateTimeField()
    opened_label = models.CharField(max_length=80)
    lifted_at = models.DateTimeField(null=True)
    lifted_label = models.CharField(max_length=80, blank=True)
    result = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {
        "opened_label": Personal("who entered it", None, "staff"),
        "lifted_label": Personal("who ended it", None, "staff"),
    }

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state=BlockerState.OPEN, lifted_at__isnull=True)
                | Q(state=BlockerState.LIFTED, lifted_at__isnull=False),
                name="projects_blocker_lifted_paired",
            ),
            models.UniqueConstraint(fields=("code",), condition=~Q(code=""), name="projects_blocker_code"),
        )
        indexes = (
            models.Index(fields=("next_on", "id"), condition=Q(state=BlockerState.OPEN), name="projects_blocker_next"),
        )
        ordering = ("-opened_at", "-id")

    def __str__(self) -> str:
        """Return the beginning of the cause."""
        return self.cause[:60]


class BlockerStep(Base):
    """One step that was tried, appended: the day, which unit, what, and what came of it."""

    blocker = models.ForeignKey("projects.Blocker", on_delete=models.CASCADE, related_name="steps")
    on = models.DateField()
    who = models.CharField(max_length=80)
    what = models.TextField()
    outcome = models.TextField(blank=True)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who entered it", None, "staff")}

    class Meta:
        ordering = ("on", "id")


class Ask(Base):
    """A short question to the residents of a project, open between two days; its words are a form's version."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="asks")
    kind = models.CharField(max_length=12, choices=AskKind.choices, default=AskKind.QUESTION)
    title = models.CharField(max_length=80)
    form_code = models.CharField(max_length=64)
    form_number = models.PositiveSmallIntegerField(default=1)
    opens_on = models.DateField()
    closes_on = models.DateField()
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who asked", None, "staff")}

    class Meta:
        ordering = ("-opens_on", "-id")

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class AskAnswer(Base):
    """One anonymous answer; ``mark`` only keeps one browser from answering twice."""

    ask = models.ForeignKey("projects.Ask", on_delete=models.CASCADE, related_name="answers")
    answers = models.JSONField()
    mark = models.CharField(max_length=64)
    on = models.DateField()

    personal: ClassVar[dict[str, Personal]] = {
        "mark": Personal("one answer per browser; a hash with the question in it", 365, "nobody", "hashed"),
    }

    class Meta:
        constraints = (models.UniqueConstraint(fields=("ask", "mark"), name="projects_askanswer_once"),)
