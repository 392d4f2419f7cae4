"""Who gets what of warnings: every member of the staff reads and takes note, the centre enters, changes, lifts."""

from __future__ import annotations

from tests.access.outcomes import NOBODY, PAST, Outcomes, Row

_READ: Outcomes = {"anonymous": "login", "staff": PAST, "all": "403"}
_NONE: Outcomes = {"anonymous": "login", "staff": "404", "all": "403"}
_KEEP: Outcomes = {"anonymous": "login", "dispatcher": PAST, "shift_leader": PAST, "all": "403"}


def _nobody(_stage: object) -> dict[str, object]:
    return {"uuid": NOBODY}


ROWS: dict[str, Row] = {
    "desk:alerts": Row(_READ),
    "desk:alert_new": Row(_KEEP, _KEEP),
    "desk:alert": Row(_NONE, None, _nobody),
    "desk:alert_note": Row(None, _NONE, _nobody),
    "desk:alert_change": Row(_NONE, _NONE, _nobody),
    "desk:alert_lift": Row(None, _NONE, _nobody),
}
