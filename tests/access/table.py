"""What each kind of person gets at each address. A new address without a row fails ``test_walk.py``.

An outcome is one of ``ok`` (a page, or on to one), ``login``, ``404``, ``403``, ``405`` and
``refused`` (400, 409, 422: past the door, but what was sent was empty or stale). A rule names
outcomes by walker (``grid_head``, ``grid_head!`` for the one of another area or unit) or by
group: ``anonymous``, ``residents``, ``admins``, ``staff``, ``readers`` (staff who read the stage's
case), ``strangers`` (the other staff); ``all`` is for whom nothing else is said. The most
specific wins.
"""

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


def case(stage: Stage) -> dict[str, Any]:
    """Name the case on the stage."""
    return {"number": stage.cases["handling"].number}


def grid(stage: Stage) -> dict[str, Any]:
    """Name the grid in which the case lies."""
    return {"area_id": stage.area("grid", "陶家宅").pk}


def _file(stage: Stage) -> dict[str, Any]:
    return {**case(stage), "uuid": stage.file.uuid}


def _user(stage: Stage) -> dict[str, Any]:
    return {"uuid": stage.users["unit_head!"].uuid}


def _batch(_stage: Stage) -> dict[str, Any]:
    return {"uuid": NOBODY}


_ADMIN: Outcomes = {"anonymous": "login", "system_admin": PAST, "all": "404"}
_SHEETS: Outcomes = {"anonymous": "login", "system_admin": PAST, "security_admin": PAST, "all": "404"}
_NOBODYS: Outcomes = {"anonymous": "login", "all": "404"}
_LOGIN: Outcomes = {"all": {"ok", "refused", "login"}}
_LINES: Outcomes = {
    "anonymous": "login",
    "system_admin": PAST,
    "grid_head": PAST,
    "grid_head!": "403",
    "security_admin": "403",
    "dispatcher": "403",
    "shift_leader": "403",
    "street_leader": "403",
    "supervisor": "403",
    "neighbourhood_secretary": "403",
    "neighbourhood_secretary!": "403",
    "all": "404",
}
_DUTY: Outcomes = {**_LINES, "system_admin": "403", "grid_head": "403", "shift_leader": PAST, "street_leader": PAST}
_GRIDS: Outcomes = {k: "ok" if v != "login" and k != "all" else v for k, v in _LINES.items()}
# How the companies clear bikes: for those who see all, and for a company itself (here the twin, 街面秩序管理服务公司).
_COMPANIES: Outcomes = {
    "anonymous": "login",
    "dispatcher": "ok",
    "shift_leader": "ok",
    "street_leader": "ok",
    "supervisor": "ok",
    "contractor!": "ok",
    "all": "403",
}

ROWS: dict[str, Row] = {
    "web:login": Row(PUBLIC, PUBLIC),
    "web:login_step": Row(_LOGIN, _LOGIN),
    "web:login_phone": Row(_LOGIN, _LOGIN),
    "web:login_code": Row(_LOGIN, _LOGIN),
    "web:logout": Row(None, {"all": "login"}),
    "web:account": Row(LOGGED_IN),
    "web:password": Row(LOGGED_IN, LOGGED_IN),
    "web:confirm": Row(LOGGED_IN, LOGGED_IN),
    "web:account_preferences": Row(None, LOGGED_IN),
    "web:end_session": Row(None, {"anonymous": "login", "all": {"ok", "refused", "404"}}),
    # The walkers have given their password within ten minutes, as these ask.
    "web:second_factor": Row(LOGGED_IN, LOGGED_IN),
    "web:second_factor_remove": Row(None, LOGGED_IN),
    "web:recovery_codes": Row(None, LOGGED_IN),
    "web:user": Row(_ADMIN, None, _user),
    "web:user_password": Row(None, _ADMIN, _user),
    "web:user_sessions": Row(None, _ADMIN, _user),
    "web:user_second_factor": Row(None, _ADMIN, _user),
    "web:user_active": Row(None, _ADMIN, _user),
    "web:preferences": Row(None, PUBLIC),
    "web:language": Row(PUBLIC, PUBLIC),
    "desk:notifications": Row(LOGGED_IN),
    "desk:read": Row(None, LOGGED_IN),
    "desk:digest": Row(None, LOGGED_IN),
    "desk:companies": Row(_COMPANIES),
    "desk:companies_export": Row(_COMPANIES),
    "field:today": Row(OF_STAFF),
    "field:map": Row(OF_STAFF),
    "field:areas": Row(OF_STAFF),
    "field:report": Row(OF_STAFF, OF_STAFF),
    "field:reported": Row(OF_READERS, None, case),
    "field:upload": Row(None, OF_STAFF),
    "field:around": Row(OF_STAFF),
    "field:around_area": Row(OF_STAFF, None, grid),
    "field:case": Row(OF_READERS, None, case),
    "field:file": Row(OF_READERS, None, _file),
    "field:file_shown": Row(OF_READERS, None, lambda stage: {**_file(stage), "size": 320}),
    "field:reach": Row(
        *[
            {
                **OF_READERS,
                "contractor": "403",
                "street_leader": "403",
                "supervisor": "403",
                "grid_head": "403",
                "community_worker": "403",
                "microgrid_head": "403",
                "readers": PAST,
            }
        ]
        * 2,
        case,
    ),
    # The acts one by one stand in ``test_verbs.py``; here handing in, of 城管's case.
    "field:act": Row(
        *[{"anonymous": "login", "unit_handler": PAST, "unit_head": PAST, "readers": "403", "all": "404"}] * 2,
        lambda stage: {**case(stage), "verb": "hand_in"},
    ),
    "console:home": Row(_GRIDS),
    "console:jobs": Row(_ADMIN),
    "console:jobs_resend": Row(None, _ADMIN),
    "console:job_resend": Row(None, _ADMIN, lambda _stage: {"job_id": 1}),
    "console:job_discard": Row(None, _ADMIN, lambda _stage: {"job_id": 1}),
    "console:sheets": Row(_SHEETS),
    "console:sheet_upload": Row(_ADMIN, _ADMIN, lambda _stage: {"code": "units"}),
    "console:sheet_template": Row(_ADMIN, None, lambda _stage: {"code": "units"}),
    "console:sheet_export": Row(_ADMIN, None, lambda _stage: {"code": "units"}),
    # No such import for anybody: who gets past the door is shown in the tests of the pages.
    "console:sheet_batch": Row(_NOBODYS, None, _batch),
    "console:sheet_check": Row(None, _NOBODYS, _batch),
    "console:sheet_apply": Row(None, _NOBODYS, _batch),
    "console:sheet_go_on": Row(None, _NOBODYS, _batch),
    "console:sheet_stop": Row(None, _NOBODYS, _batch),
    "console:sheet_undo": Row(None, _NOBODYS, _batch),
    "console:sheet_confirm": Row(None, _NOBODYS, _batch),
    "console:sheet_drop": Row(None, _NOBODYS, _batch),
    "console:sheet_errors": Row(_NOBODYS, None, _batch),
    "console:sheet_slips": Row(None, _NOBODYS, _batch),
    "console:grids": Row(_GRIDS),
    "console:grid": Row(_GRIDS, None, grid),
    "console:grid_lines": Row(None, _LINES, grid),
    "console:grid_forces": Row(None, _LINES, grid),
    "console:grid_force_end": Row(
        None, {**_LINES, "system_admin": "404", "grid_head": "404"}, lambda s: {**grid(s), "force_id": 1}
    ),
    "console:grid_duty": Row(None, _DUTY, grid),
}

# For addresses without a row of their own, by the beginning of their name and pattern, the longest first: what a
# GET and a POST (of nothing) give. An address that has no such method answers 405. Arguments named below are
# filled from the stage.
_DOOR = {"404", "403", "405"}
_INSIDE = {"ok", "refused", "404", "403", "405"}
_OF_CASE: Outcomes = {"anonymous": "login", "readers": _INSIDE, "all": _DOOR}
_OF_DESK: Outcomes = {"anonymous": "login", "residents": _DOOR, "admins": _DOOR, "all": _INSIDE}
_OPEN: Outcomes = {"all": {"ok", "refused", "404", "405"}}
_OWN: Outcomes = {"anonymous": {"login", "405"}, "all": {"ok", "refused", "404", "405"}}

PREFIXES: dict[str, tuple[Outcomes, Outcomes]] = {
    "desk:desk/cases/": (_OF_CASE, _OF_CASE),
    "desk:desk/": (_OF_DESK, _OF_DESK),
    "gallery/": ({"anonymous": {"ok", "login"}, "all": {"ok", "refused"}}, _OPEN),
    "portal:mine": (_OWN, _OWN),
    "portal:": (_OPEN, _OPEN),
    "notifications/": ({"anonymous": {"login", "ok"}, "all": {"ok", "404"}}, {"all": {"login", "ok", "404", "405"}}),
}
ARGUMENTS: dict[str, Callable[[Stage], Any]] = {
    "number": lambda stage: stage.cases["handling"].number,
    "uuid": lambda stage: stage.file.uuid,
    "file": lambda stage: stage.file.uuid,
    "size": lambda _stage: 320,
    "verb": lambda _stage: "note",
    "note_id": lambda _stage: 1,
    "area_id": lambda stage: stage.area("grid", "陶家宅").pk,
}
