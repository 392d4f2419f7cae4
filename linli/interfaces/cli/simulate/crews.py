"""Who is at work, and what they do next: people with shifts, free days and absences, one thing at a time.

Nothing here knows of cases or of HTTP. A job waits in its team's queue until somebody who is on shift is free;
short jobs are begun only where they can be ended in the same shift, long ones go on in the next.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from linli.interfaces.cli.simulate.dice import happens
from linli.interfaces.cli.simulate.scenario import SHANGHAI, Shift, Team

WHOLE = 60.0  # minutes: what is no longer than this is not taken apart
_AHEAD = 60  # days to look for the next shift
Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a team, by number from 1."""

    team: str
    number: int
    shift: Shift

    @property
    def login(self) -> str:
        """Their account's name."""
        return f"sim-{self.team.replace(':', '-')}-{self.number}"


def people_of(team: Team) -> list[Person]:
    """Return the people of a team, shift by shift; a number is always the same person's, however many there are."""
    return [
        Person(team.key, 100 * at + n, shift)
        for at, shift in enumerate(team.shifts)
        for n in range(1, shift.people + 1)
    ]


class Roster:
    """When the people of a team are at work."""

    def __init__(self, team: Team, *, seed: int, rest: Collection[date]) -> None:
        """Plan ``team``; ``rest`` are the days off by the calendar."""
        self.team, self.seed, self.rest = team, seed, frozenset(rest)
        self._kept: dict[tuple[Person, date], Window | None] = {}

    def window(self, person: Person, day: date) -> Window | None:
        """Return the shift of ``person`` that begins on ``day``, None where they have none or are absent."""
        key = (person, day)
        if key not in self._kept:
            self._kept[key] = self._window(person, day)
        return self._kept[key]

    def _window(self, person: Person, day: date) -> Window | None:
        shift = person.shift
        off = day in self.rest
        if (shift.days == "work" and off) or (shift.days == "rest" and not off):
            return None
        if happens(self.team.absent, self.seed, "absent", person.team, person.number, day.isoformat()):
            return None
        midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        return midnight + timedelta(minutes=shift.begin), midnight + timedelta(minutes=shift.end)

    def windows(self, person: Person, after: datetime) -> Iterator[Window]:
        """Yield the shifts of ``person`` that end after ``after``."""
        day = after.astimezone(SHANGHAI).date() - timedelta(days=1)
        for ahead in range(_AHEAD):
            window = self.window(person, day + timedelta(days=ahead))
            if window and window[1] > after:
                yield window

    def on_shift(self, person: Person, now: datetime) -> Window | None:
        """Return the shift that ``person`` is in."""
        window = next(self.windows(person, now), None)
        return window if window and window[0] <= now else None

    def minutes(self, person: Person, since: datetime, until: datetime) -> float:
        """Return how long ``person`` is on shift between two moments, however far apart, in minutes."""
        day, last = since.astimezone(SHANGHAI).date() - timedelta(days=1), until.astimezone(SHANGHAI).date()
        found = timedelta()
        while day <= last:
            window = self.window(person, day)
            if window is not None:
                found += max(timedelta(), min(window[1], until) - max(window[0], since))
            day += timedelta(days=1)
        return found.total_seconds() / 60

    def end(self, person: Person, now: datetime, minutes: float) -> datetime:
        """Return when ``person`` has worked ``minutes`` from ``now`` on, over as many shifts as it takes."""
        left = timedelta(minutes=minutes)
        for begin, end in self.windows(person, now):
            begin = max(begin, now)
            if left <= end - begin:
                return begin + left
            left -= end - begin
        return now + timedelta(days=_AHEAD)


@dataclass(order=True, slots=True)
class Job:
    """Something to be done: the lowest ``key`` first, then in the order of arrival."""

    key: tuple[Any, ...]
    order: int
    minutes: float = field(compare=False)
    token: Any = field(compare=False, default=None)
    gone: bool = field(compare=False, default=False)


@dataclass(frozen=True, slots=True)
class Begun:
    """A job in somebody's hands until a moment."""

    job: Job
    person: Person
    at: datetime
    until: datetime


class Crew:
    """A team at work: its queue, and who is busy."""

    def __init__(self, team: Team, roster: Roster) -> None:
        """Begin with an empty queue."""
        self.team, self.roster = team, roster
        self.people = people_of(team)
        self.waiting: list[Job] = []
        self.busy: dict[Person, Begun] = {}
        self.worked: dict[Person, float] = {}
        self._orders = 0

    def offer(self, key: tuple[Any, ...], minutes: float, token: Any = None) -> Job:
        """Let a job wait."""
        self._orders += 1
        job = Job(key, self._orders, max(0.5, minutes), token)
        heapq.heappush(self.waiting, job)
        return job

    def leave(self, job: Job) -> bool:
        """Take a job out that nobody has begun; return whether it was still waiting."""
        waited = not job.gone and any(j is job for j in self.waiting)
        job.gone = True
        return waited

    def free(self, now: datetime) -> None:
        """Let go of everybody whose job ends by ``now``."""
        for person in [p for p, begun in self.busy.items() if begun.until <= now]:
            self.worked[person] = self.worked.get(person, 0.0) + self.busy.pop(person).job.minutes

    def begin(self, now: datetime) -> list[Begun]:
        """Give waiting jobs to free people on shift, and return what was begun."""
        begun: list[Begun] = []
        for person in self.people:
            if not self._clean():
                break
            window = self.roster.on_shift(person, now) if person not in self.busy else None
            job = self.waiting[0]
            if window is None or not self._fits(job, now, window):
                continue
            heapq.heappop(self.waiting)
            job.gone = True
            self.busy[person] = Begun(job, person, now, self.roster.end(person, now, job.minutes))
            begun.append(self.busy[person])
        return begun

    def _clean(self) -> bool:
        while self.waiting and self.waiting[0].gone:
            heapq.heappop(self.waiting)
        return bool(self.waiting)

    @staticmethod
    def _fits(job: Job, now: datetime, window: Window) -> bool:
        return job.minutes > WHOLE or now + timedelta(minutes=job.minutes) <= window[1]

    def next_look(self, now: datetime) -> datetime | None:
        """Return when somebody begins a shift who could take what waits; None where nothing does or nobody comes."""
        if not self._clean():
            return None
        nexts = (next((w[0] for w in self.roster.windows(p, now) if w[0] > now), None) for p in self.people)
        return min((n for n in nexts if n is not None), default=None)
