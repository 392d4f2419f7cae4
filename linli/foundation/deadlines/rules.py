"""How time is counted: pure, and replayable step by step.

* Natural minutes and hours pass exactly.
* Natural days: the day of the start is not counted (a start at 0:00 counts the day that
  begins); the limit ends at 24:00 of the n-th day. No holiday moves it.
* Working hours pass while work is done; outside, the clock waits for the next opening.
* Working days: the day of the start is not counted; the limit ends at the close of
  business of the n-th working day after it.
* A pause adds exactly the time it took out: natural time to natural limits, working time
  to working limits, counted from where the limit begins to run.
* An extension is a further limit chained to the end of the first, before pauses are added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from linli.foundation.deadlines.types import Due, Duration, Mark, Pause, Plan, Step, StepKind, Unit
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError
from linli.foundation.rulebook.rules import WorkingCalendar

_ONE_DAY = timedelta(days=1)
_NATURAL = {Unit.NATURAL_MINUTES: timedelta(minutes=1), Unit.NATURAL_HOURS: timedelta(hours=1)}


class _Run:
    """One limit followed from its start: where counting began, where it stands, what was done."""

    def __init__(self, start: datetime, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self.at = start
        self.counted_from: datetime | None = None
        self.steps: list[Step] = []

    def advance(self, duration: Duration) -> None:
        """Count ``duration`` on from where the run stands."""
        match duration.unit:
            case Unit.WORK_DAYS:
                self._work_days(duration.amount)
            case Unit.WORK_HOURS:
                self._worked(timedelta(hours=duration.amount))
            case Unit.NATURAL_DAYS:
                self._natural_days(duration.amount)
            case _:
                self._counting_from(self.at)
                self._passed(self.at, _NATURAL[duration.unit] * duration.amount)

    def _counting_from(self, moment: datetime) -> None:
        if self.counted_from is None:
            self.counted_from = moment

    def _passed(self, begin: datetime, passed: timedelta, days: int = 0) -> None:
        self.at = begin + passed
        self.steps.append(Step(StepKind.PASSED, begin, self.at, days=days, time=passed))

    def _natural_days(self, days: int) -> None:
        local = self.at.astimezone(self.calendar.zone)
        first = local.date() if local.time() == time(0) else local.date() + _ONE_DAY
        begin = self.calendar.at(first, time(0))
        self._counting_from(begin)
        self._passed(begin, self.calendar.at(first + _ONE_DAY * days, time(0)) - begin, days=days)

    def _work_days(self, days: int) -> None:
        day = self.calendar.local_day(self.at)
        for number in range(1, days + 1):
            following = self.calendar.next_workday(day)
            self._skipped(day + _ONE_DAY, following)
            day = following
            spans = self.calendar.spans(day)
            self._counting_from(spans[0][0])
            self.at = spans[-1][1]
            self.steps.append(Step(StepKind.DAY, spans[0][0], self.at, days=number, time=_length(spans)))

    def _worked(self, worked: timedelta) -> None:
        self._counting_from(self.at)
        day = self.calendar.local_day(self.at)
        for begin, end in self.calendar.spans_from(self.at):
            today = self.calendar.local_day(begin)
            self._skipped(day + _ONE_DAY, today)
            day = today
            self.at = min(end, begin + worked)
            self.steps.append(Step(StepKind.WORKED, begin, self.at, time=self.at - begin))
            worked -= self.at - begin
            if not worked:
                return

    def _skipped(self, first: date, until: date) -> None:
        """Note the days not worked from ``first`` to the day before ``until``."""
        if first >= until:
            return
        days = [first + _ONE_DAY * n for n in range((until - first).days)]
        names = tuple(dict.fromkeys(self.calendar.name_of(day) for day in days))
        begin, end = self.calendar.at(first, time(0)), self.calendar.at(until, time(0))
        self.steps.append(Step(StepKind.SKIPPED, begin, end, days=len(days), names=names))


def _length(spans: Iterable[tuple[datetime, datetime]]) -> timedelta:
    return sum((b - a for a, b in spans), timedelta(0))


def _measure(begin: datetime, end: datetime, unit: Unit, calendar: WorkingCalendar) -> timedelta:
    return calendar.between(begin, end) if unit.is_working else max(end - begin, timedelta(0))


def _add(moment: datetime, passed: timedelta, unit: Unit, calendar: WorkingCalendar) -> datetime:
    return calendar.add(moment, passed) if unit.is_working else moment + passed


def merge(pauses: Iterable[Pause]) -> list[Pause]:
    """Return the pauses in order, overlapping ones made one."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda p: (p.begin, p.end)):
        if merged and pause.begin <= merged[-1].end:
            merged[-1] = Pause(merged[-1].begin, max(merged[-1].end, pause.end))
        elif pause.end > pause.begin:
            merged.append(pause)
    return merged


def _shift(
    at: datetime, counted_from: datetime, pauses: Sequence[Pause], unit: Unit, calendar: WorkingCalendar
) -> tuple[datetime, list[Step]]:
    """Return ``at`` moved by the pauses that began before it, and a step for each."""
    steps = []
    for pause in pauses:
        begin = max(pause.begin, counted_from)
        if begin >= at:
            # A pause that began before counting did, or after the moment was reached, moves nothing.
            continue
        taken = _measure(begin, pause.end, unit, calendar)
        if taken:
            at = _add(at, taken, unit, calendar)
            steps.append(Step(StepKind.PAUSED, begin, pause.end, time=taken))
    return at, steps


def _run(start: datetime, duration: Duration, calendar: WorkingCalendar, extensions: Sequence[Duration]) -> _Run:
    run = _Run(start.astimezone(UTC), calendar)
    run.steps.append(Step(StepKind.START, run.at, run.at))
    run.advance(duration)
    for extension in extensions:
        run.steps.append(Step(StepKind.EXTENDED, run.at, run.at))
        run.advance(extension)
    return run


def due(
    start: datetime,
    duration: Duration,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Duration] = (),
) -> Due:
    """Return when a limit that began at ``start`` ends, with the steps that lead there.

    Raises:
        YearNotAnnouncedError: a year has to be counted whose holidays are not known.
    """
    return plan(start, duration, calendar, (), pauses, extensions).due


def plan(
    start: datetime,
    duration: Duration,
    calendar: WorkingCalendar,
    percents: Sequence[int],
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Duration] = (),
) -> Plan:
    """Return the due date and the moment of each mark, in percent of the limit, ascending.

    A mark that lies in a year not yet announced is planned to be looked at again when that
    year begins, so that a limit need not be refused for the sake of its later marks.

    Raises:
        YearNotAnnouncedError: the due date itself lies beyond the announced years.
    """
    run = _run(start, duration, calendar, extensions)
    counted_from = run.counted_from or run.at
    merged = merge(pauses)
    unit = duration.unit
    at, paused = _shift(run.at, counted_from, merged, unit, calendar)
    steps = (*run.steps, *paused, Step(StepKind.DUE, at, at))
    total = _measure(counted_from, run.at, unit, calendar)

    def moment(percent: int) -> datetime:
        if percent >= 100:
            base = _add(run.at, total * (percent - 100) / 100, unit, calendar)
        else:
            base = _add(counted_from, total * percent / 100, unit, calendar)
        return _shift(base, counted_from, merged, unit, calendar)[0]

    def mark(percent: int) -> Mark:
        try:
            return Mark(percent, moment(percent))
        except YearNotAnnouncedError as error:
            return Mark(percent, calendar.at(date(error.year, 1, 1), time(0)), known=False)

    return Plan(Due(at, steps), tuple(mark(p) for p in sorted(set(percents))))
