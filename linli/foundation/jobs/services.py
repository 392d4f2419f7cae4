"""Asking for work after the transaction, and doing it.

The public face of the room: :func:`enqueue` for those who ask, :func:`handler` and
:func:`schedule` for those who do, :func:`drain` for tests and the demonstration.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.inserting import insert
from linli.foundation.jobs import queue
from linli.foundation.jobs.exceptions import PayloadTooLargeError, UnknownHandlerError
from linli.foundation.jobs.models import Job, State
from linli.foundation.jobs.types import HANDLERS, Claimed, Function, handler, schedule
from linli.foundation.journal import services as journal
from linli.foundation.journal.types import EntryData

__all__ = ["discard", "drain", "enqueue", "handler", "retry", "run_due", "schedule"]
log = logging.getLogger(__name__)
PAYLOAD_LIMIT = 64 * 1024
MAX_ATTEMPTS = 8
BATCH = 10


def enqueue(
    *,
    name: str,
    payload: dict[str, Any],
    now: datetime,
    run_at: datetime | None = None,
    key: str | None = None,
    priority: int = 0,
    max_attempts: int = MAX_ATTEMPTS,
) -> None:
    """Ask for a job in the caller's transaction: one INSERT, and none after a rollback.

    While a job with the same ``key`` waits, nothing is added. That row stays locked until
    the caller commits, so that no worker takes it before it can see what the caller wrote.

    Raises:
        PayloadTooLargeError: the payload is more than 64 KB of JSON; pass an id instead.
    """
    size = len(json.dumps(payload, ensure_ascii=False).encode("utf8", "replace"))
    if size > PAYLOAD_LIMIT:
        raise PayloadTooLargeError(_("后台任务的内容太大。"), hint=_("请只传递编号。"), size=size)
    job = Job(
        name=name,
        payload=payload,
        key=key or "",
        pending_key=key or None,
        priority=priority,
        due_at=run_at or now,
        max_attempts=max_attempts,
        created_at=now,
        touched_at=now,
    )
    if key:
        Job.objects.bulk_create(
            [job], update_conflicts=True, unique_fields=["pending_key"], update_fields=["touched_at"]
        )
    else:
        insert([job])


def run_due(*, now: datetime, limit: int = 100) -> int:
    """Do up to ``limit`` jobs that are due in this namespace; return how many were tried."""
    done = 0
    while done < limit:
        token, jobs = queue.claim(now=now, limit=min(BATCH, limit - done))
        if not jobs:
            break
        for job in jobs:
            run_one(job, token=token, now=now)
        done += len(jobs)
    return done


def drain(*, now: datetime, limit: int = 100_000) -> int:
    """Do everything that is due at ``now``, and what that asks for in turn; return how many were tried.

    Raises:
        RuntimeError: ``limit`` jobs were not enough, so jobs ask for one another without end.
    """
    done = 0
    while tried := run_due(now=now, limit=1000):
        done += tried
        if done > limit:
            message = f"more than {limit} jobs"
            raise RuntimeError(message)
    return done


def _handler_of(job: Claimed) -> Function:
    try:
        return HANDLERS[job.name]
    except KeyError as error:
        raise UnknownHandlerError(job.name) from error


def run_one(job: Claimed, *, token: UUID, now: datetime) -> bool:
    """Do ``job`` and report; return whether it went well. Whatever it raises stays here."""
    try:
        work = _handler_of(job)
        # Inside a caller's transaction (tests) a savepoint keeps a failed statement from spoiling it.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            work(job.payload, now)
    except Exception as error:  # one job must not stop the others
        log.warning("job %s %s failed (attempt %s): %s", job.id, job.name, job.attempts, error)
        queue.failed(job, token=token, now=now, error=traceback.format_exc())
        return False
    if not queue.succeeded(job, token=token, now=now):
        log.warning("job %s %s: done, but its lease had passed to another worker", job.id, job.name)
    return True


@transaction.atomic
def retry(*, by: Actor, now: datetime, ids: Collection[int]) -> int:
    """Let dead jobs run again; return how many."""
    jobs = queue.revive(ids=ids, now=now)
    _journal(by=by, now=now, verb="jobs.retry", jobs=jobs)
    return len(jobs)


@transaction.atomic
def discard(*, by: Actor, now: datetime, ids: Collection[int], reason: str) -> int:
    """Delete dead jobs for good; return how many."""
    rows = Job.objects.filter(state=State.DEAD, id__in=ids)
    jobs = list(rows)
    rows.delete()
    _journal(by=by, now=now, verb="jobs.discard", jobs=jobs, reason=reason)
    return len(jobs)


def _journal(*, by: Actor, now: datetime, verb: str, jobs: Sequence[Job], reason: str = "") -> None:
    journal.record_many(
        [
            EntryData(by, verb, "job", None, f"{job.name} #{job.id}", now, {"attempts": job.attempts}, reason=reason)
            for job in jobs
        ]
    )
