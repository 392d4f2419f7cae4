"""Who gets what of the suggestion of categories and of the check of replies."""

from __future__ import annotations

from tests.access.outcomes import Outcomes, Row, nothing

_READ: Outcomes = {
    "anonymous": "login",
    **dict.fromkeys(("system_admin", "shift_leader", "street_leader", "supervisor"), "ok"),
    "all": "404",
}
_NOT_THERE: Outcomes = {"anonymous": "login", "all": "404"}
_STOP: Outcomes = {"anonymous": "login", "system_admin": "refused", "all": "404"}
ROWS: dict[str, Row] = {
    "desk:reply_notes": Row(None, _CASE, case_number),
    "console:category_models": Row(_READ),
    "console:category_models_stop": Row(None, _STOP),
    "console:category_model": Row(_NOT_THERE, None, nothing),
    "console:category_model_use": Row(None, _NOT_THERE, nothing),
}
