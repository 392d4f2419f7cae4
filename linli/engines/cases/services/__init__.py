"""The public writes of the case room: one verb, one function; keep it small and stable."""

from linli.engines.cases.services.calling import call_back, draw_call_backs, drop_call_back
from linli.engines.cases.services.catalogue import load_shipped, save_category, save_rules
from linli.engines.cases.services.closing import (
    check,
    close,
    feedback_missing,
    rate,
    reopen,
    reply,
    review,
    void,
    withdraw,
)
from linli.engines.cases.services.correcting import correct
from linli.engines.cases.services.dispatching import (
    arrive,
    assign,
    decide_return,
    dispatch,
    dispatch_many,
    recall,
    return_,
    share,
    sign,
    transfer,
)
from linli.engines.cases.services.filters import delete_filter, save_filter
from linli.engines.cases.services.handling import (
    contact,
    decide_extension,
    decide_shelving,
    hand_in,
    help_result,
    open_contacts,
    open_text,
    request_extension,
    request_shelving,
    resume,
)
from linli.engines.cases.services.intake import report
from linli.engines.cases.services.levels import (
    TaskOrder,
    convene,
    decide,
    lower_level,
    raise_level,
    refuse_raise,
    request_raise,
)
from linli.engines.cases.services.merging import join, merge, report_at_desk, report_found_with, unmerge
from linli.engines.cases.services.opening import new_code, note_export, open_original
from linli.engines.cases.services.praising import KEEPERS as PRAISE_KEEPERS
from linli.engines.cases.services.praising import check_praise, register_praise, show_praise, withdraw_praise
from linli.engines.cases.services.rooting import OPENERS as ROOT_OPENERS
from linli.engines.cases.services.rooting import check_opener, link_to_root, open_root_cause
from linli.engines.cases.services.splitting import split, unsplit
from linli.engines.cases.services.stationing import put_into_pool, record_joint, save_station, take_from_pool
from linli.engines.cases.services.suggesting import suggest_route
from linli.engines.cases.services.supervision import (
    hand_over_shift,
    order,
    order_reply,
    order_result,
    take_over_shift,
    urge,
)
from linli.engines.cases.services.triage import accept, answer, ask, file, note, refuse, verify
from linli.engines.cases.services.whistling import guidance

__all__ = [
    "PRAISE_KEEPERS",
    "ROOT_OPENERS",
    "TaskOrder",
    "accept",
    "answer",
    "arrive",
    "ask",
    "assign",
    "call_back",
    "check",
    "check_opener",
    "check_praise",
    "close",
    "contact",
    "convene",
    "correct",
    "decide",
    "decide_extension",
    "decide_return",
    "decide_shelving",
    "delete_filter",
    "dispatch",
    "dispatch_many",
    "draw_call_backs",
    "drop_call_back",
    "feedback_missing",
    "file",
    "guidance",
    "hand_in",
    "hand_over_shift",
    "help_result",
    "join",
    "link_to_root",
    "load_shipped",
    "lower_level",
    "merge",
    "new_code",
    "note",
    "note_export",
    "open_contacts",
    "open_original",
    "open_root_cause",
    "open_text",
    "order",
    "order_reply",
    "order_result",
    "put_into_pool",
    "raise_level",
    "rate",
    "recall",
    "record_joint",
    "refuse",
    "refuse_raise",
    "register_praise",
    "reopen",
    "reply",
    "report",
    "report_at_desk",
    "report_found_with",
    "request_extension",
    "request_raise",
    "request_shelving",
    "resume",
    "return_",
    "review",
    "save_category",
    "save_filter",
    "save_rules",
    "save_station",
    "share",
    "show_praise",
    "sign",
    "split",
    "suggest_route",
    "take_from_pool",
    "take_over_shift",
    "transfer",
    "unmerge",
    "unsplit",
    "urge",
    "verify",
    "void",
    "withdraw",
    "withdraw_praise",
]
