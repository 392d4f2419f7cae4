"""Who gets what of lists as files: staff their own; a list's own door holds before it is written."""

from __future__ import annotations

from tests.access.outcomes import Outcomes, Row, nothing
from tests.access.rows_figures import READERS as FIGURE_READERS

_OWN: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403", "all": "ok"}
_NOT_THERE: Outcomes = {**_OWN, "all": "404"}


ROWS: dict[str, Row] = {
    "desk:exports": Row(_OWN),
    "desk:export_begin": Row(None, _OWN, lambda _stage: {"code": "tasks"}, data=lambda _stage: {"form": "csv"}),
    "desk:export": Row(_NOT_THERE, None, nothing),
    "desk:export_file": Row(_NOT_THERE, None, nothing),
    "desk:export_act": Row(None, _NOT_THERE, lambda stage: {**nothing(stage), "act": "cancel"}),
    "desk:figures_brief": Row(FIGURE_READERS),
}
