"""Writes of the room `visits`."""

from linli.programmes.visits.services.companies import add_request, change_company_visit, enter_company_visit
from linli.programmes.visits.services.condolences import (
    ListData,
    add_person,
    close_list,
    confirm_list,
    draw_up,
    hand_out,
    plan_visits,
    take_off,
)
from linli.programmes.visits.services.counting import take_in
from linli.programmes.visits.services.demands import (
    ask_again,
    assign,
    drop,
    give_back,
    note_task_ended,
    register,
    reply,
    tell,
)
from linli.programmes.visits.services.details import forget_over, withdraw_consent
from linli.programmes.visits.services.keeping import appoint_officer, begin_campaign, take_report
from linli.programmes.visits.services.wording import save_wording

__all__ = [
    "ListData",
    "add_person",
    "add_request",
    "appoint_officer",
    "ask_again",
    "assign",
    "begin_campaign",
    "change_company_visit",
    "close_list",
    "confirm_list",
    "draw_up",
    "drop",
    "enter_company_visit",
    "forget_over",
    "give_back",
    "hand_out",
    "note_task_ended",
    "plan_visits",
    "register",
    "reply",
    "save_wording",
    "take_in",
    "take_off",
    "take_report",
    "tell",
    "withdraw_consent",
]
