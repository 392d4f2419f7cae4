"""The search for a good assignment: shares, best insertion, then ruin and recreate.

Ruin and recreate takes out strings of neighbouring visits and puts each back where it costs least (SISR; Christiaens
and Vanden Berghe, Transportation Science 54, 2020), and now and then keeps what is a little worse (simulated
annealing). A step knows no clock: the same seed and the same steps give the same answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import islice
from math import exp, log

from linli.engines.fieldwork.rules.assignment_frame import Frame
from linli.engines.fieldwork.rules.assignment_plan import Plan
from linli.engines.fieldwork.rules.assignment_shares import shares

_AVERAGE = 10.0  # visits taken out in one step
_LONGEST = 8.0  # of one string

_HOT, _COLD = 100.0, 5.0  # seconds of walking that are kept as a worsening, at first and at last
_UNMET = 0.7  # share of the steps that look for a wish not met
_TRIES = 12  # visits looked at for it
_ANYWHERE = 0.2  # share of the visits without a place nearby for which one is sought everywhere
_MOST_AT_ONCE = 45
_STOP_EVERY = 64


class Search:
    """A plan, and what makes it better."""

    def __init__(self, frame: Frame, seed: int) -> None:
        """Begin with nothing placed."""
        self.frame = frame
        self.plan = Plan(frame)
        self.dice = random.Random(seed)  # noqa: S311  a search, not a secret

    def build(self) -> None:
        """Place every visit once where it costs least: those by two, each with whose it had best be, then the rest.

        Within each of the three the hardest to place comes first.
        """
        frame, plan = self.frame, self.plan
        order = sorted(plan.absent, key=lambda v: (frame.starts[v] is None, len(frame.open[v]), v))
        for v in order:
            if frame.visits[v].people > 1:
                plan.insert_anywhere(v)
        share = shares(frame, plan.loads)
        for v in order:
            if v in share:
                plan.insert_anywhere(v, [c for c in plan.open[v] if frame.crews[c].people == (share[v],)])
        for v in order:
            if v in plan.absent:
                plan.insert_anywhere(v)
        plan.keep()

    def _ruin(self) -> None:
        """Take out strings of visits that lie near each other."""
        plan, lot = self.plan, self.dice.random
        where, touched = plan.where, plan.touched
        filled = plan.count - len(plan.absent)
        if not filled:
            return
        longest = min(_LONGEST, filled / len(self.frame.crews))
        strings = 1 + int(lot() * max(0.0, 4 * _AVERAGE / (1 + longest) - 2))
        for v in self._centre():
            c = where[v]
            if c < 0 or c in touched:
                continue
            size = 1 + int(lot() * longest)
            plan.remove(*self._string(v, size))
            strings -= 1
            if not strings:
                break

    def _centre(self) -> list[int]:
        """Return a visit by lot and its neighbours; often one whose wish is not met, then a neighbour who meets it."""
        plan, lot, near = self.plan, self.dice.random, self.frame.near
        seed = int(lot() * plan.count)
        if lot() < _UNMET:
            for _ in range(_TRIES):
                fee = plan.fee[seed]
                if fee[plan.where[seed]]:
                    mates = (u for u in near[seed] if fee[plan.where[u]] == 0)
                    return [seed, *islice(mates, 1), *near[seed]]
                seed = int(lot() * plan.count)
        return [seed, *near[seed]]

    def _string(self, v: int, size: int) -> tuple[int, int]:
        """Return first and last of a string of at most so many that has a visit in it."""
        count, after, before = self.plan.count, self.plan.after, self.plan.before
        first = last = v
        left = size - 1
        behind = left - int(self.dice.random() * size)
        while left > behind and before[first] < count:
            first, left = before[first], left - 1
        while left and after[last] < count:
            last, left = after[last], left - 1
        while left and before[first] < count:
            first, left = before[first], left - 1
        return first, last

    def _recreate(self) -> None:
        frame, plan, lot = self.frame, self.plan, self.dice.random
        out = sorted(plan.absent)
        self.dice.shuffle(out)
        sort = int(lot() * 4)
        if sort == 1:
            out.sort(key=lambda v: -frame.service[v])
        elif sort == 2:
            out.sort(key=lambda v: (frame.starts[v] is None, len(frame.open[v])))
        elif sort == 3:
            out.sort(key=lambda v: not plan.wished[v])
        crews = len(frame.crews)
        for v in out[:_MOST_AT_ONCE]:
            if not plan.insert(v, int(lot() * crews)) and lot() < _ANYWHERE:
                plan.insert_anywhere(v)

    def improve(self, steps: int, stop: Callable[[], bool] | None = None) -> int:
        """Ruin and recreate so many times, or until ``stop`` says so; keep the best. Return the steps made."""
        plan = self.plan
        if not self.frame.crews or not plan.where or steps <= 0:
            return 0
        cost = best = plan.total
        kept = plan.after[:]
        cooling = log(_COLD / _HOT) / steps
        done = 0
        for n in range(steps):
            if stop is not None and n % _STOP_EVERY == 0 and stop():
                break
            self._ruin()
            self._recreate()
            if plan.total - cost >= -_HOT * exp(cooling * n) * log(1.0 - self.dice.random()):
                plan.undo()
            else:
                plan.keep()
                cost = plan.total
                if cost < best - 1e-6:
                    best, kept = cost, plan.after[:]
            done = n + 1
        plan.lay(kept)
        return done
