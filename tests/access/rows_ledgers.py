"""Who gets what of ledgers: whoever works here reads what concerns them; who keeps the kinds sets them up."""

from __future__ import annotations

from typing import Any

from tests.access.cast import Stage
from tests.access.outcomes import NOBODY, PAST, Outcomes, Row

_STAFF: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403", "all": "ok"}
_NOT_THERE: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403", "all": "404"}
_COUNT = (
    "dispatcher", "shift_leader", "street_leader", "supervisor", "grid_head", "grid_head!", "inspector", "inspector!",
    "neighbourhood_secretary", "neighbourhood_secretary!", "community_worker", "community_worker!", "microgrid_head",
    "microgrid_head!",
)  # fmt: skip
# Where the stage has no ledger yet, nothing could be covered.
_COVERED = {"ok", "404"}
_COVERAGE: Outcomes = {"anonymous": "login", **dict.fromkeys(_COUNT, _COVERED), "all": "403"}
_KEEPERS: Outcomes = {
    "anonymous": "login",
    **dict.fromkeys(("system_admin", "shift_leader", "street_leader"), PAST),
    "all": "404",
}
_NO_KIND: Outcomes = {**_KEEPERS, **dict.fromkeys(("system_admin", "shift_leader", "street_leader"), "404")}


def _kind(_stage: Stage) -> dict[str, Any]:
    return {"code": "no_such"}


def _target(_stage: Stage) -> dict[str, Any]:
    return {"uuid": NOBODY}


ROWS: dict[str, Row] = {
    "desk:ledgers": Row(_STAFF),
    "desk:flood_ledgers": Row(_STAFF),
    "desk:coverage": Row(_COVERAGE),
    "desk:coverage_map": Row(_COVERAGE),
    "desk:ledger_list": Row(_NOT_THERE, None, _kind),
    "desk:ledger_new": Row(_NOT_THERE, _NOT_THERE, _kind),
    "desk:ledger_twins": Row(_NOT_THERE, None, _kind),
    "desk:ledger_bulk": Row(None, _NOT_THERE, _kind),
    "desk:target": Row(_NOT_THERE, None, _target),
    "desk:target_edit": Row(_NOT_THERE, _NOT_THERE, _target),
    "desk:target_open": Row(_NOT_THERE, _NOT_THERE, _target),
    "desk:target_forget": Row(None, _NOT_THERE, _target),
    "desk:target_merge": Row(_NOT_THERE, _NOT_THERE, lambda _stage: {"uuid": NOBODY, "other": NOBODY}),
    "desk:target_grid": Row(_NOT_THERE, _NOT_THERE, _target),
    "desk:target_photos": Row(_NOT_THERE, None, _target),
    "desk:target_photo": Row(_NOT_THERE, None, lambda _stage: {"uuid": NOBODY, "file": NOBODY, "size": "320"}),
    "desk:target_act": Row(None, _NOT_THERE, lambda _stage: {"uuid": NOBODY, "code": "end"}),
    "console:ledgers": Row(_KEEPERS),
    "console:ledgers_ship": Row(None, _KEEPERS),
    "console:ledger_new": Row(_KEEPERS, _KEEPERS),
    "console:ledger": Row(_NO_KIND, _NO_KIND, _kind),
    "console:ledger_retire": Row(None, _NO_KIND, _kind),
}
