"""Deeds that waited on the phone: a knock, a new target, a finding, an act on a case, an own order of the walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.engines.cases import permissions
from linli.engines.cases import services as cases
from linli.engines.cases.types import FileRef, Report
from linli.engines.cases.workflow import VERBS
from linli.engines.fieldwork import services
from linli.engines.fieldwork.permissions.ledgers import GRID, OF_UNIT
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from linli.foundation.files import selectors as files_read
from linli.foundation.places import selectors as places
from linli.interfaces.field.access import actor_of
from linli.interfaces.field.app.answers import Sent, api, told, wrong
from linli.interfaces.field.app.intake import done_json
from linli.interfaces.field.app.package import OFFLINE_ACTS
from linli.interfaces.field.cases.acts import ACTS, offered, perform
from linli.interfaces.field.cases.reports import source_of
from linli.interfaces.field.uploads import PURPOSES


def _once(request: HttpRequest, sent: Sent, kind: str, act: Callable[[], Mapping[str, Any]]) -> HttpResponse:
    # What the person decided after a conflict belongs to the sending, not to what was done; files are named by their
    # prints, since one that the clean-up took comes again under another uuid.
    content = {k: v for k, v in sent.data.items() if k not in {"judge", "expected", "files"}}
    done = services.once(
        by=actor_of(request), now=clock.now(), uuid=sent.own(), kind=kind, content=content, act=act
    )  # fmt: skip
    return told({"receipt": done_json(done)}, 200 if done.seen_before else 201)


@require_POST
@api
def attempt(request: HttpRequest) -> HttpResponse:
    """Enter a knock that led to no visit."""
    sent = Sent(request)
    visit = _needed(sent, "visit")

    def act() -> dict[str, Any]:
        found = services.attempt(
            by=actor_of(request), now=clock.now(), uuid=visit, outcome=sent.text("outcome", most=20),
            note=sent.text("note", most=500), at=sent.moment("made_at"), attempt_uuid=sent.own(),
        )  # fmt: skip
        begin = found.next_begin
        return {"next": begin.isoformat() if begin is not None else None, "enough": found.unreachable}

    return _once(request, sent, "attempt", act)


def _needed(sent: Sent, name: str) -> UUID:
    found = sent.uuid(name)
    if found is None:
        raise wrong(name, _("请从任务清单打开后再提交。"))
    return found


@require_POST
@api
def visit(request: HttpRequest) -> HttpResponse:
    """Take a visit that nobody has, or give one back with the reason; where somebody was quicker, say who has it."""
    sent, actor, now = Sent(request), actor_of(request), clock.now()
    uuid, step = _needed(sent, "visit"), sent.text("step", most=8)

    def take() -> None:
        services.take_visit(by=actor, now=now, uuid=uuid)

    def back() -> None:
        services.hand_back(by=actor, now=now, uuid=uuid, reason=sent.text("reason", most=300))

    steps = {"take": take, "back": back}
    if step not in steps:
        raise NotFoundError(_("没有这项操作。"))

    def do() -> dict[str, Any]:
        steps[step]()
        return {"visit": str(uuid), "step": step}

    return _once(request, sent, "visit", do)


@require_POST
@api
def target(request: HttpRequest) -> HttpResponse:
    """Enter a target that was found on the way; its uuid is the phone's, so that a record may speak of it."""
    sent = Sent(request)
    place = sent.mapping("place")
    area = None if place else _own_area(actor_of(request))
    if not place and area is None:
        raise wrong("place", _("请定位，系统据此归入网格。"))

    def act() -> dict[str, Any]:
        data = TargetData(
            kind=sent.text("kind", most=32), name=sent.text("name", most=200), number=sent.text("number", most=60),
            address=sent.text("address", most=300), lat=_coordinate(place, "lat"), lon=_coordinate(place, "lon"),
            facts=sent.mapping("facts"), area_id=area, unit_id=_own_unit(actor_of(request)),
        )  # fmt: skip
        made = services.add_target(
            by=actor_of(request), now=clock.now(), data=data, double_ok=sent.data.get("judge") is True, uuid=sent.own()
        )
        return {"target": str(made.uuid), "name": made.name}

    return _once(request, sent, "target", act)


def _own_unit(actor: Actor) -> int | None:
    """Return the unit of who works for a unit and in no grid: it answers for what they find, where it is one alone."""
    if any(g.role in GRID and g.area_path for g in actor.grants):
        return None
    units = {g.unit_id for g in actor.grants if g.role in OF_UNIT and g.unit_id is not None}
    return units.pop() if len(units) == 1 else None


def _own_area(actor: Actor) -> int | None:
    """Return the area that somebody works in, where it is one alone: what they find lies there unless a place says."""
    paths = {g.area_path for g in actor.grants if g.role in GRID and g.area_path}
    if len(paths) != 1:
        return None
    path = paths.pop()
    found = places.areas(on=timezone.localdate(clock.now()), below=path)
    return next((a.pk for a in found if a.path == path), None)


def _coordinate(place: Mapping[str, Any], name: str) -> float | None:
    value = place.get(name)
    return None if value is None else float(value) if isinstance(value, int | float) else None


def _point(sent: Sent, name: str = "place") -> Point | None:
    place = sent.mapping(name)
    lat, lon = _coordinate(place, "lat"), _coordinate(place, "lon")
    if lat is None or lon is None:
        return None
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise wrong(name, _("位置坐标无效。"))
    return Point(lat, lon)


def _refs(actor: Actor, sent: Sent, names: Mapping[str, Any]) -> list[FileRef]:
    """Return the files named by field as references; all must have arrived, from this person, and be free.

    Raises:
        InvalidError: one is not there (any more): the phone sends it again.
    """
    found = []
    for name, raw in sent.mapping("files").items():
        if name not in names:
            raise wrong("files", _("这一步不收这类照片。"))
        uuids = [UUID(str(u)) for u in raw]
        own = files_read.own_uploads(actor, uuids, now=clock.now(), purpose=PURPOSES[name].value)
        if len(own) != len(uuids):
            message = _("照片没有上传成功，请重新上传。")
            raise InvalidError(message, code="fieldwork.files", fields={name: [message]})
        found += [FileRef(file_id=own[u], purpose=PURPOSES[name]) for u in uuids]
    return found


@require_POST
@api
def finding(request: HttpRequest) -> HttpResponse:
    """Enter what somebody found on the way as a case."""
    sent = Sent(request)
    actor = actor_of(request)
    if not actor.has_role(*VERBS["report"].roles):
        raise ForbiddenError(_("您不能上报问题。"), code="cases.role")
    if not sent.text("category"):
        raise wrong("category", _("请选择类别。"))
    point = _point(sent)
    if point is None and not sent.text("address").strip():
        raise wrong("address", _("请定位，或填写地址。"))
    if not sent.text("text").strip():
        raise wrong("text", _("请写明情况。"))

    def act() -> dict[str, Any]:
        report = Report(
            text=sent.text("text").strip(), category=sent.text("category", most=64), address=sent.text("address"),
            point=point, coordinate_source="phone" if point else "", source=source_of(actor),
            files=_refs(actor, sent, {"photos": 1}), uuid=sent.own(), urgent=True if sent.data.get("urgent") else None,
        )  # fmt: skip
        made = cases.report(by=actor, now=clock.now(), report=report)
        return {"number": made.number}

    return _once(request, sent, "finding", act)


@require_POST
@api
def act(request: HttpRequest) -> HttpResponse:
    """Do an act on a case: sign, arrive, note, hand in; where the case went on meanwhile, say how it stands."""
    sent = Sent(request)
    actor, verb = actor_of(request), sent.text("verb", most=20)
    if verb not in OFFLINE_ACTS:
        raise NotFoundError(_("没有这项操作。"))
    number = sent.text("number", most=40)

    def done() -> dict[str, Any]:
        case = permissions.get_case_for(actor, number)
        code, why = permissions.why_not(actor, case, VERBS[verb], look_at_state=False)
        if code:
            raise ForbiddenError(why, code=f"cases.{code}")
        spec = ACTS[verb]
        form = offered(actor, case, verb, spec.form({**sent.mapping("fields"), "expected": sent.whole("expected")}))
        if not form.is_valid():
            said = {name: [str(e) for e in errors] for name, errors in form.errors.items()}
            raise InvalidError(_("有 %(count)s 处需要修改。") % {"count": len(said)}, fields=said)
        refs = _refs(actor, sent, dict.fromkeys(form.files_of()))
        try:
            perform(actor, case, verb, form, refs, near=_point(sent))
        except ConflictError as error:
            error.params["there"] = _standing(actor, number)
            raise
        return {"number": number, "verb": verb}

    return _once(request, sent, "act", done)


def _standing(actor: Actor, number: str) -> dict[str, Any]:
    case = permissions.get_case_for(actor, number)
    return {
        "number": number, "title": case.title, "state": str(case.get_state_display()), "version": case.version,
        "open": case.is_open, "unit": case.unit.name if case.unit is not None else "",
    }  # fmt: skip


@require_POST
@api
def order(request: HttpRequest) -> HttpResponse:
    """Put one's own visits of a day in an own order."""
    sent = Sent(request)
    day = parse_date(sent.text("day", most=10))
    if day is None:
        raise wrong("day", _("日期不对。"))

    def do() -> dict[str, Any]:
        return {"count": services.reorder(by=actor_of(request), now=clock.now(), day=day, order=sent.uuids("order"))}

    return _once(request, sent, "order", do)
