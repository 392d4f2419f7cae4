"""Tasks that come again and again: entered once, made by a schedule, each day once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.projects.models import Task, TaskSeries
from linli.engines.projects.rules.recurring import Rhythm, next_after
from linli.engines.projects.services import admission
from linli.engines.projects.services.task_clocks import local_day
from linli.engines.projects.services.task_work import need
from linli.engines.projects.services.tasks import create_tasks
from linli.engines.projects.types import Asked, Every, NewSeries, NewTask, Priority, Strand
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError

BATCH = 200
LONGEST_LEAD = 60
_KEPT = (
    "detail", "weight", "evidence", "evidence_files", "needs_acceptance", "body_id", "admission_id", "outside_reason",
    "user_id",
)  # fmt: skip


def is_workday(day: date) -> bool:
    """Return whether work is done on a day; in a year not yet announced, on every weekday."""
    try:
        return rulebook.working_calendar().is_workday(day)
    except YearNotAnnouncedError:
        return day.isoweekday() <= 5


def rhythm_of(row: TaskSeries | NewSeries) -> Rhythm:
    """Return when a series comes."""
    return Rhythm(Every(row.every), row.day, row.starts_on, row.ends_on, row.times, row.working_only)


def _template(task: NewTask) -> dict[str, Any]:
    return {
        **{name: getattr(task, name) for name in _KEPT},
        "helper_ids": list(task.helper_ids),
        "topics": list(task.topics),
        "strands": [s.value for s in task.strands],
        "priority": int(task.priority),
        "what": task.what.value,
    }


def _new(row: TaskSeries, on: date) -> NewTask:
    kept = row.template
    return NewTask(
        title=row.title,
        unit_id=row.unit_id,
        due_on=on,
        giver_id=row.giver_id,
        sender_unit_id=row.sender_unit_id,
        source_label=_("周期任务"),
        helper_ids=tuple(kept.get("helper_ids", ())),
        topics=tuple(kept.get("topics", ())),
        strands=tuple(Strand(s) for s in kept.get("strands", ())),
        priority=Priority(kept.get("priority", 0)),
        what=Asked(kept.get("what", Asked.TASK.value)),
        series_id=row.pk,
        series_on=on,
        **{name: kept[name] for name in _KEPT if name in kept},
    )


def _check(series: NewSeries) -> None:
    errors: dict[str, list[str]] = {}
    longest = 7 if series.every == Every.WEEK else 31
    if not 1 <= series.day <= longest:
        errors["day"] = [_("填 1 到 %(most)s。") % {"most": longest}]
    if series.ends_on is not None and series.ends_on < series.starts_on:
        errors["ends_on"] = [_("结束日期不能早于开始日期。")]
    if series.times is not None and series.times < 1:
        errors["times"] = [_("至少一次。")]
    if not 0 <= series.lead_days <= LONGEST_LEAD:
        errors["lead_days"] = [_("填 0 到 %(most)s。") % {"most": LONGEST_LEAD}]
    if errors:
        raise InvalidError(_("还有内容需要修改。"), code="projects.series", fields=errors)


@whole
def create_series(*, by: Actor, now: datetime, series: NewSeries) -> TaskSeries:
    """Enter a recurring task; its tasks are given ``lead_days`` before each day.

    Raises:
        InvalidError: a day that there is not, or a 居民区 is asked without an entry of the list or a reason.
    """
    need(title=series.task.title)
    _check(series)
    admission.admit(by=by, now=now, tasks=[series.task])
    yesterday = local_day(now) - timedelta(days=1)
    row = TaskSeries.objects.create(
        title=mask_personal(clean(series.task.title))[:200],
        unit_id=series.task.unit_id,
        sender_unit_id=admission.sender_of(by),
        giver_id=by.user_id,
        template=_template(series.task),
        every=series.every,
        day=series.day,
        working_only=series.working_only,
        starts_on=series.starts_on,
        ends_on=series.ends_on,
        times=series.times,
        lead_days=series.lead_days,
        next_on=next_after(rhythm_of(series), yesterday, is_workday),
        created_at=now,
        created_label=by.label,
    )
    _journal(row, "create_series", by=by, now=now, after={"every": row.every, "day": row.day})
    make_due(now=now, only=row.pk)
    row.refresh_from_db()
    return row


def make_due(*, now: datetime, only: int | None = None) -> int:
    """Give the tasks whose time has come, each day of each series once; return how many.

    A day that went by while nothing ran brings no task late from the start: it is passed over, which the journal says.
    """
    today, made = local_day(now), 0
    rows = TaskSeries.objects.filter(ended_at__isnull=True, next_on__lte=today + timedelta(days=LONGEST_LEAD))
    if only is not None:
        rows = rows.filter(pk=only)
    for pk in list(rows.order_by("next_on", "pk").values_list("pk", flat=True)[: BATCH * 10]):
        made += _make(pk, today, now)
    return made


@whole
def _make(pk: int, today: date, now: datetime) -> int:
    """Give what is due of one series; its row is locked, so that two workers give nothing twice."""
    row = TaskSeries.objects.select_for_update().filter(pk=pk, ended_at__isnull=True).first()
    made = 0
    while row is not None and row.next_on is not None and row.next_on - timedelta(days=row.lead_days) <= today:
        on = row.next_on
        row.next_on = next_after(rhythm_of(row), on, is_workday)
        row.save(update_fields=["next_on"])
        if on < today or on.isoformat() in row.skipped:
            _journal(row, "skip_series", by=SYSTEM, now=now, after={"on": on.isoformat()})
        elif not Task.objects.filter(series=row, series_on=on).exists():
            _give(row, on, now)
            made += 1
    return made


def _give(row: TaskSeries, on: date, now: datetime) -> None:
    """Give one task of a series in the name of the system, as of whoever entered it."""
    task = _new(row, on)
    try:
        create_tasks(by=SYSTEM, now=now, tasks=[task])
    except InvalidError:  # the entry of the list that it fell under is over
        reason = _("原对应的清单事项已失效，可以退回。")
        create_tasks(by=SYSTEM, now=now, tasks=[replace(task, outside_reason=reason)])


def may_keep(by: Actor, row: TaskSeries) -> bool:
    """Return whether ``by`` may skip a day of a series or end it: who entered it, or their unit."""
    return (
        by.is_system or (row.giver_id is not None and row.giver_id == by.user_id) or row.sender_unit_id in by.unit_ids
    )


def _check_keeper(by: Actor, row: TaskSeries) -> None:
    if not may_keep(by, row):
        raise ForbiddenError(_("周期任务由交办的一方调整。"), code="projects.series", hint=_("请联系交办单位。"))


@whole
def skip_day(*, by: Actor, now: datetime, series: TaskSeries, on: date, reason: str) -> TaskSeries:
    """Leave one day of a series out, with the reason.

    Raises:
        InvalidError: no reason, or the series does not fall on that day. ConflictError: its task was given already.
    """
    need(reason=reason)
    _check_keeper(by, series)
    row = TaskSeries.objects.select_for_update().get(pk=series.pk)
    if row.ended_at is not None:
        raise ConflictError(_("这项周期任务已经结束。"), code="projects.series")
    before = next_after(rhythm_of(row), on - timedelta(days=1), is_workday)
    if before != on:
        raise InvalidError(
            _("这项周期任务不在这一天。"), code="projects.series", fields={"on": [_("请选择它到期的日子。")]}
        )
    if Task.objects.filter(series=row, series_on=on).exists():
        raise ConflictError(_("这一天的任务已经布置。"), code="projects.series", hint=_("请到任务页面取消它。"))
    row.skipped = sorted({*row.skipped, on.isoformat()})
    row.save(update_fields=["skipped"])
    _journal(row, "skip_series", by=by, now=now, after={"on": on.isoformat()}, reason=reason)
    return row


@whole
def end_series(*, by: Actor, now: datetime, series: TaskSeries, reason: str) -> TaskSeries:
    """End a series, with the reason; the tasks already given stay.

    Raises:
        ConflictError: it has ended already.
    """
    need(reason=reason)
    _check_keeper(by, series)
    changed = TaskSeries.objects.filter(pk=series.pk, ended_at__isnull=True).update(
        ended_at=now, ended_reason=mask_personal(clean(reason)), next_on=None
    )
    if changed != 1:
        raise ConflictError(_("这项周期任务已经结束。"), code="projects.series", hint=_("请刷新后查看。"))
    series.refresh_from_db()
    _journal(series, "end_series", by=by, now=now, reason=reason)
    return series


def _journal(
    row: TaskSeries, verb: str, *, by: Actor, now: datetime, after: dict[str, Any] | None = None, reason: str = ""
) -> None:
    journal.record(
        by=by, verb=f"projects.{verb}", kind="task_series", uuid=row.uuid, label=row.title[:80], now=now,
        after=after, reason=mask_personal(clean(reason)),
    )  # fmt: skip
