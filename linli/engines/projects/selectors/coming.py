"""What came of one thing that was asked for: its projects and its tasks, for that thing's own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import CharField, F, Value

from linli.engines.projects.models import Project, Task
from linli.engines.projects.permissions import project_q, visible_q
from linli.engines.projects.types import ProjectState, Standing
from linli.foundation.core.actors import Actor

MOST = 50


@dataclass(frozen=True, slots=True)
class Came:
    """One project or task that came of something; ``state`` is a code of its kind's own states."""

    kind: str
    uuid: UUID
    title: str
    unit: str
    due: date
    state: str

    @property
    def words(self) -> str:
        """Its state in words."""
        return str(ProjectState(self.state).label if self.kind == "project" else Standing(self.state).label)


def came_of(actor: Actor, source_uuid: UUID) -> list[Came]:
    """Return the projects and tasks that came of one thing and that ``actor`` may read, projects first: one statement.

    Each stands once, soonest due first among its kind; at most fifty of each.
    """

    def columns(kind: str) -> dict[str, Value]:
        return {"kind": Value(kind, output_field=CharField())}

    projects = Project.objects.filter(pk__in=Project.objects.filter(project_q(actor), source_uuid=source_uuid))
    tasks = Task.objects.filter(pk__in=Task.objects.filter(visible_q(actor), source_uuid=source_uuid))
    found = (
        projects.annotate(**columns("project"), title=F("name"), due=F("deadline"))
        .values_list("kind", "uuid", "title", "unit__name", "due", "state")
        .union(
            tasks.annotate(**columns("task"), due=F("due_on")).values_list(
                "kind", "uuid", "title", "unit__name", "due", "standing"
            )
        )
    )
    return sorted((Came(*row) for row in found[: 2 * MOST]), key=lambda c: (c.kind, c.due, c.title))
