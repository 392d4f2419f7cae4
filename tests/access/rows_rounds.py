"""Who gets what of rounds and records at the desk."""

from __future__ import annotations

from tests.access.outcomes import NOBODY, PAST, Outcomes, Row, nothing

_OUT: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403"}
_STAFF: Outcomes = {**_OUT, "all": "ok"}
_NO_ROUND: Outcomes = {**_OUT, "all": "404"}
_PLANS = dict.fromkeys(
    ("dispatcher", "shift_leader", "street_leader", "supervisor", "unit_head", "unit_head!",
     "neighbourhood_secretary", "neighbourhood_secretary!", "grid_head", "grid_head!"),
    PAST,
)  # fmt: skip
_PLANNERS: Outcomes = {**_OUT, **_PLANS, "all": "403"}
_PAST: Outcomes = {**_OUT, "all": PAST}

ROWS: dict[str, Row] = {
    "desk:rounds": Row(_STAFF),
    "desk:my_visits": Row(_STAFF),
    "desk:fieldwork_calendar": Row(_STAFF),
    "desk:review": Row(_STAFF),
    "desk:records": Row(_STAFF),
    "desk:findings": Row(_STAFF),
    "desk:round_new": Row(_PLANNERS, _PLANNERS),
    "desk:round_look": Row(None, _PLANNERS),
    "desk:round": Row(_NO_ROUND, None, nothing),
    "desk:round_edit": Row(_NO_ROUND, _NO_ROUND, nothing),
    "desk:round_step": Row(None, _NO_ROUND, nothing),
    "desk:round_visits": Row(_NO_ROUND, None, nothing),
    "desk:round_assign": Row(_NO_ROUND, _NO_ROUND, nothing),
    "desk:round_pins": Row(_NO_ROUND, None, nothing),
    "desk:round_calendar": Row(_NO_ROUND, None, nothing),
    "desk:round_proposal": Row(_NO_ROUND, _NO_ROUND, nothing),
    "desk:round_draw": Row(_NO_ROUND, None, nothing),
    "desk:round_print": Row(_NO_ROUND, None, nothing),
    "desk:round_pairs": Row(_NO_ROUND, None, nothing),
    "desk:round_export": Row(_NO_ROUND, None, lambda _stage: {"uuid": NOBODY, "way": "csv"}),
    "desk:visit": Row(_NO_ROUND, None, nothing),
    "desk:visit_step": Row(None, _NO_ROUND, nothing),
    "desk:visit_fill": Row(_NO_ROUND, _NO_ROUND, nothing),
    "desk:record": Row(_NO_ROUND, None, nothing),
    "desk:record_docx": Row(_NO_ROUND, None, nothing),
    "desk:record_decide": Row(None, _NO_ROUND, nothing),
    "desk:record_present": Row(None, _NO_ROUND, nothing),
    "desk:record_correct": Row(_NO_ROUND, _NO_ROUND, nothing),
    "desk:record_upload": Row(None, _PAST),
    "desk:record_file": Row(_NO_ROUND, None, lambda _stage: {"uuid": NOBODY, "file_uuid": NOBODY, "size": "320"}),
    "desk:finding": Row(_NO_ROUND, None, nothing),
    "desk:finding_step": Row(None, _NO_ROUND, nothing),
}
