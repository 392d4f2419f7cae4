"""Venues from a sheet: stations, canteens, merchants, toilets with their hours, keepers and facilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.ids import uuids_in
from linli.foundation.people import selectors as people
from linli.foundation.places.selectors.naming import AreaNames, check_area, known_areas, settle_area
from linli.foundation.sheets.permissions import may_administer
from linli.foundation.sheets.rules import decimal_text
from linli.foundation.sheets.services import pointing_at
from linli.foundation.sheets.services.removing import delete_rows
from linli.foundation.sheets.types import (
    About,
    Column,
    Found,
    Hang,
    Made,
    Row,
    SheetKind,
    Type,
    Values,
    register,
)
from linli.foundation.venues import selectors, services
from linli.foundation.venues.models import Venue, VenueItem, VenueSlot, VenueToken
from linli.foundation.venues.rules import hours as opening
from linli.foundation.venues.services.removing import note_removed
from linli.foundation.venues.types import Level, State, VenueData

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HEADS = (
    gettext_lazy("周一"), gettext_lazy("周二"), gettext_lazy("周三"), gettext_lazy("周四"), gettext_lazy("周五"),
    gettext_lazy("周六"), gettext_lazy("周日"),
)  # fmt: skip
_PLAIN = ("name", "address", "district", "phone", "intro", "partner", "offers", "plaque", "level", "state")
_DATES = ("valid_from", "valid_to", "review_on")
_CHUNK = 500


def _kinds() -> list[tuple[str, Any]]:
    return [(k.code, k.name) for k in selectors.kinds()]


COLUMNS = (
    Column("id", gettext_lazy("编号"), longest=36, fixed=True, hint=gettext_lazy("新增的不填；导出再导入时请勿修改。")),
    Column("kind", gettext_lazy("类别"), Type.CHOICE, required=True, aliases=("类型", "场所类别"), choices=_kinds,
           fixed=True),
    Column("name", gettext_lazy("名称"), required=True, aliases=("场所名称", "站点名称"), longest=64,
           example=gettext_lazy("中山公园驿站")),
    Column("aliases", gettext_lazy("别名"), Type.LIST, longest=600),
    Column("address", gettext_lazy("地址"), aliases=("详细地址",), longest=200, example=gettext_lazy("长宁路488弄1号")),
    Column("lat", gettext_lazy("纬度"), Type.DECIMAL, example="31.2205", hint=gettext_lazy("WGS-84 坐标，可不填。")),
    Column("lon", gettext_lazy("经度"), Type.DECIMAL, example="121.4237"),
    Column("area", gettext_lazy("所属区域"), aliases=("居民区", "区域"), known=known_areas,
           hint=gettext_lazy("区域的名称或编码，重名时写全路径；不填而有坐标的，按坐标归入区域。")),
    Column("district", gettext_lazy("商圈"), longest=64),
    Column("level", gettext_lazy("层级"), Type.CHOICE, choices=lambda: [c for c in Level.choices if c[0]]),
    Column("state", gettext_lazy("状态"), Type.CHOICE, choices=lambda: State.choices, example="open",
           hint=gettext_lazy("不填为“开放”。")),
    Column("keeper", gettext_lazy("管理单位"), aliases=("责任单位",), longest=128, known=people.known_units),
    Column("phone", gettext_lazy("公开电话"), aliases=("电话", "联系电话"), longest=32,
           hint=gettext_lazy("场所的电话，不写个人手机。")),
    *[
        Column(code, head, longest=60, example="08:30-11:30,13:30-17:00",
               hint=gettext_lazy("开放时间，午休分开写，如 08:30-11:30,13:30-17:00；不开放的不填。"))
        for code, head in zip(_DAYS, _HEADS, strict=True)
    ],
    Column("always", gettext_lazy("全天开放"), Type.YES_NO, example="no"),
    Column("facilities", gettext_lazy("设施"), Type.LIST, longest=600, example=gettext_lazy("饮水、充电、休息")),
    Column("intro", gettext_lazy("简介"), longest=2000),
    Column("partner", gettext_lazy("合作单位"), longest=100),
    Column("offers", gettext_lazy("优惠或服务"), longest=300),
    Column("plaque", gettext_lazy("铭牌编号"), longest=40),
    Column("valid_from", gettext_lazy("启用日期"), Type.DATE),
    Column("valid_to", gettext_lazy("停用日期"), Type.DATE),
    Column("review_on", gettext_lazy("复审日期"), Type.DATE),
)  # fmt: skip


class _Known:
    """What the cells of a sheet may name: read once for all of its rows."""

    def __init__(self) -> None:
        self.areas = AreaNames()
        units = people.active_units()
        self.units = {u.name: u.pk for u in units}
        self.unit_names = {u.pk: u.name for u in units}
        facilities = selectors.facilities()
        self.facilities = {f.name: f.code for f in facilities} | {f.code: f.code for f in facilities}
        self.facility_names = {f.code: f.name for f in facilities}


def _known(about: About) -> _Known:
    found: _Known = about.once("venues", _Known)
    return found


def _found(venue: Venue, known: _Known) -> Found:
    week = opening.from_json(venue.hours)
    values = {name: getattr(venue, name) for name in _PLAIN}
    values |= {name: day.isoformat() if (day := getattr(venue, name)) else "" for name in _DATES}
    values |= {day: opening.spans_text(spans).replace(" ", "") for day, spans in zip(_DAYS, week.week, strict=True)}
    values |= {
        "id": str(venue.uuid),
        "kind": venue.kind.code,
        "aliases": "、".join(venue.aliases),
        "lat": decimal_text(venue.lat),
        "lon": decimal_text(venue.lon),
        "area": known.areas.words(venue.area_id),
        "keeper": known.unit_names.get(venue.keeper_id or 0, ""),
        "always": "yes" if week.always else "no",
        "facilities": "、".join(known.facility_names.get(c, c) for c in venue.facilities),
    }
    return Found(str(venue.uuid), venue.name, values, venue.pk, venue.uuid)


def _find(rows: Sequence[Row], about: About) -> list[Found | None]:
    known = _known(about)
    near = Venue.objects.select_related("kind")
    by_id = {str(v.uuid): v for v in near.filter(uuid__in=uuids_in([r.get("id") for r in rows if r.get("id")]))}
    named = near.filter(name__in={r.get("name") for r in rows if not r.get("id")})
    by_name = {(v.kind.code, v.name, v.address): v for v in named}
    found: list[Found | None] = []
    for row in rows:
        _settle(row, known)
        place = (row.get("kind"), row.get("name"), row.get("address"))
        venue = by_id.get(row.get("id")) if row.get("id") else by_name.get(place)
        if venue is not None and not row.get("id") and "id" in row.values:
            row.values["id"] = str(venue.uuid)
        if venue is None and "state" in row.values and not row.get("state"):
            row.values["state"] = State.OPEN.value
        found.append(_found(venue, known) if venue else None)
    return found


def _settle(row: Row, known: _Known) -> None:
    """Bring area, hours and facilities into the one way in which they are written."""
    settle_area(row, known.areas)
    for day in _DAYS:
        if row.get(day):
            try:
                row.values[day] = opening.spans_text(opening.parse_spans(row.get(day))).replace(" ", "")
            except opening.BadHoursError:
                row.data[f"bad_{day}"] = True
    if "always" in row.values and not row.get("always"):
        row.values["always"] = "no"


def _check(rows: Sequence[Row], found: Sequence[Found | None], about: About) -> None:
    known = _known(about)
    for row, there in zip(rows, found, strict=True):
        if "areas" not in row.data:  # values from before, to be written back
            _settle(row, known)
        if row.get("id") and there is None:
            row.refuse("id", _("没有这个编号；新增的请不填编号。"))
        _check_names(row, known)
        for day in _DAYS:
            if row.data.get(f"bad_{day}"):
                row.refuse(day, _("时间没看懂，请写成 08:30-11:30,13:30-17:00；不开放的不填。"))
        lat = row.values.get("lat", there.values["lat"] if there else "")
        lon = row.values.get("lon", there.values["lon"] if there else "")
        if bool(lat) != bool(lon):
            row.refuse("lat" if not lat else "lon", _("纬度和经度要一起填。"))


def _check_names(row: Row, known: _Known) -> None:
    check_area(row)
    if row.get("keeper") and row.get("keeper") not in known.units:
        row.refuse("keeper", _("没有“%(name)s”这个单位。") % {"name": row.get("keeper")})
    for name in row.get("facilities").split("、") if row.get("facilities") else []:
        if name not in known.facilities:
            row.refuse("facilities", _("没有“%(name)s”这种设施。") % {"name": name})


def _data(values: Mapping[str, str], row: Row, known: _Known, before: Venue | None) -> VenueData:
    """Return what a service takes: the sheet's columns, and of those it has not what is there."""
    kept = opening.from_json(before.hours) if before else opening.Hours()
    week = tuple(opening.parse_spans(values.get(day, "")) for day in _DAYS)
    areas = row.data["areas"]
    plain: dict[str, Any] = {name: values.get(name, "") for name in _PLAIN if name != "state"}
    plain |= {name: date.fromisoformat(values[name]) if values.get(name) else None for name in _DATES}
    return VenueData(
        **plain,
        kind=values["kind"],
        state=values.get("state") or State.OPEN.value,
        aliases=tuple(values["aliases"].split("、")) if values.get("aliases") else (),
        lat=float(values["lat"]) if values.get("lat") else None,
        lon=float(values["lon"]) if values.get("lon") else None,
        area_id=areas[0].pk if areas else (before.area_id if before and "area" not in row.values else None),
        hours=opening.to_json(opening.Hours(week, kept.exceptions, values.get("always") == "yes")),
        keeper_id=known.units.get(values.get("keeper", "")),
        keeper_post_id=before.keeper_post_id if before else None,
        facilities=tuple(known.facilities[n] for n in values["facilities"].split("、"))
        if values.get("facilities")
        else (),
        answers=before.answers if before else {},
        note=before.note if before else "",
        schematic=before.schematic if before else False,
    )


def _create(rows: Sequence[Row], about: About) -> list[Made]:
    known, made = _known(about), []
    for row in rows:
        venue = services.add_venue(by=about.by, now=about.now, data=_data(row.values, row, known, None))
        made.append(Made(str(venue.uuid), venue.name))
    return made


def _change(pairs: Sequence[tuple[Row, Found]], about: About) -> None:
    known = _known(about)
    there = Venue.objects.in_bulk([f.data for _r, f in pairs])
    for row, found in pairs:
        venue = there[found.data]
        values = {**found.values, **row.values}
        if "keeper" in row.values and row.get("keeper") != found.values["keeper"]:
            venue.keeper_post_id = None  # the post was one of the unit before
        services.change_venue(
            by=about.by, now=about.now, uuid=venue.uuid, data=_data(values, row, known, venue),
            expected=venue.version, reason=about.reason,
        )  # fmt: skip


def _load(refs: Sequence[str]) -> Mapping[str, Found]:
    known, ids = _Known(), uuids_in(refs)
    found: dict[str, Found] = {}
    for begin in range(0, len(ids), _CHUNK):
        rows = Venue.objects.select_related("kind").filter(uuid__in=ids[begin : begin + _CHUNK])
        found |= {str(v.uuid): _found(v, known) for v in rows}
    return found


def _hanging(found: Sequence[Found], _about: About) -> list[Hang]:
    return pointing_at(Venue, found, without={"venues.VenueToken", "venues.VenueSlot", "venues.VenueItem"})


def _remove(found: Sequence[Found], about: About) -> None:
    ids = [f.data for f in found]
    for model in (VenueToken, VenueSlot, VenueItem):
        delete_rows(model, ids, by="venue_id")
    delete_rows(Venue, ids)
    note_removed(by=about.by, now=about.now, reason=about.reason, found=[(f.uuid, f.label, f.values) for f in found])


def _export(_about: About) -> Iterator[Values]:
    known = _Known()
    for venue in Venue.objects.select_related("kind").order_by("kind__order", "name", "pk").iterator(2000):
        yield _found(venue, known).values


def _key(values: Values) -> str:
    return values.get("id") or "|".join(values.get(n, "") for n in ("kind", "name", "address"))


VENUES = SheetKind(
    code="venues",
    title=gettext_lazy("场所与站点"),
    text=gettext_lazy("驿站、食堂、联勤联动站等的地址、开放时间、设施和管理单位。"),
    icon="map-pins",
    order=25,
    columns=COLUMNS,
    journal="venue",
    key=_key,
    find=_find,
    check=_check,
    create=_create,
    change=_change,
    load=_load,
    hanging=_hanging,
    remove=_remove,
    export=_export,
    may=may_administer,
    stretch=100,
)


def enter() -> None:
    """Register it."""
    register(VENUES)
