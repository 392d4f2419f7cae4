"""What was promised, kept and is still owed in a period, as figures with the rows behind each: for reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from linli.engines.projects.models import Task, TaskTag
from linli.engines.projects.selectors.tasks import visible_q
from linli.engines.projects.types import TagKind, TaskState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset

PERIOD_FIGURES = ("given", "done", "in_time", "asked", "next")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which tasks are counted; empty: all.

    Attributes:
        topic, strand: only those with this tag.
        sources: only those that came from one of these kinds.
    """

    topic: str = ""
    strand: str = ""
    sources: tuple[str, ...] = ()


_ALL = Scope()


def _rows(scope: Scope) -> QuerySet[Task]:
    rows = Task.objects.all()
    for kind, name in ((TagKind.TOPIC, scope.topic), (TagKind.STRAND, scope.strand)):
        if name:
            rows = rows.filter(pk__in=TaskTag.objects.filter(kind=kind, name=name).values("task"))
    return rows.filter(source_kind__in=scope.sources) if scope.sources else rows


def task_topics() -> list[str]:
    """Return the topics that tasks are tagged with: one statement."""
    names = TaskTag.objects.filter(kind=TagKind.TOPIC).order_by("name").values_list("name", flat=True)
    return list(names.distinct())


def _in(figure: str, since: datetime, until: datetime, scope: Scope) -> QuerySet[Task]:
    rows = _rows(scope)
    if figure == "given":
        return rows.filter(created_at__gte=since, created_at__lt=until)
    if figure == "asked":
        return rows.filter(created_at__gte=since, created_at__lt=until, to_neighbourhood=True)
    if figure == "next":  # what is owed by the end of the period, and what is late already
        return rows.filter(state=TaskState.OPEN, due_on__lt=until.date())
    done = rows.filter(ended_at__gte=since, ended_at__lt=until, state=TaskState.DONE)
    return done.filter(_IN_TIME) if figure == "in_time" else done


# The day of the end is reckoned in the zone in force, as the day that it was due by is.
_ENDED = Task.objects.annotate(ended_on=TruncDate("ended_at"))
_IN_TIME = Q(pk__in=_ENDED.filter(ended_on__lte=F("due_on")).values("pk"))


def period_counts(since: datetime, until: datetime, scope: Scope = _ALL) -> dict[str, int]:
    """Return the figures of :data:`PERIOD_FIGURES` but ``next``: one statement."""
    given = Q(created_at__gte=since, created_at__lt=until)
    done = Q(ended_at__gte=since, ended_at__lt=until, state=TaskState.DONE)
    return (
        _rows(scope)
        .annotate(ended_on=TruncDate("ended_at"))
        .aggregate(
            given=Count("pk", filter=given),
            asked=Count("pk", filter=given & Q(to_neighbourhood=True)),
            done=Count("pk", filter=done),
            in_time=Count("pk", filter=done & Q(ended_on__lte=F("due_on"))),
        )
    )


def count_next(until: datetime, scope: Scope = _ALL) -> int:
    """Return how many open tasks are due before ``until``, those that are late included."""
    return _in("next", until, until, scope).count()


def period_tasks(
    figure: str, since: datetime, until: datetime, scope: Scope = _ALL, *, cursor: str = "", size: int = 50
) -> Page[Task]:
    """Return one page of the tasks that a figure counts, soonest due first."""
    rows = _in(figure, since, until, scope).select_related("unit")
    return keyset(rows, keys=[("due_on", date), ("id", int)], cursor=cursor, size=size)


def done_tasks(actor: Actor, text: str = "", *, limit: int = 20) -> list[Task]:
    """Return the finished tasks that ``actor`` reads, by title, newest first."""
    rows = Task.objects.filter(visible_q(actor), state=TaskState.DONE, title__icontains=text.strip())
    return list(rows.select_related("unit").order_by("-ended_at", "-id")[:limit])


def done_task(actor: Actor, uuid: UUID) -> Task:
    """Return a finished task.

    Raises:
        NotFoundError: there is none for this reader.
    """
    rows = Task.objects.filter(visible_q(actor), uuid=uuid, state=TaskState.DONE)
    found = rows.select_related("unit").first()
    if found is None:
        raise NotFoundError(_("没有找到这项任务，或者它还没有完成。"), code="projects.not_found")
    return found
