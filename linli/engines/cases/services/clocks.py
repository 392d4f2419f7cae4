"""Which clock a case starts at a stage, by the rulebook.

Where a limit ends in a year whose holidays are not announced it cannot be counted. A report
must not be lost for that: the clock then runs a *provisional* limit in natural time, no
shorter than the same stretch of ordinary weeks; its rule code says so, the event names it, and
the administrators are told to enter the year. Where a person sets a date or asks for
more time, nothing is guessed: the error goes to them (see ``deadlines.extend``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.engines.cases.models import Case
from linli.engines.cases.types import Source
from linli.engines.cases.workflow import Stage
from linli.foundation.deadlines.rules import due
from linli.foundation.deadlines.types import ClockStart, Duration, Unit
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import RuleMissingError, YearNotAnnouncedError

PROVISIONAL = "#provisional"  # behind the rule code of a clock that could not be counted in working days
_HOURS_A_DAY = 7


def local_date(now: datetime) -> Any:
    """Return the day that ``now`` falls on where the installation is."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _codes(case: Case, stage: Stage) -> list[str]:
    codes = [f"cases.clock.{stage}.category.{case.category.code}"]
    if case.source == Source.HOTLINE:
        codes.append(f"cases.clock.{stage}.hotline")
    if case.urgent:
        codes.append(f"cases.clock.{stage}.urgent")
    return [*codes, f"cases.clock.{stage}.{case.level}", f"cases.clock.{stage}"]


def clock_rule(case: Case, stage: Stage, now: datetime) -> tuple[str, Duration] | None:
    """Return (rule code, duration) of the stage's limit for this case, None where it has none."""
    on = local_date(now)
    for code in _codes(case, stage):
        try:
            value = rulebook.value(code, on=on)
        except RuleMissingError:
            continue
        if isinstance(value, Mapping):
            return code, Duration.of(value)
    return None


def provisional(limit: Duration) -> Duration:
    """Return ``limit`` in natural time: a work day as 7/5 of a day rounded up, a work hour as its share of one."""
    if limit.unit is Unit.WORK_DAYS:
        return Duration(-(-limit.amount * 7 // 5), Unit.NATURAL_DAYS)
    return Duration(-(-limit.amount * 24 * 7 // (_HOURS_A_DAY * 5)), Unit.NATURAL_HOURS)


def is_provisional(start: ClockStart) -> bool:
    """Return whether the clock runs a provisional limit, since its year is not announced."""
    return start.rule_code.endswith(PROVISIONAL)


def clock_start(case: Case, stage: Stage, now: datetime) -> tuple[ClockStart, datetime] | None:
    """Return the clock to start and when it is due, None where the stage has no limit."""
    found = clock_rule(case, stage, now)
    if found is None:
        return None
    code, duration = found
    calendar = rulebook.working_calendar()
    try:
        at = due(now, duration, calendar).at
    except YearNotAnnouncedError:
        code, duration = code + PROVISIONAL, provisional(duration)
        at = due(now, duration, calendar).at
    if stage is Stage.OVERALL and case.external_due is not None:
        at = min(at, case.external_due)
    start = ClockStart(subject_kind="case", subject_id=case.pk or 0, subject_uuid=case.uuid, stage=stage.value, duration=duration, rule_code=code)
    return start, at
