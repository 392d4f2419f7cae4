"""Plans with teams by OR-Tools CP-SAT: loaded only when one is asked for, since it takes long to load.

One model for every question: an interval for each activity on the axis of working days, cumulative capacities
with the days of less as intervals of their own, outdoor work with its length looked up by its start. Questions
differ in what is to be least.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from ortools.sat.python import cp_model

from linli.engines.projects.rules.scheduling.frame import FROM_START, TO_START, Frame, Times
from linli.engines.projects.rules.scheduling.types import Options
from linli.engines.projects.rules.scheduling.weather import Wet

_TINY = 1e-6
_ENOUGH = (cp_model.OPTIMAL, cp_model.FEASIBLE)


@dataclass(frozen=True, slots=True)
class Found:
    """What the solver has found.

    Attributes:
        times: the best plan; None if none was found in the time.
        proven: that no plan is better.
        behind: no plan is less late, in working days, as far as shown.
        last: no plan that is no later ends sooner, as far as shown; only of :meth:`Search.soon`.
    """

    times: Times | None
    proven: bool
    behind: int
    last: int


class Search:
    """One network to be searched, from a plan that keeps everything."""

    def __init__(self, frame: Frame, hint: Times, options: Options, *, floors: Sequence[int]) -> None:
        """Take the plan to start from.

        Args:
            hint: a plan within capacity; its end is the horizon.
            floors: by job, a start before which none can be (its earliest without teams).
        """
        self._frame = frame
        self._hint = hint
        self._options = options
        self._floors = floors
        self._slack = max(0, -min(frame.gaps(hint), default=0))
        self._model = cp_model.CpModel()
        self._starts: list[cp_model.IntVar] = []
        self._ends: list[cp_model.LinearExprT] = []
        self._spans: list[cp_model.IntervalVar] = []
        self._horizon = 0

    def soon(self) -> Found:
        """Seek the least lateness, then the earliest end."""
        # A single deadline may be kept at the price of a later end of all.
        self._build(self._hint.last * (2 if self._slack and any(job.own for job in self._frame.jobs) else 1))
        last = self._model.new_int_var(0, self._horizon, "last")
        for end in self._ends:
            self._model.add(end <= last)
        weight = self._horizon + 1
        self._model.minimize(weight * self._behind() + last)
        return self._solve(weight)

    def late(self, limits: Sequence[int]) -> Found:
        """Seek the plan with every activity as late as can be.

        Args:
            limits: by job, by when it is to end.
        """
        self._build(max([self._hint.last, *limits]))
        for end, limit in zip(self._ends, limits, strict=True):
            self._model.add(end <= limit)
        # What is under way is not held back for it.
        starts = zip(self._starts, self._frame.jobs, strict=True)
        self._model.maximize(sum((-start if job.begun else start) for start, job in starts))
        return self._solve(0)

    def still(self, before: Sequence[int | None]) -> Found:
        """Seek the least lateness, then the least movement.

        Args:
            before: by job, its start in the plan before; None: it has none to keep.
        """
        self._build(max([self._hint.last, *((start or 0) for start in before)]) + self._slack)
        moved = [self._movement(n, start) for n, start in enumerate(before) if start is not None]
        weight = (self._horizon + 1) * (len(moved) + 1)
        self._model.minimize(weight * self._behind() + sum(moved))
        return self._solve(weight)

    def _solve(self, weight: int) -> Found:
        """Solve; ``weight`` is that of a working day too late in what is least, 0 where none is allowed."""
        for variable, start in zip(self._starts, self._hint.starts, strict=True):
            self._model.add_hint(variable, start)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = self._options.seconds
        solver.parameters.num_workers = self._options.workers
        solver.parameters.random_seed = self._options.seed
        status = solver.solve(self._model)
        behind, rest = divmod(max(0, ceil(solver.best_objective_bound - _TINY)), weight) if weight else (0, 0)
        if status not in _ENOUGH:
            return Found(None, proven=False, behind=behind, last=0)
        starts = [solver.value(v) for v in self._starts]
        ends = [job.span.end(s) for job, s in zip(self._frame.jobs, starts, strict=True)]
        return Found(Times(starts, ends), proven=status == cp_model.OPTIMAL, behind=behind, last=rest)

    def _build(self, horizon: int) -> None:
        self._horizon = horizon
        for n, (job, floor) in enumerate(zip(self._frame.jobs, self._floors, strict=True)):
            top = max(floor, job.span.latest(horizon))
            start = self._model.new_int_var(floor, top, f"s{n}")
            length, end = self._lasting(n, start, floor, top)
            self._starts.append(start)
            self._ends.append(end)
            self._spans.append(self._model.new_interval_var(start, length, end, f"i{n}"))
        for arc in (arc for arcs in self._frame.into for arc in arcs):
            since = (self._starts if arc.kind in FROM_START else self._ends)[arc.before] + arc.lag
            self._model.add((self._starts if arc.kind in TO_START else self._ends)[arc.after] >= since)
        for resource in range(len(self._frame.capacity)):
            self._cumulative(resource)

    def _lasting(
        self, n: int, start: cp_model.IntVar, floor: int, top: int
    ) -> tuple[int | cp_model.IntVar, cp_model.LinearExprT]:
        """Return the length and the end of a job: fixed, or in the open looked up by its start."""
        span = self._frame.jobs[n].span
        if not isinstance(span, Wet):
            return span.length, start + span.length
        settled = sorted({span.settle(day) for day in range(floor, top + 1)})
        rows = [(day, span.end(day) - day) for day in settled]
        length = self._model.new_int_var(min(r[1] for r in rows), max(r[1] for r in rows), f"d{n}")
        end = self._model.new_int_var(floor, max(sum(row) for row in rows), f"e{n}")
        self._model.add_allowed_assignments([start, length], rows)
        return length, end

    def _cumulative(self, resource: int) -> None:
        frame, model = self._frame, self._model
        taken = [(n, units) for n, job in enumerate(frame.jobs) for number, units in job.demands if number == resource]
        units = [frame.units(resource, day) for day in range(self._horizon)]
        top = max(units, default=0)
        if not taken:
            return
        spans = [self._spans[n] for n, _units in taken]
        needs = [need for _n, need in taken]
        for day, there in enumerate(units):
            if there < top:
                spans.append(model.new_fixed_size_interval_var(day, 1, f"x{resource}_{day}"))
                needs.append(top - there)
        model.add_cumulative(spans, needs, top)

    def _behind(self) -> cp_model.IntVar:
        """Return the working days too late at worst."""
        behind = self._model.new_int_var(0, self._slack, "behind")
        for end, job in zip(self._ends, self._frame.jobs, strict=True):
            if job.due is not None:
                self._model.add(end <= job.due + behind)
        return behind

    def _movement(self, n: int, before: int) -> cp_model.IntVar:
        by = self._model.new_int_var(0, self._horizon + abs(before) + 1, f"m{n}")
        self._model.add_abs_equality(by, self._starts[n] - before)
        return by
