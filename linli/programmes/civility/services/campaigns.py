"""Campaigns: planned, a line for each day, ended with a result and what was counted before and after."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.cases.selectors import catalogue
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, NotFoundError
from linli.foundation.core.faults import check_version
from linli.foundation.people import selectors as people
from linli.programmes.civility import selectors
from linli.programmes.civility.models import Campaign, CampaignDay
from linli.programmes.civility.permissions import check_enter
from linli.programmes.civility.rules.amounts import amounts_in
from linli.programmes.civility.services.help import Faults, need, tell
from linli.programmes.civility.types import DoneData, Drive, DriveData

MOST_HEADS = 100_000


@whole
def plan_campaign(*, by: Actor, now: datetime, data: DriveData) -> Campaign:
    """Plan a campaign; what was counted of its categories in as many days before it is written down now.

    Raises:
        ForbiddenError: not who enters for that unit or area. InvalidError: by field.
    """
    faults = Faults()
    row = Campaign(created_label=by.label[:80], created_at=now, starts_on=data.starts_on, ends_on=data.ends_on)
    row.kind = faults.choice("kind", data.kind, Drive.values)
    row.title = faults.words("title", data.title, 80, needed=True)
    row.plan, row.hours = faults.words("plan", data.plan, 2000), faults.words("hours", data.hours, 100)
    row.unit_id = faults.unit("unit_id", data.unit_id) or 0
    row.area, row.area_path = faults.area("area_id", data.area_id)
    faults.days(data.starts_on, data.ends_on)
    row.helper_ids = _units(faults, "helper_ids", data.helper_ids)
    unknown = [c for c in data.categories if catalogue.category(c) is None]
    if unknown:
        faults.add("categories", _("没有这些案件分类：%(codes)s") % {"codes": "、".join(unknown)})
    if data.kind == Drive.JOINT and not row.helper_ids:
        faults.add("helper_ids", _("联手整治要写明参加单位，例如居委会和物业公司。"))
    row.categories = list(data.categories)
    faults.check()
    check_enter(by, row.unit_id, row.area_path)
    days = (row.ends_on - row.starts_on).days + 1
    row.before = selectors.counts(row, row.starts_on - timedelta(days=days), row.starts_on - timedelta(days=1))
    row.save(force_insert=True)
    tell(
        by, now, "plan_campaign", "campaign", row.uuid, row.title,
        after={"kind": row.kind, "unit": row.unit_id, "starts_on": row.starts_on, "ends_on": row.ends_on},
    )  # fmt: skip
    return row


def _units(faults: Faults, name: str, ids: tuple[int, ...]) -> list[int]:
    if len(people.units(ids)) != len(set(ids)):
        faults.add(name, _("没有这个单位。"))
    return sorted(set(ids))


def _locked(by: Actor, uuid: UUID, expected: int | None = None) -> Campaign:
    row = Campaign.objects.select_for_update(of=("self",)).filter(uuid=uuid).first()
    if row is None:
        raise NotFoundError(_("没有这项行动。"), code="civility.no_campaign")
    if not units_in(by, row):
        check_enter(by, row.unit_id, row.area_path)
    check_version(row, expected)
    if row.ended_at is not None:
        raise ConflictError(_("这项行动已经结束。"), code="civility.campaign_over", hint=_("请刷新后查看。"))
    return row


def units_in(by: Actor, row: Campaign) -> bool:
    """Return whether ``by`` works in a unit that takes part."""
    return any(g.unit_id in row.helper_ids for g in by.grants if g.unit_id is not None)


@whole
def add_day(*, by: Actor, now: datetime, uuid: UUID, data: DoneData) -> CampaignDay:
    """Enter what was done on one day.

    Raises:
        NotFoundError, ForbiddenError, ConflictError. InvalidError: by field; of a joint action both units and a photo.
    """
    campaign = _locked(by, uuid)
    faults = Faults()
    row = CampaignDay(campaign=campaign, on=data.on, created_label=by.label[:80])
    row.text = faults.words("text", data.text, 500, needed=True)
    row.hours = faults.words("hours", data.hours, 60)
    row.area, _path = faults.area("area_id", data.area_id)
    row.unit_ids = _units(faults, "unit_ids", data.unit_ids)
    if not 0 <= data.headcount <= MOST_HEADS:
        faults.add("headcount", _("人数应为 0 至 100000。"))
    if data.on > timezone.localdate(now) or data.on < campaign.starts_on:
        faults.add("on", _("日期应在行动开始以后，不晚于今天。"))
    try:
        row.amounts = list(amounts_in(data.amounts))
    except ValueError as error:
        faults.add("amounts", _("“%(piece)s”请写成“什么、数量、单位”，例如：垃圾 12 袋。") % {"piece": error})
    if campaign.kind == Drive.JOINT:
        if len(row.unit_ids) < 2:
            faults.add("unit_ids", _("联手整治请选参加的两个以上单位。"))
        if data.after_id is None:
            faults.add("after", _("联手整治请附照片。"))
    faults.check()
    row.headcount, row.before_id, row.after_id = data.headcount, data.before_id, data.after_id
    row.save(force_insert=True)
    tell(
        by, now, "add_day", "campaign", campaign.uuid, campaign.title,
        after={"on": row.on, "units": row.unit_ids, "headcount": row.headcount, "amounts": row.amounts},
    )  # fmt: skip
    return row


@whole
def end_campaign(*, by: Actor, now: datetime, uuid: UUID, result: str, expected: int | None = None) -> Campaign:
    """End a campaign with its result; what was counted while it ran is written beside what was before.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError. InvalidError: no result.
    """
    row = _locked(by, uuid, expected)
    check_enter(by, row.unit_id, row.area_path)
    row.result, row.ended_at, row.version = need(2000, result=result)["result"], now, row.version + 1
    row.after = selectors.counts(row, row.starts_on, min(row.ends_on, timezone.localdate(now)))
    row.save()
    tell(by, now, "end_campaign", "campaign", row.uuid, row.title, after={"after": row.after}, reason=row.result[:200])
    return row
