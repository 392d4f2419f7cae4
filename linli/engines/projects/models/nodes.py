"""The plan of a project: its nodes, what waits for what, teams shared between projects, frozen baselines."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.engines.projects.types import Light, LinkKind, NodeKind
from linli.foundation.core.ids import uuid7
from linli.foundation.core.models import Base, Personal


class Team(Base):
    """A team that several projects share, with how many crews of it can work on one day."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=60, unique=True)
    capacity = models.PositiveSmallIntegerField(default=1)
    active = models.BooleanField(default=True)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Node(Base):
    """One line of a plan: a stage, a piece of work, or a milestone; its planned days and what came true."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="nodes")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="parts")
    kind = models.CharField(max_length=10, choices=NodeKind.choices, default=NodeKind.WORK)
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=100)
    duration = models.PositiveSmallIntegerField(default=1)
    outdoor = models.BooleanField(default=False)
    weight = models.PositiveSmallIntegerField(default=1)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    earliest = models.DateField(null=True)
    latest = models.DateField(null=True)
    planned_start = models.DateField(null=True)
    planned_finish = models.DateField(null=True)
    slack = models.IntegerField(null=True)
    actual_start = models.DateField(null=True)
    actual_finish = models.DateField(null=True)
    percent = models.PositiveSmallIntegerField(default=0)
    light = models.CharField(max_length=8, choices=Light.choices, default=Light.WAITING)
    light_why = models.JSONField(default=dict)
    task_uuid = models.UUIDField(null=True)

    personal: ClassVar[dict[str, Personal]] = {"user": Personal("who does it", None, "staff")}

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(percent__lte=100), name="projects_node_percent"),
            models.CheckConstraint(
                condition=Q(planned_start__isnull=True) | Q(planned_finish__gte=F("planned_start")),
                name="projects_node_planned_days",
            ),
        )
        ordering = ("order", "id")

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class NodeLink(Base):
    """One node waits for another of the same project."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="links")
    before = models.ForeignKey("projects.Node", on_delete=models.CASCADE, related_name="+")
    after = models.ForeignKey("projects.Node", on_delete=models.CASCADE, related_name="waits")
    kind = models.CharField(max_length=2, choices=LinkKind.choices, default=LinkKind.FS)
    lag = models.SmallIntegerField(default=0)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("before", "after", "kind"), name="projects_nodelink_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="projects_nodelink_not_itself"),
        )


class TeamUse(Base):
    """How many crews of a team a node needs while it runs."""

    node = models.ForeignKey("projects.Node", on_delete=models.CASCADE, related_name="teams")
    team = models.ForeignKey("projects.Team", on_delete=models.PROTECT, related_name="uses")
    units = models.PositiveSmallIntegerField(default=1)

    personal: ClassVar[dict[str, Personal]] = {}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("node", "team"), name="projects_teamuse_once"),)


class Baseline(Base):
    """A plan as it was on a day, named and frozen."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="baselines")
    name = models.CharField(max_length=60)
    deadline = models.DateField()
    rows = models.JSONField()
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    personal: ClassVar[dict[str, Personal]] = {"by_label": Personal("who froze it", None, "staff")}

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "name"), name="projects_baseline_name"),)
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        """Return the name."""
        return self.name
