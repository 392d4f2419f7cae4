"""Reads of clocks, and the answer to “why is this due then?”."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.foundation.core.db import prepared
from linli.foundation.core.db.prepared import Prepared
from linli.foundation.core.errors import NotFoundError
from linli.foundation.deadlines import rules
from linli.foundation.deadlines.models import Clock
from linli.foundation.deadlines.types import Duration, Pause, Step, StepKind, Unit, WhatIf
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError

_ALL_OF = Prepared(
    lambda kind, subject: Clock.objects.filter(subject_kind=kind, subject_id=subject).order_by("started_at", "id"),
    [prepared.TEXT, prepared.NUMBER],
)
_OPEN_OF = Prepared(
    lambda kind, subject: _ALL_OF.build(kind, subject).filter(ended_at=None), [prepared.TEXT, prepared.NUMBER]
)


def clocks_of(kind: str, subject_id: int, *, open_only: bool = False) -> list[Clock]:
    """Return the clocks of a subject, oldest first."""
    return (_OPEN_OF if open_only else _ALL_OF).all(kind, subject_id)


def dues_of(kind: str, subject_ids: QuerySet[Any], stage: str) -> list[tuple[int, datetime, datetime]]:
    """Return (subject id, started, due) of every clock of ``stage`` that ran for the subjects, oldest first.

    One statement: ``subject_ids`` is a queryset of one column and becomes a part of it.
    """
    clocks = Clock.objects.filter(subject_kind=kind, stage=stage, subject_id__in=subject_ids)
    return list(clocks.order_by("started_at", "id").values_list("subject_id", "started_at", "due_at"))


def clocks_under(rule_code: str) -> Q:
    """Return which clocks run, or ran, under a rule."""
    return Q(rule_code=rule_code) | Q(rule_code=f"{rule_code}#provisional")


def clocks_at(kind: str, stage: str, subject_ids: QuerySet[Any]) -> Q:
    """Return which clocks are those of a stage of certain subjects: a queryset of one column."""
    return Q(subject_kind=kind, stage=stage, subject_id__in=subject_ids)


def what_if(mine: Q, limit: Duration, *, now: datetime, days: int = 90, most: int = 5_000) -> WhatIf:
    """Return what another limit would mean for the clocks ``mine`` that run or ran lately; nothing is written.

    Pauses and extensions are kept as they were. A clock that runs keeps its own limit whatever the rulebook says
    later: what is told of open clocks is what a new limit would mean for their like. At most ``most`` clocks of
    either sort are looked at, the latest begun first.
    """
    running = Clock.objects.filter(mine, ended_at=None)
    ended = Clock.objects.filter(mine, ended_at__gte=now - timedelta(days=days))
    counts: Counter[str] = Counter(running=running.count(), ended=ended.count())
    for clock, at in _counted(running, limit, most, counts):
        counts["earlier"] += at < clock.due_at
        counts["later"] += at > clock.due_at
        counts["over_now"] += at < now and clock.paused_at is None
    for clock, at in _counted(ended, limit, most, counts):
        counts["seen"] += 1
        counts["late_before"] += clock.due_at < (clock.ended_at or now)
        counts["late_after"] += at < (clock.ended_at or now)
    return WhatIf(**{name: counts[name] for name in WhatIf.__dataclass_fields__})


def _counted(
    rows: QuerySet[Clock], limit: Duration, most: int, counts: Counter[str]
) -> Iterator[tuple[Clock, datetime]]:
    """Yield each clock with when it would be due under ``limit``; those that cannot be counted are only counted."""
    calendar = rulebook.working_calendar()
    for clock in rows.prefetch_related("pauses").order_by("-started_at", "-id")[:most]:
        pauses = [Pause(p.began_at, p.ended_at) for p in clock.pauses.all() if p.ended_at]
        extensions = [Duration.of(e) for e in clock.extensions]
        try:
            yield clock, rules.due(clock.started_at, limit, calendar, pauses, extensions).at
        except YearNotAnnouncedError:
            counts["unknown"] += 1


def isolated(*, limit: int = 100) -> list[Clock]:
    """Return clocks that the sweep holds back since telling them failed again and again."""
    return list(Clock.objects.filter(isolated_at__isnull=False).order_by("isolated_at", "id")[:limit])


def limits_of(clock: Clock) -> tuple[Duration, tuple[Duration, ...]]:
    """Return a clock's limit and its extensions."""
    return Duration(clock.amount, Unit(clock.unit)), tuple(Duration.of(e) for e in clock.extensions)


def explain(clock_id: int) -> list[Step]:
    """Return, step by step, why a clock is due when it is.

    Raises:
        NotFoundError: there is no such clock.
        YearNotAnnouncedError: the calendar can no longer count the limit.
    """
    clock = Clock.objects.prefetch_related("pauses").filter(pk=clock_id).first()
    if clock is None:
        raise NotFoundError(_("没有这个时钟。"))
    limit, extensions = limits_of(clock)
    closed = [Pause(p.began_at, p.ended_at) for p in clock.pauses.all() if p.ended_at]
    due = rules.due(clock.started_at, limit, rulebook.working_calendar(), closed, extensions)
    steps = list(due.steps)
    if clock.paused_at and clock.ended_at is None:
        steps.append(Step(StepKind.STANDING, clock.paused_at, clock.paused_at))
    elif due.at != clock.due_at:
        # Due dates are moved by events only, never by a calendar that was changed afterwards.
        steps.append(Step(StepKind.RECORDED, clock.due_at, clock.due_at))
    return steps


def explain_lines(clock_id: int) -> list[str]:
    """Return the steps of :func:`explain` as sentences in the language in force."""
    return [sentence(step) for step in explain(clock_id)]


_SENTENCES = {
    StepKind.START: gettext_lazy("%(begin)s 起算。"),
    StepKind.SKIPPED: gettext_lazy("%(first)s至%(last)s不计：%(names)s。"),
    StepKind.DAY: gettext_lazy("%(day)s计为第 %(days)s 个工作日，至 %(end_time)s 下班。"),
    StepKind.WORKED: gettext_lazy("%(day)s %(begin_time)s–%(end_time)s 计 %(time)s。"),
    StepKind.PASSED: gettext_lazy("自 %(begin)s 起计自然时 %(time)s，至 %(end)s。"),
    StepKind.EXTENDED: gettext_lazy("批准延期，自 %(begin)s 起接着计算。"),
    StepKind.PAUSED: gettext_lazy("%(begin)s 至 %(end)s 暂停，顺延 %(time)s。"),
    StepKind.STANDING: gettext_lazy("自 %(begin)s 起暂停至今，恢复后重新计算到期时间。"),
    StepKind.RECORDED: gettext_lazy("工作日历此后有调整，登记的到期时间仍为 %(begin)s。"),
    StepKind.DUE: gettext_lazy("%(begin)s 到期。"),
}
_PASSED_DAYS = gettext_lazy("自 %(begin)s 起计 %(days)s 个自然日，至 %(end)s。")


def sentence(step: Step) -> str:
    """Return one step in words, in the language in force."""
    text = _PASSED_DAYS if step.kind is StepKind.PASSED and step.days else _SENTENCES[step.kind]
    return str(text) % _params(step)


def _params(step: Step) -> dict[str, Any]:
    zone = rulebook.working_calendar().zone
    begin, end = step.begin.astimezone(zone), step.end.astimezone(zone)
    names = [name or _("周末") for name in step.names]
    return {
        "begin": _moment(begin),
        "end": _moment(end),
        "day": _day(begin.date()),
        "first": _day(begin.date()),
        "last": _day((step.end - timedelta(days=1)).astimezone(zone).date()),
        "begin_time": f"{begin:%H:%M}",
        "end_time": f"{end:%H:%M}",
        "days": step.days,
        "time": _time(int(step.time.total_seconds()) // 60),
        "names": "、".join(names),
    }


def _day(day: date) -> str:
    return _("%(month)s月%(day)s日") % {"month": day.month, "day": day.day}


def _moment(moment: datetime) -> str:
    return _("%(day)s %(time)s") % {"day": _day(moment.date()), "time": f"{moment:%H:%M}"}


def _time(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)s 小时", "%(count)s 小时", hours) % {"count": hours})
    if rest or not hours:
        parts.append(ngettext("%(count)s 分钟", "%(count)s 分钟", rest) % {"count": rest})
    return " ".join(parts)
