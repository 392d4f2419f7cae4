"""Writes of the room `fieldwork`."""

from linli.engines.fieldwork.services.building import make_grid
from linli.engines.fieldwork.services.counting import count_targets, fold_targets, seen
from linli.engines.fieldwork.services.deeds import once
from linli.engines.fieldwork.services.exporting import note_export
from linli.engines.fieldwork.services.facts import Source, index, looked_at
from linli.engines.fieldwork.services.findings import drop_finding, follow_case, make_case
from linli.engines.fieldwork.services.forgetting import forget_answers
from linli.engines.fieldwork.services.joining import note_present
from linli.engines.fieldwork.services.kinds import load_shipped, retire_kind, save_kind
from linli.engines.fieldwork.services.learning import learn
from linli.engines.fieldwork.services.ledgers import (
    MOST_AT_ONCE,
    forget_sealed,
    open_sealed,
    readable_uuids,
    tag_targets,
)
from linli.engines.fieldwork.services.media import keep_media
from linli.engines.fieldwork.services.meeting import check_met
from linli.engines.fieldwork.services.merging import merge, unmerge
from linli.engines.fieldwork.services.parts import keep_part, parts_of
from linli.engines.fieldwork.services.phones import is_signed_out, is_token, lease, sign_out
from linli.engines.fieldwork.services.proposing import (
    Asking,
    ask_proposal,
    given_of,
    proposal_for,
    take_proposal,
    work_out,
)
from linli.engines.fieldwork.services.removing import note_removed
from linli.engines.fieldwork.services.reviewing import accept, judge, send_back
from linli.engines.fieldwork.services.rounds import (
    change_round,
    close_round,
    drop_round,
    make_due,
    occasion_days,
    open_round,
    plan_round,
)
from linli.engines.fieldwork.services.standing_in import replace_visit
from linli.engines.fieldwork.services.submitting import submit
from linli.engines.fieldwork.services.targets import (
    LONGEST_TAG,
    MOST_TAGS,
    add_target,
    change_target,
    end_target,
    restore_target,
)
from linli.engines.fieldwork.services.visits import (
    assign,
    attempt,
    drop_visit,
    hand_back,
    hand_over,
    join_visit,
    reached,
    reorder,
    take_visit,
)
from linli.engines.fieldwork.services.watching import begin_watch, look_at_watches, report_watch

__all__ = [
    "LONGEST_TAG",
    "MOST_AT_ONCE",
    "MOST_TAGS",
    "Asking",
    "Source",
    "accept",
    "add_target",
    "ask_proposal",
    "assign",
    "attempt",
    "begin_watch",
    "change_round",
    "change_target",
    "check_met",
    "close_round",
    "count_targets",
    "drop_finding",
    "drop_round",
    "drop_visit",
    "end_target",
    "fold_targets",
    "follow_case",
    "forget_answers",
    "forget_sealed",
    "given_of",
    "hand_back",
    "hand_over",
    "index",
    "is_signed_out",
    "is_token",
    "join_visit",
    "judge",
    "keep_media",
    "keep_part",
    "learn",
    "lease",
    "load_shipped",
    "look_at_watches",
    "looked_at",
    "make_case",
    "make_due",
    "make_grid",
    "merge",
    "note_export",
    "note_present",
    "note_removed",
    "occasion_days",
    "once",
    "open_round",
    "open_sealed",
    "parts_of",
    "plan_round",
    "proposal_for",
    "reached",
    "readable_uuids",
    "reorder",
    "replace_visit",
    "report_watch",
    "restore_target",
    "retire_kind",
    "save_kind",
    "seen",
    "send_back",
    "sign_out",
    "submit",
    "tag_targets",
    "take_proposal",
    "take_visit",
    "unmerge",
    "work_out",
]
