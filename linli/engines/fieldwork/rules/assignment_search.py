"""The search for a good assignment: best insertion, then ruin and recreate.

Ruin and recreate takes out strings of neighbouring visits and puts each back where it costs least (SISR; Christiaens
and Vanden Berghe, Transportation Science 54, 2020), and now and then keeps what is a little worse (simulated
annealing). A step knows no clock: the same seed and the same steps give the same answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log

from linli.engines.fieldwork.rules.assignment_frame import Crew, Frame

_AVERAGE = 15  # visits taken out in one step
_LONGEST = 10  # of one string
_HOT, _COLD = 20.0, 1.0  # seconds of walking that are kept as a worsening, at first and at last
_LOOK = 12  # neighbours whose routes are tried
_STOP_EVERY = 64
_NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Route:
    """One crew's walk; never changed, a new one takes its place.

    Attributes:
        stops: places from home to home, visits between.
        ready: second at which each can be left at the earliest.
        latest: second by which each must be reached at the latest.
        walked: seconds walked.
    """

    stops: list[int]
    ready: list[int]
    latest: list[int]
    walked: int


def begin_at(starts: tuple[tuple[int, int], ...], moment: int) -> int | None:
    """Return the first second from ``moment`` on at which a visit may begin."""
    for first, last in starts:
        if moment <= last:
            return max(moment, first)
    return None


def made(frame: Frame, crew: Crew, stops: list[int]) -> Route | None:
    """Return the walk through ``stops`` (homes included) with its times; None where a window breaks."""
    walk, service, windows, day = frame.walk, frame.service, frame.starts, crew.shift.day
    now = crew.shift.begin * 60
    ready, walked, before = [now], 0, stops[0]
    for v in stops[1:-1]:
        leg = walk[before][v]
        walked += leg
        now += leg
        if windows[v] is not None:
            begin = begin_at(frame.starts_on(v, day) or (), now)
            if begin is None:
                return None
            now = begin
        now += service[v]
        ready.append(now)
        before = v
    leg = walk[before][stops[-1]]
    ready.append(now + leg)
    if now + leg > crew.shift.end * 60:
        return None
    return Route(stops, ready, _latest(frame, crew, stops), walked + leg)


def _latest(frame: Frame, crew: Crew, stops: list[int]) -> list[int]:
    walk, service, windows = frame.walk, frame.service, frame.starts
    limit = crew.shift.end * 60
    latest, after = [limit], stops[-1]
    for v in reversed(stops[1:-1]):
        limit -= walk[v][after] + service[v]
        if windows[v] is not None:
            starts = frame.starts_on(v, crew.shift.day) or ()
            limit = max((min(limit, last) for first, last in starts if first <= limit), default=-1)
        latest.append(limit)
        after = v
    latest.append(limit - frame.walk[stops[0]][after])
    latest.reverse()
    return latest


class Search:
    """Routes of all crews, and what changes them."""

    def __init__(self, frame: Frame, seed: int) -> None:
        """Begin with nothing placed."""
        self.frame = frame
        self.dice = random.Random(seed)  # noqa: S311  a search, not a secret
        count = len(frame.visits)
        self.routes: list[Route] = []
        for crew in frame.crews:
            empty = made(frame, crew, [crew.home, crew.home])
            assert empty is not None  # noqa: S101  a shift has room for nothing
            self.routes.append(empty)
        self.where: list[int] = [-1] * count
        self.loads = [0.0] * len(frame.workers)
        self.absent: set[int] = set(range(count))
        self.lost = [
            {c: lost for c in frame.open[v] if (lost := frame.lost_wish(v, frame.crews[c].people))}
            for v in range(count)
        ]
        self.wished = [
            [c for c in sorted(frame.open[v]) if c not in self.lost[v]] if self.lost[v] else [] for v in range(count)
        ]
        self.pull = [2 * frame.wishes.balance / t for t in frame.targets]
        self.total = self.cost()

    def cost(self) -> float:
        """Return the whole cost in seconds of walking."""
        frame = self.frame
        uneven = sum(p / 2 * (load - t) ** 2 for p, load, t in zip(self.pull, self.loads, frame.targets, strict=True))
        lost = sum(self.lost[v].get(c, 0) for v, c in enumerate(self.where) if c >= 0)
        return sum(r.walked for r in self.routes) + uneven + lost + frame.unplaced * len(self.absent)

    def _fixed(self, v: int, c: int) -> float:
        """Return what it costs that crew ``c`` takes ``v``, the walk apart."""
        cost: float = self.lost[v].get(c, 0)
        seconds = self.frame.service[v]
        for p in self.frame.crews[c].people:
            cost += self.pull[p] * seconds * (self.loads[p] - self.frame.targets[p] + seconds / 2)
        return cost

    def _best_place(self, v: int, c: int, bound: float) -> tuple[float, int]:
        """Return the least cost below ``bound`` of taking ``v`` into route ``c``, and after which stop."""
        route, crew = self.routes[c], self.frame.crews[c]
        stops, ready, latest = route.stops, route.ready, route.latest
        if len(stops) - 2 >= crew.most:
            return bound, -1
        fixed = self._fixed(v, c)
        best, at = bound - fixed, -1
        walk, row, service = self.frame.walk, self.frame.walk[v], self.frame.service[v]
        starts = self.frame.starts_on(v, crew.shift.day)
        a = stops[0]
        for i in range(1, len(stops)):
            b = stops[i]
            away = row[b]
            more = row[a] + away - walk[a][b]
            if more < best:
                begin: int | None = ready[i - 1] + row[a]
                if starts is not None:
                    begin = begin_at(starts, begin)  # type: ignore[arg-type]
                if begin is not None and begin + service + away <= latest[i]:
                    best, at = more, i
            a = b
        return best + fixed, at

    def insert(self, v: int, crews: list[int]) -> bool:
        """Put ``v`` where it costs least among ``crews``; say whether there was a place."""
        best, at, chosen = _NEVER, -1, -1
        for c in crews:
            cost, found = self._best_place(v, c, best)  # the cost of the walk and what is fixed
            if found > 0:
                best, at, chosen = cost, found, c
        if chosen < 0:
            return False
        stops = self.routes[chosen].stops
        self._enter(chosen, [*stops[:at], v, *stops[at:]])
        self.total += best - self.frame.unplaced
        self.where[v] = chosen
        self.absent.discard(v)
        for p in self.frame.crews[chosen].people:
            self.loads[p] += self.frame.service[v]
        return True

    def _enter(self, c: int, stops: list[int]) -> None:
        route = made(self.frame, self.frame.crews[c], stops)
        assert route is not None, "a place that was tried does not fit"  # noqa: S101
        self.routes[c] = route

    def _remove(self, c: int, visits: list[int]) -> None:
        gone, before = set(visits), self.routes[c].walked
        self._enter(c, [v for v in self.routes[c].stops if v not in gone])
        self.total += self.routes[c].walked - before
        for v in visits:
            self.where[v] = -1
            self.absent.add(v)
            for p in self.frame.crews[c].people:
                self.loads[p] -= self.frame.service[v]
            self.total += self.frame.unplaced - self._fixed(v, c)

    def build(self) -> None:
        """Place every visit once where it costs least: the hardest to place first."""
        frame = self.frame
        for v in sorted(self.absent, key=lambda v: (frame.starts[v] is None, len(frame.open[v]), v)):
            self.insert(v, sorted(frame.open[v]))

    def _ruin(self) -> list[int]:
        """Take out strings of visits that lie near each other; return the routes touched."""
        frame, dice = self.frame, self.dice
        filled = [len(r.stops) - 2 for r in self.routes if len(r.stops) > 2]
        if not filled:
            return []
        longest = min(_LONGEST, sum(filled) / len(filled))
        strings = int(dice.uniform(1, 4 * _AVERAGE / (1 + longest) - 1 + 1e-9)) if longest < 2 * _AVERAGE - 1 else 1
        seed = dice.randrange(len(frame.visits))
        touched: list[int] = []
        for v in (seed, *frame.near[seed]):
            if len(touched) >= strings:
                break
            c = self.where[v]
            if c < 0 or c in touched:
                continue
            stops = self.routes[c].stops
            size = int(dice.uniform(1, min(len(stops) - 2, longest) + 1))
            at = stops.index(v, 1)
            first = dice.randint(max(1, at - size + 1), min(at, len(stops) - 1 - size))
            self._remove(c, stops[first : first + size])
            touched.append(c)
        return touched

    def _candidates(self, v: int, touched: list[int]) -> list[int]:
        """Return the routes that are tried for a visit: its neighbours', those ruined, those wished for, one by lot."""
        may, where, wished = self.frame.open[v], self.where, self.wished[v]
        found = {where[other] for other in self.frame.near[v][:_LOOK]}
        found.update(touched)
        found.add(self.dice.randrange(len(self.routes)))
        found.update(wished)
        return sorted(found & may)

    def _recreate(self, touched: list[int]) -> None:
        frame, dice = self.frame, self.dice
        out = sorted(self.absent)
        dice.shuffle(out)
        sort = dice.randrange(4)
        if sort == 1:
            out.sort(key=lambda v: -frame.service[v])
        elif sort == 2:
            out.sort(key=lambda v: (frame.starts[v] is None, len(frame.open[v])))
        for v in out[: 3 * _AVERAGE]:
            if not self.insert(v, self._candidates(v, touched)) and dice.random() < 0.5:
                self.insert(v, sorted(frame.open[v]))

    def improve(self, steps: int, stop: Callable[[], bool] | None = None) -> int:
        """Ruin and recreate so many times, or until ``stop`` says so; keep the best. Return the steps made."""
        if not self.routes or not self.where or steps <= 0:
            return 0
        cost = best = self.total
        kept = self._snapshot()
        cooling = log(_COLD / _HOT) / steps
        done = 0
        for n in range(steps):
            if stop is not None and n % _STOP_EVERY == 0 and stop():
                break
            before = self._snapshot()
            touched = self._ruin()
            self._recreate(touched)
            now = self.total
            heat = _HOT * exp(cooling * n)
            if now - cost >= -heat * log(1.0 - self.dice.random()):
                self._restore(before)
                self.total = cost
            else:
                cost = now
                if now < best - 1e-6:
                    best, kept = now, self._snapshot()
            done = n + 1
        self._restore(kept)
        self.total = best
        return done

    def _snapshot(self) -> tuple[list[Route], list[int], list[float], set[int]]:
        return self.routes[:], self.where[:], self.loads[:], set(self.absent)

    def _restore(self, kept: tuple[list[Route], list[int], list[float], set[int]]) -> None:
        routes, where, loads, absent = kept
        self.routes, self.where, self.loads, self.absent = routes[:], where[:], loads[:], set(absent)
