"""What a round counts, and how one visit's step changes it: kept as things happen, equal to a count from the start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from linli.engines.fieldwork.workflow import VisitState

_NOT_PLANNED = frozenset({VisitState.DROPPED.value})


@dataclass(frozen=True, slots=True)
class Counts:
    """How many visits are planned (dropped ones no longer), of these done, of these given up as not reached."""

    planned: int = 0
    done: int = 0
    unreached: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.planned + other.planned, self.done + other.done, self.unreached + other.unreached)

    def __sub__(self, other: Counts) -> Counts:
        return Counts(self.planned - other.planned, self.done - other.done, self.unreached - other.unreached)


def of_state(state: str) -> Counts:
    """Return what one visit in ``state`` counts."""
    return Counts(int(state not in _NOT_PLANNED), int(state == VisitState.DONE), int(state == VisitState.UNREACHED))


def counted(states: Iterable[str]) -> Counts:
    """Return what a round with visits in these states counts."""
    return sum((of_state(state) for state in states), Counts())


def moved(before: str, after: str) -> Counts:
    """Return by how much the counts change where one visit goes from one state to another."""
    return of_state(after) - of_state(before)
