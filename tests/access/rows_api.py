"""Who gets what of tokens, of programs that connect, of the API and of webhooks."""

from __future__ import annotations

from typing import Any

from linli.interfaces.api.root import _v1
from tests.access.outcomes import LOGGED_IN, NOBODY, PAST, Outcomes, Row, nothing

_ADMIN: Outcomes = {"anonymous": "login", "system_admin": PAST, "all": "404"}
_ADMIN_NOTHING: Outcomes = {"anonymous": "login", "all": "404"}

ROWS: dict[str, Row] = {
    "web:tokens": Row(LOGGED_IN, LOGGED_IN),
    "web:token_revoke": Row(None, _ADMIN_NOTHING, nothing),
    "console:programs": Row(_ADMIN),
    "console:program_new": Row(None, _ADMIN),
    "console:program": Row(_ADMIN_NOTHING, None, nothing),
    "console:program_token": Row(None, _ADMIN_NOTHING, nothing),
    "console:tokens": Row(_ADMIN),
    "console:token_revoke": Row(None, _ADMIN_NOTHING, nothing),
}

ROWS |= {
    "console:hooks": Row(_ADMIN),
    "console:hook_new": Row(None, _ADMIN),
    "console:hook": Row(_ADMIN_NOTHING, None, nothing),
    "console:hook_mapping": Row(_ADMIN_NOTHING, _ADMIN_NOTHING, nothing),
    "console:hook_change": Row(None, _ADMIN_NOTHING, nothing),
    "console:hook_act": Row(None, _ADMIN_NOTHING, nothing),
    "console:hook_delivery": Row(_ADMIN_NOTHING, _ADMIN_NOTHING, lambda _stage: {"uuid": NOBODY, "delivery": NOBODY}),
}

# A session of a browser opens nothing there: a token comes with every request.
_BY_TOKEN: Outcomes = {"all": "login"}
_NAMED = {"number": "P-0", "uuid": "00000000-0000-7000-8000-000000000000", "code": "nothing"}


def _named(route: str) -> Any:
    return lambda _stage: {name: value for name, value in _NAMED.items() if f"<{name}>" in route}


ROWS |= {f"api:{p.name}": Row(_BY_TOKEN, _BY_TOKEN, _named(str(p.pattern))) for p in _v1}
ROWS |= {"api:openapi": Row({"all": "ok"})}

# Signals: drafts for who reads all cases, judged by the centre; the ledger of a unit's own devices for its people.
_CENTRE = ("dispatcher", "shift_leader")
_SIGNAL_READERS: Outcomes = {
    "anonymous": "login", **dict.fromkeys((*_CENTRE, "street_leader", "supervisor"), PAST), "all": "403",
}  # fmt: skip
_KEEPERS: Outcomes = {"anonymous": "login", **dict.fromkeys(_CENTRE, PAST), "all": "403"}
_LEDGER: Outcomes = {"anonymous": "login", "staff": "ok", "all": "403"}
_NO_DEVICE: Outcomes = {"anonymous": "login", "staff": "404", "all": "403"}
ROWS |= {
    "desk:signals": Row(_SIGNAL_READERS),
    "desk:signals_decided": Row(_SIGNAL_READERS),
    "desk:signal_decide": Row(None, {k: "404" if v == PAST else v for k, v in _SIGNAL_READERS.items()}, nothing),
    "desk:devices": Row(_LEDGER),
    "desk:device_new": Row(_KEEPERS, _KEEPERS),
    "desk:device": Row(_NO_DEVICE, None, nothing),
    "desk:device_edit": Row(_NO_DEVICE, _NO_DEVICE, nothing),
}
