"""Which clock a case starts at a stage, by the rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.engines.cases.models import Case
from linli.engines.cases.types import Kind, Source
from linli.engines.cases.workflow import Stage
from linli.foundation.deadlines.rules import due
from linli.foundation.deadlines.types import ClockStart, Duration, Unit
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import RuleMissingError


def local_date(now: datetime) -> date:
    """Return the day that ``now`` falls on where the installation is."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def local_moment(day: date, hour: int) -> datetime:
    """Return ``hour`` o'clock of ``day`` where the installation is."""
    return datetime.combine(day, time(hour), ZoneInfo(settings.TIME_ZONE))


def _codes(case: Case, stage: Stage) -> list[str]:
    """Return the rules that may hold the limit, the most particular first."""
    codes = [f"cases.clock.{stage}.category.{case.category.code}"]
    if stage is Stage.HANDLE and case.kind == Kind.GUIDANCE:
        codes.insert(0, "cases.clock.guidance")
    if stage is Stage.DISPATCH and case.unrouted:
        codes.insert(0, "cases.clock.inbox")
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


def _until(now: datetime, moment: datetime) -> Duration:
    return Duration(max(1, int((moment - now).total_seconds() // 60)), Unit.NATURAL_MINUTES)


def _fixed(case: Case, stage: Stage, now: datetime) -> tuple[str, Duration] | None:
    """Return the limit that a date on the case sets, whatever the rulebook says."""
    if stage is Stage.SHELVE and case.review_on is not None:
        return "cases.shelve.max_days", _until(now, local_moment(case.review_on, 9))
    return None


def clock_start(
    case: Case, stage: Stage, now: datetime, *, until: datetime | None = None
) -> tuple[ClockStart, datetime] | None:
    """Return the clock to start and when it is due, None where the stage has no limit.

    The date that the city's hotline set comes before the rulebook's where it is sooner.
    """
    if stage is Stage.ARRIVE and case.kind == Kind.GUIDANCE:
        return None
    fixed = (f"cases.clock.{stage}", _until(now, until)) if until is not None else _fixed(case, stage, now)
    found = fixed or clock_rule(case, stage, now)
    calendar = rulebook.working_calendar()
    at = due(now, found[1], calendar).at if found is not None else None
    if stage is Stage.OVERALL and case.external_due is not None and (at is None or case.external_due < at):
        found = "cases.hotline.external_due", _until(now, case.external_due)
        at = due(now, found[1], calendar).at
    if found is None or at is None:
        return None
    start = ClockStart(
        subject_kind="case",
        subject_id=case.pk or 0,
        subject_uuid=case.uuid,
        stage=stage.value,
        duration=found[1],
        rule_code=found[0],
    )
    return start, at
