"""The clocks of tasks: to the end of the day promised, for the acceptance, for the answer to an order (督办)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.engines.projects.models import Task
from linli.engines.projects.workflow import Stage
from linli.foundation.deadlines import services as deadlines
from linli.foundation.deadlines.types import ClockStart, Duration, Unit
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import RuleMissingError

SUBJECT = "task"
ACCEPT_RULE = "projects.task.accept"
ORDER_HOUR = 17
_DAY = timedelta(days=1)


def local_day(moment: datetime) -> date:
    """Return the day on which ``moment`` falls where the installation is."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def end_of(day: date) -> datetime:
    """Return the end of ``day`` where the installation is: a promise for a day may be kept until midnight."""
    return datetime.combine(day + _DAY, time(), ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


def order_moment(day: date) -> datetime:
    """Return until when an order for ``day`` is to be answered: the close of business."""
    return datetime.combine(day, time(ORDER_HOUR), ZoneInfo(settings.TIME_ZONE))


def number(code: str, default: Any, now: datetime) -> Any:
    """Return the rulebook's value of ``code`` on the day of ``now``, ``default`` where it has none."""
    try:
        return rulebook.value(code, on=local_day(now))
    except RuleMissingError:
        return default


def clock(task: Task, stage: Stage, until: datetime, now: datetime, rule: str = "") -> ClockStart:
    """Return the clock of one stage that ends at ``until``.

    A day that is over already is one day's clock that has run out: its warnings are told at once, those for
    far overdue not before it is.
    """
    begun = now if until - now >= timedelta(minutes=1) else until - _DAY
    minutes = max(1, int((until - begun).total_seconds() // 60))
    return ClockStart(
        subject_kind=SUBJECT,
        subject_id=task.pk,
        subject_uuid=task.uuid,
        stage=stage.value,
        rule_code=rule,
        duration=Duration(minutes, Unit.NATURAL_MINUTES),
        started_at=begun,
    )


def acceptance(task: Task, now: datetime) -> ClockStart:
    """Return the clock that runs while a task waits to be accepted."""
    limit = Duration.of(number(ACCEPT_RULE, {"amount": 5, "unit": Unit.NATURAL_DAYS.value}, now))
    return ClockStart(
        subject_kind=SUBJECT,
        subject_id=task.pk,
        subject_uuid=task.uuid,
        stage=Stage.ACCEPT.value,
        rule_code=ACCEPT_RULE,
        duration=limit,
    )


def start_doing(tasks: Sequence[Task], now: datetime) -> None:
    """Start the clocks of tasks that are to be done, and note on each row, which is not written, when it ends."""
    for task in tasks:
        task.due_at = end_of(task.due_on)
    if tasks:
        deadlines.start_bulk(subjects=[clock(t, Stage.DO, end_of(t.due_on), now) for t in tasks], now=now)
