"""Writing desks, what must be in a grid, and leading groups; public through ``services``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.foundation.people import permissions, rules
from linli.foundation.people.models import (
    Body,
    BodyMember,
    DeskHours,
    GridItem,
    GridItemState,
    Post,
    UnitKind,
    WalkInDesk,
)
from linli.foundation.people.types import BodyFunction, NewDesk
from linli.foundation.places import selectors as places

EXAMPLES = ("组织在网格", "力量在网格", "服务在网格", "问题在网格")


def _note(
    by: Actor,
    now: datetime,
    verb: str,
    kind: str,
    uuid: UUID | None,
    label: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    journal.record(
        by=by,
        verb=f"people.{verb}",
        kind=kind,
        uuid=uuid,
        label=label,
        now=now,
        before=before,
        after=after,
        reason=reason,
    )


def _wrong(errors: Mapping[str, list[str]]) -> None:
    if errors:
        raise InvalidError(_("还有内容需要修改。"), fields=dict(errors))


def check_desk_keeper(by: Actor) -> None:
    """Raise unless ``by`` sets up desks: who manages units or the duty roster."""
    if not permissions.can(by, "people:manage_units"):
        permissions.check(by, "people:manage_duty")


@whole
def save_desk(*, by: Actor, now: datetime, desk: NewDesk, row: WalkInDesk | None = None) -> WalkInDesk:
    """Set a walk-in desk up, or change it with its hours.

    Raises:
        ForbiddenError: neither sets up units nor duty.
        InvalidError: no name, no place, no hours for an active one, hours that overlap or end before they begin.
    """
    check_desk_keeper(by)
    errors: dict[str, list[str]] = {}
    for name, value in (("name", desk.name), ("place", desk.place)):
        if not clean(value):
            errors[name] = [_("请填写这一项。")]
    if desk.active and not desk.hours:
        errors["hours"] = [_("请至少填写一个值守时段。")]
    if any(h.ends <= h.starts for h in desk.hours):
        errors["hours"] = [_("值守时段的结束应晚于开始。")]
    elif rules.hours_clash(desk.hours):
        errors["hours"] = [_("同一天的值守时段有重叠。")]
    others = WalkInDesk.objects.filter(name=clean(desk.name), active=True).exclude(pk=row.pk if row else 0)
    if desk.active and others.exists():
        errors["name"] = [_("已有同名的工作室。")]
    _wrong(errors)
    fields = {
        "name": clean(desk.name)[:80],
        "area_id": places.area(desk.area_id).pk,
        "unit_id": desk.unit_id,
        "post": clean(desk.post)[:64],
        "place": clean(desk.place)[:120],
        "phone": clean(desk.phone)[:32],
        "note": clean(desk.note)[:200],
        "active": desk.active,
    }
    before = _desk_picture(row) if row else None
    if row is None:
        row = WalkInDesk.objects.create(**fields)
    else:
        WalkInDesk.objects.filter(pk=row.pk).update(**fields)
        DeskHours.objects.filter(desk=row).delete()
    DeskHours.objects.bulk_create(
        DeskHours(desk=row, weekday=h.weekday, starts=h.starts, ends=h.ends) for h in desk.hours
    )
    row = WalkInDesk.objects.get(pk=row.pk)
    _note(by, now, "save_desk", "walk_in_desk", row.uuid, row.name, before=before, after=_desk_picture(row))
    return row


def _desk_picture(row: WalkInDesk) -> dict[str, Any]:
    hours = DeskHours.objects.filter(desk=row).order_by("weekday", "starts")
    shown = [f"{h.weekday} {h.starts:%H:%M}-{h.ends:%H:%M}" for h in hours]
    return {"name": row.name, "unit": row.unit_id, "place": row.place, "hours": shown, "active": row.active}


MOST_ITEMS = 60


@whole
def save_grid_item(
    *,
    by: Actor,
    now: datetime,
    name: str,
    meaning: str = "",
    order: int = 0,
    active: bool = True,
    item: GridItem | None = None,
) -> GridItem:
    """Enter something that must be in every grid, or change it; one no longer asked for is kept, inactive.

    Raises:
        InvalidError: no name, a name twice, or more than :data:`MOST_ITEMS`: every grid is looked at for each of them.
    """
    permissions.check(by, "console:configure")
    errors: dict[str, list[str]] = {}
    if not clean(name):
        errors["name"] = [_("请填写这一项。")]
    elif active and GridItem.objects.filter(name=clean(name), active=True).exclude(pk=item.pk if item else 0).exists():
        errors["name"] = [_("已有同名的事项。")]
    elif item is None and GridItem.objects.count() >= MOST_ITEMS:
        errors["name"] = [_("清单最多 %(count)s 项，请先合并或改用已有的事项。") % {"count": MOST_ITEMS}]
    _wrong(errors)
    before = {"name": item.name, "meaning": item.meaning, "active": item.active} if item else None
    row = item or GridItem()
    row.name, row.meaning, row.order, row.active = clean(name)[:60], clean(meaning)[:500], order, active
    row.save()
    after = {"name": row.name, "meaning": row.meaning, "active": row.active}
    _note(by, now, "save_grid_item", "grid_item", row.uuid, row.name, before=before, after=after)
    return row


@whole
def set_grid_item(
    *, by: Actor, now: datetime, item: GridItem, area_id: int, present: bool, note: str = ""
) -> GridItemState:
    """Say whether an item is in a grid, as looked at today.

    Raises:
        ForbiddenError: neither its grid head nor who sets up. InvalidError: absent without a word on it.
        ConflictError: the item is no longer asked for.
    """
    area = places.area(area_id)
    permissions.check(by, "people:manage_lines", area_path=area.path)
    if not item.active:
        raise ConflictError(_("这个事项已停用。"), hint=_("请刷新后查看。"))
    if not present and not clean(note):
        raise InvalidError(_("请写明缺什么。"), fields={"note": [_("请写明缺什么、何时补上。")]})
    old = GridItemState.objects.filter(item=item, area=area).first()
    before = {"present": old.present, "note": old.note} if old else None
    row, _made = GridItemState.objects.update_or_create(
        item=item,
        area=area,
        defaults={
            "present": present,
            "note": mask_personal(clean(note))[:200],
            "on": timezone.localtime(now).date(),
            "by_label": by.label,
        },
    )
    after = {"present": row.present, "note": row.note, "grid": area.name}
    _note(by, now, "set_grid_item", "grid_item", item.uuid, item.name, before=before, after=after)
    return row


@whole
def create_body(
    *,
    by: Actor,
    now: datetime,
    name: str,
    purpose: str,
    ends_on: date | None,
    starts_on: date | None = None,
    basis: str = "",
    office_id: int | None = None,
) -> Body:
    """Set a leading group up: a unit of the kind ``task_force`` with its purpose, end and office.

    Raises:
        InvalidError: no name, purpose or end. ConflictError: a unit has that name.
    """
    from linli.foundation.people.services import create_unit  # noqa: PLC0415  the public face reads this file

    permissions.check(by, "people:manage_units")
    errors: dict[str, list[str]] = {}
    for field, value in (("name", name), ("purpose", purpose)):
        if not clean(value):
            errors[field] = [_("请填写这一项。")]
    if ends_on is None:
        errors["ends_on"] = [_("临时机构必须有结束日期。")]
    _wrong(errors)
    unit = create_unit(by=by, now=now, name=name, kind=UnitKind.TASK_FORCE, starts_on=starts_on, ends_on=ends_on)
    body = Body.objects.create(unit=unit, purpose=clean(purpose)[:2000], basis=clean(basis)[:200], office_id=office_id)
    after = {"purpose": body.purpose, "office": office_id, "ends_on": unit.ends_on.isoformat() if unit.ends_on else ""}
    _note(by, now, "create_body", "unit", unit.uuid, unit.name, after=after)
    return body


@whole
def add_body_member(*, by: Actor, now: datetime, body: Body, post_id: int, function: str) -> BodyMember:
    """Add a post to a leading group; there is one head at a time.

    Raises:
        ConflictError: the post is in it already, it has a head, or it has ended.
    """
    permissions.check(by, "people:manage_units")
    if function not in BodyFunction.values:
        raise InvalidError(_("请选择职务。"), fields={"function": [_("请选择职务。")]})
    post = Post.objects.filter(pk=post_id, active=True).select_related("unit").first()
    if post is None:
        raise NotFoundError(_("没有这个岗位。"))
    if body.unit.ends_on is not None and body.unit.ends_on < timezone.localtime(now).date():
        raise ConflictError(_("这个领导小组已结束。"), hint=_("请另行设立。"))
    here = BodyMember.objects.filter(body=body, until__isnull=True)
    if here.filter(post=post).exists():
        raise ConflictError(_("这个岗位已在领导小组中。"), hint=_("请先移出，再按新的职务加入。"))
    if function == BodyFunction.HEAD and here.filter(function=BodyFunction.HEAD).exists():
        raise ConflictError(_("已有组长。"), hint=_("请先移出原组长。"))
    row = BodyMember.objects.create(body=body, post=post, function=function)
    after = {"post": str(post), "function": function}
    _note(by, now, "add_body_member", "unit", body.unit.uuid, body.unit.name, after=after)
    return row


@whole
def end_body_member(*, by: Actor, now: datetime, member: BodyMember, reason: str = "") -> None:
    """Take a post out of a leading group from today on."""
    permissions.check(by, "people:manage_units")
    today = timezone.localtime(now).date()
    if BodyMember.objects.filter(pk=member.pk, until__isnull=True).update(until=today) != 1:
        raise ConflictError(_("这个岗位已移出。"), hint=_("请刷新后查看。"))
    before = {"post": str(member.post), "function": member.function}
    _note(
        by, now, "end_body_member", "unit", member.body.unit.uuid, member.body.unit.name, before=before, reason=reason
    )
