"""Who gets what of words and deeds: publishing, meetings, tasks, projects, the alliance."""

from __future__ import annotations

from typing import Any

from tests.access.cast import Stage
from tests.access.outcomes import NOBODY, PAST, PUBLIC, SCREEN, WALL, Outcomes, Row, nothing

ROWS: dict[str, Row] = {}
# Words out: who writes, who oversees, who decides what is taken down; what is out is for everybody.
_WRITERS: Outcomes = {
    "anonymous": "login",
    **dict.fromkeys(
        ("dispatcher", "shift_leader", "street_leader", "supervisor", "unit_handler", "unit_handler!", "unit_head",
         "unit_head!", "neighbourhood_secretary", "neighbourhood_secretary!", "community_worker",
         "community_worker!", "grid_head", "grid_head!"),
        PAST,
    ),
    "all": "403",
}  # fmt: skip
_WORDS_NOT_THERE: Outcomes = {**{k: "404" if v == PAST else v for k, v in _WRITERS.items()}}
_WORDS_OVERSEERS: Outcomes = {
    "anonymous": "login",
    **dict.fromkeys(("dispatcher", "shift_leader", "street_leader", "supervisor"), PAST),
    "all": "403",
}
_ISSUE_NOT_THERE: Outcomes = {k: "404" if v == PAST else v for k, v in _WORDS_OVERSEERS.items()}
_WORDS_RELEASERS: Outcomes = {**_WORDS_OVERSEERS, "supervisor": "403"}
_RELEASE_NOT_THERE: Outcomes = {k: "404" if v == PAST else v for k, v in _WORDS_RELEASERS.items()}
_DECIDERS: Outcomes = {"anonymous": "login", "shift_leader": PAST, "street_leader": PAST, "all": "403"}
_PLEA_NOT_THERE: Outcomes = {**_DECIDERS, "shift_leader": "404", "street_leader": "404"}
_GONE: Outcomes = {"all": "404"}


def _no_piece(_stage: Stage) -> dict[str, Any]:
    return {"uuid": NOBODY}


ROWS |= {
    "desk:publishing": Row(_WRITERS),
    "desk:publishing_new": Row(_WRITERS, _WRITERS),
    "desk:publishing_from": Row(_WRITERS),
    "desk:publishing_article": Row(_WORDS_NOT_THERE, None, _no_piece),
    "desk:publishing_article_edit": Row(_WORDS_NOT_THERE, _WORDS_NOT_THERE, _no_piece),
    "desk:publishing_article_correct": Row(_WORDS_NOT_THERE, _WORDS_NOT_THERE, _no_piece),
    "desk:publishing_article_wechat": Row(_WORDS_NOT_THERE, None, _no_piece),
    "desk:publishing_article_print": Row(_WORDS_NOT_THERE, None, _no_piece),
    "desk:publishing_act": Row(None, _WORDS_NOT_THERE, lambda _stage: {"kind": "article", "uuid": NOBODY}),
    "desk:publishing_version": Row(
        _WORDS_NOT_THERE, None, lambda _stage: {"kind": "article", "uuid": NOBODY, "number": 1}
    ),
    "desk:publishing_issues": Row(_WORDS_OVERSEERS),
    "desk:publishing_issue_new": Row(_WORDS_OVERSEERS, _WORDS_OVERSEERS),
    "desk:publishing_issue": Row(_ISSUE_NOT_THERE, None, _no_piece),
    "desk:publishing_issue_edit": Row(_ISSUE_NOT_THERE, _ISSUE_NOT_THERE, _no_piece),
    "desk:publishing_issue_print": Row(_ISSUE_NOT_THERE, None, _no_piece),
    "desk:publishing_reports": Row(_WRITERS),
    "desk:publishing_report_new": Row(_WORDS_OVERSEERS, _WORDS_OVERSEERS),
    "desk:publishing_report": Row(_WORDS_NOT_THERE, None, _no_piece),
    "desk:publishing_report_edit": Row(_ISSUE_NOT_THERE, _ISSUE_NOT_THERE, _no_piece),
    "desk:publishing_report_docx": Row(_WORDS_NOT_THERE, None, _no_piece),
    "desk:publishing_report_xlsx": Row(_ISSUE_NOT_THERE, None, _no_piece),
    "desk:publishing_figure": Row(_ISSUE_NOT_THERE, None, lambda _stage: {"code": "no.such"}),
    "desk:publishing_methods": Row(_WRITERS),
    "desk:publishing_method_new": Row(_WRITERS, _WRITERS),
    "desk:publishing_method": Row(_WORDS_NOT_THERE, None, _no_piece),
    "desk:publishing_method_edit": Row(_WORDS_NOT_THERE, _WORDS_NOT_THERE, _no_piece),
    "desk:publishing_media": Row(_WRITERS),
    "desk:publishing_media_new": Row(_WRITERS, _WRITERS),
    "desk:publishing_media_one": Row(_WORDS_NOT_THERE, _WORDS_NOT_THERE, _no_piece),
    "desk:publishing_media_file": Row(_WORDS_NOT_THERE, None, lambda _stage: {"uuid": NOBODY, "size": 320}),
    "desk:publishing_releases": Row(_WORDS_RELEASERS),
    "desk:publishing_release": Row(_RELEASE_NOT_THERE, _RELEASE_NOT_THERE, _no_piece),
    "desk:publishing_channels": Row(_WORDS_RELEASERS, _WORDS_RELEASERS),
    "desk:publishing_cloud": Row(_WORDS_RELEASERS, _WORDS_RELEASERS),
    "desk:publishing_cloud_file": Row(_WORDS_RELEASERS, None, lambda _stage: {"form": "json"}),
    "desk:publishing_pleas": Row(_DECIDERS),
    "desk:publishing_plea": Row(_PLEA_NOT_THERE, _PLEA_NOT_THERE, _no_piece),
    "portal:news": Row(PUBLIC),
    "portal:takedown_answer": Row(PUBLIC, {"all": {"404", "refused"}}),
    "portal:news_one": Row(_GONE, None, _no_piece),
    "portal:news_paper": Row(_GONE, None, _no_piece),
    "portal:takedown": Row(_GONE, _GONE, _no_piece),
    "portal:news_photo": Row(_GONE, None, lambda _stage: {"file": NOBODY, "size": 320}),
    "portal:methods": Row(PUBLIC),
    "portal:method": Row(_GONE, None, _no_piece),
}

# Meetings, topics, the deputies' records: who works here reads what concerns them; who convenes plans.
_PLANNERS = (
    "dispatcher", "shift_leader", "street_leader", "grid_head", "grid_head!", "unit_head", "unit_head!",
    "neighbourhood_secretary", "neighbourhood_secretary!",
)  # fmt: skip
_RAISERS = (
    *_PLANNERS, "supervisor", "unit_handler", "unit_handler!", "community_worker", "community_worker!", "contractor",
    "contractor!",
)  # fmt: skip
_MEETINGS: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403", "all": "ok"}
_PLANNED: Outcomes = {"anonymous": "login", **dict.fromkeys(_PLANNERS, PAST), "all": "403"}
_RAISED: Outcomes = {"anonymous": "login", **dict.fromkeys(_RAISERS, PAST), "all": "403"}
_DEPUTIES = ("dispatcher", "shift_leader", "street_leader", "supervisor", "unit_head", "unit_head!")
_DEPUTY: Outcomes = {"anonymous": "login", **dict.fromkeys(_DEPUTIES, PAST), "all": "403"}
_NO_DEPUTY: Outcomes = {"anonymous": "login", **dict.fromkeys(_DEPUTIES, "404"), "all": "403"}
_NO_MEETING: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403", "all": "404"}

ROWS |= {
    "desk:meetings": Row(_MEETINGS),
    "desk:meeting_calendar": Row(_MEETINGS),
    "desk:meeting_new": Row(_PLANNED, _PLANNED),
    "desk:meeting_series": Row(_MEETINGS),
    "desk:meeting_series_new": Row(_PLANNED, _PLANNED),
    "desk:meeting_series_one": Row(_NO_MEETING, _NO_MEETING, nothing),
    "desk:meeting_sign": Row(_MEETINGS, _NO_MEETING, lambda _stage: {"token": "x" * 40}),
    "desk:meeting_paper": Row(_NO_MEETING, None, nothing),
    "desk:meeting_decision": Row(_NO_MEETING, None, nothing),
    "desk:meeting": Row(_NO_MEETING, _NO_MEETING, nothing),
    "desk:meeting_edit": Row(_NO_MEETING, _NO_MEETING, nothing),
    "desk:meeting_minute": Row(_NO_MEETING, _NO_MEETING, nothing),
    "desk:meeting_record": Row(None, _NO_MEETING, lambda _stage: {"uuid": NOBODY, "item_id": 1}),
    "desk:meeting_signsheet": Row(_NO_MEETING, None, nothing),
    "desk:meeting_qr": Row(_NO_MEETING, None, nothing),
    "desk:meeting_print": Row(_NO_MEETING, None, nothing),
    "desk:meeting_docx": Row(_NO_MEETING, None, nothing),
    "desk:topics": Row(_MEETINGS),
    "desk:topic_new": Row({**_MEETINGS}, _RAISED),
    "desk:topic": Row(_NO_MEETING, _NO_MEETING, nothing),
    "desk:topic_file": Row(_NO_MEETING, None, lambda _stage: {"uuid": NOBODY, "file_uuid": NOBODY, "size": "320"}),
    "desk:standing": Row(_MEETINGS, {**_MEETINGS, "all": PAST}),
    "desk:deputies": Row(_DEPUTY),
    "desk:motion_new": Row(_DEPUTY, _DEPUTY),
    "desk:motion": Row(_NO_DEPUTY, _NO_DEPUTY, nothing),
    "desk:negotiation_new": Row(_DEPUTY, _DEPUTY),
    "desk:negotiation": Row(_NO_DEPUTY, _NO_DEPUTY, nothing),
}

# Tasks: the one on the stage was given by the centre to 城管.
_NO_TASKS: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403"}
_TASK_STAFF: Outcomes = {**_NO_TASKS, "all": PAST}
_NO_TASK: Outcomes = {**_NO_TASKS, "all": "404"}
_TASK: Outcomes = {
    **_NO_TASKS,
    **dict.fromkeys(["dispatcher", "shift_leader", "street_leader", "supervisor", "grid_head", "grid_head!"], PAST),
    **dict.fromkeys(["unit_handler", "unit_head", "inspector", "inspector!"], PAST),
    "all": "404",
}
_TASK_GIVERS: Outcomes = {
    **_NO_TASKS,
    **dict.fromkeys(["dispatcher", "shift_leader", "street_leader", "supervisor", "grid_head", "grid_head!"], PAST),
    **dict.fromkeys(["unit_head", "unit_head!"], PAST),
    "all": "403",
}
ROWS |= {
    "desk:owed": Row(_TASK_STAFF),
    "desk:tasks": Row(_TASK_STAFF),
    "desk:task": Row(_TASK, _TASK, lambda stage: {"uuid": stage.task.uuid}),
    "desk:task_bulk": Row(None, _TASK_STAFF),
    "desk:task_file": Row(_NO_TASK, None, lambda stage: {"uuid": stage.task.uuid, "file_uuid": NOBODY, "size": "320"}),
    "desk:task_strands": Row(_TASK_STAFF),
    "desk:task_lists": Row(_TASK_STAFF),
    "desk:task_list_new": Row(_TASK_GIVERS, _TASK_GIVERS),
    "desk:task_list_template": Row(_TASK_GIVERS),
    "desk:task_list": Row(_NO_TASK, _NO_TASK, nothing),
    "desk:task_list_print": Row(_NO_TASK, None, nothing),
    "desk:task_list_sheet": Row(_NO_TASK, None, nothing),
    "desk:task_series_list": Row(_TASK_STAFF),
    "desk:task_series_new": Row(_TASK_GIVERS, _TASK_GIVERS),
    "desk:task_series": Row(_NO_TASK, _NO_TASK, nothing),
}

# Projects: read by staff where they are theirs or public, opened by units for themselves and by who leads.
_OPENERS: Outcomes = {
    **dict.fromkeys(("street_leader", "shift_leader", "supervisor", "unit_head", "unit_handler"), PAST),
    **dict.fromkeys(("grid_head", "grid_head!", "unit_head!", "unit_handler!"), PAST),
    **dict.fromkeys(("neighbourhood_secretary", "neighbourhood_secretary!"), PAST),
    "anonymous": "login",
    "all": "403",
}
_READERS: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403", "all": "ok"}
_LISTERS: Outcomes = {
    **_READERS,
    "all": {"403", "refused"},
    **dict.fromkeys(("street_leader", "shift_leader", "supervisor"), "refused"),
}
_NO_PROJECT: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403", "all": "404"}
ROWS |= {
    "desk:projects": Row(_READERS),
    "desk:project_board": Row(_READERS),
    "desk:project_chart": Row(_READERS),
    "desk:project_map": Row(_READERS),
    "desk:project_people": Row(None, _READERS),
    "desk:project_blockers": Row(_READERS),
    "desk:project_new": Row(_OPENERS, _OPENERS),
    "desk:project_lists": Row(_READERS, _LISTERS),
    "desk:project_teams": Row(_READERS, _LISTERS),
    "desk:project_classes": Row(_READERS, _LISTERS),
    "desk:project_list": Row(_NO_PROJECT, None, nothing),
    "desk:project_blocker": Row(_NO_PROJECT, _NO_PROJECT, nothing),
    "desk:project_photo": Row(_NO_PROJECT, None, lambda stage: {"uuid": NOBODY, "file": stage.file.uuid, "size": 320}),
    "desk:project_of_node": Row(_NO_PROJECT, None, nothing),
    "desk:project": Row(_NO_PROJECT, None, nothing),
    "desk:project_edit": Row(_NO_PROJECT, _NO_PROJECT, nothing),
    "desk:project_step": Row(None, _NO_PROJECT, nothing, lambda _stage: {"verb": "start"}),
    "desk:project_tree": Row(_NO_PROJECT, None, nothing),
    "desk:project_node_new": Row(_NO_PROJECT, _NO_PROJECT, nothing),
    "desk:project_node": Row(_NO_PROJECT, _NO_PROJECT, lambda _stage: {"uuid": NOBODY, "node_id": 1}),
    "desk:project_node_drop": Row(None, _NO_PROJECT, lambda _stage: {"uuid": NOBODY, "node_id": 1}),
    "desk:project_report": Row(None, _NO_PROJECT, lambda _stage: {"uuid": NOBODY, "node_id": 1}),
    "desk:project_plan": Row(_NO_PROJECT, _NO_PROJECT, nothing),
    "desk:project_baseline": Row(None, _NO_PROJECT, nothing),
    "desk:project_blocker_new": Row(_NO_PROJECT, _NO_PROJECT, nothing),
    "desk:project_residents": Row(_NO_PROJECT, _NO_PROJECT, nothing),
    "desk:project_money": Row(_NO_PROJECT, _NO_PROJECT, nothing),
    "portal:projects": Row(PUBLIC),
    "portal:project": Row({"all": "404"}, None, nothing),
    "portal:project_list": Row({"all": "404"}, None, nothing),
    "portal:ask": Row({"all": "404"}, {"all": "404"}, nothing),
    "portal:blocker": Row({"all": "404"}, None, lambda _stage: {"code": "nobody"}),
    "portal:project_photo": Row({"all": "404"}, None, lambda stage: {"file": stage.file.uuid, "size": 320}),
    "wall:projects": Row(WALL),
    "wall:projects_now": Row(WALL),
    "wall:screen_projects": Row(SCREEN, None, lambda _stage: {"token": "x" * 43}),
    "wall:screen_projects_now": Row(SCREEN, None, lambda _stage: {"token": "x" * 43}),
}
# The alliance: read by all staff, kept by who leads the street and by the office of a body (none on this stage);
# what is entered is refused to the others.
_ALLIED: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403", "all": "ok"}
_KEPT_BY: Outcomes = {"anonymous": "login", "street_leader": PAST, "all": "403"}
_ABSENT: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403", "all": "404"}


def _no_term(_stage: Stage) -> dict[str, Any]:
    return {"term_id": 10**9}


ROWS |= {
    **dict.fromkeys(
        [
            "desk:alliance", "desk:alliance_members", "desk:alliance_bodies", "desk:alliance_brands",
            "desk:alliance_lists", "desk:alliance_uses", "desk:alliance_claims", "desk:alliance_agreements",
            "desk:alliance_review", "desk:alliance_review_document",
        ],
        Row(_ALLIED),
    ),
    **dict.fromkeys(
        [
            "desk:alliance_member_new", "desk:alliance_body_new", "desk:alliance_brand_new",
            "desk:alliance_need_new", "desk:alliance_resource_new", "desk:alliance_project_new",
            "desk:alliance_spot", "desk:alliance_agreement_new",
        ],
        Row(_KEPT_BY, _KEPT_BY),
    ),
    "desk:alliance_visit_new": Row(_ALLIED, {**_ALLIED, "all": "refused"}),
    "desk:alliance_categories": Row(None, _KEPT_BY),
    **dict.fromkeys(
        [
            "desk:alliance_member", "desk:alliance_member_edit", "desk:alliance_body", "desk:alliance_body_edit",
            "desk:alliance_brand_edit", "desk:alliance_entry", "desk:alliance_entry_edit", "desk:alliance_claim",
            "desk:alliance_agreement",
        ],
        Row(_ABSENT, _ABSENT, nothing),
    ),
    **dict.fromkeys(
        ["desk:alliance_member_certificate", "desk:alliance_brand", "desk:alliance_pitch"],
        Row(_ABSENT, None, nothing),
    ),
    **dict.fromkeys(
        ["desk:alliance_member_contact", "desk:alliance_commit", "desk:alliance_use"], Row(None, _ABSENT, nothing)
    ),
    "desk:alliance_chair": Row(_ABSENT, None, _no_term),
    "desk:alliance_file": Row(_ABSENT, None, lambda _stage: {"uuid": NOBODY, "size": "320"}),
    "portal:alliance": Row(PUBLIC),
    "portal:alliance_entry": Row({"all": "404"}, None, nothing),
    "portal:alliance_brand": Row({"all": "404"}, None, nothing),
    "portal:alliance_picture": Row({"all": "404"}, None, lambda _stage: {"uuid": NOBODY, "size": 320}),
}  # fmt: skip
