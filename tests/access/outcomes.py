"""What a row of the table says, and the outcomes that many rows share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.access.cast import ADMINS, READERS, RESIDENTS, STAFF, Stage

Outcomes = Mapping[str, str | set[str]]
NOBODY = UUID("00000000-0000-7000-8000-000000000000")
# A reader without the role of an act: 403; one with it who sends nothing: past the door.
PAST = {"ok", "refused"}


@dataclass(frozen=True)
class Row:
    """One address: how its arguments are made, what GET and POST (of ``data``) give to whom; None: no such method."""

    get: Outcomes | None = None
    post: Outcomes | None = None
    arguments: Callable[[Stage], dict[str, Any]] = field(default=lambda _stage: {})
    data: Callable[[Stage], dict[str, Any]] = field(default=lambda _stage: {})


def groups(walker: str) -> list[str]:
    """Return the names under which a rule may speak of ``walker``, the most specific first."""
    found = [walker]
    if walker in RESIDENTS:
        found.append("residents")
    if walker in ADMINS:
        found.append("admins")
    if walker in STAFF:
        found += ["readers" if walker in READERS else "strangers", "staff"]
    return [*found, "all"]


def expected(rule: Outcomes, walker: str) -> set[str]:
    """Return the outcomes that ``rule`` allows ``walker``."""
    for name in groups(walker):
        if name in rule:
            outcome = rule[name]
            return {outcome} if isinstance(outcome, str) else set(outcome)
    message = f"the rule says nothing of {walker}"
    raise KeyError(message)


PUBLIC: Outcomes = {"all": {"ok", "refused"}}
LOGGED_IN: Outcomes = {"anonymous": "login", "all": {"ok", "refused"}}
# A page of the staff's own: nothing there for residents and administrators.
OF_STAFF: Outcomes = {"anonymous": "login", "residents": "404", "admins": "404", "all": {"ok", "refused"}}
# A page of one case.
OF_READERS: Outcomes = {"anonymous": "login", "readers": "ok", "all": "404"}


NOBODYS: Outcomes = {"anonymous": "login", "all": "404"}
# The wall: for those who read every case. A screen's link opens it to anybody who has it, and a wrong one to nobody.
WALL: Outcomes = {
    "anonymous": "login",
    "dispatcher": "ok",
    "shift_leader": "ok",
    "street_leader": "ok",
    "supervisor": "ok",
    "all": "404",
}
SCREEN: Outcomes = {"all": "404"}


def nothing(_stage: Stage) -> dict[str, Any]:
    """Return the arguments of something that is not there."""
    return {"uuid": NOBODY}
