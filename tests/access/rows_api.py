"""Who gets what of tokens, of programs that connect, of the API and of webhooks."""

from __future__ import annotations

from tests.access.outcomes import LOGGED_IN, PAST, Outcomes, Row, nothing

_ADMIN: Outcomes = {"anonymous": "login", "system_admin": PAST, "all": "404"}
_ADMIN_NOTHING: Outcomes = {"anonymous": "login", "all": "404"}

ROWS: dict[str, Row] = {
    "web:tokens": Row(LOGGED_IN, LOGGED_IN),
    "web:token_revoke": Row(None, _ADMIN_NOTHING, nothing),
    "console:programs": Row(_ADMIN),
    "console:program_new": Row(None, _ADMIN),
    "console:program": Row(_ADMIN_NOTHING, None, nothing),
    "console:program_token": Row(None, {**_ADMIN_NOTHING, "system_admin": PAST}, nothing),
    "console:tokens": Row(_ADMIN),
    "console:token_revoke": Row(None, _ADMIN_NOTHING, nothing),
}
