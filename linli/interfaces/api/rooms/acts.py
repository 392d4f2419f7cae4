"""The acts of the loop: an address for each verb of the workflow table, with the arguments of its service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router
from pydantic import Field, create_model

from linli.engines.cases import permissions, selectors, services
from linli.engines.cases.types import NoteKind
from linli.engines.cases.workflow import VERBS, Level, Outcome
from linli.foundation.accounts import selectors as accounts
from linli.foundation.accounts.types import TokenScope
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import to_wgs84
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.faults import one
from linli.foundation.deadlines.types import Unit
from linli.foundation.people import selectors as people
from linli.interfaces.api.door import Token, by_of, check_staff, expected_version, now_of
from linli.interfaces.api.rooms.cases import Number, files_of, shown
from linli.interfaces.api.shapes import ACT_REFUSALS, CaseDetail, Day, FileIn, Id, In, PointIn, Text

router = Router(tags=["acts"])
_REASON: Any = (Annotated[Text, Field(min_length=1, max_length=2000)], ...)
_SAID: Any = (Annotated[Text, Field(min_length=1, max_length=5000)], ...)
_FREE: Any = (Annotated[Text, Field(max_length=2000)], "")
_WORD: Any = (Annotated[Text, Field(max_length=60)], "")
_YES: Any = (bool, ...)
_FILES: Any = (Annotated[list[FileIn], Field(max_length=20)], [])
_UNITS: Any = (Annotated[list[Id], Field(max_length=20)], [])
_ONE: Any = (Id, ...)
_ANY: Any = (Id | None, None)
_JUST: dict[str, Any] = {"reason": _REASON}

# Verb → argument of its service → shape; what each needs beyond that the service says.
ACTS: dict[str, dict[str, Any]] = {
    "accept": {"verify": (bool | None, None)},
    "refuse": {**_JUST, "elsewhere": _REASON},
    "verify": {"confirmed": _YES, "text": _SAID, "files": _FILES},
    "file": {},
    "dispatch": {"unit_id": _ANY, "helper_ids": _UNITS, "reason": _FREE, "level": (Level | None, None)},
    "recall": _JUST,
    "transfer": {"unit_id": _ONE, **_JUST},
    "sign": {},
    "assign": {"user_id": _ONE},
    "arrive": {"text": _FREE, "files": _FILES, "near": (PointIn | None, None)},
    "return_": _JUST,
    "decide_return": {"uphold": _YES, **_JUST, "unit_id": _ANY},
    "ask": {"text": _SAID},
    "answer": {"text": _SAID, "files": _FILES},
    "note": {
        "text": _SAID, "mentions": _UNITS, "files": _FILES, "kind": (NoteKind, NoteKind.REMARK), "authority": _WORD,
        "number": _WORD, "law": _WORD, "audience": _WORD,
    },
    "contact": {"way": _REASON, "result": _REASON, "text": _FREE},
    "request_extension": {
        **_JUST, "amount": (Annotated[int, Field(ge=1, le=365)], ...), "time_unit": (Unit, Unit.WORK_DAYS),
    },
    "decide_extension": {"granted": _YES, "reason": _FREE},
    "request_shelving": {**_JUST, "review_on": (Day, ...)},
    "decide_shelving": {"granted": _YES, "reason": _FREE},
    "resume": _JUST,
    "request_raise": _JUST,
    "raise_level": _JUST,
    "lower_level": _JUST,
    "help_result": {"text": _SAID, "files": _FILES},
    "hand_in": {"text": _SAID, "outcome": (Outcome, ...), "files": _FILES},
    "check": {"passed": _YES, "text": _FREE, "files": _FILES},
    "reply": {"way": _REASON, "text": _SAID, "result": _WORD, "reporter_id": _ANY},
    "close": {"reason": _FREE},
    "review": {"reopen": _YES, **_JUST},
    "reopen": _JUST,
    "merge": {"main": (Annotated[Text, Field(max_length=40)], ...), **_JUST},
    "unmerge": _JUST,
    "unsplit": _JUST,
    "withdraw": _JUST,
    "urge": {"text": _FREE},
    "order": {"text": _SAID, "due_on": (Day, ...)},
    "void": _JUST,
    "share": {"unit_ids": _UNITS, "reason": _FREE},
}  # fmt: skip
# What needs a meeting, a telephone call or parts to be entered has pages of its own on the desk.
LEFT_OUT = frozenset(
    {"report", "correct", "convene", "decide", "rate", "split", "gather", "await_parts", "order_reply",
     "order_result", "call_back", "escalate", "join"}
)  # fmt: skip
_UNVERSIONED = frozenset({"note"})


def _check_units(ids: list[int], name: str) -> None:
    active = {u.pk for u in people.active_units()} if ids else set()
    if set(ids) - active:
        raise one("api", name, _("没有这个单位，或已停用。"))


def _check_people(ids: list[int], name: str) -> None:
    found = accounts.users(ids) if ids else {}
    if any(i not in found or not found[i].is_active for i in ids):
        raise one("api", name, _("没有这个人员，或账号已停用。"))


def _ids(value: Any) -> list[int]:
    return [value] if isinstance(value, int) else list(value or [])


def _arguments(by: Actor, verb: str, sent: Mapping[str, Any], case: Any, now: Any) -> dict[str, Any]:
    """Return what was sent as the service takes it."""
    found = dict(sent)
    for name in ("unit_id", "helper_ids", "unit_ids"):
        _check_units(_ids(found.get(name)), name)
    for name in ("user_id", "mentions"):
        _check_people(_ids(found.get(name)), name)
    if verb == "assign" and found["user_id"] not in {h.user_id for h in people.members_of(case.unit_id or 0, now=now)}:
        raise one("api", "user_id", _("这个人不在承办单位。"))
    if verb == "reply":
        _check_reporter(by, case, found)
    return _things(by, found, now)


def _things(by: Actor, found: dict[str, Any], now: Any) -> dict[str, Any]:
    """Put files, a point and another case in the place of their names."""
    if "files" in found:
        found["files"] = files_of(by, found["files"], now)
    if found.get("near") is not None:
        found["near"] = to_wgs84(found["near"].lat, found["near"].lon, found["near"].system)
    if "main" in found:
        found["main"] = permissions.get_case_for(by, found["main"])
    return found


def _check_reporter(by: Actor, case: Any, found: dict[str, Any]) -> None:
    if not found["result"]:
        found.pop("result")
    wanted = found.get("reporter_id")
    if wanted is not None and wanted not in {r.pk for r in selectors.case_detail(by, case, events=1).reporters}:
        raise one("api", "reporter_id", _("没有这位反映人。"))


def _act(verb: str) -> Callable[..., HttpResponse]:
    service = getattr(services, verb)
    shape: Any = create_model(f"{verb.rstrip('_').title().replace('_', '')}In", __base__=In, **ACTS[verb])

    def act(request: HttpRequest, number: Any, body: Any) -> HttpResponse:
        by, now = by_of(request), now_of(request)
        check_staff(by)
        case = permissions.get_case_for(by, number)
        expected = expected_version(request, case.version)
        # The door goes before what was sent: who may not do it learns nothing of units and people by trying.
        permissions.check_verb(by, case, VERBS[verb])
        sent = {name: getattr(body, name) for name in ACTS[verb]}
        more = {} if verb in _UNVERSIONED else {"expected": expected}
        service(by=by, now=now, case=case, **_arguments(by, verb, sent, case, now), **more)
        return _after(by, number, now)

    act.__name__ = f"act_{verb.rstrip('_')}"
    act.__doc__ = f"Do `{verb.rstrip('_')}` ({VERBS[verb].rule or 'no provision'})."
    act.__annotations__ = {"request": HttpRequest, "number": Path[Number], "body": shape, "return": HttpResponse}
    return act


def _after(by: Actor, number: str, now: Any) -> HttpResponse:
    """Return the case as it is after the act; 204 where it is not the caller's to read any more."""
    try:
        return shown(by, number, now)
    except NotFoundError:
        return HttpResponse(status=204)


for _verb in ACTS:
    _name = _verb.rstrip("_")
    router.post(
        f"/cases/{{number}}/acts/{_name}",
        auth=Token(TokenScope.CASES_WRITE),
        response={200: CaseDetail, 204: None, **ACT_REFUSALS},
        operation_id=f"act_{_name}",
        summary=_name.replace("_", " ").capitalize(),
        openapi_extra={
            "parameters": [
                {
                    "in": "header", "name": "If-Match", "required": True, "schema": {"type": "string"},
                    "description": "The ETag of the case that the act was decided on.",
                }
            ]
        },
    )(_act(_verb))  # fmt: skip
