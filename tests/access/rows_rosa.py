"""Who gets what of OpenRosa, of passwords for programs, and of surveys."""

from __future__ import annotations

from tests.access.outcomes import LOGGED_IN, PAST, Outcomes, Row, nothing

# A session of a browser opens nothing there: name and app password come with every request.
_BY_APP_PASSWORD: Outcomes = {"all": "login"}

ROWS: dict[str, Row] = {
    "openrosa:form_list": Row(_BY_APP_PASSWORD, _BY_APP_PASSWORD),
    "openrosa:form": Row(_BY_APP_PASSWORD, _BY_APP_PASSWORD, nothing),
    "openrosa:manifest": Row(_BY_APP_PASSWORD, _BY_APP_PASSWORD, nothing),
    "openrosa:targets": Row(_BY_APP_PASSWORD, _BY_APP_PASSWORD, nothing),
    "openrosa:media": Row(_BY_APP_PASSWORD, _BY_APP_PASSWORD, lambda _stage: {**nothing(_stage), "name": "a.png"}),
    "openrosa:submission": Row(_BY_APP_PASSWORD, _BY_APP_PASSWORD),
    "web:app_passwords": Row(LOGGED_IN, LOGGED_IN),
    "web:app_password_revoke": Row(None, LOGGED_IN),
}

_READERS: Outcomes = {
    "anonymous": "login",
    **dict.fromkeys(
        ("dispatcher", "shift_leader", "street_leader", "supervisor", "unit_handler", "unit_handler!", "unit_head",
         "unit_head!", "neighbourhood_secretary", "neighbourhood_secretary!", "community_worker",
         "community_worker!", "grid_head", "grid_head!"),
        PAST,
    ),
    "all": "403",
}  # fmt: skip
_BEGINNERS: Outcomes = {
    "anonymous": "login",
    **dict.fromkeys(
        ("shift_leader", "street_leader", "supervisor", "unit_head", "unit_head!", "neighbourhood_secretary",
         "neighbourhood_secretary!"),
        PAST,
    ),
    "all": "403",
}  # fmt: skip
_NOT_THERE: Outcomes = {k: "404" if v == PAST else v for k, v in _READERS.items()}
ROWS |= {
    "desk:surveys": Row(_READERS),
    "desk:survey_new": Row(_BEGINNERS, _BEGINNERS),
    "desk:survey": Row(_NOT_THERE, None, nothing),
    "desk:survey_frame": Row(_NOT_THERE, _NOT_THERE, nothing),
    "desk:survey_aims": Row(_NOT_THERE, _NOT_THERE, nothing),
    "desk:survey_act": Row(None, _NOT_THERE, nothing),
    "desk:survey_doors": Row(_NOT_THERE, None, nothing),
    "desk:survey_qr": Row(_NOT_THERE, None, nothing),
    "desk:survey_slips": Row(None, _NOT_THERE, nothing),
    "desk:survey_print": Row(_NOT_THERE, None, nothing),
    "desk:survey_docx": Row(_NOT_THERE, None, nothing),
    "desk:survey_xlsx": Row(_NOT_THERE, None, nothing),
    "portal:survey": Row({"all": "404"}, {"all": "404"}, lambda _stage: {"code": "nothing"}),
    "portal:survey_thanks": Row({"all": "404"}, None, lambda _stage: {"code": "nothing"}),
}
