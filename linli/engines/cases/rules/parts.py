"""A report that was split: when its parts have ended, and what comes out of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linli.engines.cases.workflow import STATES, Outcome, State


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What decides whether one part is waited for: its state, its outcome, the state of what it was merged into."""

    state: State
    outcome: str = ""
    main_state: State | None = None


def part_ended(part: PartFacts) -> bool:
    """Return whether the whole need not wait for ``part`` any longer.

    One that was merged ends with its main case; one that was split again ends when it is itself answered.
    """
    if part.state is State.MERGED:
        return part.main_state is not None and part_ended(PartFacts(part.main_state))
    return part.state is not State.SPLIT and not STATES[part.state].open


def whole_ended(parts: Sequence[PartFacts]) -> bool:
    """Return whether every part has ended; a report without parts never does so by itself."""
    return bool(parts) and all(part_ended(p) for p in parts)


_HANDLED = frozenset({State.CLOSED, State.MERGED})


def whole_outcome(parts: Sequence[PartFacts]) -> Outcome:
    """Return the outcome of the whole: unsolved if any part is, solved if all handled ones are, explained else.

    Parts that were refused, voided or taken back have no outcome of their own and decide nothing.
    """
    found = {p.outcome for p in parts if p.state in _HANDLED} - {"", Outcome.WITHDRAWN.value}
    if Outcome.UNSOLVED in found:
        return Outcome.UNSOLVED
    return Outcome.SOLVED if found == {Outcome.SOLVED.value} else Outcome.EXPLAINED
