"""The walks of all crews while they are being changed: rings of visits in flat lists, with their times.

Each crew's walk is a ring that begins and ends in a node of its own, the home, numbered after the visits. What a place
in it costs, and whether it holds within all windows, is known from its two neighbours alone (slack in time;
Savelsbergh, ORSA Journal on Computing 4, 1992): trying one takes no longer on a long walk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from linli.engines.fieldwork.rules.assignment_frame import Frame, Starts

_NEVER = float("inf")
_NEAR = 10  # neighbours beside whom a place is sought
_FEW = 4  # crews of whom every place is tried


def begin_at(starts: Starts, moment: int) -> int | None:
    """Return the first second from ``moment`` on at which a visit may begin."""
    for first, last in starts:
        if moment <= last:
            return max(moment, first)
    return None


def _reach_by(starts: Starts, moment: int) -> int:
    """Return the last second up to ``moment`` at which a visit may begin; -1 if there is none."""
    return max((min(moment, last) for first, last in starts if first <= moment), default=-1)


class Plan:
    """Who visits what in which order; every change keeps windows, shifts and numbers.

    Attributes:
        count: of the visits; a crew's home is the node with this number and its own together.
        after: for each node the next.
        before: for each node the one before.
        where: for each node the crew, -1 where a visit has none.
        open: for each visit the crews that may take it.
        fee: for each visit, by crew, seconds lost where the wish for continuity is not met; None where it may not. The
            last entry stands for no crew.
        wished: for each visit that has such a wish the homes of the crews who meet it.
        absent: visits that nobody makes.
        loads: seconds of visits of each worker.
        total: the whole cost in seconds of walking.
        touched: crews whose walks were changed since :meth:`keep` or :meth:`undo`.
    """

    def __init__(self, frame: Frame) -> None:
        """Begin with nothing placed."""
        self.frame = frame
        count, crews = len(frame.visits), frame.crews
        self.count = count
        nodes = count + len(crews)
        homes = [crew.home for crew in crews]
        self.walk = [[*row[:count], *(row[h] for h in homes)] for row in frame.walk[:count]]
        self.walk += [[*frame.walk[h][:count], *(0 for _ in homes)] for h in homes]
        self.service = frame.service
        days = sorted({crew.shift.day for crew in crews})
        self.day = [days.index(crew.shift.day) for crew in crews]
        self.starts = [
            None if found is None else [found.get(day, ()) for day in days] for found in frame.starts
        ]  # fmt: skip
        self.after, self.before = list(range(nodes)), list(range(nodes))
        self.leg = [0] * nodes  # seconds from each node to the next
        self.ready = [0] * count + [crew.shift.begin * 60 for crew in crews]  # left at the earliest
        self.latest = [0] * count + [crew.shift.end * 60 for crew in crews]  # reached at the latest
        self.room = [crew.most for crew in crews]
        self.where = [*[-1] * count, *range(len(crews))]
        self.absent = set(range(count))
        self.loads = [0] * len(frame.workers)
        pull = [2 * frame.wishes.balance / t for t in frame.targets]
        self._pull = pull
        self._steep = [sum(pull[p] / 2 for p in crew.people) for crew in crews]
        self._slope = [-sum(pull[p] * frame.targets[p] for p in crew.people) for crew in crews]
        self._crews_of: list[list[int]] = [[] for _ in frame.workers]
        for c, crew in enumerate(crews):
            for p in crew.people:
                self._crews_of[p].append(c)
        self.open = [sorted(crews) for crews in frame.open]
        self.fee: list[list[int | None]] = [[None] * (len(crews) + 1) for _ in range(count)]
        for v, fee in enumerate(self.fee):
            for c in self.open[v]:
                fee[c] = frame.lost_wish(v, crews[c].people)
        self._beside()
        self.total = self.cost()
        self.touched: set[int] = set()
        self._moved: list[tuple[int, int]] = []
        self._save()

    def _beside(self) -> None:
        """Note for each visit beside which others and at which homes its places are sought."""
        frame = self.frame
        self._near: list[list[int]] = []
        self._mates: list[list[int]] = []  # beside whom a place with those wished for is sought
        self.wished: list[list[int]] = []
        for v, fee in enumerate(self.fee):
            beside = [u for u in frame.near[v] if not frame.open[u].isdisjoint(self.open[v])]
            some = any(fee)
            self._near.append(beside[:_NEAR])
            self._mates.append(beside if some else [])
            self.wished.append([self.count + c for c in self.open[v] if not fee[c]] if some else [])

    def cost(self) -> float:
        """Return the whole cost in seconds of walking, reckoned anew."""
        frame = self.frame
        uneven: float = sum(
            p / 2 * (load - t) ** 2 for p, load, t in zip(self._pull, self.loads, frame.targets, strict=True)
        )
        lost = sum(self.fee[v][c] or 0 for v, c in enumerate(self.where[: self.count]) if c >= 0)
        walked = sum(self.leg[n] for n, c in enumerate(self.where) if c >= 0)
        return walked + uneven + lost + frame.unplaced * len(self.absent)

    def stops(self, c: int) -> list[int]:
        """Return the visits of a crew in their order."""
        found, home = [], self.count + c
        v = self.after[home]
        while v != home:
            found.append(v)
            v = self.after[v]
        return found

    def walked(self, c: int) -> int:
        """Return the seconds that a crew walks."""
        return self.leg[self.count + c] + sum(self.leg[v] for v in self.stops(c))

    # Changing

    def insert(self, v: int, spare: int) -> bool:
        """Put a visit where it costs least beside its neighbours; say whether there was a place.

        Args:
            spare: a crew at whose home a place is sought as well.
        """
        if len(self.open[v]) <= _FEW:
            return self.insert_anywhere(v)
        best, at = _NEVER, -1
        if self.wished[v]:
            best, at = self._best(v, self._mates[v], best, at, 0)
            best, at = self._best(v, self.wished[v], best, at)
        best, at = self._best(v, self._near[v], best, at)
        best, at = self._best(v, (self.count + spare,), best, at)
        if at < 0:
            return False
        self._enter(v, at, best)
        return True

    def insert_anywhere(self, v: int, crews: Sequence[int] | None = None) -> bool:
        """Put a visit where it costs least of all places, or of those with some crews; say whether there was one."""
        best, at = _NEVER, -1
        for c in self.open[v] if crews is None else crews:
            best, at = self._best(v, (self.count + c, *self.stops(c)[1::2]), best, at)
        if at < 0:
            return False
        self._enter(v, at, best)
        return True

    def _best(self, v: int, beside: Iterable[int], best: float, at: int, most: int = 1 << 30) -> tuple[float, int]:
        """Return the least cost of a place next to one of some nodes, and after whom, where below ``best``.

        Args:
            most: only with crews with whom no more is lost of the wish for continuity.
        """
        where, after, before, leg, slope, steep, ready, latest, room = (
            self.where, self.after, self.before, self.leg, self._slope, self._steep, self.ready, self.latest, self.room
        )  # fmt: skip
        row, fee, seconds, starts = self.walk[v], self.fee[v], self.service[v], self.starts[v]
        for u in beside:
            c = where[u]
            lost = fee[c]
            if lost is None or lost > most:
                continue
            lost += seconds * (slope[c] + steep[c] * seconds)
            if lost >= best:
                continue
            away = row[u]
            lost += away
            b = after[u]
            more = lost + row[b] - leg[u]
            if (
                more < best
                and room[c]
                and (
                    ready[u] + away + seconds + row[b] <= latest[b] if starts is None else self._holds(v, u, c, starts)
                )
            ):
                best, at = more, u
            a = before[u]
            more = lost + row[a] - leg[a]
            if (
                more < best
                and room[c]
                and (
                    ready[a] + row[a] + seconds + away <= latest[u] if starts is None else self._holds(v, a, c, starts)
                )
            ):
                best, at = more, a
        return best, at

    def _holds(self, v: int, a: int, c: int, starts: Sequence[Starts]) -> bool:
        """Return whether crew ``c`` can make a visit with windows after ``a`` in time."""
        row, b = self.walk[v], self.after[a]
        begin = begin_at(starts[self.day[c]], self.ready[a] + row[a])
        return begin is not None and begin + self.service[v] + row[b] <= self.latest[b]

    def _enter(self, v: int, a: int, cost: float) -> None:
        after, before, leg, row = self.after, self.before, self.leg, self.walk[v]
        c, b = self.where[a], after[a]
        after[a] = before[b] = v
        before[v], after[v] = a, b
        leg[a], leg[v] = row[a], row[b]
        self.ready[v] = self.latest[v] = -2
        self._forward(c, v)
        self._backward(c, v)
        self.where[v] = c
        self.room[c] -= 1
        self.absent.discard(v)
        self._load(c, self.service[v])
        self.total += cost - self.frame.unplaced
        self.touched.add(c)

    def remove(self, first: int, last: int) -> None:
        """Take out what stands from one visit to another of the same walk."""
        after, before, leg, where, fee = self.after, self.before, self.leg, self.where, self.fee
        c = where[first]
        a, b = before[first], after[last]
        v, seconds, cost, slope, steep = first, 0, -leg[a], self._slope[c], self._steep[c]
        while v != b:
            where[v] = -1
            self.absent.add(v)
            self._moved.append((v, c))
            self.room[c] += 1
            cost += self.frame.unplaced - fee[v][c] - leg[v]
            seconds += self.service[v]
            v = after[v]
        cost -= seconds * (slope - steep * seconds)
        after[a], before[b] = b, a
        leg[a] = self.walk[a][b]
        self.total += cost + leg[a]
        self._forward(c, b)
        self._backward(c, a)
        self._load(c, -seconds)
        self.touched.add(c)

    def _load(self, c: int, seconds: int) -> None:
        slope = self._slope
        for p in self.frame.crews[c].people:
            self.loads[p] += seconds
            more = self._pull[p] * seconds
            for other in self._crews_of[p]:
                slope[other] += more

    def _forward(self, c: int, v: int) -> None:
        """Reckon anew when each can be left, from ``v`` on until nothing changes."""
        after, ready, leg, service, starts = self.after, self.ready, self.leg, self.service, self.starts
        home, day = self.count + c, self.day[c]
        a = self.before[v]
        now = ready[a]
        while v != home:
            now += leg[a]
            found = starts[v]
            if found is not None:
                begin = begin_at(found[day], now)
                assert begin is not None, "a place that was tried does not fit"  # noqa: S101
                now = begin
            now += service[v]
            if ready[v] == now:
                return
            ready[v] = now
            a, v = v, after[v]

    def _backward(self, c: int, v: int) -> None:
        """Reckon anew by when each must be reached, from ``v`` back until nothing changes."""
        before, latest, leg, service, starts = self.before, self.latest, self.leg, self.service, self.starts
        home, day = self.count + c, self.day[c]
        limit = latest[self.after[v]]
        while v != home:
            limit -= leg[v] + service[v]
            found = starts[v]
            if found is not None:
                limit = _reach_by(found[day], limit)
            if latest[v] == limit:
                return
            latest[v] = limit
            v = before[v]

    # Keeping and undoing

    def _save(self) -> None:
        self._kept = (self.after[:], self.before[:], self.leg[:], self.ready[:], self.latest[:])
        self._keep_sums()

    def _keep_sums(self) -> None:
        self._sums = (self.loads[:], self._slope[:], self.room[:], self.total)
        self._away = set(self.absent)
        self._moved.clear()
        self.touched.clear()

    def keep(self) -> None:
        """Let what was changed be so."""
        self._carry((self.after, self.before, self.leg, self.ready, self.latest), self._kept)
        self._keep_sums()

    def undo(self) -> None:
        """Put back what was changed since the last :meth:`keep`."""
        self._carry(self._kept, (self.after, self.before, self.leg, self.ready, self.latest))
        for v, c in reversed(self._moved):
            self.where[v] = c
        loads, slope, room, self.total = self._sums
        self.loads, self._slope, self.room = loads[:], slope[:], room[:]
        for v in self._away:
            self.where[v] = -1
        self.absent = set(self._away)
        self._moved.clear()
        self.touched.clear()

    def _carry(self, source: Sequence[list[int]], target: Sequence[list[int]]) -> None:
        """Copy the walks that were touched."""
        after, _, leg, ready, latest = source
        to_after, to_before, to_leg, to_ready, to_latest = target
        for c in self.touched:
            v = home = self.count + c
            while True:
                n = after[v]
                to_after[v], to_before[n], to_leg[v] = n, v, leg[v]
                if n == home:
                    break
                to_ready[n], to_latest[n] = ready[n], latest[n]
                v = n

    def lay(self, after: Sequence[int]) -> None:
        """Make all walks what they were when ``after`` was copied."""
        for v in range(self.count):
            self.where[v] = -1
        self.absent = set(range(self.count))
        self.loads = [0] * len(self.loads)
        crews = self.frame.crews
        pull, targets = self._pull, self.frame.targets
        self._slope = [-sum(pull[p] * targets[p] for p in crew.people) for crew in crews]
        for c, crew in enumerate(crews):
            home = self.count + c
            self.room[c] = crew.most
            a = home
            while True:
                v = after[a]
                self.after[a], self.before[v], self.leg[a] = v, a, self.walk[a][v]
                if v == home:
                    break
                self.where[v] = c
                self.absent.discard(v)
                self.room[c] -= 1
                self._load(c, self.service[v])
                self.ready[v] = self.latest[v] = -2
                a = v
            self._forward(c, self.after[home])
            self._backward(c, self.before[home])
        self.total = self.cost()
        self._save()
