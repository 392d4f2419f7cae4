"""Who gets what of the suggestion of categories and of the check of replies."""

from __future__ import annotations

from typing import Any

from tests.access.cast import Stage
from tests.access.outcomes import Outcomes, Row, nothing

_READ: Outcomes = {
    "anonymous": "login",
    **dict.fromkeys(("system_admin", "shift_leader", "street_leader", "supervisor"), "ok"),
    "all": "404",
}
_NOT_THERE: Outcomes = {"anonymous": "login", "all": "404"}
_STOP: Outcomes = {"anonymous": "login", "system_admin": "refused", "all": "404"}


def _case(stage: Stage) -> dict[str, Any]:
    return {"number": stage.cases["handling"].number}


ROWS: dict[str, Row] = {
    "desk:reply_notes": Row(None, {"anonymous": "login", "readers": "ok", "all": {"404", "403"}}, _case),
    "console:category_models": Row(_READ),
    "console:category_models_stop": Row(None, _STOP),
    "console:category_model": Row(_NOT_THERE, None, nothing),
    "console:category_model_use": Row(None, _NOT_THERE, nothing),
}
