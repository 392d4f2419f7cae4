"""The public writes of the case room: one verb, one function; keep it small and stable."""

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
from linli.engines.cases.services.intake import (
    accept,
    answer,
    ask,
    correct,
    file,
    guidance,
    note,
    refuse,
    report,
    verify,
)
from linli.engines.cases.services.levels import (
    TaskOrder,
    convene,
    decide,
    lower_level,
    raise_level,
    refuse_raise,
    request_raise,
)
from linli.engines.cases.services.merging import merge, split, unmerge
from linli.engines.cases.services.supervision import (
    hand_over_shift,
    order,
    order_reply,
    order_result,
    take_over_shift,
    urge,
)

__all__ = [
    "TaskOrder", "accept", "answer", "arrive", "ask", "assign", "check", "close", "contact", "convene", "correct", "decide",
    "decide_extension", "decide_return", "decide_shelving", "dispatch", "dispatch_many", "feedback_missing", "file", "guidance",
    "hand_in", "hand_over_shift", "help_result", "load_shipped", "lower_level", "merge", "note", "open_contacts", "open_text", "order",
    "order_reply", "order_result", "raise_level", "rate", "recall", "refuse", "refuse_raise", "reopen", "reply", "report",
    "request_extension", "request_raise", "request_shelving", "resume", "return_", "review", "save_category", "save_rules", "share",
    "sign", "split", "take_over_shift", "transfer", "unmerge", "urge", "verify", "void", "withdraw",
]
