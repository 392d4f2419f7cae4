"""Who gets what of the civilised-city programme."""

from __future__ import annotations

from typing import Any

from tests.access.cast import WALKERS, Stage
from tests.access.outcomes import NOBODY, PAST, Outcomes, Row

_KEEPERS = ("shift_leader", "street_leader", "supervisor")
_POSTS = (
    *_KEEPERS, "dispatcher", "inspector", "grid_head", "neighbourhood_secretary", "community_worker",
    "microgrid_head", "unit_head", "unit_handler", "contractor",
)  # fmt: skip
# The same of another area or unit: who reads is a matter of the post, what they see there of the place.
_READERS = (*_POSTS, *(f"{post}!" for post in _POSTS if f"{post}!" in WALKERS))
_READ: Outcomes = {"anonymous": "login", **dict.fromkeys(_READERS, PAST), "all": "403"}
_NOT_THERE: Outcomes = {k: "404" if v == PAST else v for k, v in _READ.items()}
_KEEP: Outcomes = {"anonymous": "login", **dict.fromkeys(_KEEPERS, PAST), "all": "403"}
_KEPT: Outcomes = {k: "404" if v == PAST else v for k, v in _KEEP.items()}


def _nobody(_stage: Stage) -> dict[str, Any]:
    return {"uuid": NOBODY}


def _standard(_stage: Stage) -> dict[str, Any]:
    return {"uuid": NOBODY, "code": "toilet_clean"}


def _purpose(_stage: Stage) -> dict[str, Any]:
    return {"purpose": "self_check"}


def _listed(_stage: Stage) -> dict[str, Any]:
    return {"listed": "add"}


def _file(_stage: Stage) -> dict[str, Any]:
    return {"uuid": NOBODY, "size": "320"}


ROWS: dict[str, Row] = {
    "desk:civility": Row(_READ),
    "desk:civility_library": Row(_READ),
    "desk:civility_load": Row(None, _KEEP),
    "desk:civility_edition_new": Row(_KEEP, _KEEP),
    "desk:civility_edition": Row(_NOT_THERE, None, _nobody),
    "desk:civility_matrix": Row(_NOT_THERE, None, _nobody),
    "desk:civility_changes": Row(_NOT_THERE, None, _nobody),
    "desk:civility_publish": Row(None, _KEPT, _nobody),
    "desk:civility_standard_new": Row(_KEPT, _KEPT, _nobody),
    "desk:civility_standard": Row(_NOT_THERE, None, _standard),
    "desk:civility_standard_edit": Row(_KEPT, _KEPT, _standard),
    "desk:civility_standard_remove": Row(None, _KEEP, _standard),
    "desk:civility_self_check": Row(_READ),
    "desk:civility_mock": Row(_READ),
    "desk:civility_supervision": Row(_READ),
    "desk:civility_test_new": Row(_READ, _READ, _purpose),
    "desk:civility_test": Row(_NOT_THERE, _NOT_THERE, _nobody),
    "desk:civility_gaps": Row(_NOT_THERE, None, _nobody),
    "desk:civility_test_print": Row(_NOT_THERE, None, _nobody),
    "desk:civility_test_sheet": Row(_NOT_THERE, None, _nobody),
    "desk:civility_test_document": Row(_NOT_THERE, None, _nobody),
    "desk:civility_todos": Row(_READ),
    "desk:civility_todo_new": Row(_READ, _READ, _listed),
    "desk:civility_todo": Row(_NOT_THERE, _NOT_THERE, _nobody),
    "desk:civility_week": Row(_READ),
    "desk:civility_compare": Row(_READ),
    "desk:civility_point": Row(_NOT_THERE, _NOT_THERE, _nobody),
    "desk:civility_file": Row(_NOT_THERE, None, _file),
    "desk:civility_ads": Row(_READ),
    "desk:civility_campaigns": Row(_READ),
    "desk:civility_campaign_new": Row(_READ, _READ),
    "desk:civility_campaign": Row(_NOT_THERE, _NOT_THERE, _nobody),
    "desk:civility_log": Row(_READ),
    "desk:civility_log_new": Row(_KEEP, _KEEP),
    "desk:civility_log_entry": Row(_NOT_THERE, _NOT_THERE, _nobody),
    "desk:civility_volunteers": Row(_READ),
    "desk:civility_volunteer_new": Row(_READ, _READ),
    "desk:civility_volunteer": Row(_NOT_THERE, _NOT_THERE, _nobody),
}
