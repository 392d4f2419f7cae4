"""Volunteers in three roles, by number; what they did."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import NotFoundError
from linli.foundation.people import selectors as people
from linli.programmes.civility.models import Service, Volunteer
from linli.programmes.civility.permissions import check_enter
from linli.programmes.civility.services.help import Faults, tell
from linli.programmes.civility.types import Role

MOST_MINUTES = 720


@whole
def add_volunteer(*, by: Actor, now: datetime, role: str, number: str, unit_id: int) -> Volunteer:
    """Enter a volunteer of a unit by the number on their badge.

    Raises:
        ForbiddenError: not of the unit. InvalidError: by field.
    """
    faults = Faults()
    row = Volunteer(since=timezone.localdate(now))
    row.role = faults.choice("role", role, Role.values)
    row.number = faults.words("number", number, 20, needed=True)
    row.unit_id = faults.unit("unit_id", unit_id) or 0
    if Volunteer.objects.filter(unit=row.unit_id, number=row.number, until=None).exists():
        faults.add("number", _("这个单位已有这个编号。"))
    faults.check()
    unit = people.unit(row.unit_id)
    check_enter(by, row.unit_id, unit.area.path if unit.area else "")
    row.save(force_insert=True)
    tell(by, now, "add_volunteer", "volunteer", row.uuid, row.number, after={"role": role, "unit": unit_id})
    return row


@whole
def add_service(
    *, by: Actor, now: datetime, uuid: UUID, on: date, text: str, minutes: int, point: UUID | None = None
) -> Service:
    """Enter what a volunteer did on one day: 谁组织谁记录.

    Raises:
        NotFoundError, ForbiddenError: not of the volunteer's unit. InvalidError: by field.
    """
    volunteer = Volunteer.objects.select_related("unit__area").filter(uuid=uuid, until=None).first()
    if volunteer is None:
        raise NotFoundError(_("没有这位志愿者。"), code="civility.no_volunteer")
    check_enter(by, volunteer.unit_id, volunteer.unit.area.path if volunteer.unit.area else "")
    faults = Faults()
    said = faults.words("text", text, 300, needed=True)
    if not 0 < minutes <= MOST_MINUTES:
        faults.add("minutes", _("请填 1 至 720 分钟，不含路途时间。"))
    if not volunteer.since <= on <= timezone.localdate(now):
        faults.add("on", _("日期应在登记以后，不晚于今天。"))
    faults.check()
    target = fieldwork.target_for(by, point) if point is not None else None
    row = Service.objects.create(
        volunteer=volunteer, on=on, text=said, minutes=minutes, target=target, created_label=by.label[:80]
    )
    tell(
        by, now, "add_service", "volunteer", volunteer.uuid, volunteer.number, after={"on": on, "minutes": minutes}
    )  # fmt: skip
    return row
