"""Projects of a period as figures with the rows behind each, and those of which everybody may be told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from linli.engines.projects.models import Node, Project, Spending
from linli.engines.projects.permissions import project_q
from linli.engines.projects.selectors.projects import PUBLIC, public_project
from linli.engines.projects.types import NodeKind, ProjectState
from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page, keyset


def _of(since: datetime, until: datetime, topic: str, strand: str) -> QuerySet[Project]:
    """Return the projects that were under way at some time of a period: entered before its end, not over before it."""
    over = Q(state=ProjectState.STOPPED, changed_at__gte=since) | Q(
        state=ProjectState.CLOSED, finished_on__gte=since.date()
    )
    rows = Project.objects.filter(Q(is_open=True) | over, created_at__lt=until).exclude(state=ProjectState.DRAFT)
    return _narrowed(rows, topic, strand)


def _narrowed(rows: QuerySet[Project], topic: str, strand: str) -> QuerySet[Project]:
    if topic:
        rows = rows.filter(cls__name=topic)
    return rows.filter(strands__contains=f",{strand}") if strand else rows


def _chosen(topic: str, strand: str) -> QuerySet[Project]:
    return _narrowed(Project.objects.exclude(state=ProjectState.DRAFT), topic, strand)


def period_standing(
    by: str, since: datetime, until: datetime, topic: str = "", strand: str = ""
) -> list[tuple[str, int]]:
    """Return how many projects of a period stand now in each ``state`` or under each ``light``: one statement.

    Args:
        by: ``state`` or ``light``; the lights are of those that are not over.
        topic: name of a class of projects; strand: one of the three.
    """
    rows = _of(since, until, topic, strand)
    rows = rows.filter(is_open=True) if by == "light" else rows
    counted: Any = rows.order_by().values_list(by).annotate(n=Count("pk"))
    return list(counted)


def period_projects(
    by: str, since: datetime, until: datetime, topic: str = "", strand: str = "", *, cursor: str = "", size: int = 50
) -> Page[Project]:
    """Return one page of the projects that :func:`period_standing` counts, soonest deadline first."""
    rows = _of(since, until, topic, strand).select_related("cls", "unit")
    rows = rows.filter(is_open=True) if by == "light" else rows
    return keyset(rows, keys=[("deadline", date), ("id", int)], cursor=cursor, size=size)


def period_planned(since: datetime, until: datetime, topic: str = "", strand: str = "") -> int:
    """Return what the projects of a period have planned, in cents: one statement."""
    return int(_of(since, until, topic, strand).aggregate(n=Sum("planned_cents"))["n"] or 0)


def _spent(since: datetime, until: datetime, topic: str, strand: str) -> QuerySet[Spending]:
    rows = Spending.objects.filter(on__gte=since.date(), on__lt=until.date())
    return rows.filter(project__in=_chosen(topic, strand).values("pk"))


def period_spent(since: datetime, until: datetime, topic: str = "", strand: str = "") -> int:
    """Return what was spent on projects in a period, corrections taken off, in cents: one statement."""
    return int(_spent(since, until, topic, strand).aggregate(n=Sum("cents"))["n"] or 0)


def period_spendings(
    since: datetime, until: datetime, topic: str = "", strand: str = "", *, cursor: str = "", size: int = 50
) -> Page[Spending]:
    """Return one page of the lines that :func:`period_spent` adds up, newest first; show no words of one."""
    rows = _spent(since, until, topic, strand).select_related("project")
    return keyset(rows, keys=[("on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def _reached(since: datetime, until: datetime, topic: str, strand: str) -> QuerySet[Node]:
    rows = Node.objects.filter(kind=NodeKind.MILESTONE, actual_finish__gte=since.date(), actual_finish__lt=until.date())
    return rows.filter(project__in=_chosen(topic, strand).values("pk"))


def period_reached(since: datetime, until: datetime, topic: str = "", strand: str = "") -> int:
    """Return how many milestones were reached in a period: one statement."""
    return _reached(since, until, topic, strand).count()


def period_milestones(
    since: datetime, until: datetime, topic: str = "", strand: str = "", *, cursor: str = "", size: int = 50
) -> Page[Node]:
    """Return one page of the milestones reached in a period, newest first."""
    rows = _reached(since, until, topic, strand).select_related("project")
    return keyset(rows, keys=[("actual_finish", date), ("id", int)], cursor=cursor, size=size, descending=True)


def told_projects(actor: Actor, text: str = "", *, limit: int = 20) -> list[Project]:
    """Return the projects that ``actor`` reads and everybody may see, by name or number, last changed first."""
    words = text.strip()
    rows = Project.objects.filter(PUBLIC).filter(project_q(actor))
    rows = rows.filter(Q(name__icontains=words) | Q(number__icontains=words)).select_related("cls", "unit", "area")
    return list(rows.defer("area__geometry", "area__wkb").order_by("-changed_at", "-id")[:limit])


def told_project(actor: Actor, uuid: UUID) -> Project:
    """Return a project that ``actor`` reads and everybody may see.

    Raises:
        NotFoundError: there is none for this reader.
    """
    rows = Project.objects.filter(project_q(actor), uuid=uuid).values_list("uuid", flat=True)
    return public_project(rows.first() or UUID(int=0))


def milestones_of(project: Project) -> list[Node]:
    """Return the milestones of a project that are reached, in order."""
    return list(project.nodes.filter(kind=NodeKind.MILESTONE, actual_finish__isnull=False).order_by("order", "id"))


def not_public(uuids: Collection[UUID]) -> set[UUID]:
    """Return those of the projects that not everybody may see: one statement where any is named."""
    if not uuids:
        return set()
    return set(uuids) - set(Project.objects.filter(PUBLIC, uuid__in=uuids).values_list("uuid", flat=True))
