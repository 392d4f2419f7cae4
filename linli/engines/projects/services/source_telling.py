"""Telling the room that a project came from how it goes: whoever asked there hears of it, and what was told is kept.

Nothing is told of a project that is not public; what is told names a stage at most, never why something is blocked.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from linli.engines.projects.models import Node, Project, ProjectEvent
from linli.engines.projects.services.keeping import happened
from linli.engines.projects.types import Moved
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.db.again import whole
from linli.foundation.jobs import services as jobs
from linli.foundation.jobs.types import HANDLERS

# Steps of a project's life that whoever asked for it hears of.
STEPS = {"start": Moved.STARTED, "finish": Moved.FINISHED}


def tell_source(project: Project, what: Moved, *, now: datetime, stage: str = "", until: date | None = None) -> None:
    """Let the room that the project came from tell who asked; a room may not care.

    Args:
        stage: the title of the stage that begins.
        until: the last day on which residents are asked.
    """
    name = f"{project.source_kind}.project_moved"
    if not project.public or project.source_uuid is None or name not in HANDLERS:
        return
    payload = {
        "project": str(project.uuid),
        "source": str(project.source_uuid),
        "what": what.value,
        "values": {"stage": stage, "until": until.isoformat() if until else ""},
        "at": now.isoformat(),
    }
    jobs.enqueue(name=name, payload=payload, now=now)


def tell_stage_begun(project: Project, node: Node, *, now: datetime) -> None:
    """Tell that a stage begins, where ``node`` is the first of its parts that has."""
    if node.parent_id is None or node.actual_start is None:
        return
    others = Node.objects.filter(parent=node.parent_id, actual_start__isnull=False).exclude(pk=node.pk)
    if not others.exists():
        stage = Node.objects.get(pk=node.parent_id).title
        tell_source(project, Moved.STAGE, now=now, stage=stage)


@whole
def note_told(
    *, now: datetime, project_id: int, source: UUID, what: Moved, values: dict[str, str], people: int
) -> ProjectEvent:
    """Keep what was told to who asked: in which words, and to how many people a message went."""
    project = Project.objects.get(pk=project_id)
    after = {"what": what.value, "values": values, "people": people, "source": source}
    return happened(project, "told", by=SYSTEM, now=now, text=what.words(values), after=after)
