"""The search for a good assignment: shares, best insertion, then ruin and recreate.

A step knows no clock: the same seed and the same steps give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable

from linli.engines.fieldwork.rules.assignment_frame import Frame
from linli.engines.fieldwork.rules.assignment_plan import Plan
from linli.engines.fieldwork.rules.assignment_shares import shares


class Search:
    """A plan, and what makes it better."""

    def __init__(self, frame: Frame, seed: int) -> None:
        """Begin with nothing placed."""
        self.frame = frame
        self.seed = seed
        self.plan = Plan(frame)

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
                plan.insert_anywhere(v, share[v])
        absent = plan.absent
        for v in order:
            if v in absent:
                plan.insert_anywhere(v)
        plan.keep()

    def improve(self, steps: int, stop: Callable[[], bool] | None = None) -> int:
        """Ruin and recreate so many times, or until ``stop`` says so; keep the best. Return the steps made."""
        if not self.frame.crews or not self.frame.visits or steps <= 0:
            return 0
        return self.plan.improve(steps, self.seed, stop)
