"""Writing desks, what must be in a grid, leading groups and invitations; public through ``services``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.foundation.messages import services as messages
from linli.foundation.messages.types import ChannelCode, Outgoing, Recipient
from linli.foundation.people import permissions, rules
from linli.foundation.people.models import (
    Body,
    BodyMember,
    DeskHours,
    GridItem,
    GridItemState,
    Invitation,
    Invitee,
    Post,
    UnitKind,
    WalkInDesk,
)
from linli.foundation.people.selectors.standing import called
from linli.foundation.people.types import POST_GROUPS, BodyFunction, NewDesk
from linli.foundation.places import selectors as places

INVITERS = frozenset({"dispatcher", "shift_leader", "street_leader", "grid_head", "unit_head"})
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


@transaction.atomic
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


@transaction.atomic
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


@transaction.atomic
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


@transaction.atomic
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


@transaction.atomic
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


@transaction.atomic
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


def check_inviter(by: Actor, area_ids: Collection[int]) -> None:
    """Raise unless ``by`` invites people of these areas: the centre, leaders, unit heads; a grid head in their grid.

    Raises:
        ForbiddenError: another post, or an area of another grid.
    """
    paths = [a.path for a in places.areas_by_ids(set(area_ids)).values()]
    if by.is_system or by.has_role("dispatcher", "shift_leader", "street_leader", "unit_head"):
        return
    if not by.has_role("grid_head") or not all(by.holds({"grid_head"}, area_path=p) for p in paths):
        raise ForbiddenError(
            _("会议由街道城运中心、领导、单位负责人召集，综合网格长召集本网格的。"), hint=_("请联系他们。")
        )


@transaction.atomic
def invite(
    *,
    by: Actor,
    now: datetime,
    title: str,
    place: str,
    starts_at: datetime,
    groups: Collection[str],
    area_ids: Collection[int],
    text: str = "",
) -> Invitation:
    """Invite the holders of some posts in some areas with one message each.

    Raises:
        InvalidError: something is missing, it lies in the past, or nobody holds such a post there.
    """
    check_inviter(by, area_ids)
    errors: dict[str, list[str]] = {}
    for field, value in (("title", title), ("place", place)):
        if not clean(value):
            errors[field] = [_("请填写这一项。")]
    if starts_at <= now:
        errors["starts_at"] = [_("时间应晚于现在。")]
    if not set(groups) & set(POST_GROUPS):
        errors["groups"] = [_("请至少选择一类岗位。")]
    if not area_ids:
        errors["areas"] = [_("请至少选择一个区域。")]
    _wrong(errors)
    found = called(groups, area_ids, now)
    if not found:
        raise InvalidError(
            _("所选区域没有人担任这些岗位。"),
            hint=_("请检查岗位任命，或另选区域。"),
            fields={"groups": [_("所选区域没有人担任这些岗位。")]},
        )
    row = Invitation.objects.create(
        title=clean(title)[:120],
        text=mask_personal(clean(text))[:2000],
        place=clean(place)[:120],
        starts_at=starts_at,
        groups=sorted(set(groups) & set(POST_GROUPS)),
        areas=sorted(set(area_ids)),
        sent_at=now,
        sent_by=by.uuid,
        sent_label=by.label,
    )
    Invitee.objects.bulk_create(
        Invitee(invitation=row, user_id=c.user_id, unit_id=c.unit_id, group=c.group, title=c.title) for c in found
    )
    _note(
        by,
        now,
        "invite",
        "invitation",
        row.uuid,
        row.title,
        after={"groups": row.groups, "areas": row.areas, "people": len(found), "starts_at": starts_at.isoformat()},
    )
    _tell(row, "people.invited", [c.user_id for c in found], now)
    return row


def _tell(row: Invitation, template: str, user_ids: Collection[int], now: datetime) -> None:
    params = {
        "title": row.title,
        "when": f"{timezone.localtime(row.starts_at):%Y-%m-%d %H:%M}",
        "place": row.place,
        "text": row.text or "—",
        "by": row.sent_label,
    }
    messages.send_many(
        messages=[
            Outgoing(
                template=template,
                params=params,
                recipient=Recipient(user_id=user_id),
                channel=ChannelCode.IN_APP,
                subject_kind="invitation",
                subject_uuid=row.uuid,
                url="/notifications/",
                key=f"{template}:{row.uuid}",
            )
            for user_id in user_ids
        ],
        now=now,
    )


def may_keep(by: Actor, row: Invitation) -> bool:
    """Return whether ``by`` records who came and may call it off: who invited, and the centre."""
    return by.is_system or (by.uuid is not None and by.uuid == row.sent_by) or by.has_role("dispatcher", "shift_leader")


def _check_keeps(by: Actor, row: Invitation) -> None:
    if not may_keep(by, row):
        raise ForbiddenError(_("签到由召集人或街道城运中心记录。"), hint=_("请联系召集人。"))
    if row.cancelled_at is not None:
        raise ConflictError(_("会议已取消。"), hint=_("请刷新后查看。"))


@transaction.atomic
def check_in(*, by: Actor, now: datetime, invitation: Invitation, user_id: int, came: bool = True) -> None:
    """Record that somebody came, or take it back.

    Raises:
        NotFoundError: they were not invited. ForbiddenError: not who invited. ConflictError: it was called off.
    """
    _check_keeps(by, invitation)
    rows = Invitee.objects.filter(invitation=invitation, user=user_id)
    if not rows.exists():
        raise NotFoundError(_("此人不在邀请名单中。"))
    rows.update(came_at=now if came else None)
    _note(by, now, "check_in", "invitation", invitation.uuid, invitation.title, after={"user": user_id, "came": came})


@transaction.atomic
def cancel_invitation(*, by: Actor, now: datetime, invitation: Invitation, reason: str) -> None:
    """Call a meeting off; everybody invited is told.

    Raises:
        InvalidError: no reason. ForbiddenError: not who invited. ConflictError: it was called off already.
    """
    _check_keeps(by, invitation)
    if not clean(reason):
        raise InvalidError(_("请写明理由。"), fields={"reason": [_("请填写这一项。")]})
    if Invitation.objects.filter(pk=invitation.pk, cancelled_at__isnull=True).update(cancelled_at=now) != 1:
        raise ConflictError(_("会议已取消。"), hint=_("请刷新后查看。"))
    ids = list(Invitee.objects.filter(invitation=invitation).values_list("user_id", flat=True))
    _note(by, now, "cancel_invitation", "invitation", invitation.uuid, invitation.title, reason=clean(reason))
    invitation.text = mask_personal(clean(reason))
    _tell(invitation, "people.invitation_cancelled", ids, now)
