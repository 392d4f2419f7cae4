"""The one sweep: every open clock past a mark is told, once per mark, in due order, after any downtime.

A batch takes the clocks with the earliest ``next_mark_at`` from the partial index, locked so
that two sweeps never take the same, and tells their marks up to the last one's moment; the
handler's writes and the note that it was told commit together. When a handler fails, the
batch is rolled back and its clocks are told one by one: those that fail are put off, for
longer each time, and after a number of failures isolated and reported; the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import QuerySet

from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.deadlines.events import handler_for
from linli.foundation.deadlines.models import Clock
from linli.foundation.deadlines.services.clocks import marks_of, replan, set_next
from linli.foundation.deadlines.types import Reached
from linli.foundation.journal.services import record
from linli.foundation.rulebook import selectors as rulebook

logger = logging.getLogger(__name__)
_LONGEST_WAIT = 60
_LOOK_AGAIN = timedelta(hours=1)


def sweep(*, now: datetime, batch: int = 500) -> int:
    """Tell every mark that open clocks have reached by ``now``; return how many were told.

    Each batch is a transaction of its own. Whatever stops the sweep, the next one goes on
    where it stopped.
    """
    told = 0
    while True:
        picked: list[int] = []
        try:
            with transaction.atomic():
                told += _tell_batch(now, batch, picked)
        except Exception:
            if not picked:
                raise
            logger.exception("deadlines: a batch of %d clocks failed and is told one by one", len(picked))
            told += sum(_tell_one(now, clock_id) for clock_id in picked)
        if len(picked) < batch:
            return told


def _reached_clocks(now: datetime) -> QuerySet[Clock]:
    # Locks where the database has them; on SQLite the transaction itself is IMMEDIATE.
    return (
        Clock.objects.select_for_update(skip_locked=True)
        .filter(ended_at=None, isolated_at=None, next_mark_at__isnull=False, next_mark_at__lte=now)
        .order_by("next_mark_at", "id")
    )


def _tell_batch(now: datetime, batch: int, picked: list[int]) -> int:
    """Tell one batch; note in ``picked`` which clocks it takes, for the case that it fails."""
    clocks = list(_reached_clocks(now)[:batch])
    picked.extend(c.pk for c in clocks)
    if not clocks:
        return 0
    # Clocks not in this batch have nothing to tell before its last moment: up to there the order holds.
    last = clocks[-1].next_mark_at or now
    return _tell(clocks, now, until=last if len(clocks) == batch else now)


def _tell(clocks: Sequence[Clock], now: datetime, *, until: datetime) -> int:
    reached: list[Reached] = []
    for clock in clocks:
        reached.extend(_take(clock, now, until))
    reached.sort(key=lambda r: (r.at, r.clock_id, r.percent))
    for kind, group in groupby(reached, key=lambda r: r.subject_kind):
        handler_for(kind)(list(group), now)
    Clock.objects.bulk_update(clocks, ["told", "next_mark_at"])
    return len(reached)


def _take(clock: Clock, now: datetime, until: datetime) -> list[Reached]:
    """Return the marks of ``clock`` reached by ``until`` and set it to the one after them."""
    _know(clock, now)
    limit = until if clock.paused_at is None else min(until, clock.paused_at)
    marks = marks_of(clock)
    taken: list[Reached] = []
    while clock.told < len(marks) and marks[clock.told].known and marks[clock.told].at <= limit:
        mark = marks[clock.told]
        taken.append(_reached(clock, mark.percent, mark.at))
        clock.told += 1
    set_next(clock)
    if clock.next_mark_at is not None and not marks[clock.told].known:
        clock.next_mark_at = max(clock.next_mark_at, now + _LOOK_AGAIN)
    return taken


def _know(clock: Clock, now: datetime) -> None:
    """Work out marks that lie in a year that was not announced when the clock was last looked at."""
    if any(not m.known and m.at <= now for m in marks_of(clock)):
        replan(clock)
        clock.save(update_fields=["marks"])
        if any(not m.known and m.at <= now for m in marks_of(clock)):
            logger.warning("deadlines: marks of clock %d wait for the holidays of a year to be entered", clock.pk)


def _reached(clock: Clock, percent: int, at: datetime) -> Reached:
    return Reached(
        clock_id=clock.pk,
        subject_kind=clock.subject_kind,
        subject_id=clock.subject_id,
        subject_uuid=clock.subject_uuid,
        stage=clock.stage,
        percent=percent,
        at=at,
        started_at=clock.started_at,
        due_at=clock.due_at,
        rule_code=clock.rule_code,
        round=len(clock.extensions),
    )


def _tell_one(now: datetime, clock_id: int) -> int:
    """Tell one clock by itself; a failure puts it off and is counted."""
    try:
        with transaction.atomic():
            clocks = list(_reached_clocks(now).filter(pk=clock_id))
            told = _tell(clocks, now, until=now) if clocks else 0
            if clocks and clocks[0].failures:
                Clock.objects.filter(pk=clock_id).update(failures=0, last_error="")
            return told
    except Exception as error:
        logger.exception("deadlines: telling clock %d failed", clock_id)
        _put_off(now, clock_id, f"{type(error).__name__}: {error}"[:200])
        return 0


@whole
def _put_off(now: datetime, clock_id: int, error: str) -> None:
    """Count a failure of a clock: wait 1, 2, 4 … minutes; after so many, isolate and report it."""
    clock = Clock.objects.select_for_update().filter(pk=clock_id, ended_at=None).first()
    if clock is None:
        return
    allowed = int(rulebook.value("deadlines.sweep.failures", on=rulebook.working_calendar().local_day(now)))
    clock.failures += 1
    clock.last_error = error
    clock.next_mark_at = now + timedelta(minutes=min(_LONGEST_WAIT, 2 ** min(clock.failures - 1, 16)))
    if clock.failures >= allowed:
        clock.isolated_at = now
        logger.error("deadlines: clock %d is isolated after %d failures: %s", clock_id, clock.failures, error)
        record(
            by=SYSTEM,
            verb="deadlines.isolate",
            kind=clock.subject_kind,
            uuid=clock.subject_uuid,
            label=clock.stage,
            now=now,
            after={"clock": clock_id, "failures": clock.failures, "error": type(error).__name__},
        )
    clock.save(update_fields=["failures", "last_error", "next_mark_at", "isolated_at"])


@whole
def release(*, clock_ids: Collection[int], by: Actor, now: datetime) -> int:
    """Let the sweep try isolated clocks again; return how many. What they have not told is told then."""
    clocks = list(Clock.objects.select_for_update().filter(pk__in=clock_ids, isolated_at__isnull=False))
    for clock in clocks:
        clock.isolated_at, clock.failures = None, 0
        set_next(clock)
        record(
            by=by,
            verb="deadlines.release",
            kind=clock.subject_kind,
            uuid=clock.subject_uuid,
            label=clock.stage,
            now=now,
            after={"clock": clock.pk},
        )
    Clock.objects.bulk_update(clocks, ["isolated_at", "failures", "next_mark_at"])
    return len(clocks)
