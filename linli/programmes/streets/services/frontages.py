"""Frontage duty: written down, made known, changed, ended; blind spots: found, put right, looked at again."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.engines.cases import services as cases
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.types import FilePurpose, FileRef, Report, Source
from linli.engines.cases.workflow import REPORTERS, State
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError
from linli.foundation.people import selectors as people
from linli.foundation.people.selectors import local_day
from linli.foundation.places import selectors as places
from linli.programmes.streets import permissions, selectors
from linli.programmes.streets.models import BlindSpot, Duty
from linli.programmes.streets.rules import shipped
from linli.programmes.streets.services import help as h
from linli.programmes.streets.types import DutyData, Served, SpotData, SpotKind
from linli.programmes.streets.workflow import VERBS, SpotState

FRONTS = ("shop", "frontage", "company")
LONGEST = Decimal(500)


def _metres(faults: h.Faults, data: DutyData) -> None:
    for name in ("left", "right", "out"):
        if not 0 <= getattr(data, name) <= LONGEST:
            faults.add(name, _("应为 0 至 500 米。"))
    if data.left + data.right <= 0:
        faults.add("left", _("左右至少有一边大于 0。"))


def _check_duty(data: DutyData) -> str:
    faults = h.Faults()
    _metres(faults, data)
    sides = faults.words("sides", data.sides, 200)
    if not data.contents or set(data.contents) - set(shipped.duties()):
        faults.add("contents", _("请选择责任内容。"))
    faults.check()
    return sides


@whole
def make_duty(*, by: Actor, now: datetime, data: DutyData) -> Duty:
    """Write down what a door answers for, and how far.

    Raises:
        NotFoundError, ForbiddenError, InvalidError. ConflictError: the door has one already.
    """
    target = h.street_target(by, data.target, FRONTS, lock=True)
    permissions.check_walk(by, target.area_path, _("登记门责"))
    sides = _check_duty(data)
    made = Duty(
        target=target, left=data.left, right=data.right, out=data.out, sides=sides, contents=list(data.contents),
        area_path=target.area_path,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise ConflictError(
            _("这里已经登记过门责。"), code="streets.duty", hint=_("请在门责列表里查看、修改。")
        ) from error
    h.step(by, now, "make_duty", "duty", made, label=target.name, after=_metres_of(made))
    return made


def _metres_of(row: Duty) -> dict[str, Any]:
    return {"left": str(row.left), "right": str(row.right), "out": str(row.out), "contents": list(row.contents)}


def _duty(by: Actor, uuid: UUID, expected: int | None, what: str) -> Duty:
    row = selectors.duty_for(by, uuid, lock=True)
    permissions.check_walk(by, row.area_path, what)
    if row.ended_on is not None:
        raise ConflictError(_("这份门责已经终止。"), code="streets.duty_ended")
    h.check_version(row, expected)
    return row


@whole
def change_duty(*, by: Actor, now: datetime, uuid: UUID, data: DutyData, expected: int | None = None) -> Duty:
    """Change range or contents; a notice that was served before has to be served anew.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: it has ended. StaleError, InvalidError.
    """
    row = _duty(by, uuid, expected, _("修改门责"))
    sides, before = _check_duty(data), _metres_of(row)
    h.put(
        row, left=data.left, right=data.right, out=data.out, sides=sides, contents=list(data.contents),
        served_on=None, served="", notice_number=None, notice_year=None,
    )  # fmt: skip
    h.step(by, now, "change_duty", "duty", row, label=row.target.name, before=before, after=_metres_of(row))
    return row


@whole
def serve_duty(
    *, by: Actor, now: datetime, uuid: UUID, served: str, on: date, files: tuple[int, ...] = (),
    expected: int | None = None,
) -> Duty:  # fmt: skip
    """Write down that the notice was given, to whom (a role) and when, with its signed copy.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = _duty(by, uuid, expected, _("送达告知书"))
    today, faults = local_day(now), h.Faults()
    if served not in Served.values:
        faults.add("served", _("请选择送达给谁。"))
    if on > today:
        faults.add("on", _("送达日期不能晚于今天。"))
    faults.check()
    number = row.notice_number or h.next_number(Duty, "notice_year", "notice_number", on.year)
    try:
        with transaction.atomic():
            h.put(row, served=served, served_on=on, notice_year=row.notice_year or on.year, notice_number=number)
    except IntegrityError as error:
        raise h.stale() from error
    h.step(
        by, now, "serve_duty", "duty", row, label=row.target.name, text=str(Served(served).label), files=files,
        role="paper", after={"served": served, "served_on": on},
    )  # fmt: skip
    return row


@whole
def end_duty(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Duty:
    """End a duty with its reason, as where the shop has moved out.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = _duty(by, uuid, expected, _("终止门责"))
    reason = h.needed("reason", reason)
    h.put(row, ended_on=local_day(now), ended_reason=reason)
    h.step(by, now, "end_duty", "duty", row, label=row.target.name, reason=reason, after={"ended_on": row.ended_on})
    return row


@whole
def find_spot(*, by: Actor, now: datetime, data: SpotData) -> BlindSpot:
    """Write down a place that nobody looks after; one to be put right at once becomes a case.

    Raises:
        ForbiddenError: not of those who work there. InvalidError: by field.
    """
    today, faults = local_day(now), h.Faults()
    place = faults.words("place", data.place, 120, needed=True)
    text = faults.words("text", data.text, 500, needed=True)
    if data.kind not in SpotKind.values:
        faults.add("kind", _("请从列出的选项中选择。"))
    if data.due_on < today:
        faults.add("due_on", _("期限不能早于今天。"))
    if data.unit_id is None or not people.units([data.unit_id]):
        faults.add("unit_id", _("请选择责任单位。"))
    lane = h.street_target(by, data.lane, ("lane",)) if data.lane else None
    path, area_id = (lane.area_path, lane.area_id) if lane else ("", data.area_id)
    if area_id is None:
        faults.add("area_id", _("请选择在哪个区域。"))
    elif not path:
        path = _path(area_id, faults)
    faults.check()
    permissions.check_walk(by, path, _("登记盲区死角"))
    made = BlindSpot.objects.create(
        kind=data.kind, place=place, text=text, area_id=area_id, area_path=path, lane=lane, unit_id=data.unit_id,
        immediate=data.immediate, found_on=today, due_on=today if data.immediate else data.due_on,
    )  # fmt: skip
    h.step(
        by, now, "find_spot", "spot", made, label=place, text=text, files=data.files, role="before",
        after={"kind": made.kind, "due_on": made.due_on, "immediate": made.immediate},
    )  # fmt: skip
    if made.immediate:
        _spot_case(by, now, made, data.files)
    return made


def _path(area_id: int, faults: h.Faults) -> str:
    try:
        return str(places.area(area_id).path)
    except DomainError:
        faults.add("area_id", _("没有这个区域。"))
        return ""


def _spot_case(by: Actor, now: datetime, row: BlindSpot, files: tuple[int, ...]) -> None:
    """Make a case of a spot that cannot wait, and send it to its owner."""
    report = Report(
        text=_("%(kind)s，要求立即整改：%(text)s") % {"kind": row.get_kind_display(), "text": row.text},
        category="garbage" if row.kind == SpotKind.CORNER else "other", address=row.place, area_id=row.area_id,
        source=Source.PATROL, uuid=uuid5(NAMESPACE_OID, f"streets.spot:{row.uuid}"), origin={"spot": str(row.uuid)},
        files=tuple(FileRef(pk, FilePurpose.REPORT) for pk in files),
    )  # fmt: skip
    reporter = by if by.is_system or by.has_role(*REPORTERS) else SYSTEM.for_person(by.label)
    receipt = cases.report(by=reporter, now=now, report=report)
    case = get_case_for(SYSTEM, receipt.uuid)
    cases.dispatch(
        by=SYSTEM.for_person(by.label), now=now, case=case, unit_id=row.unit_id, reason=_("盲区死角要求立即整改。")
    )
    h.put(row, case_uuid=receipt.uuid, case_number=receipt.number)
    h.step(by, now, "spot_case", "spot", row, label=row.place, text=receipt.number, after={"case": receipt.number})


def _spot(by: Actor, uuid: UUID, verb: str, expected: int | None) -> BlindSpot:
    row = selectors.spot_for(by, uuid, lock=True)
    own = row.unit_id in by.unit_ids and verb == "fix_spot"
    if not own:
        permissions.check_walk(by, row.area_path, str(VERBS[verb].label))
    h.check_state(verb, row)
    h.check_version(row, expected)
    return row


def _moved(
    by: Actor, now: datetime, verb: str, row: BlindSpot, text: str, files: tuple[int, ...] = (), **changes: Any
) -> BlindSpot:
    before = {"state": row.state}
    h.put(row, state=VERBS[verb].target, **changes)
    h.step(
        by, now, verb, "spot", row, label=row.place, text=text, files=files, role="after", before=before,
        after={"state": row.state},
    )  # fmt: skip
    return row


@whole
def fix_spot(
    *, by: Actor, now: datetime, uuid: UUID, text: str, files: tuple[int, ...], expected: int | None = None
) -> BlindSpot:
    """Say that a spot was put right, with a picture of it; another person looks again.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError: no words or no picture.
    """
    row = _spot(by, uuid, "fix_spot", expected)
    text = h.needed("text", text, 500)
    if not files:
        raise h.invalid("photo", _("请附整改后的照片。"))
    return _moved(by, now, "fix_spot", row, text, files, fixed_on=local_day(now), fixed_by=by.user_id)


@whole
def close_spot(
    *, by: Actor, now: datetime, uuid: UUID, passed: bool, text: str, expected: int | None = None
) -> BlindSpot:
    """Look again: it is well and closed, or it is not and goes back; never by who put it right.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError: no words.
    """
    verb = "close_spot" if passed else "return_spot"
    row = _spot(by, uuid, verb, expected)
    if by.user_id is not None and by.user_id == row.fixed_by:
        raise ForbiddenError(_("整改和复核要由两个人做。"), code="streets.own", hint=_("请同事复核。"))
    text = h.needed("text", text, 500)
    changes: dict[str, Any] = {"closed_on": local_day(now)} if passed else {"fixed_on": None}
    return _moved(by, now, verb, row, text, **changes)


@whole
def drop_spot(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> BlindSpot:
    """Say that a spot is none, with the reason.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = _spot(by, uuid, "drop_spot", expected)
    return _moved(by, now, "drop_spot", row, h.needed("reason", reason), closed_on=local_day(now))


@whole
def follow_spot(*, now: datetime, case_uuid: UUID) -> bool:
    """Let a spot be put right once its case is closed; False where there is nothing to write."""
    row = BlindSpot.objects.select_for_update(of=("self",)).filter(case_uuid=case_uuid, state=SpotState.OPEN).first()
    if row is None or State(get_case_for(SYSTEM, case_uuid).state) != State.CLOSED:
        return False
    words = _("案件 %(number)s 已结案，等待复核。") % {"number": row.case_number}
    _moved(SYSTEM, now, "fix_spot", row, words, fixed_on=local_day(now))
    return True
