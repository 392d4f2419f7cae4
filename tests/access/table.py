"""What each kind of person gets at each address. A new address without a row fails ``test_walk.py``.

An outcome is one of ``ok`` (a page, or on to one), ``login``, ``404``, ``403``, ``405`` and
``refused`` (400, 409, 422: past the door, but what was sent was empty or stale). A rule names
outcomes by walker (``grid_head``, ``grid_head!`` for the one of another area or unit) or by
group: ``anonymous``, ``residents``, ``admins``, ``staff``, ``readers`` (staff who read the stage's
case), ``strangers`` (the other staff); ``all`` is for whom nothing else is said. The most
specific wins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linli.engines.cases.selectors import routing
from tests.access import (
    deeds,
    rows_alerts,
    rows_api,
    rows_category,
    rows_civility,
    rows_duplicates,
    rows_exports,
    rows_figures,
    rows_ledgers,
    rows_mailbox,
    rows_open311,
    rows_owners,
    rows_pwa,
    rows_rosa,
    rows_rounds,
    rows_streets,
    rows_visits,
)
from tests.access.cast import Stage
from tests.access.outcomes import (
    LOGGED_IN,
    NOBODY,
    NOBODYS,
    OF_READERS,
    OF_STAFF,
    PAST,
    PUBLIC,
    SCREEN,
    WALL,
    Outcomes,
    Row,
    nothing,
)


def case(stage: Stage) -> dict[str, Any]:
    """Name the case on the stage."""
    return {"number": stage.cases["handling"].number}


def grid(stage: Stage) -> dict[str, Any]:
    """Name the grid in which the case lies."""
    return {"area_id": stage.area("grid", "陶家宅").pk}


def _file(stage: Stage) -> dict[str, Any]:
    return {**case(stage), "uuid": stage.file.uuid}


def _user(stage: Stage) -> dict[str, Any]:
    return {"uuid": stage.users["unit_head!"].uuid}


def _rule(_stage: Stage) -> dict[str, Any]:
    first = routing.in_force()[0]
    return {"key": first["key"]}


def _code(_stage: Stage) -> dict[str, Any]:
    return {"code": "cases.clock.accept"}


_ADMIN: Outcomes = {"anonymous": "login", "system_admin": PAST, "all": "404"}
_SETTERS: Outcomes = {"anonymous": "login", "system_admin": "ok", "security_admin": "ok", "all": "404"}
_GAPS: Outcomes = {
    **_SETTERS,
    "shift_leader": "ok",
    "street_leader": "ok",
    "grid_head": "ok",
    "grid_head!": "ok",
}


def _batch(_stage: Stage) -> dict[str, Any]:
    return {"uuid": NOBODY}


# Who gives tasks brings them as a sheet, too; who works in a grid brings its households.
_SHEETS: Outcomes = {
    "anonymous": "login",
    "system_admin": PAST,
    "security_admin": PAST,
    "all": "404",
    **dict.fromkeys(("dispatcher", "shift_leader", "street_leader", "supervisor"), PAST),
    **dict.fromkeys(("grid_head", "grid_head!", "unit_head", "unit_head!"), PAST),
    **dict.fromkeys(("neighbourhood_secretary", "neighbourhood_secretary!", "community_worker"), PAST),
    **dict.fromkeys(("community_worker!", "microgrid_head", "microgrid_head!"), PAST),
}
_DOCUMENT_KEEPERS = dict.fromkeys(
    ("dispatcher", "shift_leader", "street_leader", "supervisor", "grid_head", "grid_head!", "unit_head", "unit_head!"),
    PAST,
)
_DOCUMENT_READERS = (
    "neighbourhood_secretary",
    "neighbourhood_secretary!",
    "unit_handler",
    "unit_handler!",
    "community_worker",
    "community_worker!",
)
_OUTSIDE_DESK: Outcomes = {"anonymous": "login", "residents": "403", "admins": "403"}
_DOCUMENT_NONE: Outcomes = {**_OUTSIDE_DESK, "all": "404"}
_DOCUMENTS: Outcomes = {**_DOCUMENT_NONE, **_DOCUMENT_KEEPERS, **dict.fromkeys(_DOCUMENT_READERS, "ok")}
_DOCUMENTS_KEPT: Outcomes = {**_DOCUMENT_NONE, **_DOCUMENT_KEEPERS, **dict.fromkeys(_DOCUMENT_READERS, "403")}
# Nobody's document: who may not keep any is refused before it is looked for.
_DOCUMENT_ACTS: Outcomes = {**_OUTSIDE_DESK, **dict.fromkeys(_DOCUMENT_KEEPERS, "404"), "all": "403"}
_LOGIN: Outcomes = {"all": {"ok", "refused", "login"}}
_LINES: Outcomes = {
    "anonymous": "login",
    "system_admin": PAST,
    "grid_head": PAST,
    "grid_head!": "403",
    "security_admin": "403",
    "dispatcher": "403",
    "shift_leader": "403",
    "street_leader": "403",
    "supervisor": "403",
    "neighbourhood_secretary": "403",
    "neighbourhood_secretary!": "403",
    "all": "404",
}
_DUTY: Outcomes = {**_LINES, "system_admin": "403", "grid_head": "403", "shift_leader": PAST, "street_leader": PAST}
_GRIDS: Outcomes = {k: "ok" if v != "login" and k != "all" else v for k, v in _LINES.items()}
# What is set up in the console: read by who leads, changed by who sets up.
_SETTINGS: Outcomes = {
    "anonymous": "login",
    "system_admin": PAST,
    "shift_leader": "ok",
    "street_leader": "ok",
    "supervisor": "ok",
    "all": "404",
}
_SET_UP: Outcomes = _ADMIN
_LEADERS = ("shift_leader", "street_leader", "supervisor")
# A dry run is of a draft, which somebody may have begun on the way here.
_TRIAL: Outcomes = {k: {"ok", "404"} if v in ("ok", PAST) else v for k, v in _SETTINGS.items()}
# How the companies clear bikes: for those who see all, and for a company itself (here the twin, 街面秩序管理服务公司).
_COMPANIES: Outcomes = {
    "anonymous": "login",
    "dispatcher": "ok",
    "shift_leader": "ok",
    "street_leader": "ok",
    "supervisor": "ok",
    "contractor!": "ok",
    "all": "403",
}

# The catalogue of problems and the other words: read by those who lead, changed by the system administrator.
_LEAD: Outcomes = {
    "anonymous": "login",
    "system_admin": "ok",
    "shift_leader": "ok",
    "street_leader": "ok",
    "supervisor": "ok",
    "all": "404",
}


def _category(_stage: Stage) -> dict[str, Any]:
    return {"code": "garbage"}


def _question(_stage: Stage) -> dict[str, Any]:
    return {"code": "garbage", "question": "q1"}


def _template(_stage: Stage) -> dict[str, Any]:
    return {"code": "cases.accepted"}


_WORDS: dict[str, Row] = {
    "portal:preview": Row(_LEAD, {k: PAST if v == "ok" else v for k, v in _LEAD.items()}, _category),
    "portal:preview_suggest": Row(None, _LEAD, _category),
    "console:categories": Row(_LEAD),
    "console:category_new": Row(_ADMIN, _ADMIN),
    "console:category": Row(_LEAD, None, _category),
    "console:category_edit": Row(_ADMIN, _ADMIN, _category),
    "console:category_move": Row(None, _ADMIN, _category),
    "console:category_switch": Row(_ADMIN, _ADMIN, _category),
    "console:category_preview": Row(_LEAD, None, _category),
    "console:category_publish": Row(_ADMIN, _ADMIN, _category),
    "console:category_discard": Row(None, {**_ADMIN, "system_admin": "404"}, _category),
    "console:category_versions": Row(_LEAD, None, _category),
    "console:category_restore": Row(None, _ADMIN, lambda _stage: {"code": "garbage", "number": 1}),
    "console:category_questions": Row(_LEAD, None, _category),
    "console:question_new": Row(_ADMIN, _ADMIN, _category),
    "console:question": Row(*[{**_ADMIN, "system_admin": "404"}] * 2, _question),
    "console:question_arrange": Row(None, _ADMIN, _question),
    "console:templates": Row(_LEAD),
    "console:template": Row(_LEAD, _ADMIN, _template),
    "console:template_reset": Row(None, _ADMIN, _template),
    "console:template_test": Row(None, _ADMIN, _template),
    "console:phrases": Row(_LEAD),
    "console:phrases_adopt": Row(None, _ADMIN),
    "console:phrase_new": Row(_ADMIN, _ADMIN),
    "console:phrase": Row(*[{**_ADMIN, "system_admin": "404"}] * 2, nothing),
    "console:phrase_arrange": Row(None, {**_ADMIN, "system_admin": "404"}, nothing),
    "console:laws": Row(_LEAD),
    "console:law_new": Row(_ADMIN, _ADMIN),
    "console:law": Row({"anonymous": "login", "all": "404"}, {**_ADMIN, "system_admin": {"404", "refused"}}, nothing),
    "console:law_switch": Row(None, {**_ADMIN, "system_admin": "404"}, nothing),
    # Forms: read by who leads, designed by who sets up; no form stands in the walk's stage.
    "console:forms": Row(_LEAD),
    "console:form_new": Row(_ADMIN, _ADMIN),
    "console:form_import": Row(_ADMIN, _ADMIN),
    "console:form_library": Row(_LEAD),
    "console:form_adopt": Row(None, _ADMIN),
    **{
        f"console:{name}": Row(*[{"anonymous": "login", "all": "404"}] * 2, lambda _stage: {"code": "no_such_form"})
        for name in ("form", "form_design", "form_settings", "form_publish")
    },
    **{
        f"console:{name}": Row(None, {"anonymous": "login", "all": "404"}, lambda _stage: {"code": "no_such_form"})
        for name in ("form_add", "form_arrange", "form_discard", "form_media")
    },
    **{
        f"console:{name}": Row({"anonymous": "login", "all": "404"}, None, lambda _stage: {"code": "no_such_form"})
        for name in ("form_compare", "form_export", "form_xform")
    },
}
_DESK_KEEPERS = ("system_admin", "shift_leader", "street_leader")
_DESKS: Outcomes = {"anonymous": "login", **dict.fromkeys(_DESK_KEEPERS, "ok"), "all": "404"}
_BODY_READERS = ("system_admin", "security_admin", "dispatcher", "shift_leader", "street_leader", "supervisor")
_BODIES: Outcomes = {"anonymous": "login", **dict.fromkeys(_BODY_READERS, "ok"), "all": "404"}
_LIST_READERS = ("system_admin", "shift_leader", "street_leader", "supervisor")

ROWS: dict[str, Row] = {
    "web:login": Row(PUBLIC, PUBLIC),
    "web:login_step": Row(_LOGIN, _LOGIN),
    "web:login_phone": Row(_LOGIN, _LOGIN),
    "web:login_code": Row(_LOGIN, _LOGIN),
    "web:logout": Row(None, {"all": "login"}),
    "web:account": Row(LOGGED_IN),
    "web:password": Row(LOGGED_IN, LOGGED_IN),
    "web:confirm": Row(LOGGED_IN, LOGGED_IN),
    "web:account_preferences": Row(None, LOGGED_IN),
    "web:end_session": Row(None, {"anonymous": "login", "all": {"ok", "refused", "404"}}),
    # The walkers have given their password within ten minutes, as these ask.
    "web:second_factor": Row(LOGGED_IN, LOGGED_IN),
    "web:second_factor_remove": Row(None, LOGGED_IN),
    "web:recovery_codes": Row(None, LOGGED_IN),
    "web:user": Row(_ADMIN, None, _user),
    "web:user_password": Row(None, _ADMIN, _user),
    "web:user_sessions": Row(None, _ADMIN, _user),
    "web:user_second_factor": Row(None, _ADMIN, _user),
    "web:user_active": Row(None, _ADMIN, _user),
    "web:preferences": Row(None, PUBLIC),
    "web:language": Row(PUBLIC, PUBLIC),
    "desk:notifications": Row(LOGGED_IN),
    "desk:read": Row(None, LOGGED_IN),
    "desk:digest": Row(None, LOGGED_IN),
    "desk:companies": Row(_COMPANIES),
    # Documents: who works with them; acts of those who keep them. No document stands on the stage.
    "desk:documents": Row(_DOCUMENTS),
    "desk:document_new": Row(_DOCUMENTS_KEPT, _DOCUMENTS_KEPT),
    "desk:document_five": Row(_DOCUMENTS),
    "desk:document_aliases": Row(_DOCUMENTS),
    "desk:document_alias": Row(None, _DOCUMENT_ACTS, lambda _stage: {"uuid": NOBODY}),
    "desk:document_five_one": Row(_DOCUMENTS, None, lambda _stage: {"number": 1}),
    **{
        f"desk:{name}": Row(get, post, lambda _stage: {"uuid": NOBODY})
        for name, get, post in (
            ("document", _DOCUMENT_NONE, None),
            ("document_file", _DOCUMENT_NONE, None),
            ("document_order", _DOCUMENT_ACTS, _DOCUMENT_ACTS),
            ("document_check", _DOCUMENT_NONE, None),
            ("document_sure", None, _DOCUMENT_NONE),
            ("document_finish", None, _DOCUMENT_NONE),
            ("document_add", _DOCUMENT_ACTS, _DOCUMENT_ACTS),
            ("document_tasks", _DOCUMENT_ACTS, _DOCUMENT_ACTS),
            ("document_parts", _DOCUMENT_NONE, None),
            ("document_outline", _DOCUMENT_ACTS, _DOCUMENT_ACTS),
            ("document_part", _DOCUMENT_ACTS, _DOCUMENT_ACTS),
            ("document_plan", _DOCUMENT_NONE, _DOCUMENT_NONE),
            ("document_finding", _DOCUMENT_NONE, _DOCUMENT_NONE),
            ("finding_link", _DOCUMENT_ACTS, _DOCUMENT_ACTS),
            ("finding_edit", _DOCUMENT_ACTS, _DOCUMENT_ACTS),
            ("finding_task", _DOCUMENT_ACTS, _DOCUMENT_ACTS),
        )
    },
    "desk:plan_cell": Row(_DOCUMENT_NONE, _DOCUMENT_NONE, lambda _stage: {"uuid": NOBODY, "unit_id": 1}),
    "desk:plan_task": Row(*[_DOCUMENT_ACTS] * 2, lambda _stage: {"uuid": NOBODY, "unit_id": 1}),
    "field:today": Row(OF_STAFF),
    "field:map": Row(OF_STAFF),
    "field:areas": Row(OF_STAFF),
    "field:report": Row(OF_STAFF, OF_STAFF),
    "field:reported": Row(OF_READERS, None, case),
    "field:upload": Row(None, OF_STAFF),
    "field:around": Row(OF_STAFF),
    "field:around_area": Row(OF_STAFF, None, grid),
    "field:case": Row(OF_READERS, None, case),
    "field:file": Row(OF_READERS, None, _file),
    "field:file_shown": Row(OF_READERS, None, lambda stage: {**_file(stage), "size": 320}),
    "field:reach": Row(
        *[
            {
                **OF_READERS,
                "contractor": "403",
                "street_leader": "403",
                "supervisor": "403",
                "grid_head": "403",
                "community_worker": "403",
                "microgrid_head": "403",
                "readers": PAST,
            }
        ]
        * 2,
        case,
    ),
    # The acts one by one stand in ``test_verbs.py``; here handing in, of 城管's case.
    "field:act": Row(
        *[{"anonymous": "login", "unit_handler": PAST, "unit_head": PAST, "readers": "403", "all": "404"}] * 2,
        lambda stage: {**case(stage), "verb": "hand_in"},
    ),
    **_WORDS,
    "console:home": Row({**_GRIDS, "audit_admin": "ok"}),
    "console:setup": Row(_SETTERS),
    "console:setup_place": Row(_ADMIN, _ADMIN),
    "console:setup_open": Row(_ADMIN, _ADMIN),
    "console:gaps": Row(_GAPS),
    "console:desks": Row(_DESKS),
    "console:desk_new": Row(_DESKS, {**_DESKS, **dict.fromkeys(_DESK_KEEPERS, "refused")}),
    "console:desk": Row(*[{"anonymous": "login", "all": "404"}] * 2, lambda _stage: {"uuid": NOBODY}),
    "console:bodies": Row(_BODIES),
    "console:body_new": Row(*[{**_BODIES, **dict.fromkeys(_BODY_READERS, "403"), "system_admin": PAST}] * 2),
    "console:body": Row(*[{"anonymous": "login", "all": "404"}] * 2, lambda _stage: {"uuid": NOBODY}),
    "console:grid_items": Row(_GRIDS, {**_GRIDS, **{k: PAST for k, v in _GRIDS.items() if v == "ok"}}),
    "console:grid_item": Row(None, {"anonymous": "login", "all": "404"}, lambda _stage: {"uuid": NOBODY}),
    "console:grid_items_set": Row(None, {"anonymous": "login", "all": "404"}, grid),
    "console:stations": Row(_ADMIN),
    "console:station_new": Row(_ADMIN, _ADMIN),
    "console:station": Row(
        {"anonymous": "login", "all": "404"}, {"anonymous": "login", "all": "404"}, lambda _stage: {"uuid": NOBODY}
    ),
    "console:admissions": Row(
        {"anonymous": "login", **dict.fromkeys(_LIST_READERS, "ok"), "all": "404"},
        {"anonymous": "login", **dict.fromkeys(_LIST_READERS, "refused"), "all": "404"},
    ),
    "console:admission_end": Row(
        None,
        {"anonymous": "login", "all": "404"},
        lambda _stage: {"uuid": NOBODY},
    ),
    "console:meeting_kinds": Row(_DESKS),
    "console:meeting_kind_new": Row(_DESKS, {**_DESKS, **dict.fromkeys(_DESK_KEEPERS, "refused")}),
    "console:meeting_kind": Row(
        _DESKS, {**_DESKS, **dict.fromkeys(_DESK_KEEPERS, "refused")}, lambda _stage: {"code": "monthly_talk"}
    ),
    "console:meeting_kind_switch": Row(
        None, {**_DESKS, **dict.fromkeys(_DESK_KEEPERS, "refused")}, lambda _stage: {"code": "monthly_talk"}
    ),
    "console:meeting_kind_delete": Row(
        None, {**_DESKS, **dict.fromkeys(_DESK_KEEPERS, "refused")}, lambda _stage: {"code": "monthly_talk"}
    ),
    "console:jobs": Row(_ADMIN),
    "console:jobs_resend": Row(None, _ADMIN),
    "console:job_resend": Row(None, _ADMIN, lambda _stage: {"job_id": 1}),
    "console:job_discard": Row(None, _ADMIN, lambda _stage: {"job_id": 1}),
    "console:sheets": Row(_SHEETS),
    "console:sheet_layouts": Row(_SHEETS),
    "console:sheet_layout": Row(NOBODYS, NOBODYS, _batch),
    "console:sheet_layout_forget": Row(None, NOBODYS, _batch),
    "console:sheet_upload": Row(_ADMIN, _ADMIN, lambda _stage: {"code": "units"}),
    "console:sheet_template": Row(_ADMIN, None, lambda _stage: {"code": "units"}),
    "console:sheet_export": Row(_ADMIN, None, lambda _stage: {"code": "units"}),
    # No such import for anybody: who gets past the door is shown in the tests of the pages.
    "console:sheet_batch": Row(NOBODYS, None, _batch),
    "console:sheet_check": Row(None, NOBODYS, _batch),
    "console:sheet_apply": Row(None, NOBODYS, _batch),
    "console:sheet_go_on": Row(None, NOBODYS, _batch),
    "console:sheet_stop": Row(None, NOBODYS, _batch),
    "console:sheet_undo": Row(None, NOBODYS, _batch),
    "console:sheet_confirm": Row(None, NOBODYS, _batch),
    "console:sheet_drop": Row(None, NOBODYS, _batch),
    "console:sheet_errors": Row(NOBODYS, None, _batch),
    "console:sheet_slips": Row(None, NOBODYS, _batch),
    "console:grids": Row(_GRIDS),
    "console:grid": Row(_GRIDS, None, grid),
    "console:grid_lines": Row(None, _LINES, grid),
    "console:grid_forces": Row(None, _LINES, grid),
    "console:grid_force_end": Row(
        None, {**_LINES, "system_admin": "404", "grid_head": "404"}, lambda s: {**grid(s), "force_id": 1}
    ),
    "console:grid_duty": Row(None, _DUTY, grid),
    "console:calendar": Row(_SETTINGS),
    "console:calendar_days": Row(None, _SET_UP),
    "console:calendar_restore": Row(None, _SET_UP),
    "console:calendar_notice": Row(_SET_UP, _SET_UP),
    "console:rules": Row(_SETTINGS),
    "console:rule": Row(_SETTINGS, None, _code),
    "console:rule_change": Row(_SET_UP, _SET_UP, _code),
    "console:rule_withdraw": Row(None, _SET_UP, _code),
    "console:rule_for_category": Row({**_SET_UP, "system_admin": "404"}, None, _code),
    "console:routing": Row(_SETTINGS),
    "console:routing_new": Row(_SET_UP, _SET_UP),
    "console:routing_rule": Row(_SET_UP, _SET_UP, _rule),
    "console:routing_act": Row(
        None, {**_SET_UP, "system_admin": {"404"}}, lambda stage: {**_rule(stage), "key": "none"}
    ),
    "console:routing_discard": Row(None, _SET_UP),
    "console:routing_enable": Row(None, _SET_UP),
    "console:routing_history": Row(_SETTINGS),
    "console:routing_version": Row(_SETTINGS, None, lambda _stage: {"number": 1}),
    "console:routing_take_up": Row(None, _SET_UP, lambda _stage: {"number": 1}),
    "console:routing_try": Row(_SETTINGS, {**_SETTINGS, **dict.fromkeys(_LEADERS, PAST)}),
    "console:routing_trial": Row(
        _SETTINGS, {**_SETTINGS, **dict.fromkeys(_LEADERS, "403"), "system_admin": {"ok", "404"}}
    ),
    "console:routing_step": Row(None, {**_SET_UP, "system_admin": {"ok", "404"}}, lambda _stage: {"trial_id": 1}),
    "console:routing_cases": Row(_TRIAL, None, lambda _stage: {"trial_id": 1}),
}

ROWS |= {
    "wall:day": Row(WALL),
    "wall:now": Row(WALL),
    "wall:screen": Row(SCREEN, None, lambda _stage: {"token": "x" * 43}),
    "wall:screen_now": Row(SCREEN, None, lambda _stage: {"token": "x" * 43}),
}

# Venues, posters, charging facilities: set up by the system administrator, kept by who leads the area, read by leaders.
_VENUE_READERS: Outcomes = {
    "anonymous": "login",
    "system_admin": "ok",
    "dispatcher": "ok",
    "shift_leader": "ok",
    "street_leader": "ok",
    "supervisor": "ok",
    "grid_head": "ok",
    "grid_head!": "ok",
    "neighbourhood_secretary": "ok",
    "neighbourhood_secretary!": "ok",
    "all": "404",
}
_KEPT: Outcomes = {
    **{who: "403" if got == "ok" else got for who, got in _VENUE_READERS.items()},
    "system_admin": PAST,
    "grid_head": PAST,
    "neighbourhood_secretary": PAST,
}
_COUNTED: Outcomes = {**_ADMIN, **dict.fromkeys(["grid_head", "grid_head!"], PAST),
                      **dict.fromkeys(["neighbourhood_secretary", "neighbourhood_secretary!"], PAST)}  # fmt: skip
_POSTED: Outcomes = {**_COUNTED, "dispatcher": PAST, "shift_leader": PAST}
_POSTERS: Outcomes = {**_POSTED, "street_leader": "ok", "supervisor": "ok"}
_POSTER: Outcomes = {**_POSTERS, "grid_head!": "403", "neighbourhood_secretary!": "403"}


def _of_venue(stage: Stage) -> dict[str, Any]:
    return {"uuid": stage.venue.uuid}


def _of_poster(stage: Stage) -> dict[str, Any]:
    return {"uuid": stage.poster.uuid}


ROWS |= {
    "console:areas": Row(_VENUE_READERS),
    "console:area_new": Row(_ADMIN, _ADMIN),
    "console:area_upload_new": Row(_ADMIN, _ADMIN),
    "console:area_upload": Row({"anonymous": "login", "all": "404"}, None, lambda _stage: {"uuid": NOBODY}),
    "console:area_upload_map": Row({"anonymous": "login", "all": "404"}, None, lambda _stage: {"uuid": NOBODY}),
    "console:area_upload_apply": Row(None, {"anonymous": "login", "all": "404"}, lambda _stage: {"uuid": NOBODY}),
    "console:area_upload_drop": Row(None, {"anonymous": "login", "all": "404"}, lambda _stage: {"uuid": NOBODY}),
    "console:area": Row(_VENUE_READERS, None, grid),
    "console:area_map": Row(_VENUE_READERS, None, grid),
    "console:area_act": Row(None, _ADMIN, lambda stage: {**grid(stage), "name": "name"}),
    "console:venues": Row(_VENUE_READERS),
    "console:venue_pins": Row(_VENUE_READERS),
    "console:venue_new": Row(_ADMIN, _ADMIN),
    "console:venue": Row(_VENUE_READERS, _KEPT, _of_venue),
    "console:venue_photo": Row({"anonymous": "login", "all": "404"}, None, lambda s: {**_of_venue(s), "photo_id": 1}),
    "console:venue_act": Row(None, _KEPT, lambda s: {**_of_venue(s), "name": "state"}),
    "console:venue_kinds": Row(_ADMIN),
    "console:venue_kinds_ship": Row(None, _ADMIN),
    "console:facility_new": Row(None, _ADMIN),
    "console:venue_kind_new": Row(_ADMIN, _ADMIN),
    "console:venue_kind": Row(_ADMIN, _ADMIN, lambda _stage: {"code": "canteen"}),
    "console:map_new": Row(_ADMIN, _ADMIN),
    "console:map": Row(_ADMIN, _ADMIN, lambda _stage: {"code": "riders"}),
    "console:posters": Row(_POSTERS),
    "console:poster_new": Row(_POSTED, _POSTED),
    "console:channel": Row(_ADMIN, _ADMIN),
    "console:poster": Row(_POSTER, None, _of_poster),
    "console:poster_withdraw": Row(
        None, {**_POSTED, "grid_head!": "403", "neighbourhood_secretary!": "403"}, _of_poster
    ),
    "console:charging": Row(_VENUE_READERS),
    "console:charging_count": Row(None, _COUNTED),
    "console:charging_project": Row(None, _COUNTED),
    "portal:map": Row(PUBLIC, None, lambda _stage: {"code": "places"}),
    "portal:map_pins": Row(PUBLIC, None, lambda _stage: {"code": "places"}),
    "portal:map_print": Row(PUBLIC, None, lambda _stage: {"code": "places"}),
    "portal:venue": Row(PUBLIC, None, _of_venue),
    "portal:venue_photo": Row({"all": "404"}, None, lambda stage: {"file": stage.file.uuid, "size": 320}),
    "portal:scan": Row(PUBLIC, None, lambda stage: {"code": stage.poster.code}),
}

# People, units, roles, the journal, screens: each administrator their own.
_KEEPERS: Outcomes = {"anonymous": "login", "system_admin": PAST, "security_admin": PAST, "all": "404"}
_SECURITY: Outcomes = {"anonymous": "login", "security_admin": PAST, "all": "404"}
_AUDIT: Outcomes = {"anonymous": "login", "audit_admin": PAST, "all": "404"}
_ROLES: Outcomes = {**_GRIDS, "audit_admin": "ok"}


def _person(stage: Stage) -> dict[str, Any]:
    return {"uuid": stage.users["unit_handler!"].uuid}


def _unit(stage: Stage) -> dict[str, Any]:
    return {"uuid": stage.world.units["enforcement"].uuid}


ROWS |= {
    "console:people": Row(_KEEPERS),
    "console:person_new": Row(_ADMIN, _ADMIN),
    "console:person": Row(_KEEPERS, None, _person),
    "console:person_appoint": Row(None, _SECURITY, _person),
    "console:person_end": Row(
        None, {**_SECURITY, "security_admin": "404"}, lambda stage: {**_person(stage), "term_id": 1}
    ),
    "console:person_absence": Row(None, _SECURITY, _person),
    "console:person_hand_over": Row(None, _SECURITY, _person),
    "console:see_as": Row(None, _SECURITY, _person),
    "console:see_as_end": Row(None, {"anonymous": "login", "all": "ok"}),
    "console:absences": Row(_SECURITY),
    "console:absence_add": Row(None, _SECURITY),
    "console:absence_end": Row(None, {**_SECURITY, "security_admin": "404"}, lambda _stage: {"absence_id": 1}),
    "console:units": Row(_KEEPERS),
    "console:unit_new": Row(None, _ADMIN),
    "console:unit": Row(_KEEPERS, None, _unit),
    "console:unit_post": Row(None, _ADMIN, _unit),
    "console:unit_end": Row(None, _ADMIN, _unit),
    "console:roles": Row(_ROLES),
    "console:journal": Row(_AUDIT),
    "console:journal_verify": Row(None, _AUDIT),
    "console:journal_entry": Row({"anonymous": "login", "all": "404"}, None, nothing),
    "console:screens": Row(_ADMIN),
    "console:screen_create": Row(None, _ADMIN),
    "console:screen_revoke": Row(None, _ADMIN, nothing),
}

ROWS |= deeds.ROWS
ROWS |= rows_rosa.ROWS
ROWS |= rows_api.ROWS
ROWS |= rows_alerts.ROWS
ROWS |= rows_figures.ROWS
ROWS |= rows_open311.ROWS
ROWS |= rows_visits.ROWS
ROWS |= rows_streets.ROWS
ROWS |= rows_ledgers.ROWS
ROWS |= rows_mailbox.ROWS
ROWS |= rows_rounds.ROWS
ROWS |= rows_civility.ROWS
ROWS |= rows_pwa.ROWS
ROWS |= rows_owners.ROWS
ROWS |= rows_duplicates.ROWS
ROWS |= rows_exports.ROWS
ROWS |= rows_category.ROWS

# For addresses without a row of their own, by the beginning of their name and pattern, the longest first: what a
# GET and a POST (of nothing) give. An address that has no such method answers 405. Arguments named below are
# filled from the stage.
_DOOR = {"404", "403", "405"}
_INSIDE = {"ok", "refused", "404", "403", "405"}
_OF_CASE: Outcomes = {"anonymous": "login", "readers": _INSIDE, "all": _DOOR}
_OF_DESK: Outcomes = {"anonymous": "login", "residents": _DOOR, "admins": _DOOR, "all": _INSIDE}
_OPEN: Outcomes = {"all": {"ok", "refused", "404", "405"}}
_OWN: Outcomes = {"anonymous": {"login", "405"}, "all": {"ok", "refused", "404", "405"}}

PREFIXES: dict[str, tuple[Outcomes, Outcomes]] = {
    "desk:desk/cases/": (_OF_CASE, _OF_CASE),
    "desk:desk/": (_OF_DESK, _OF_DESK),
    "gallery/": ({"anonymous": {"ok", "login"}, "all": {"ok", "refused"}}, _OPEN),
    "portal:mine": (_OWN, _OWN),
    "portal:": (_OPEN, _OPEN),
    "notifications/": ({"anonymous": {"login", "ok"}, "all": {"ok", "404"}}, {"all": {"login", "ok", "404", "405"}}),
}
ARGUMENTS: dict[str, Callable[[Stage], Any]] = {
    "number": lambda stage: stage.cases["handling"].number,
    "uuid": lambda stage: stage.file.uuid,
    "file": lambda stage: stage.file.uuid,
    "size": lambda _stage: 320,
    "verb": lambda _stage: "note",
    "note_id": lambda _stage: 1,
    "area_id": lambda stage: stage.area("grid", "陶家宅").pk,
}
