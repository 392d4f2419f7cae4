"""Writes of the room `civility`."""

from linli.programmes.civility.services.campaigns import add_day, end_campaign, plan_campaign, units_in
from linli.programmes.civility.services.counting import count, recount
from linli.programmes.civility.services.doing import (
    add_log,
    add_shot,
    add_todo,
    answer_log,
    close_log,
    end_todo,
    monday,
    note_removed,
    note_task_ended,
)
from linli.programmes.civility.services.library import (
    begin_edition,
    load_shipped,
    publish_edition,
    remove_standard,
    save_standard,
)
from linli.programmes.civility.services.trials import close_trial, drop_trial, start_trial
from linli.programmes.civility.services.volunteers import add_service, add_volunteer

__all__ = [
    "add_day",
    "add_log",
    "add_service",
    "add_shot",
    "add_todo",
    "add_volunteer",
    "answer_log",
    "begin_edition",
    "close_log",
    "close_trial",
    "count",
    "drop_trial",
    "end_campaign",
    "end_todo",
    "load_shipped",
    "monday",
    "note_removed",
    "note_task_ended",
    "plan_campaign",
    "publish_edition",
    "recount",
    "remove_standard",
    "save_standard",
    "start_trial",
    "units_in",
]
