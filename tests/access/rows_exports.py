"""Who gets what of lists as files: who holds a post their own; a list's own door holds before it is written."""

from __future__ import annotations

from tests.access.outcomes import Outcomes, Row, nothing
from tests.access.rows_figures import READERS as FIGURE_READERS

_OWN: Outcomes = {"anonymous": "login", "residents": "403", "all": "ok"}
_TASKS: Outcomes = {**_OWN, "admins": "403"}
_NOT_THERE: Outcomes = {"anonymous": "login", "residents": "403", "all": "404"}


ROWS: dict[str, Row] = {
    "web:exports": Row(_OWN),
    "web:export_begin": Row(None, _TASKS, lambda _stage: {"code": "tasks"}, data=lambda _stage: {"form": "csv"}),
    "web:export": Row(_NOT_THERE, None, nothing),
    "web:export_file": Row(_NOT_THERE, None, nothing),
    "web:export_act": Row(None, _NOT_THERE, lambda stage: {**nothing(stage), "act": "cancel"}),
    "desk:figures_brief": Row(FIGURE_READERS),
}
