"""Which clock a case starts at a stage, by the rulebook.

Where a limit ends in a year whose holidays are not announced it cannot be counted. A report
must not be lost for that: the clock then runs a *provisional* limit in natural time, no
shorter than the same stretch of ordinary weeks; its rule code says so, the event names it, and
the administrators are told to enter the year. Where a person sets a date or asks for
more time, nothing is guessed: the error goes to them (see ``deadlines.extend``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.engines.cases.models import Case
from linli.engines.cases.types import Kind, Source
from linli.engines.cases.workflow import Stage
from linli.foundation.deadlines.rules import due
from linli.foundation.deadlines.types import ClockStart, Duration, Unit
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import RuleMissingError, YearNotAnnouncedError

if TYPE_CHECKING:
    from linli.foundation.deadlines.models import Clock

PROVISIONAL = "#provisional"  # behind the rule code of a clock that could not be counted in working days
OUTSIDE = "cases.hotline.external_due"  # the rule code of a date that the city set
_HOURS_A_DAY = 7


def local(moment: datetime) -> datetime:
    """Return ``moment`` where the installation is."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))


def local_date(now: datetime) -> date:
    """Return the day that ``now`` falls on where the installation is."""
    return local(now).date()


def local_moment(day: date, hour: int) -> datetime:
    """Return ``hour`` o'clock of ``day`` where the installation is."""
    return datetime.combine(day, time(hour), ZoneInfo(settings.TIME_ZONE))


def _codes(case: Case, stage: Stage) -> list[str]:
    """Return the rules that may hold the limit, the most particular first."""
    codes = [f"cases.clock.{stage}.category.{case.category.code}"]
    if stage is Stage.HANDLE and case.kind == Kind.GUIDANCE:
        codes.insert(0, "cases.clock.guidance")
    if case.kind == Kind.ROOT_CAUSE:
        codes.insert(0, f"cases.clock.{stage}.root_cause")
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


def provisional(limit: Duration) -> Duration:
    """Return ``limit`` in natural time: a work day as 7/5 of a day rounded up, a work hour as its share of one."""
    if limit.unit is Unit.WORK_DAYS:
        return Duration(-(-limit.amount * 7 // 5), Unit.NATURAL_DAYS)
    return Duration(-(-limit.amount * 24 * 7 // (_HOURS_A_DAY * 5)), Unit.NATURAL_HOURS)


def is_provisional(start: ClockStart) -> bool:
    """Return whether the clock runs a provisional limit, since its year is not announced."""
    return start.rule_code.endswith(PROVISIONAL)


def until_moment(now: datetime, moment: datetime) -> Duration:
    """Return the limit that runs from ``now`` to ``moment``, in natural time."""
    return Duration(max(1, int((moment - now).total_seconds() // 60)), Unit.NATURAL_MINUTES)


def _fixed(case: Case, stage: Stage, now: datetime) -> tuple[str, Duration] | None:
    """Return the limit that a date on the case sets, whatever the rulebook says."""
    if stage is Stage.SHELVE and case.review_on is not None:
        return "cases.shelve.max_days", until_moment(now, local_moment(case.review_on, 9))
    return None


def _settled(limit: tuple[str, Duration], now: datetime) -> tuple[str, Duration, datetime]:
    """Return (code, duration, due): in natural time where the limit runs into a year that is not announced."""
    code, duration = limit
    calendar = rulebook.working_calendar()
    try:
        return code, duration, due(now, duration, calendar).at
    except YearNotAnnouncedError:
        duration = provisional(duration)
        return code + PROVISIONAL, duration, due(now, duration, calendar).at


def clock_start(
    case: Case, stage: Stage, now: datetime, *, until: datetime | None = None
) -> tuple[ClockStart, datetime] | None:
    """Return the clock to start and when it is due, None where the stage has no limit.

    The date that the city's hotline set comes before the rulebook's where it is sooner.
    """
    if stage is Stage.ARRIVE and case.kind in {Kind.GUIDANCE, Kind.ROOT_CAUSE}:
        return None
    fixed = (f"cases.clock.{stage}", until_moment(now, until)) if until is not None else _fixed(case, stage, now)
    found = fixed or clock_rule(case, stage, now)
    settled = _settled(found, now) if found is not None else None
    outside = case.external_due if stage is Stage.OVERALL else None
    if outside is not None and (settled is None or outside < settled[2]):
        settled = _settled((OUTSIDE, until_moment(now, outside)), now)
    if settled is None:
        return None
    code, duration, at = settled
    start = ClockStart(
        subject_kind="case",
        subject_id=case.pk or 0,
        subject_uuid=case.uuid,
        stage=stage.value,
        duration=duration,
        rule_code=code,
    )
    return start, at


def changed_limits(case: Case, clocks: Iterable[Clock]) -> dict[str, tuple[str, Duration]]:
    """Return stage → (rule code, limit) for those of its open ``clocks`` that another rule holds for ``case`` as it is.

    The limit is that of the day on which the clock began. A date that a person or the city set stays.
    """
    found = {}
    for clock in clocks:
        begun = clock_start(case, Stage(clock.stage), clock.started_at)
        if begun is None:
            continue
        start = begun[0]
        same = start.rule_code.removesuffix(PROVISIONAL) == clock.rule_code.removesuffix(PROVISIONAL)
        if not same and clock.rule_code != OUTSIDE and start.duration is not None:
            found[clock.stage] = start.rule_code, start.duration
    return found
