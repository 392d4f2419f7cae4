"""Who gets what of the app of those on foot: the shell is anybody's, what it asks and sends the staff's."""

from __future__ import annotations

from tests.access.outcomes import OF_STAFF, PUBLIC, Outcomes, Row, nothing

_NOT_THERE: Outcomes = {"anonymous": "login", "all": "404"}
# Anybody may ask who is logged in; 401 says that nobody is.
_WHO: Outcomes = {"anonymous": "login", "residents": "404", "admins": "404", "all": "ok"}
ROWS: dict[str, Row] = {
    "field:app": Row(PUBLIC),
    "field:app_manifest": Row(PUBLIC),
    "field:app_worker": Row(PUBLIC),
    "field:app_session": Row(_WHO),
    "field:app_lease": Row(None, OF_STAFF),
    "field:app_sync": Row(OF_STAFF),
    "field:app_form": Row(_NOT_THERE, None, lambda _stage: {"code": "nothing", "version": 1}),
    "field:app_photo": Row(_NOT_THERE, None, nothing),
    "field:app_files": Row(None, OF_STAFF),
    "field:app_known": Row(None, OF_STAFF),
    "field:app_records": Row(None, OF_STAFF),
    "field:app_receipts": Row(None, OF_STAFF),
    "field:app_attempts": Row(None, OF_STAFF),
    "field:app_visits": Row(None, OF_STAFF),
    "field:app_targets": Row(None, OF_STAFF),
    "field:app_findings": Row(None, OF_STAFF),
    "field:app_acts": Row(None, OF_STAFF),
    "field:app_order": Row(None, OF_STAFF),
}
