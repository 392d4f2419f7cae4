"""Project instances in the manner of ProGen and the format of PSPLIB (Kolisch, Sprecher and Drexl 1995).

No package ships the set J30 of PSPLIB and its files name no licence, so instances are made with its
parameters: 30 activities of 1 to 10 days, four teams, network complexity 1.5, 1.8 or 2.1, resource factor 0.25 to 1,
resource strength 0.2 to 1, at most three predecessors and successors each. Only ``random()`` of the generator is used,
whose sequence Python keeps from version to version: a name always makes the same file.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import product

COMPLEXITIES = (1.5, 1.8, 2.1)
FACTORS = (0.25, 0.5, 0.75, 1.0)
STRENGTHS = (0.2, 0.5, 0.7, 1.0)
JOBS, TEAMS, LONGEST, MOST, DEGREE, ENDS = 30, 4, 10, 10, 3, 3
SINK = JOBS + 1


@dataclass(frozen=True)
class Instance:
    """One instance; job 0 is the source, the last the sink."""

    name: str
    durations: list[int]
    after: list[list[int]]
    demands: list[list[int]]
    capacities: list[int]


def names(each: int = 1) -> list[str]:
    """Return the names of the set: 48 combinations of the three parameters, ``each`` instances of every one."""
    return [f"g30{combination}_{n}" for combination in range(1, 49) for n in range(1, each + 1)]


def make(name: str) -> Instance:
    """Return the instance of that name."""
    number, _, copy = name.removeprefix("g30").partition("_")
    complexity, factor, strength = list(product(COMPLEXITIES, FACTORS, STRENGTHS))[int(number) - 1]
    lot = _Lot(int(number) * 1000 + int(copy))
    after = _network(lot, complexity)
    durations = [0, *(lot.between(1, LONGEST) for _ in range(JOBS)), 0]
    demands = _demands(lot, factor)
    return Instance(name, durations, after, demands, _capacities(durations, after, demands, strength))


class _Lot:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def between(self, low: int, high: int) -> int:
        return low + int(self._random.random() * (high - low + 1))

    def of(self, items: list[int]) -> int:
        return items[self.between(0, len(items) - 1)]


class _Net:
    """The arcs so far, and what stands before what."""

    def __init__(self) -> None:
        self.after: list[set[int]] = [set() for _ in range(SINK + 1)]
        self.reach = [1 << n for n in range(SINK + 1)]  # of each job, itself and all before it

    def tie(self, a: int, b: int) -> None:
        self.after[a].add(b)
        for n in range(b, SINK + 1):
            if self.reach[n] >> b & 1:
                self.reach[n] |= self.reach[a]

    def before(self, n: int) -> list[int]:
        return [a for a in range(SINK) if n in self.after[a]]

    def takes(self, a: int, b: int) -> bool:
        """Return whether an arc fits: not too many there, none redundant before it or by it."""
        reach = self.reach
        full = len(self.after[a]) >= DEGREE or len(self.before(b)) >= DEGREE
        crosses = any(reach[a] >> x & 1 and reach[y] >> b & 1 for x in range(1, SINK) for y in self.after[x])
        return not full and not crosses and not reach[b] >> a & 1


def _network(lot: _Lot, complexity: float) -> list[list[int]]:
    """Return the followers of every job: connected, without redundant arcs, as dense as asked where that can be."""
    net = _Net()
    lasts = set(range(JOBS - ENDS + 1, JOBS + 1))
    for n in range(ENDS + 1, JOBS + 1):  # everything but the first has something before it
        net.tie(lot.of([a for a in range(1, n) if a not in lasts and len(net.after[a]) < DEGREE]), n)
    for n in range(1, JOBS - ENDS + 1):  # everything but the last has something behind it
        if not net.after[n]:
            free = [b for b in range(max(n, ENDS) + 1, JOBS + 1) if len(net.before(b)) < DEGREE]
            net.tie(n, lot.of(free or sorted(lasts)))
    wanted = round(complexity * (JOBS + 2)) - 2 * ENDS
    pairs = [(a, b) for b in range(ENDS + 1, JOBS + 1) for a in range(1, b) if a not in lasts]
    for _ in range(4000):
        if sum(map(len, net.after)) >= wanted:
            break
        a, b = pairs[lot.between(0, len(pairs) - 1)]
        if net.takes(a, b):
            net.tie(a, b)
    net.after[0] = {n for n in range(1, JOBS + 1) if not net.before(n)}
    return [sorted(found or {SINK}) if n < SINK else [] for n, found in enumerate(net.after)]


def _demands(lot: _Lot, factor: float) -> list[list[int]]:
    """Return what each job takes of each team: of ``factor`` of all pairs, and of one team at least."""
    found = [[0] * TEAMS for _ in range(JOBS + 2)]
    for job in range(1, JOBS + 1):
        found[job][lot.between(0, TEAMS - 1)] = lot.between(1, MOST)
    while sum(units > 0 for row in found for units in row) < round(factor * JOBS * TEAMS):
        job, team = lot.between(1, JOBS), lot.between(0, TEAMS - 1)
        found[job][team] = found[job][team] or lot.between(1, MOST)
    return found


def _capacities(durations: list[int], after: list[list[int]], demands: list[list[int]], strength: float) -> list[int]:
    """Return what there is of each team: between the least that will do and the peak of the earliest plan."""
    starts = earliest(durations, after)
    found = []
    for team in range(TEAMS):
        least = max(row[team] for row in demands)
        peak = max(
            sum(row[team] for row, s, d in zip(demands, starts, durations, strict=True) if s <= day < s + d)
            for day in range(sum(durations))
        )
        found.append(least + round(strength * (peak - least)))
    return found


def earliest(durations: list[int], after: list[list[int]]) -> list[int]:
    """Return the earliest starts without regard to teams; the last is the length of the critical path."""
    starts = [0] * len(durations)
    for job, followers in enumerate(after):
        for follower in followers:
            starts[follower] = max(starts[follower], starts[job] + durations[job])
    return starts


def text(instance: Instance) -> str:
    """Return the instance as a file of PSPLIB."""
    rule = "*" * 72
    last = len(instance.durations)
    lines = [
        rule,
        f"file with basedata            : {instance.name}.bas",
        "initial value random generator: 0",
        rule,
        "projects                      :  1",
        f"jobs (incl. supersource/sink ):  {last}",
        f"horizon                       :  {sum(instance.durations)}",
        "RESOURCES",
        f"  - renewable                 :  {TEAMS}   R",
        "  - nonrenewable              :  0   N",
        "  - doubly constrained        :  0   D",
        rule,
        "PROJECT INFORMATION:",
        "pronr.  #jobs rel.date duedate tardcost  MPM-Time",
        f"    1     {JOBS}      0    0    0    {earliest(instance.durations, instance.after)[-1]}",
        rule,
        "PRECEDENCE RELATIONS:",
        "jobnr.    #modes  #successors   successors",
    ]
    for n, followers in enumerate(instance.after, start=1):
        lines.append(f"{n:4}        1          {len(followers)}        " + "  ".join(f"{f + 1:3}" for f in followers))
    lines += [rule, "REQUESTS/DURATIONS:", "jobnr. mode duration  R 1  R 2  R 3  R 4", "-" * 72]
    for n, (duration, row) in enumerate(zip(instance.durations, instance.demands, strict=True), start=1):
        lines.append(f"{n:3}      1    {duration:2}    " + "  ".join(f"{units:3}" for units in row))
    lines += [
        rule,
        "RESOURCEAVAILABILITIES:",
        "  R 1  R 2  R 3  R 4",
        "  ".join(f"{c:3}" for c in instance.capacities),
        rule,
    ]
    return "\n".join(lines) + "\n"
