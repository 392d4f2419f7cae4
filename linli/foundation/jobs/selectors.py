"""Seeing what waits, runs and died."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, F, Max, Min, Q

from linli.foundation.core.paging import Page, keyset
from linli.foundation.jobs.models import Job, State
from linli.foundation.jobs.types import Counts, DeadKind


def dead_letters(*, cursor: str = "", size: int = 50, name: str = "") -> Page[Job]:
    """Return a page of the jobs that failed for good, newest first."""
    rows = Job.objects.filter(state=State.DEAD)
    return keyset(
        rows.filter(name=name) if name else rows, keys=[("id", int)], cursor=cursor, size=size, descending=True
    )


def dead_kinds() -> list[DeadKind]:
    """Return the kinds of dead jobs with how many there are and since when, most first."""
    found = Job.objects.filter(state=State.DEAD).values("name").annotate(count=Count("id"), since=Min("touched_at"))
    return [DeadKind(**row) for row in found.order_by("-count", "name")[:100]]


def failing_schedules() -> list[Job]:
    """Return the schedules whose last run failed; they go on by themselves."""
    return list(Job.objects.filter(schedule__isnull=False).exclude(last_error="").order_by("schedule")[:100])


def schedules() -> list[Job]:
    """Return the schedules, the next one first."""
    return list(Job.objects.filter(schedule__isnull=False).order_by("due_at", "id")[:500])


def counts(*, now: datetime) -> Counts:
    """Return how many jobs are due, waiting, running and dead (schedules aside)."""
    waiting = Q(state=State.PENDING)
    found = Job.objects.filter(schedule__isnull=True).aggregate(
        due=Count("id", filter=waiting & Q(due_at__lte=now)),
        waiting=Count("id", filter=waiting & Q(due_at__gt=now)),
        running=Count("id", filter=Q(state=State.RUNNING)),
        dead=Count("id", filter=Q(state=State.DEAD)),
        oldest_due=Min("due_at", filter=waiting & Q(due_at__lte=now)),
    )
    return Counts(**found)


def worker_last_seen() -> datetime | None:
    """Return when a worker last did a schedule of this namespace, None if never.

    A schedule's row is touched each time that it runs, and the most frequent runs every minute.
    """
    ran = Job.objects.filter(schedule__isnull=False, touched_at__gt=F("created_at"))
    seen: datetime | None = ran.aggregate(seen=Max("touched_at"))["seen"]
    return seen
