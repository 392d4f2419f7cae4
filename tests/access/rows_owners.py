"""Who gets what of the evaluation of owners' committees, and of the results of surveys."""

from __future__ import annotations

from tests.access.outcomes import PAST, PUBLIC, Outcomes, Row, nothing

_READ: Outcomes = {
    "anonymous": "login",
    **dict.fromkeys(
        ("dispatcher", "shift_leader", "street_leader", "supervisor", "inspector", "inspector!", "grid_head",
         "grid_head!", "neighbourhood_secretary", "neighbourhood_secretary!", "community_worker",
         "community_worker!", "microgrid_head", "microgrid_head!", "unit_head", "unit_head!", "unit_handler",
         "unit_handler!"),
        PAST,
    ),
    "all": "403",
}  # fmt: skip
_NOT_THERE: Outcomes = {k: "404" if v == PAST else v for k, v in _READ.items()}

ROWS: dict[str, Row] = {
    "desk:owners": Row(_READ),
    "desk:owners_new": Row(_READ, _READ),
    "desk:owners_drive": Row(_NOT_THERE, _NOT_THERE, nothing),
    "desk:owners_results": Row(_NOT_THERE, None, nothing),
    "desk:owners_gaps": Row(_NOT_THERE, None, nothing),
    "desk:owners_sheet": Row(_NOT_THERE, None, nothing),
    "desk:owners_result": Row(_NOT_THERE, _NOT_THERE, nothing),
    "portal:owners": Row(PUBLIC),
    "portal:surveys": Row(PUBLIC),
    "portal:survey_results": Row({"all": "404"}, None, lambda _stage: {"code": "none"}),
    "portal:owners_one": Row({"all": "404"}, None, nothing),
}
