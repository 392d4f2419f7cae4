"""Who gets what of Open311: no session opens anything there, a key does; and of its page in the console."""

from __future__ import annotations

from typing import Any

from tests.access.cast import Stage
from tests.access.outcomes import PAST, Outcomes, Row

_ADMIN: Outcomes = {"anonymous": "login", "system_admin": PAST, "all": "404"}
_ALL: Outcomes = {"all": "ok"}
_NONE: Outcomes = {"all": "404"}
_NO_KEY: Outcomes = {"all": "403"}


def _xml(**more: str) -> Any:
    def named(_stage: Stage) -> dict[str, Any]:
        return {"fmt": "xml", **more}

    return named


ROWS: dict[str, Row] = {
    "open311:discovery": Row(_ALL, None, _xml()),
    "open311:discovery_v2": Row(_ALL, None, _xml()),
    "open311:endpoint": Row(_NONE, _NONE),
    "open311:services": Row(_ALL, None, _xml()),
    "open311:definition": Row(_NONE, None, _xml(code="nothing")),
    "open311:requests": Row(_ALL, _NO_KEY, _xml()),
    "open311:request": Row(_NONE, None, _xml(number_="HY1")),
    "open311:token": Row(_NONE, None, _xml(token="1")),
    "open311:nothing": Row(_NONE, _NONE, lambda _stage: {"rest": "nothing.xml"}),
    "console:open311": Row(_ADMIN),
    "console:open311_door": Row(None, _ADMIN),
}
