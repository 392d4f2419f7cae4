"""Asking for work after the transaction, and doing it.

The public face of the room: :func:`enqueue` for those who ask, :func:`handler` and
:func:`schedule` for those who do, :func:`keep` for what is deleted when its days are over,
:func:`drain` for tests and the demonstration.
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
from linli.foundation.core.db.again import whole
from linli.foundation.core.db.inserting import insert
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import clean
from linli.foundation.jobs import queue
from linli.foundation.jobs.exceptions import PayloadTooLargeError, UnknownHandlerError
from linli.foundation.jobs.models import Job, State
from linli.foundation.jobs.permissions import check_mind
from linli.foundation.jobs.retention import Keeping, blanking, delete_what_is_over, dropping, keep
from linli.foundation.jobs.types import HANDLERS, TOGETHER, Claimed, Function, handler, handler_together, schedule
from linli.foundation.journal import services as journal
from linli.foundation.journal.types import EntryData

__all__ = [
    "Keeping",
    "blanking",
    "delete_what_is_over",
    "discard",
    "drain",
    "dropping",
    "enqueue",
    "handler",
    "handler_together",
    "keep",
    "retry",
    "retry_kind",
    "run_due",
    "schedule",
]
log = logging.getLogger(__name__)
PAYLOAD_LIMIT = 64 * 1024
MAX_ATTEMPTS = 8
BATCH = 10
RETRY_LIMIT = 500


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
        for group in grouped(jobs):
            run_group(group, token=token, now=now)
        done += len(jobs)
    return done


def grouped(jobs: Sequence[Claimed]) -> list[list[Claimed]]:
    """Return the jobs in their order, those that can be done at once with the first of their name."""
    groups: list[list[Claimed]] = []
    known: dict[str, list[Claimed]] = {}
    for job in jobs:
        if job.name not in TOGETHER:
            groups.append([job])
        elif job.name in known:
            known[job.name].append(job)
        else:
            known[job.name] = [job]
            groups.append(known[job.name])
    return groups


def run_group(jobs: Sequence[Claimed], *, token: UUID, now: datetime) -> None:
    """Do jobs of one name at once where their handler can, else one after the other."""
    if len(jobs) > 1 and _done_together(jobs, token=token, now=now):
        return
    for job in jobs:
        if len(jobs) == 1 or queue.held([job], token):
            run_one(job, token=token, now=now)


def _done_together(jobs: Sequence[Claimed], *, token: UUID, now: datetime) -> bool:
    try:
        with transaction.atomic():
            TOGETHER[jobs[0].name]([job.payload for job in jobs], now)
            queue.all_succeeded(jobs, token=token)
    except Exception as error:  # the one that fails is found when each is tried alone
        log.warning("%s jobs %s at once failed, now one by one: %s", len(jobs), jobs[0].name, error)
        return False
    return True


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


@whole
def retry(*, by: Actor, now: datetime, ids: Collection[int]) -> int:
    """Let dead jobs run again; return how many.

    Raises:
        ForbiddenError: ``by`` is no system administrator.
    """
    check_mind(by)
    jobs = queue.revive(ids=ids, now=now)
    _journal(by=by, now=now, verb="jobs.retry", jobs=jobs)
    return len(jobs)


def retry_kind(*, by: Actor, now: datetime, name: str) -> int:
    """Let the dead jobs called ``name`` run again, the oldest ``RETRY_LIMIT`` of them; return how many.

    Raises:
        ForbiddenError: ``by`` is no system administrator.
    """
    check_mind(by)
    dead = Job.objects.filter(state=State.DEAD, name=name).order_by("id")
    return retry(by=by, now=now, ids=list(dead.values_list("id", flat=True)[:RETRY_LIMIT]))


@whole
def discard(*, by: Actor, now: datetime, ids: Collection[int], reason: str) -> int:
    """Delete dead jobs for good; return how many.

    Raises:
        ForbiddenError: ``by`` is no system administrator.
        InvalidError: no reason.
    """
    check_mind(by)
    reason = clean(reason)[:500]
    if not reason:
        raise InvalidError(_("请写明丢弃的原因。"), code="jobs.reason", fields={"reason": [_("请写明丢弃的原因。")]})
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
