"""Taking jobs, keeping hold of them, and reporting how they went. Used by services and worker only."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from linli.foundation.core.db.again import whole
from linli.foundation.core.db.prepared import MOMENT, Prepared
from linli.foundation.jobs.exceptions import LeaseLostError
from linli.foundation.jobs.models import Job, State
from linli.foundation.jobs.rules import backoff, next_period
from linli.foundation.jobs.types import SCHEDULES, Claimed

LEASE = timedelta(seconds=60)
_ERROR_LENGTH = 4000


@cache
def _due(limit: int) -> Prepared[Job]:
    def build(now: datetime) -> QuerySet[Job]:
        due = Job.objects.exclude(state=State.DEAD).filter(due_at__lte=now).select_for_update(skip_locked=True)
        return due.order_by("-priority", "due_at", "id")[:limit]

    return Prepared(build, [MOMENT])


@whole
def claim(*, now: datetime, limit: int) -> tuple[UUID, list[Claimed]]:
    """Take up to ``limit`` jobs that are due, most urgent first, for the length of a lease.

    PostgreSQL skips what others are taking; on SQLite the transaction is IMMEDIATE.
    """
    token = uuid4()
    rows = _due(limit).all(now)
    spent = [r.id for r in rows if r.schedule is None and r.attempts >= r.max_attempts]
    if spent:
        Job.objects.filter(id__in=spent).update(
            state=State.DEAD, lease=None, pending_key=None, touched_at=now,
            last_error="the worker was lost each time that it ran",
        )  # fmt: skip
    taken = [r for r in rows if r.id not in spent]
    if taken:
        Job.objects.filter(id__in=[r.id for r in taken]).update(
            state=State.RUNNING, lease=token, due_at=now + LEASE, attempts=F("attempts") + 1,
            pending_key=None, touched_at=now,
        )  # fmt: skip
    return token, [Claimed(r.id, r.name, r.payload, r.key, r.attempts + 1, r.max_attempts, r.schedule) for r in taken]


def prolong(*, token: UUID, now: datetime) -> int:
    """Move the end of the lease of all that ``token`` holds; return how many those are."""
    return Job.objects.filter(lease=token).update(due_at=now + LEASE)


def held(jobs: Sequence[Claimed], token: UUID) -> list[Claimed]:
    """Return those of ``jobs`` whose lease is still ours: one statement."""
    ours = set(Job.objects.filter(id__in=[job.id for job in jobs], lease=token).values_list("id", flat=True))
    return [job for job in jobs if job.id in ours]


def release(*, token: UUID, jobs: Sequence[Claimed], now: datetime) -> None:
    """Give back jobs that were taken but not begun."""
    for job in jobs:
        mine = Job.objects.filter(id=job.id, lease=token)
        _to_pending(mine, job, due_at=now, attempts=job.attempts - 1, touched_at=now)


def succeeded(job: Claimed, *, token: UUID, now: datetime) -> bool:
    """Report that ``job`` is done; return False if somebody else holds it by now."""
    mine = Job.objects.filter(id=job.id, lease=token)
    if job.schedule is None:
        return mine._raw_delete(mine.db) == 1
    every = SCHEDULES.get(job.schedule, timedelta(days=1))
    changed = mine.update(
        state=State.PENDING, lease=None, attempts=0, last_error="", touched_at=now, due_at=next_period(now, every)
    )
    return changed == 1


def all_succeeded(jobs: Sequence[Claimed], *, token: UUID) -> None:
    """Report, inside the transaction of their work, that all of ``jobs`` are done.

    Raises:
        LeaseLostError: somebody else holds one of them by now; the transaction must not stand.
    """
    if Job.objects.filter(id__in=[job.id for job in jobs], lease=token).delete()[0] != len(jobs):
        raise LeaseLostError(jobs[0].name)


def failed(job: Claimed, *, token: UUID, now: datetime, error: str) -> bool:
    """Report that ``job`` failed: it waits, or is dead after its last attempt. A schedule never dies."""
    mine = Job.objects.filter(id=job.id, lease=token)
    error = error.replace("\x00", "")[-_ERROR_LENGTH:]
    again = now + backoff(job.attempts, random.random())  # noqa: S311  jitter
    if job.schedule is not None:
        again = min(again, next_period(now, SCHEDULES.get(job.schedule, timedelta(days=1))))
    elif job.attempts >= job.max_attempts:
        return mine.update(state=State.DEAD, lease=None, last_error=error, touched_at=now) == 1
    return _to_pending(mine, job, due_at=again, last_error=error, touched_at=now)


def _to_pending(mine: QuerySet[Job], job: Claimed, **values: Any) -> bool:
    """Let ``job`` wait again; where one with its key is waiting already, that one does the work."""
    try:
        with transaction.atomic():
            return mine.update(state=State.PENDING, lease=None, pending_key=job.key or None, **values) == 1
    except IntegrityError:
        return mine.delete()[0] == 1


def ensure_schedules(*, now: datetime) -> None:
    """Enter the schedules that rooms declare, and take out those that no room declares any more."""
    known = set(Job.objects.filter(schedule__isnull=False).values_list("schedule", flat=True))
    missing = [
        Job(name=n, schedule=n, priority=10, due_at=next_period(now, every), created_at=now, touched_at=now)
        for n, every in SCHEDULES.items()
        if n not in known
    ]
    if missing:
        Job.objects.bulk_create(missing, ignore_conflicts=True)
    if gone := known - SCHEDULES.keys():
        Job.objects.filter(schedule__in=gone).delete()


def revive(*, ids: Collection[int], now: datetime) -> list[Job]:
    """Let dead jobs wait again with all their attempts; return them."""
    found = list(Job.objects.filter(Q(state=State.DEAD), id__in=ids))
    done = []
    for job in found:
        dead = Job.objects.filter(id=job.id, state=State.DEAD)
        try:
            with transaction.atomic():
                if dead.update(
                    state=State.PENDING, attempts=0, due_at=now, touched_at=now, pending_key=job.key or None
                ):
                    done.append(job)
        except IntegrityError:
            dead.delete()
    return done
