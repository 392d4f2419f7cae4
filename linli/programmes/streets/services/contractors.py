"""Contractors: what was done on a route in a shift, how it was found, and what is taken off; never of a worker."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError
from linli.foundation.people.selectors import local_day
from linli.programmes.streets import permissions, selectors
from linli.programmes.streets.models import Quality, WorkLog
from linli.programmes.streets.services import help as h
from linli.programmes.streets.types import Crew, LogData, QualityData, Shift

ROUTES = ("contractor_route",)
MOST = 1_000_000


@whole
def log_work(*, by: Actor, now: datetime, data: LogData) -> WorkLog:
    """Write down a shift's work on a route: by its firm, or by who works on the streets there.

    Raises:
        NotFoundError, ForbiddenError, InvalidError. ConflictError: this shift is written down already.
    """
    route = h.street_target(by, data.target, ROUTES)
    if not permissions.may_log(by, route):
        raise permissions.refuse(_("登记作业"))
    faults = h.Faults()
    text = faults.words("text", data.text, 300)
    word = faults.words("unit_word", data.unit_word, 12, needed=True)
    if data.on > local_day(now):
        faults.add("on", _("日期不能晚于今天。"))
    if data.shift not in Shift.values:
        faults.add("shift", _("请从列出的选项中选择。"))
    if data.crew not in Crew.values:
        faults.add("crew", _("请从列出的选项中选择。"))
    for name in ("planned", "done", "told", "removed"):
        if not 0 <= getattr(data, name) <= MOST:
            faults.add(name, _("应为 0 至 1000000。"))
    faults.check()
    made = WorkLog(
        target=route, unit_id=route.unit_id, on=data.on, shift=data.shift, crew=data.crew, planned=data.planned,
        done=data.done, unit_word=word, told=data.told, removed=data.removed, text=text, area_path=route.area_path,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise ConflictError(
            _("这条线路这一班已经登记过。"), code="streets.log", hint=_("请在作业记录里查看。")
        ) from error
    h.step(
        by, now, "log_work", "log", made, label=route.name, text=text, files=data.files,
        after={"on": data.on, "shift": data.shift, "crew": data.crew, "done": str(data.done)},
    )  # fmt: skip
    return made


@whole
def check_quality(*, by: Actor, now: datetime, data: QualityData) -> Quality:
    """Write down how a route was found: marks off of a hundred; not by the firm itself.

    Raises:
        NotFoundError, ForbiddenError, InvalidError: marks off need a picture.
    """
    route = h.street_target(by, data.target, ROUTES)
    permissions.check_walk(by, route.area_path, _("质量检查"))
    faults = h.Faults()
    text = faults.words("text", data.text, 300, needed=True)
    if data.on > local_day(now):
        faults.add("on", _("日期不能晚于今天。"))
    if not 0 <= data.off <= 100:
        faults.add("off", _("扣分应为 0 至 100。"))
    elif data.off and not data.files:
        faults.add("photo", _("扣分的请附照片。"))
    faults.check()
    made = Quality.objects.create(
        target=route, unit_id=route.unit_id, on=data.on, off=data.off, text=text, area_path=route.area_path
    )
    h.step(
        by, now, "check_quality", "quality", made, label=route.name, text=text, files=data.files,
        after={"on": data.on, "off": str(data.off)},
    )  # fmt: skip
    return made


@whole
def reply_quality(*, by: Actor, now: datetime, uuid: UUID, text: str, expected: int | None = None) -> Quality:
    """Let the firm say what it has to say to a deduction.

    Raises:
        NotFoundError, ForbiddenError: not the firm. ConflictError: annulled. StaleError, InvalidError.
    """
    row = selectors.quality_for(by, uuid, lock=True)
    if row.unit_id not in permissions.firm_units(by):
        raise permissions.refuse(_("作业单位说明"))
    _counts(row, expected)
    text = h.needed("text", text)
    h.put(row, reply=text)
    h.step(by, now, "reply_quality", "quality", row, label=row.target.name, text=text, after={"reply": text})
    return row


def _counts(row: Quality, expected: int | None) -> None:
    if row.annulled_on is not None:
        raise ConflictError(_("这次扣分已经撤销。"), code="streets.annulled", hint=_("请刷新后查看。"))
    h.check_version(row, expected)


@whole
def annul_quality(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Quality:
    """Annul a deduction with its reason; it stays readable and counts no more.

    Raises:
        NotFoundError, ForbiddenError: no office of the street. ConflictError, StaleError, InvalidError.
    """
    row = selectors.quality_for(by, uuid, lock=True)
    if not permissions.is_office(by):
        raise permissions.refuse(_("撤销扣分"))
    _counts(row, expected)
    reason = h.needed("reason", reason)
    h.put(row, annulled_on=local_day(now), annul_reason=reason)
    h.step(by, now, "annul_quality", "quality", row, label=row.target.name, reason=reason, after={"off": "0"})
    return row
