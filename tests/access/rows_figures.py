"""Who gets what of figures: whoever answers for a unit, an area or the whole; outside figures are the centre's."""

from __future__ import annotations

from typing import Any

from tests.access.cast import Stage
from tests.access.outcomes import PAST, Outcomes, Row, nothing

_WHOLE = ("dispatcher", "shift_leader", "street_leader", "supervisor")
_PARTS = (
    "unit_head", "unit_head!", "neighbourhood_secretary", "neighbourhood_secretary!", "grid_head", "grid_head!",
)  # fmt: skip
READERS: Outcomes = {"anonymous": "login", **dict.fromkeys((*_WHOLE, *_PARTS), "ok"), "all": "403"}
_SETTERS: Outcomes = {"anonymous": "login", **dict.fromkeys((*_WHOLE, *_PARTS), PAST), "all": "403"}
_NOT_THERE: Outcomes = {"anonymous": "login", **dict.fromkeys((*_WHOLE, *_PARTS), "404"), "all": "403"}
_ENTERERS: Outcomes = {"anonymous": "login", **dict.fromkeys(_WHOLE, PAST), "all": {"403", "refused"}}
_WITHDRAWERS: Outcomes = {"anonymous": "login", **dict.fromkeys(_WHOLE, "404"), "all": "403"}


def _one(_stage: Stage) -> dict[str, Any]:
    return {"code": "on_time"}


def _line(_stage: Stage) -> dict[str, Any]:
    return {"platform": "社区云", "name": "互动指数", "month": "2026-02", "lines": "没有这个居民区,1"}


ROWS: dict[str, Row] = {
    "desk:figures": Row(READERS),
    "desk:figure": Row(READERS, None, _one),
    "desk:figure_rows": Row(READERS, None, _one),
    "desk:figure_watch": Row(READERS, _SETTERS, _one),
    "desk:figure_watches": Row(READERS),
    "desk:figure_watch_drop": Row(None, _NOT_THERE, nothing),
    "desk:figures_burden": Row(READERS),
    "desk:figures_interaction": Row(READERS, _ENTERERS, data=_line),
    "desk:figures_outside_withdraw": Row(None, _WITHDRAWERS, nothing),
    "desk:figures_hotline": Row(READERS),
}
