"""Who gets what of the streets: who works here reads; grids, offices and officers write; nothing for the rest."""

from __future__ import annotations

from tests.access.outcomes import NOBODY, PAST, PUBLIC, Outcomes, Row, nothing

_STAFF: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403", "all": "ok"}
_GONE: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403", "all": "404"}
_WALKS: Outcomes = {
    "anonymous": "login",
    **dict.fromkeys(
        ("contractor", "contractor!", "stairwell_head", "stairwell_head!", "unit_handler!", "residents", "admins"),
        "403",
    ),
    "all": PAST,
}
_PLANS: Outcomes = {
    "anonymous": "login",
    **dict.fromkeys(
        ("dispatcher", "shift_leader", "street_leader", "supervisor", "grid_head", "grid_head!",
         "neighbourhood_secretary", "neighbourhood_secretary!", "unit_head", "unit_head!"),
        PAST,
    ),
    "all": "403",
}  # fmt: skip
_LEADS: Outcomes = {
    "anonymous": "login", "shift_leader": PAST, "street_leader": PAST, "unit_head": PAST, "all": "403",
}  # fmt: skip

ROWS: dict[str, Row] = {
    "desk:streets": Row(_STAFF),
    "desk:streets_patrol_new": Row(_PLANS, _PLANS),
    "desk:streets_matters": Row(_STAFF),
    "desk:streets_warn": Row(_WALKS, _WALKS),
    "desk:streets_matter": Row(_GONE, _GONE, nothing),
    "desk:streets_matter_paper": Row(_GONE, None, nothing),
    "desk:streets_shop": Row(_GONE, None, nothing),
    "desk:streets_duties": Row(_STAFF),
    "desk:streets_duty_new": Row(_STAFF, _STAFF),
    "desk:streets_duty": Row(_GONE, _GONE, nothing),
    "desk:streets_duty_paper": Row(_GONE, None, nothing),
    "desk:streets_spots": Row(_STAFF),
    "desk:streets_spot_new": Row(_WALKS, _WALKS),
    "desk:streets_spot": Row(_GONE, _GONE, nothing),
    "desk:streets_lanes": Row(_STAFF),
    "desk:streets_lane_new": Row(_STAFF, _STAFF),
    "desk:streets_lane": Row(_GONE, _GONE, nothing),
    "desk:streets_lane_print": Row(_GONE, None, nothing),
    "desk:streets_members": Row(_STAFF),
    "desk:streets_member_new": Row(_STAFF, _STAFF),
    "desk:streets_member": Row(_GONE, _GONE, nothing),
    "desk:streets_boards": Row(_STAFF),
    "desk:streets_board": Row(_GONE, _GONE, nothing),
    "desk:streets_friends": Row(_STAFF),
    "desk:streets_friend_new": Row(_STAFF, _STAFF),
    "desk:streets_friend": Row(_GONE, _GONE, nothing),
    "desk:streets_logs": Row(_STAFF),
    "desk:streets_log_new": Row(_STAFF, _STAFF),
    "desk:streets_log": Row(_GONE, None, nothing),
    "desk:streets_qualities": Row(_STAFF),
    "desk:streets_quality_new": Row(_STAFF, _STAFF),
    "desk:streets_deductions": Row(_STAFF),
    "desk:streets_quality": Row(_GONE, _GONE, nothing),
    "desk:streets_contacts": Row(_STAFF),
    "desk:streets_contact_new": Row(_LEADS, _LEADS),
    "desk:streets_contact": Row(_GONE, _GONE, nothing),
    "portal:friendly": Row(PUBLIC),
    "desk:streets_file": Row(_GONE, None, lambda _stage: {"uuid": NOBODY, "size": "320"}),
}
