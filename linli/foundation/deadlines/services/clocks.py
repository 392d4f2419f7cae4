"""Starting, ending, pausing and extending clocks, in few statements whatever their number."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.db.inserting import insert
from linli.foundation.deadlines import rules
from linli.foundation.deadlines.exceptions import ClockRunningError, NoClockError
from linli.foundation.deadlines.models import Clock, ClockPause
from linli.foundation.deadlines.selectors import limits_of
from linli.foundation.deadlines.types import ClockStart, Duration, Mark, Pause
from linli.foundation.journal.services import record, record_many
from linli.foundation.journal.types import EntryData
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError


def start_many(*, subjects: Sequence[ClockStart], now: datetime) -> dict[str, datetime]:
    """Start clocks and return the due date of each stage (the earliest, if several subjects are given).

    One INSERT, whatever their number. See :func:`start_bulk`.
    """
    earliest: dict[str, datetime] = {}
    for (_subject, stage), at in start_bulk(subjects=subjects, now=now).items():
        earliest[stage] = min(at, earliest.get(stage, at))
    return earliest


def start_bulk(*, subjects: Sequence[ClockStart], now: datetime) -> dict[tuple[int, str], datetime]:
    """Start clocks of any number of subjects and return the due date of each (subject id, stage).

    One INSERT; no savepoint inside the caller's transaction.

    Raises:
        YearNotAnnouncedError: a due date lies in a year whose holidays are not announced.
        RuleMissingError: a limit was to be read from a rule that does not hold.
        ClockRunningError: such a clock runs already.
    """
    clocks = [_new_clock(start, now) for start in subjects]
    try:
        insert(clocks)
    except IntegrityError as error:
        raise ClockRunningError(_("这个环节的时钟已在运行。"), hint=_("请刷新页面后重试。")) from error
    return {(c.subject_id, c.stage): c.due_at for c in clocks}


def _new_clock(start: ClockStart, now: datetime) -> Clock:
    begun = start.started_at or now
    on = rulebook.working_calendar().local_day(begun)
    limit = start.duration or Duration.of(rulebook.value(start.rule_code, on=on))
    percents = start.marks if start.marks is not None else _percents(start, begun)
    plan = rules.plan(begun, limit, rulebook.working_calendar(), percents)
    clock = Clock(
        subject_kind=start.subject_kind,
        subject_id=start.subject_id,
        subject_uuid=start.subject_uuid,
        stage=start.stage,
        rule_code=start.rule_code,
        started_at=begun,
        amount=limit.amount,
        unit=limit.unit.value,
        due_at=plan.due.at,
    )
    set_marks(clock, plan.marks)
    return clock


def _percents(start: ClockStart, begun: datetime) -> tuple[int, ...]:
    general = "deadlines.marks"
    kind = f"{general}.{start.subject_kind}"
    on = rulebook.working_calendar().local_day(begun)
    found = rulebook.first_rule(f"{kind}.{start.stage}", kind, general, on=on).value
    return tuple(int(p) for p in found) if isinstance(found, list) else ()


def set_marks(clock: Clock, marks: Sequence[Mark]) -> None:
    """Write the planned marks on the clock and set when to look next; ``told`` stays as it is."""
    clock.marks = [[m.percent, m.at.isoformat(), m.known] for m in marks]
    set_next(clock)


def marks_of(clock: Clock) -> list[Mark]:
    """Return the planned marks of a clock, ascending."""
    return [Mark(percent, datetime.fromisoformat(at), known) for percent, at, known in clock.marks]


def set_next(clock: Clock) -> None:
    """Set when the sweep has to look next: at the first mark not told, unless the clock stands before it."""
    rest = marks_of(clock)[clock.told :]
    clock.next_mark_at = rest[0].at if rest and (clock.paused_at is None or rest[0].at <= clock.paused_at) else None


def _open(kind: str, subject_id: int | Collection[int], stages: Collection[str] | None) -> QuerySet[Clock]:
    ids = [subject_id] if isinstance(subject_id, int) else list(subject_id)
    found = Clock.objects.filter(subject_kind=kind, subject_id__in=ids, ended_at=None)
    return found if stages is None else found.filter(stage__in=stages)


def end(
    *,
    kind: str,
    subject_id: int | Collection[int],
    stages: Collection[str] | None,
    reason: str,
    now: datetime,
) -> int:
    """End the open clocks of one or several subjects (of the given stages, or all); return how many. One UPDATE.

    A mark passed but not yet told is told no more: nobody is left to be hurried.
    """
    ids = [subject_id] if isinstance(subject_id, int) else list(subject_id)
    some = list(stages or ())
    if not ids or (stages is not None and not some):
        return 0
    text = "UPDATE deadlines_clock SET ended_at = %s, end_reason = %s, next_mark_at = NULL"
    text += f" WHERE subject_kind = %s AND ended_at IS NULL AND subject_id IN ({_holes(ids)})"
    text += f" AND stage IN ({_holes(some)})" if some else ""
    at = connection.ops.adapt_datetimefield_value(now)
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(text, [at, reason[:200], kind, *ids, *some])
        return int(cursor.rowcount)


def _holes(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


@transaction.atomic(savepoint=False)
def pause(
    *,
    kind: str,
    subject_id: int | Collection[int],
    now: datetime,
    reason: str,
    stages: Collection[str] | None = None,
) -> int:
    """Let the running clocks of a subject stand; return how many. A clock that stands already is left alone.

    A mark that was reached before the pause is still told.
    """
    running = _open(kind, subject_id, stages).filter(paused_at=None)
    ids = list(running.select_for_update().values_list("id", flat=True))
    if ids:
        ClockPause.objects.bulk_create([ClockPause(clock_id=i, began_at=now, reason=reason[:200]) for i in ids])
        kept = Case(When(next_mark_at__gt=now, then=Value(None)), default=F("next_mark_at"))
        Clock.objects.filter(id__in=ids).update(paused_at=now, next_mark_at=kept)
    return len(ids)


@transaction.atomic(savepoint=False)
def resume(
    *,
    kind: str,
    subject_id: int | Collection[int],
    now: datetime,
    stages: Collection[str] | None = None,
) -> dict[str, datetime]:
    """Let the standing clocks of a subject run on; return the new due date of each stage."""
    clocks = list(_open(kind, subject_id, stages).filter(paused_at__isnull=False).select_for_update())
    if not clocks:
        return {}
    ids = [c.pk for c in clocks]
    ClockPause.objects.filter(clock_id__in=ids, ended_at=None).update(ended_at=now)
    pauses = _pauses(ids)
    for clock in clocks:
        clock.paused_at = None
        try:
            _replan(clock, pauses[clock.pk])
        except YearNotAnnouncedError:
            _move(clock, pauses[clock.pk][-1])
    Clock.objects.bulk_update(clocks, ["paused_at", "due_at", "marks", "next_mark_at"])
    return {c.stage: c.due_at for c in clocks}


def _move(clock: Clock, pause: Pause) -> None:
    """Move a clock that cannot be counted by the length of its last pause: whoever resumes it must not be refused."""
    clock.due_at += pause.end - pause.begin
    set_marks(clock, [replace(m, at=m.at + (pause.end - pause.begin)) for m in marks_of(clock)])


def _pauses(ids: Collection[int]) -> dict[int, list[Pause]]:
    found: dict[int, list[Pause]] = {i: [] for i in ids}
    for row in ClockPause.objects.filter(clock_id__in=ids, ended_at__isnull=False).order_by("ended_at"):
        found[row.clock_id].append(Pause(row.began_at, row.ended_at or row.began_at))
    return found


def _replan(clock: Clock, pauses: Sequence[Pause]) -> None:
    limit, extensions = limits_of(clock)
    percents = [m.percent for m in marks_of(clock)]
    plan = rules.plan(clock.started_at, limit, rulebook.working_calendar(), percents, pauses, extensions)
    clock.due_at = plan.due.at
    set_marks(clock, plan.marks)


def replan(clock: Clock) -> None:
    """Work out a clock's marks again with the calendar of today; the due date stays."""
    kept = clock.due_at
    _replan(clock, _pauses([clock.pk])[clock.pk])
    clock.due_at = kept


@whole
def extend(
    *,
    kind: str,
    subject_id: int,
    stage: str,
    duration: Duration,
    now: datetime,
    by: Actor,
    reason: str,
) -> datetime:
    """Chain a further limit to an open clock and return the new due date.

    Marks that thereby lie ahead again are told again when they are reached: the new limit
    has warnings of its own.

    Raises:
        NoClockError: no clock runs for that stage.
        YearNotAnnouncedError: the new due date cannot be counted.
    """
    clock = _open(kind, subject_id, [stage]).select_for_update().first()
    if clock is None:
        raise NoClockError(_("这个环节没有正在运行的时钟。"), hint=_("请刷新页面，查看当前环节。"))
    before = clock.due_at
    clock.extensions = [*clock.extensions, {"amount": duration.amount, "unit": duration.unit.value}]
    _replan(clock, _pauses([clock.pk])[clock.pk])
    clock.told = min(clock.told, sum(m.at <= now for m in marks_of(clock)))
    set_next(clock)
    clock.save(update_fields=["extensions", "due_at", "marks", "told", "next_mark_at"])
    after: dict[str, Any] = {"due_at": clock.due_at.isoformat(), "extension": clock.extensions[-1]}
    record(
        by=by,
        verb="deadlines.extend",
        kind=kind,
        uuid=clock.subject_uuid,
        label=stage,
        now=now,
        before={"due_at": before.isoformat()},
        after=after,
        reason=reason,
        rule=clock.rule_code,
    )
    return clock.due_at


@transaction.atomic(savepoint=False)
def change_limits(
    *,
    kind: str,
    subject_id: int,
    limits: Mapping[str, tuple[str, Duration]],
    now: datetime,
    by: Actor,
    reason: str,
) -> dict[str, datetime]:
    """Let open clocks run another limit, counted from their start; return the new due date of each stage.

    Pauses and extensions stay. A mark that thereby lies ahead again is told again when it is reached,
    and one that thereby has passed is told by the next sweep. Each change is journalled.

    Args:
        limits: stage → (rule code, limit); stages without an open clock are passed over.

    Raises:
        YearNotAnnouncedError: a new due date cannot be counted.
    """
    clocks = list(_open(kind, subject_id, list(limits)).select_for_update().order_by("id"))
    if not clocks:
        return {}
    pauses = _pauses([c.pk for c in clocks])
    entries = []
    for clock in clocks:
        before = {"rule": clock.rule_code, "due_at": clock.due_at.isoformat()}
        clock.rule_code, limit = limits[clock.stage]
        clock.amount, clock.unit = limit.amount, limit.unit.value
        _replan(clock, pauses[clock.pk])
        clock.told = min(clock.told, sum(m.at <= now for m in marks_of(clock)))
        set_next(clock)
        after = {"rule": clock.rule_code, "due_at": clock.due_at.isoformat()}
        entries.append(
            EntryData(
                by, "deadlines.change_limit", kind, clock.subject_uuid, clock.stage, now, before, after, reason,
                clock.rule_code,
            )
        )  # fmt: skip
    Clock.objects.bulk_update(clocks, ["rule_code", "amount", "unit", "due_at", "marks", "told", "next_mark_at"])
    record_many(entries)
    return {c.stage: c.due_at for c in clocks}
