"""Who gets what of visits and of shared flats."""

from __future__ import annotations

from typing import Any

from tests.access.cast import Stage
from tests.access.outcomes import NOBODY, PAST, Outcomes, Row, nothing

ROWS: dict[str, Row] = {}
_NONE: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403"}
_STAFF: Outcomes = {**_NONE, "all": PAST}
_NOT_THERE: Outcomes = {**_NONE, "all": "404"}

ROWS |= {
    "desk:visits": Row(_STAFF),
    "desk:visits_plan": Row(_STAFF, _STAFF),
    "desk:visits_coverage": Row(_STAFF),
    "desk:visits_given": Row(_STAFF),
    "desk:visits_details": Row(_STAFF),
    "desk:visits_withdraw": Row(None, _NOT_THERE, nothing),
    "desk:visits_demands": Row(_STAFF),
    "desk:visits_demand_new": Row(_STAFF, _STAFF),
    "desk:visits_demand": Row(_NOT_THERE, _NOT_THERE, nothing),
}

# Flats: who works in the grid, leads, or enforces the law; property firms have their reports alone.
_IN: Outcomes = {
    "anonymous": "login",
    **dict.fromkeys(
        (
            "dispatcher", "shift_leader", "street_leader", "supervisor", "neighbourhood_secretary",
            "neighbourhood_secretary!", "community_worker", "community_worker!", "grid_head", "grid_head!",
            "inspector", "inspector!", "unit_handler", "unit_head",
        ),
        PAST,
    ),
    "all": "403",
}  # fmt: skip
_NO_FLAT: Outcomes = {k: "404" if v == PAST else v for k, v in _IN.items()}


def _no_paper(_stage: Stage) -> dict[str, Any]:
    return {"uuid": NOBODY, "paper": NOBODY, "size": "320"}


ROWS |= {
    "desk:housing": Row(_IN),
    "desk:housing_new": Row(_IN, _IN),
    "desk:housing_watches": Row(_STAFF, _NOT_THERE),
    "desk:housing_sweeps": Row(_IN),
    "desk:housing_sweep_new": Row(_IN, _IN),
    "desk:housing_building": Row(_NO_FLAT, None, nothing),
    "desk:housing_safety": Row(_STAFF),
    "desk:housing_safety_new": Row(_STAFF, _STAFF),
    "desk:housing_one": Row(_NO_FLAT, _NO_FLAT, nothing),
    "desk:housing_rooms": Row(_NO_FLAT, _NO_FLAT, nothing),
    "desk:housing_papers": Row(None, _NO_FLAT, nothing),
    "desk:housing_file": Row(_NO_FLAT, None, _no_paper),
    "desk:housing_print": Row(_NO_FLAT, None, lambda _stage: {"uuid": NOBODY, "kind": "notice"}),
}

_LEADS: Outcomes = {
    "anonymous": "login",
    **dict.fromkeys(("shift_leader", "street_leader", "unit_head", "unit_head!"), PAST),
    "all": "403",
}
_LED: Outcomes = {k: "404" if v == PAST else v for k, v in _LEADS.items()}

ROWS |= {
    "desk:visits_companies": Row(_STAFF),
    "desk:visits_company_new": Row(_LEADS, _LEADS),
    "desk:visits_company": Row(_NOT_THERE, _NOT_THERE, nothing),
    "desk:visits_company_edit": Row(_NOT_THERE, _NOT_THERE, nothing),
    "desk:visits_condolences": Row(_STAFF),
    "desk:visits_condolence_new": Row(_STAFF, _STAFF),
    "desk:visits_condolence": Row(_NOT_THERE, _NOT_THERE, nothing),
    "desk:visits_condolence_print": Row(_NOT_THERE, None, nothing),
    "desk:visits_signature": Row(_NOT_THERE, None, lambda _stage: {"uuid": NOBODY, "entry": NOBODY}),
    "desk:visits_sectors": Row(_STAFF),
    "desk:visits_branches": Row(_STAFF, _STAFF),
    "desk:visits_stations": Row(_STAFF, _STAFF),
    "desk:visits_wording": Row(_STAFF),
    "desk:visits_wording_edit": Row(_LED, _LED, lambda _stage: {"code": "no-such"}),
}
