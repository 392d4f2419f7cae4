"""Networks made by lot, and what must hold of every plan; counted from days, not by the rules themselves."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from functools import cache

from hypothesis import strategies as st

from linli.engines.projects.rules.scheduling.calendars import ProvisionalCalendar
from linli.engines.projects.rules.scheduling.types import Activity, Dependency, Kind, Network, RainDays, Resource
from linli.foundation.rulebook.rules import make_calendar

CALENDAR = ProvisionalCalendar(make_calendar())
START = date(2026, 3, 2)
_FIRST = date(2024, 1, 1)


@cache
def workdays():
    """The working days of some years, in order."""
    return [d for d in (_FIRST + timedelta(days=n) for n in range(6000)) if CALENDAR.is_workday(d)]


def at(day):
    """How many working days lie before ``day``."""
    return bisect_left(workdays(), day)


def until(day):
    """How many working days lie up to the end of ``day``."""
    return at(day + timedelta(days=1))


def workday(index):
    """The working day so many after the start."""
    return workdays()[at(START) + index]


@st.composite
def networks(draw, *, most=9, kinds=tuple(Kind), lags=(-2, 4), outdoor=False, fixed=False, teams=0, deadline=None):
    count = draw(st.integers(1, most))
    resources = tuple(Resource(f"r{n}", draw(st.integers(1, 4)), exceptions=_leave(draw)) for n in range(teams))
    activities = tuple(_activity(draw, n, outdoor=outdoor, fixed=fixed, resources=resources) for n in range(count))
    pairs = [(a, b) for b in range(count) for a in range(b)]
    ties = draw(st.lists(st.sampled_from(pairs), max_size=2 * count, unique=True)) if pairs else []
    dependencies = tuple(
        Dependency(f"a{a}", f"a{b}", draw(st.sampled_from(kinds)), draw(st.integers(*lags))) for a, b in ties
    )
    end = workday(draw(st.integers(*deadline))) if deadline else None
    return Network(activities, START, dependencies, resources, deadline=end)


def _activity(draw, n, *, outdoor, fixed, resources):
    earliest = workday(draw(st.integers(0, 20))) if fixed and draw(st.booleans()) else None
    demands = {r.key: draw(st.integers(0, r.capacity)) for r in resources}
    return Activity(
        f"a{n}",
        f"工序{n}",
        draw(st.integers(0, 8)),
        demands=demands,
        outdoor=outdoor and draw(st.booleans()),
        earliest=earliest,
    )


def _leave(draw):
    return {workday(n): draw(st.integers(0, 2)) for n in draw(st.sets(st.integers(0, 30), max_size=3))}


rains = st.builds(
    RainDays,
    days=st.frozensets(st.integers(0, 60).map(workday), max_size=15),
    shares=st.dictionaries(st.integers(3, 8), st.integers(0, 60), max_size=4),
    known_until=st.none() | st.integers(0, 40).map(workday),
)


def moments(network, placed):
    """The start and the end of a placed activity, counted in working days; of a milestone both are its day's end."""
    if {a.key: a for a in network.activities}[placed.key].duration:
        return at(placed.start), until(placed.finish)
    opening = placed.start <= workday(0)
    return (at(placed.start) if opening else until(placed.finish),) * 2


def assert_kept(network, plan):
    """Nothing before what it waits for, nothing before its own first day."""
    begin = {key: moments(network, p)[0] for key, p in plan.placed.items()}
    end = {key: moments(network, p)[1] for key, p in plan.placed.items()}
    for tie in network.dependencies:
        since = (begin if tie.kind in (Kind.SS, Kind.SF) else end)[tie.before] + tie.lag
        held = (begin if tie.kind in (Kind.FS, Kind.SS) else end)[tie.after]
        # A milestone on the first day may stand for its morning or its evening.
        assert held >= since or (plan.placed[tie.before].start == workday(0) and held >= since - 1), tie
    for activity in network.activities:
        assert begin[activity.key] >= at(max(network.start, activity.earliest or network.start))


def assert_within_capacity(network, plan):
    """On no day is more of a team taken than is there."""
    days = [d for d in workdays() if plan.start <= d <= plan.finish]
    for resource in network.resources:
        for day in days:
            taken = sum(
                a.demands.get(resource.key, 0)
                for a in network.activities
                if a.duration and plan.placed[a.key].start <= day <= plan.placed[a.key].finish
            )
            assert taken <= resource.exceptions.get(day, resource.capacity), (resource.key, day)


def assert_worked_enough(network, plan, rain):
    """What is done in the open has dry days enough between its ends, and not a day more than it needs."""
    for activity in network.activities:
        p = plan.placed[activity.key]
        days = [d for d in workdays() if p.start <= d <= p.finish]
        if not activity.outdoor:
            assert not activity.duration or len(days) == activity.duration
        elif activity.duration:
            assert sum(share(d, rain) for d in days) >= 100 * activity.duration
            assert sum(share(d, rain) for d in days[:-1]) < 100 * activity.duration
            assert share(p.start, rain) > 0


def share(day, rain):
    """How much of a day's work is done on ``day``, per cent."""
    if day in rain.days:
        return 0
    if rain.known_until is not None and day <= rain.known_until:
        return 100
    return max(5, 100 - rain.shares.get(day.month, 0))
