"""The virtual clock: an event queue on which lives and crews take turns, in the order of their moments.

A life is a generator. What it yields is what it waits for: :class:`Pause`, or :class:`Work` by somebody of a team;
it is resumed with who did it, or with None where nobody came in time. (SimPy's idea, in as much as is needed here:
shifts that end, jobs that go on the next day and callers who hang up are the crews'.)
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from linli.interfaces.cli.simulate.crews import Begun, Crew, Job, Person


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait until a moment."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """Wait until somebody of ``team`` has worked ``minutes`` on it.

    Attributes:
        key: what comes first, lowest first.
        hold: minutes after which who waits gives up unless somebody has begun.
        on_begin: called with who begins, ``after`` minutes from then (still inside the work).
    """

    team: str
    minutes: float
    key: tuple[Any, ...] = ()
    hold: float | None = None
    on_begin: Callable[[Person], None] | None = None
    after: float = 0.0


Life = Generator[Pause | Work, Person | None, None]


@dataclass
class Engine:
    """Runs lives until an end."""

    now: datetime
    crews: Mapping[str, Crew]
    set_clock: Callable[[datetime], None] = lambda _moment: None
    _queue: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _order: int = 0
    _looks: dict[str, datetime] = field(default_factory=dict)

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        """Let ``act`` happen at ``moment``, or now if that is over."""
        self._order += 1
        heapq.heappush(self._queue, (max(moment, self.now), self._order, act))

    def live(self, life: Life, at: datetime) -> None:
        """Let a life begin."""
        self.at(at, lambda: self._step(life, None))

    def run(self, end: datetime) -> None:
        """Let everything happen that happens up to ``end``."""
        while self._queue and self._queue[0][0] <= end:
            moment, _order, act = heapq.heappop(self._queue)
            if moment > self.now:
                self.now = moment
            self.set_clock(self.now)
            act()
        self.now = max(self.now, end)
        self.set_clock(self.now)

    def _step(self, life: Life, done: Person | None) -> None:
        try:
            wanted = life.send(done)
        except StopIteration:
            return
        if isinstance(wanted, Pause):
            self.at(wanted.until, lambda: self._step(life, None))
        else:
            self._offer(life, wanted)

    def _offer(self, life: Life, wanted: Work) -> None:
        crew = self.crews[wanted.team]
        job = crew.offer(wanted.key, wanted.minutes, (life, wanted))
        if wanted.hold is not None:
            self.at(self.now + timedelta(minutes=wanted.hold), lambda: self._give_up(life, crew, job))
        self._look(wanted.team)

    def _give_up(self, life: Life, crew: Crew, job: Job) -> None:
        if crew.leave(job):
            self._step(life, None)

    def _look(self, team: str) -> None:
        """Let free people of a team begin what waits, and look again when the next shift begins."""
        crew = self.crews[team]
        crew.free(self.now)
        for begun in crew.begin(self.now):
            self._begun(team, begun)
        following = crew.next_look(self.now)
        if following is not None and not self.now < self._looks.get(team, self.now) <= following:
            self._looks[team] = following
            self.at(following, lambda: self._look(team))

    def _begun(self, team: str, begun: Begun) -> None:
        life, wanted = begun.job.token
        act = wanted.on_begin
        if act is not None:
            early = min(begun.at + timedelta(minutes=wanted.after), begun.until)
            self.at(early, lambda: act(begun.person))
        self.at(begun.until, lambda: self._done(team, life, begun))

    def _done(self, team: str, life: Life, begun: Begun) -> None:
        self._step(life, begun.person)
        self._look(team)
