"""The inner loop of the assignment on flat arrays, compiled: places tried, visits taken out and put back, times, steps.

Everything that a step calls stands in this one file, because Numba looks only at a function's own file when it decides
whether what it compiled before is still right. Nothing here knows a clock or a hash: the same question, seed and steps
give the same walks on every machine.

Each crew's walk is a ring that begins and ends in a node of its own, the home, numbered after the visits. What a place
in it costs, and whether it holds within all windows, is known from its two neighbours alone (slack in time;
Savelsbergh, ORSA Journal on Computing 4, 1992). A step takes out strings of neighbouring visits and puts each back
where it costs least (SISR; Christiaens and Vanden Berghe, Transportation Science 54, 2020).
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit

_F = TypeVar("_F", bound=Callable[..., Any])
_Array = Any  # of NumPy; mypy knows no shapes

FEW = 4  # crews of whom every place is tried
AVERAGE = 10.0  # visits taken out in one step
LONGEST = 8.0  # of one string
HOT, COLD = 200.0, 5.0  # seconds of walking that are kept as a worsening, at first and at last
UNMET = 0.7  # share of the steps that look for a wish not met
TRIES = 12  # visits looked at for it
MOST_AT_ONCE = 45
NOT = -1  # a fee: this crew may not
_MOST = 1 << 40
_GOLD, _MIX, _MIX2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


def _compiled(function: _F) -> _F:
    # Nothing here makes an array, so nobody need count who holds one: that counting took most of the time.
    return cast("_F", njit(cache=True, nogil=True, _nrt=False)(function))  # type: ignore[call-overload]


class Question(NamedTuple):
    """What does not change. A list of lists is two arrays: where each begins, and all of them in a row.

    Attributes:
        walk: [node, node] seconds from each to each; a crew's home is the node ``visits + crew``.
        service: [visit] seconds.
        fee: [visit, crew] seconds lost where the wish for continuity is not met, ``NOT`` where the crew may not.
        windowed: [visit] whether it has windows.
        starts_at, first, last: for ``visit * days + day`` the seconds between which a visit may begin.
        day: [crew] number of its day.
        near_at, near: all neighbours, nearest first.
        beside_at, beside: those beside whom a place is always sought.
        mates_at, mates: beside whom a place with those wished for is sought.
        wished_at, wished: homes of the crews who meet the wish.
        open_at, open: crews that may take a visit.
        people: [crew, 2] the workers, -1 for none.
        crews_at, crews: crews of each worker.
        pull: [worker] how much a second of load weighs the more, the more there is.
        steep: [crew] half the pulls of its people.
        unplaced: [1] seconds that a visit without anybody counts.
        days: [1] how many days.
    """

    walk: _Array
    service: _Array
    fee: _Array
    windowed: _Array
    starts_at: _Array
    first: _Array
    last: _Array
    day: _Array
    near_at: _Array
    near: _Array
    beside_at: _Array
    beside: _Array
    mates_at: _Array
    mates: _Array
    wished_at: _Array
    wished: _Array
    open_at: _Array
    open: _Array
    people: _Array
    crews_at: _Array
    crews: _Array
    pull: _Array
    steep: _Array
    unplaced: _Array
    days: _Array


class Walks(NamedTuple):
    """What changes, twice: as it is, and as it was when last kept.

    Attributes:
        after, before: [node] the next and the former in the ring.
        leg: [node] seconds from it to the next.
        ready, latest: [node] left at the earliest, reached at the latest.
        where: [visit, then home] the crew, -1 where a visit has none.
        room: [crew] visits that it may still take.
        loads: [worker] seconds of visits.
        slope: [crew] what one more second of load costs.
        away: visits that nobody makes, in no order; the first ``sizes[0]`` count.
        spot: [visit] its place in ``away``, -1 where somebody makes it.
        moved: [n, 2] visit and crew of what was taken out since the last keeping; the first ``sizes[1]`` count.
        touched: crews changed since; the first ``sizes[2]`` count.
        is_touched: [crew].
        sizes: [4] of away, moved and touched; of away when last kept.
        total: [2] the whole cost in seconds of walking, now and when last kept.
    """

    after: _Array
    before: _Array
    leg: _Array
    ready: _Array
    latest: _Array
    where: _Array
    room: _Array
    loads: _Array
    slope: _Array
    away: _Array
    spot: _Array
    moved: _Array
    touched: _Array
    is_touched: _Array
    sizes: _Array
    total: _Array
    kept_after: _Array
    kept_before: _Array
    kept_leg: _Array
    kept_ready: _Array
    kept_latest: _Array
    kept_room: _Array
    kept_loads: _Array
    kept_slope: _Array
    kept_away: _Array


# Times


@_compiled
def begin_at(q: Question, v: int, day: int, moment: int) -> int:
    """Return the first second from ``moment`` on at which a visit may begin on a day; -1 if there is none."""
    if not q.windowed[v]:
        return moment
    row = v * q.days[0] + day
    for n in range(q.starts_at[row], q.starts_at[row + 1]):
        if moment <= q.last[n]:
            return int(max(moment, q.first[n]))
    return -1


@_compiled
def _reach_by(q: Question, v: int, day: int, moment: int) -> int:
    """Return the last second up to ``moment`` at which a visit may begin; -1 if there is none."""
    if not q.windowed[v]:
        return moment
    row, found = v * q.days[0] + day, -1
    for n in range(q.starts_at[row], q.starts_at[row + 1]):
        if q.first[n] <= moment:
            found = max(found, min(moment, q.last[n]))
    return found


@_compiled
def _forward(q: Question, w: Walks, c: int, begin: int) -> None:
    """Reckon anew when each can be left, from ``begin`` on until nothing changes."""
    v, home = begin, len(q.service) + c
    now = w.ready[w.before[v]]
    before = w.before[v]
    while v != home:
        now = begin_at(q, v, q.day[c], now + w.leg[before])
        assert now >= 0, "a place that was tried does not fit"  # noqa: S101
        now += q.service[v]
        if w.ready[v] == now:
            return
        w.ready[v] = now
        before, v = v, w.after[v]


@_compiled
def _backward(q: Question, w: Walks, c: int, end: int) -> None:
    """Reckon anew by when each must be reached, from ``end`` back until nothing changes."""
    v, home = end, len(q.service) + c
    limit = w.latest[w.after[v]]
    while v != home:
        limit = _reach_by(q, v, q.day[c], limit - w.leg[v] - q.service[v])
        if w.latest[v] == limit:
            return
        w.latest[v] = limit
        v = w.before[v]


# Changing


@_compiled
def _holds(q: Question, w: Walks, v: int, a: int, c: int) -> bool:
    """Return whether crew ``c`` can make a visit after ``a`` in time."""
    b = w.after[a]
    begin = begin_at(q, v, q.day[c], w.ready[a] + q.walk[v, a])
    return begin >= 0 and begin + q.service[v] + q.walk[v, b] <= w.latest[b]


@_compiled
def _beside(q: Question, w: Walks, v: int, u: int, best: float, at: int, most: int) -> tuple[float, int]:
    """Return the least cost of a place next to node ``u``, and after whom, where below ``best``.

    Args:
        most: only with a crew with whom no more is lost of the wish for continuity.
    """
    c = w.where[u]
    if c < 0 or w.room[c] <= 0:
        return best, at
    fee = q.fee[v, c]
    if fee == NOT or fee > most:
        return best, at
    seconds = q.service[v]
    lost = fee + seconds * (w.slope[c] + q.steep[c] * seconds)
    if lost >= best:
        return best, at
    lost += q.walk[v, u]
    more = lost + q.walk[v, w.after[u]] - w.leg[u]
    if more < best and _holds(q, w, v, u, c):
        best, at = more, u
    a = w.before[u]
    more = lost + q.walk[v, a] - w.leg[a]
    if more < best and _holds(q, w, v, a, c):
        best, at = more, a
    return best, at


@_compiled
def _load(q: Question, w: Walks, c: int, seconds: int) -> None:
    for n in range(2):
        p = q.people[c, n]
        if p >= 0:
            w.loads[p] += seconds
            more = q.pull[p] * seconds
            for i in range(q.crews_at[p], q.crews_at[p + 1]):
                w.slope[q.crews[i]] += more


@_compiled
def _touch(w: Walks, c: int) -> None:
    if not w.is_touched[c]:
        w.is_touched[c] = True
        w.touched[w.sizes[2]] = c
        w.sizes[2] += 1


@_compiled
def _leave(w: Walks, v: int) -> None:
    w.spot[v] = w.sizes[0]
    w.away[w.sizes[0]] = v
    w.sizes[0] += 1


@_compiled
def _come(w: Walks, v: int) -> None:
    w.sizes[0] -= 1
    other = w.away[w.sizes[0]]
    w.away[w.spot[v]] = other
    w.spot[other] = w.spot[v]
    w.spot[v] = -1


@_compiled
def _enter(q: Question, w: Walks, v: int, a: int, cost: float) -> None:
    c, b = w.where[a], w.after[a]
    w.after[a], w.before[b] = v, v
    w.before[v], w.after[v] = a, b
    w.leg[a], w.leg[v] = q.walk[v, a], q.walk[v, b]
    w.ready[v], w.latest[v] = -2, -2
    _forward(q, w, c, v)
    _backward(q, w, c, v)
    w.where[v] = c
    w.room[c] -= 1
    _come(w, v)
    _load(q, w, c, q.service[v])
    w.total[0] += cost - q.unplaced[0]
    _touch(w, c)


@_compiled
def insert_anywhere(q: Question, w: Walks, v: int, only: int) -> bool:
    """Put a visit where it costs least of all places, or of those with one worker alone; say whether it found one.

    Args:
        only: the worker who goes alone; -1 for anybody.
    """
    best, at = np.inf, -1
    count = len(q.service)
    for i in range(q.open_at[v], q.open_at[v + 1]):
        c = q.open[i]
        if only >= 0 and (q.people[c, 0] != only or q.people[c, 1] >= 0):
            continue
        u = count + c
        best, at = _beside(q, w, v, u, best, at, _MOST)
        u = w.after[u]
        while u < count and w.after[u] < count:  # a place has two ends: every second node will do
            u = w.after[u]
            best, at = _beside(q, w, v, u, best, at, _MOST)
            u = w.after[u]
    if at < 0:
        return False
    _enter(q, w, v, at, best)
    return True


@_compiled
def _insert(q: Question, w: Walks, v: int, spare: int) -> bool:
    """Put a visit where it costs least beside its neighbours; say whether there was a place.

    Args:
        spare: a crew at whose home a place is sought as well.
    """
    if q.open_at[v + 1] - q.open_at[v] <= FEW:
        return insert_anywhere(q, w, v, -1)
    best, at = np.inf, -1
    for i in range(q.mates_at[v], q.mates_at[v + 1]):
        best, at = _beside(q, w, v, q.mates[i], best, at, 0)
    for i in range(q.wished_at[v], q.wished_at[v + 1]):
        best, at = _beside(q, w, v, q.wished[i], best, at, _MOST)
    for i in range(q.beside_at[v], q.beside_at[v + 1]):
        best, at = _beside(q, w, v, q.beside[i], best, at, _MOST)
    best, at = _beside(q, w, v, len(q.service) + spare, best, at, _MOST)
    if at < 0:
        return False
    _enter(q, w, v, at, best)
    return True


@_compiled
def remove(q: Question, w: Walks, first: int, last: int) -> None:
    """Take out what stands from one visit to another of the same walk."""
    c = w.where[first]
    a, b = w.before[first], w.after[last]
    v, seconds, cost = first, 0, float(-w.leg[a])
    while v != b:
        w.where[v] = -1
        _leave(w, v)
        w.moved[w.sizes[1], 0], w.moved[w.sizes[1], 1] = v, c
        w.sizes[1] += 1
        w.room[c] += 1
        cost += q.unplaced[0] - q.fee[v, c] - w.leg[v]
        seconds += q.service[v]
        v = w.after[v]
    cost -= seconds * (w.slope[c] - q.steep[c] * seconds)
    w.after[a], w.before[b] = b, a
    w.leg[a] = q.walk[a, b]
    w.total[0] += cost + w.leg[a]
    _forward(q, w, c, b)
    _backward(q, w, c, a)
    _load(q, w, c, -seconds)
    _touch(w, c)


# Keeping and undoing


@_compiled
def _copy(source: _Array, target: _Array, size: int) -> None:
    for n in range(size):
        target[n] = source[n]


@_compiled
def keep(q: Question, w: Walks) -> None:
    """Let what was changed be so."""
    count = len(q.service)
    for n in range(w.sizes[2]):
        home = count + w.touched[n]
        v = home
        while True:
            after = w.after[v]
            w.kept_after[v], w.kept_before[after], w.kept_leg[v] = after, v, w.leg[v]
            if after == home:
                break
            w.kept_ready[after], w.kept_latest[after] = w.ready[after], w.latest[after]
            v = after
    _copy(w.room, w.kept_room, len(w.room))
    _copy(w.loads, w.kept_loads, len(w.loads))
    _copy(w.slope, w.kept_slope, len(w.slope))
    _copy(w.away, w.kept_away, w.sizes[0])
    w.sizes[3] = w.sizes[0]
    w.total[1] = w.total[0]
    _forget(w)


@_compiled
def undo(q: Question, w: Walks) -> None:
    """Put back what was changed since the last keeping."""
    count = len(q.service)
    for n in range(w.sizes[2]):
        home = count + w.touched[n]
        v = home
        while True:
            after = w.kept_after[v]
            w.after[v], w.before[after], w.leg[v] = after, v, w.kept_leg[v]
            if after == home:
                break
            w.ready[after], w.latest[after] = w.kept_ready[after], w.kept_latest[after]
            v = after
    for n in range(w.sizes[0]):
        w.spot[w.away[n]] = -1
    for n in range(w.sizes[1] - 1, -1, -1):
        w.where[w.moved[n, 0]] = w.moved[n, 1]
    w.sizes[0] = w.sizes[3]
    for n in range(w.sizes[0]):
        v = w.kept_away[n]
        w.away[n], w.spot[v], w.where[v] = v, n, -1
    _copy(w.kept_room, w.room, len(w.room))
    _copy(w.kept_loads, w.loads, len(w.loads))
    _copy(w.kept_slope, w.slope, len(w.slope))
    w.total[0] = w.total[1]
    _forget(w)


@_compiled
def _forget(w: Walks) -> None:
    for n in range(w.sizes[2]):
        w.is_touched[w.touched[n]] = False
    w.sizes[1] = 0
    w.sizes[2] = 0


# One step


@_compiled
def _lot(dice: _Array) -> float:
    """Return the next number in [0, 1) (SplitMix64; Steele, Lea and Flood, OOPSLA 2014)."""
    dice[0] += _GOLD
    z = dice[0]
    z = (z ^ (z >> _S30)) * _MIX
    z = (z ^ (z >> _S27)) * _MIX2
    return float((z ^ (z >> _S31)) >> _S11) / 9007199254740992.0


@_compiled
def _centre(q: Question, w: Walks, dice: _Array, found: _Array) -> int:
    """Find a visit by lot and its neighbours; often one whose wish is not met, then a neighbour who meets it.

    Returns:
        How many stand in ``found``.
    """
    count, mate = len(q.service), -1
    seed = int(_lot(dice) * count)
    if _lot(dice) < UNMET:
        for _ in range(TRIES):
            c = w.where[seed]
            if c >= 0 and q.fee[seed, c] > 0:
                for i in range(q.near_at[seed], q.near_at[seed + 1]):
                    other = w.where[q.near[i]]
                    if other >= 0 and q.fee[seed, other] == 0:
                        mate = q.near[i]
                        break
                break
            seed = int(_lot(dice) * count)
    found[0], size = seed, 1
    if mate >= 0:
        found[1], size = mate, 2
    for i in range(q.near_at[seed], q.near_at[seed + 1]):
        found[size] = q.near[i]
        size += 1
    return size


@_compiled
def _take_string(q: Question, w: Walks, dice: _Array, v: int, size: int) -> None:
    """Take out a string of at most so many that has a visit in it."""
    count = len(q.service)
    first, last, left = v, v, size - 1
    behind = left - int(_lot(dice) * size)
    while left > behind and w.before[first] < count:
        first, left = w.before[first], left - 1
    while left and w.after[last] < count:
        last, left = w.after[last], left - 1
    while left and w.before[first] < count:
        first, left = w.before[first], left - 1
    remove(q, w, first, last)


@_compiled
def _ruin(q: Question, w: Walks, dice: _Array, found: _Array) -> None:
    """Take out strings of visits that lie near each other."""
    filled = len(q.service) - w.sizes[0]
    if not filled:
        return
    longest = min(LONGEST, filled / len(q.day))
    strings = 1 + int(_lot(dice) * max(0.0, 4 * AVERAGE / (1 + longest) - 2))
    size = _centre(q, w, dice, found)
    for n in range(size):
        c = w.where[found[n]]
        if c < 0 or w.is_touched[c]:
            continue
        _take_string(q, w, dice, found[n], 1 + int(_lot(dice) * longest))
        strings -= 1
        if not strings:
            return


@_compiled
def _key(q: Question, v: int, manner: int) -> int:
    """Return what visits are sorted by: the longest first, the hardest to place, those with a wish."""
    if manner == 1:
        return int(-q.service[v])
    if manner == 2:
        return int(q.open_at[v + 1] - q.open_at[v] + (0 if q.windowed[v] else _MOST))
    return 1 if q.wished_at[v + 1] == q.wished_at[v] else 0


@_compiled
def _sort(q: Question, out: _Array, size: int, manner: int) -> None:
    """Sort the first ``size`` by their keys (Shell 1959, gaps of Ciura 2001)."""
    for gap in (701, 301, 132, 57, 23, 10, 4, 1):
        for n in range(gap, size):
            v, m = out[n], n
            key = _key(q, v, manner)
            while m >= gap and _key(q, out[m - gap], manner) > key:
                out[m] = out[m - gap]
                m -= gap
            out[m] = v


@_compiled
def _recreate(q: Question, w: Walks, dice: _Array, out: _Array) -> None:
    size = w.sizes[0]
    for n in range(size):
        out[n] = w.away[n]
    for n in range(size - 1, 0, -1):
        m = int(_lot(dice) * (n + 1))
        out[n], out[m] = out[m], out[n]
    manner = int(_lot(dice) * 4)
    if manner:
        _sort(q, out, size, manner)
    for n in range(min(size, MOST_AT_ONCE)):
        if not _insert(q, w, out[n], int(_lot(dice) * len(q.day))):
            insert_anywhere(q, w, out[n], -1)


@_compiled
def improve(
    q: Question, w: Walks, dice: _Array, out: _Array, best: _Array, rings: _Array, begin: int, end: int, steps: int
) -> None:
    """Ruin and recreate from step ``begin`` to ``end`` of ``steps``, and now and then keep what is a little worse.

    Args:
        dice: [1] the state of the lots.
        out: [visits + 2] room to work in.
        best: [1] the least cost so far.
        rings: [node] ``after`` of the walks with it.
    """
    cooling = log(COLD / HOT) / steps
    for n in range(begin, end):
        _ruin(q, w, dice, out)
        _recreate(q, w, dice, out)
        if w.total[0] - w.total[1] >= -HOT * exp(cooling * n) * log(1.0 - _lot(dice)):
            undo(q, w)
        else:
            keep(q, w)
            if w.total[0] < best[0] - 1e-6:
                best[0] = w.total[0]
                _copy(w.after, rings, len(rings))


@_compiled
def lay(q: Question, w: Walks, rings: _Array) -> None:
    """Make all walks what they were when ``rings`` was copied from ``after``; begin with nothing placed and kept."""
    count = len(q.service)
    for c in range(len(q.day)):
        home = count + c
        a = home
        while True:
            v = rings[a]
            w.after[a], w.before[v], w.leg[a] = v, a, q.walk[a, v]
            if v == home:
                break
            w.where[v] = c
            _come(w, v)
            w.room[c] -= 1
            _load(q, w, c, q.service[v])
            w.ready[v], w.latest[v] = -2, -2
            a = v
        _forward(q, w, c, w.after[home])
        _backward(q, w, c, w.before[home])
        _touch(w, c)
