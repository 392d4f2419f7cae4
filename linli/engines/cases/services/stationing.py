"""联勤联动站: setting one up, sharing a case in its pool, recording what was done together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, PooledCase, Station, StationPartner
from linli.engines.cases.permissions import check_verb, is_of_subject, working_units
from linli.engines.cases.selectors.stations import partner_ids
from linli.engines.cases.services.inputs import need
from linli.engines.cases.services.work import Work
from linli.engines.cases.types import NoteKind
from linli.engines.cases.workflow import CENTRE, VERBS
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places


@whole
def save_station(
    *,
    by: Actor,
    now: datetime,
    name: str,
    area_id: int,
    unit_ids: Sequence[int],
    place: str = "",
    phone: str = "",
    active: bool = True,
    station: Station | None = None,
) -> Station:
    """Set a station up, or change it: its area and the units that work in it (two or more).

    Raises:
        ForbiddenError: not the system administrator. InvalidError: fewer than two units, no name, or a name twice.
    """
    if not by.is_system and not by.has_role("system_admin"):
        raise ForbiddenError(_("联勤联动站由系统管理员设置。"), code="cases.station")
    need(name=name)
    units = people.units(set(unit_ids))
    errors: dict[str, list[str]] = {}
    if len(units) < 2:
        errors["units"] = [_("请至少选择两个单位。")]
    others = Station.objects.filter(name=clean(name), active=True)
    if active and others.exclude(pk=station.pk if station else 0).exists():
        errors["name"] = [_("已有同名的联勤联动站。")]
    if errors:
        raise InvalidError(_("还有内容需要修改。"), code="cases.station", fields=errors)
    area = places.area(area_id)
    fields = {
        "name": clean(name)[:80],
        "area_id": area.pk,
        "area_path": area.path,
        "place": clean(place)[:120],
        "phone": clean(phone)[:32],
        "active": active,
    }
    before = _picture(station) if station else None
    if station is None:
        station = Station.objects.create(**fields)
    else:
        Station.objects.filter(pk=station.pk).update(**fields)
        station = Station.objects.get(pk=station.pk)
    StationPartner.objects.filter(station=station).exclude(unit__in=units).delete()
    StationPartner.objects.bulk_create(
        [StationPartner(station=station, unit_id=pk) for pk in sorted(units)], ignore_conflicts=True
    )
    journal.record(
        by=by,
        verb="cases.save_station",
        kind="station",
        uuid=station.uuid,
        label=station.name,
        now=now,
        before=before,
        after=_picture(station),
    )
    return station


def _picture(station: Station) -> dict[str, object]:
    units = StationPartner.objects.filter(station=station).order_by("unit")
    return {
        "name": station.name,
        "area": station.area_id,
        "place": station.place,
        "active": station.active,
        "units": list(units.values_list("unit_id", flat=True)),
    }


def _partner_of(by: Actor, station: Station) -> int | None:
    """Return the unit by which ``by`` works in ``station``; None for the centre.

    Raises:
        ForbiddenError: neither.
    """
    mine = sorted(working_units(by) & set(partner_ids(station)))
    if mine:
        return mine[0]
    if by.is_system or by.has_role(*CENTRE):
        return None
    raise ForbiddenError(_("由联勤联动站的成员单位办理。"), code="cases.station", hint=_("请联系站内单位或派单员。"))


@whole
def put_into_pool(*, by: Actor, now: datetime, station: Station, case: Case, reason: str) -> PooledCase:
    """Share an open case of the station's area with its partners, with the reason; who may read it stays as it is.

    Raises:
        ForbiddenError: not a partner, or the case is not theirs to read. ConflictError: it is there already, has
            ended, lies elsewhere, or is about one of the partners.
    """
    unit_id = _partner_of(by, station)
    need(reason=reason)
    check_verb(by, case, VERBS["note"])
    if not case.is_open:
        raise ConflictError(_("案件已结束，不能放入共享池。"), code="cases.pool", hint=_("请重新办理后再放入。"))
    if not case.area_path.startswith(station.area_path):
        raise ConflictError(_("案件不在这个站的范围内。"), code="cases.pool", hint=_("请放入所在片区的站。"))
    if is_of_subject(set(partner_ids(station)), case.subject_unit_id):
        raise ConflictError(
            _("被反映单位是这个站的成员，不能放入共享池。"), code="cases.subject", hint=_("请由其他单位办理。")
        )
    if PooledCase.objects.filter(station=station, case=case, taken_at__isnull=True).exists():
        raise ConflictError(_("案件已在共享池中。"), code="cases.pool", hint=_("请刷新后查看。"))
    row = PooledCase.objects.create(
        station=station,
        case=case,
        unit_id=unit_id,
        reason=mask_personal(clean(reason))[:500],
        put_at=now,
        put_label=by.label,
    )
    work = Work(case, by=by, now=now)
    text = _("放入%(station)s共享池：%(why)s") % {"station": station.name, "why": clean(reason)}
    work.act("note", text=text, data={"pool": str(station.uuid)})
    work.save()
    return row


@whole
def take_from_pool(*, by: Actor, now: datetime, station: Station, case: Case, reason: str) -> None:
    """Take a case out of the pool again.

    Raises:
        ForbiddenError: not a partner. ConflictError: it is not there.
    """
    _partner_of(by, station)
    need(reason=reason)
    check_verb(by, case, VERBS["note"])
    if PooledCase.objects.filter(station=station, case=case, taken_at__isnull=True).update(taken_at=now) != 1:
        raise ConflictError(_("案件不在共享池中。"), code="cases.pool", hint=_("请刷新后查看。"))
    work = Work(case, by=by, now=now)
    text = _("移出%(station)s共享池：%(why)s") % {"station": station.name, "why": clean(reason)}
    work.act("note", text=text, data={"pool": ""})
    work.save()


@whole
def record_joint(
    *, by: Actor, now: datetime, station: Station, case: Case, text: str, did: Mapping[int, str], at: datetime
) -> Case:
    """Record on a case what the partners did together: when, who was there, what each did.

    Args:
        did: unit id → what it did, for the partners that were there (two or more).
        at: when they were there, not after ``now``.

    Raises:
        ForbiddenError: not a partner. InvalidError: fewer than two were there, one did nothing, or it lies ahead.
    """
    _partner_of(by, station)
    need(text=text)
    partners = set(partner_ids(station))
    there = {u: mask_personal(clean(words))[:300] for u, words in did.items() if u in partners}
    errors: dict[str, list[str]] = {}
    if len(there) < 2:
        errors["units"] = [_("联合处置至少有两个成员单位到场。")]
    elif not all(there.values()):
        errors["units"] = [_("请写明每个到场单位做了什么。")]
    if at > now:
        errors["at"] = [_("时间不能晚于现在。")]
    if errors:
        raise InvalidError(_("还有内容需要修改。"), code="cases.joint", fields=errors)
    work = Work(case, by=by, now=now)
    data = {
        "kind": NoteKind.JOINT.value,
        "station": str(station.uuid),
        "at": at.isoformat(),
        "did": [[unit, words] for unit, words in sorted(there.items())],
    }
    work.act("note", text=text, data=data)
    return work.save()
