"""Who gets what of mailboxes and of the messages that came."""

from __future__ import annotations

from tests.access.outcomes import PAST, Outcomes, Row, nothing

_ADMIN: Outcomes = {"anonymous": "login", "system_admin": PAST, "all": "404"}
_ADMIN_NOTHING: Outcomes = {"anonymous": "login", "all": "404"}
_READERS: Outcomes = {
    "anonymous": "login",
    **dict.fromkeys(("dispatcher", "shift_leader", "street_leader", "supervisor"), PAST),
    "all": "403",
}
_NO_MAIL: Outcomes = {k: "404" if v == PAST else v for k, v in _READERS.items()}

ROWS: dict[str, Row] = {
    "console:mailboxes": Row(_ADMIN),
    "console:mailbox_new": Row(_ADMIN, _ADMIN),
    "console:mailbox": Row(_ADMIN_NOTHING, None, nothing),
    "console:mailbox_edit": Row(_ADMIN_NOTHING, _ADMIN_NOTHING, nothing),
    "console:mailbox_try": Row(None, _ADMIN_NOTHING, nothing),
    "console:mailbox_look": Row(None, _ADMIN_NOTHING, nothing),
    "desk:mails": Row(_READERS),
    "desk:mails_settled": Row(_READERS),
    "desk:mail_decide": Row(None, _NO_MAIL, nothing),
    "desk:mail_original": Row(_NO_MAIL, _NO_MAIL, nothing),
}
