"""The simulated life's clock, cast and places: stories take turns in the order of their moments."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from django.conf import settings
from django.db import connection
from shapely.geometry import shape

from linli.engines.cases import permissions
from linli.engines.cases.types import FilePurpose, FileRef
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import DomainError
from linli.foundation.deadlines import services as deadlines
from linli.foundation.jobs import services as jobs
from linli.foundation.people import selectors as people
from linli.foundation.rulebook import selectors as rulebook
from linli.interfaces.cli.demo.scenes import HUAYANG, Scene

Story = Iterator[datetime]
TURN = timedelta(hours=6)
DAY_BEGINS, DAY_ENDS = 7, 22


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something happens: neighbourhood, road, address, point."""

    name: str
    road: str
    address: str
    point: Point
    area_id: int
    area_path: str


@dataclass
class Simulation:
    """Runs stories until ``end``; sweeps limits and does jobs every six simulated hours."""

    start: datetime
    end: datetime
    dice: random.Random
    geography: dict[str, Any]
    users: dict[str, Any]
    units: dict[str, Any]
    staff: dict[int, list[str]]
    files: dict[str, list[int]]
    scene: Scene = HUAYANG
    now: datetime = field(init=False)
    escalations: int = 0
    refused: list[str] = field(default_factory=list)
    haunts: dict[str, Spot] = field(default_factory=dict)
    started: int = 0
    _queue: list[tuple[datetime, int, Story]] = field(default_factory=list)
    _order: int = 0
    _cases: dict[int, Any] = field(default_factory=dict)
    _touched: set[int] = field(default_factory=set)
    _actors: dict[str, Actor] = field(default_factory=dict)
    _spots: dict[str, list[Point]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin at ``start``."""
        self.now = self.start
        self.calendar = rulebook.working_calendar()

    # -- time

    def add(self, story: Story, at: datetime) -> None:
        """Let ``story`` begin at ``at``, or now if that is over."""
        self._order += 1
        heapq.heappush(self._queue, (max(at, self.now), self._order, story))

    def run(self, progress: Callable[[int, int], None]) -> None:
        """Let every story take its turns until ``end``."""
        turn, total = self.start + TURN, max(1, int((self.end - self.start) / TURN))
        while self._queue and self._queue[0][0] <= self.end:
            at, order, story = heapq.heappop(self._queue)
            while turn <= at:
                self._turn(turn)
                turn += TURN
                progress(int((turn - self.start) / TURN), total)
            self.now = max(self.now, at)
            with clock.frozen(self.now):
                following = self._step(story)
            if following is not None:
                heapq.heappush(self._queue, (max(following, self.now), order, story))
        self._turn(self.end)

    def _step(self, story: Story) -> datetime | None:
        """Let ``story`` go one step; one that the rules do not allow any more is undone, noted and ends there."""
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT demo_step")
            self._touched.clear()
            try:
                following = next(story, None)
            except DomainError as error:
                connection.needs_rollback = False
                cursor.execute("ROLLBACK TO SAVEPOINT demo_step")
                for case_id in self._touched:  # in memory they are as the rules refused
                    self._cases.pop(case_id, None)
                self.refused.append(f"{error.code}: {error}")
                following = None
            cursor.execute("RELEASE SAVEPOINT demo_step")
        return following

    def _turn(self, at: datetime) -> None:
        self.now = max(self.now, at)
        with clock.frozen(self.now):
            self.escalations += deadlines.sweep(now=self.now)
            jobs.drain(now=self.now)
        current = permissions.versions_of(self._cases)
        moved = [pk for pk, case in self._cases.items() if current.get(pk) != case.version]
        if moved:
            self._cases |= permissions.get_cases_for(SYSTEM, moved)

    def work(self, low: float, high: float) -> datetime:
        """Return a moment between ``low`` and ``high`` working hours from now."""
        try:
            return self.calendar.add(self.now, timedelta(hours=self.dice.uniform(low, high)))
        except Exception:
            return self.soon(low * 3, high * 3)

    def soon(self, low: float, high: float) -> datetime:
        """Return a moment between ``low`` and ``high`` hours from now, not in the night."""
        at = self.now + timedelta(hours=self.dice.uniform(low, high))
        local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
        if DAY_BEGINS <= local.hour < DAY_ENDS:
            return at
        wait = (DAY_BEGINS - local.hour) % 24
        return at + timedelta(hours=wait, minutes=self.dice.randint(0, 50))

    # -- cast

    def actor(self, username: str) -> Actor:
        """Return the actor that a request of ``username`` would have."""
        found = self._actors.get(username)
        if found is None:
            found = self._actors[username] = people.actor_for(self.users[username], self.now)
        return found

    def handler(self, unit_id: int) -> Actor:
        """Return somebody of the unit."""
        return self.actor(self.dice.choice(self.staff[unit_id]))

    def case(self, case_id: int) -> Any:
        """Return the case as it stands now: within one turn only stories change it, and they share the object."""
        self._touched.add(case_id)
        found = self._cases.get(case_id)
        if found is None:
            found = self._cases[case_id] = permissions.get_case_for(SYSTEM, case_id)
        return found

    def forget_cases(self) -> None:
        """Read cases anew, since something else has written them."""
        self._cases.clear()

    # -- places and pictures

    def spot(self, name: str = "", *, indoors: bool = False) -> Spot:
        """Return an address and a point in the neighbourhood ``name``, a random one if empty."""
        layout, upright, level = self.scene.layout, self.scene.upright, self.scene.level
        name = name or self.dice.choice(list(layout))
        area = self.geography["neighbourhoods"][name]
        column, row = layout[name][0]
        roads = [r for r in (upright[column], level[row], level[min(row + 1, len(level) - 1)]) if r]
        road = self.dice.choice(roads)
        number = 100 + self.dice.randrange(900)
        address = f"{road}{number}弄{self.dice.randint(1, 18)}号" if indoors else f"{road}{number}号"
        if not indoors and self.dice.random() < 0.3:
            address = f"{road}近{self.dice.choice([r for r in (*upright, *level) if r and r != road])}"
        point = self.dice.choice(self._points(name, area))
        return Spot(name, road, address, point, area.pk, area.path)

    def _points(self, name: str, area: Any) -> list[Point]:
        if name not in self._spots:
            outline = shape(area.geometry).buffer(-0.0001)
            west, south, east, north = outline.bounds
            found: list[Point] = []
            while len(found) < 40:
                lon, lat = self.dice.uniform(west, east), self.dice.uniform(south, north)
                if outline.contains(shapely.Point(lon, lat)):
                    found.append(Point(round(lat, 6), round(lon, 6)))
            self._spots[name] = found
        return self._spots[name]

    def pictures(self, *purposes: str) -> list[FileRef]:
        """Return one picture of each purpose; before and after show the same place."""
        pick = self.dice.randrange(10_000)
        return [FileRef(self.files[p][pick % len(self.files[p])], FilePurpose(p)) for p in purposes]
