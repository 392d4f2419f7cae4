"""The life of a project as one table: from, verb, to, who may, what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

APPROVERS = frozenset({"street_leader", "shift_leader", "grid_head"})
CHECKERS = frozenset({"street_leader", "shift_leader", "grid_head", "supervisor"})
KEEPERS = frozenset({"unit_head", "unit_handler", "neighbourhood_secretary"})
"""Of the owner unit, or of the area where it lies."""


@dataclass(frozen=True, slots=True)
class Step:
    """One transition: ``sources`` → ``target``, by who keeps the project or who holds one of ``roles``.

    Attributes:
        keeper: whether who keeps the project may do it.
        needs: what must be there: ``reason``, ``nodes``, ``future`` (a deadline that is not past), ``done``
            (nothing open any more), ``unblocked``.
    """

    verb: str
    sources: tuple[str, ...]
    target: str
    roles: frozenset[str]
    keeper: bool = False
    needs: tuple[str, ...] = ()


STEPS: Mapping[str, Step] = {
    s.verb: s
    for s in (
        Step("approve", ("draft",), "approved", APPROVERS, needs=("nodes", "future", "plan")),
        Step("start", ("approved",), "running", APPROVERS, keeper=True),
        Step("finish", ("running",), "finished", APPROVERS, keeper=True, needs=("done", "unblocked", "text")),
        Step("rework", ("finished",), "running", CHECKERS, needs=("reason",)),
        Step("accept", ("finished",), "accepted", CHECKERS, needs=("text",)),
        Step("close", ("accepted",), "closed", CHECKERS, needs=("text",)),
        Step("stop", ("draft", "approved", "running", "finished"), "stopped", APPROVERS, needs=("reason",)),
        Step("resume", ("stopped",), "draft", APPROVERS, needs=("reason",)),
    )
}
OPEN = frozenset({"draft", "approved", "running", "finished", "accepted"})
PLANNED = frozenset({"approved", "running"})
"""States in which a plan holds and lights shine."""


def steps_from(state: str) -> list[Step]:
    """Return what can be done in ``state``, in the order of the table."""
    return [s for s in STEPS.values() if state in s.sources]
