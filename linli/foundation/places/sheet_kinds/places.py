"""Estates and buildings from a sheet: thousands at once, each with its journal entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.coordinates import Point
from linli.foundation.core.db.inserting import insert
from linli.foundation.core.ids import uuids_in
from linli.foundation.journal import services as journal
from linli.foundation.journal.types import EntryData
from linli.foundation.places import selectors
from linli.foundation.places.models import Place, PlaceToken
from linli.foundation.places.rules import normal_key, parse_address
from linli.foundation.places.selectors.naming import AreaNames, check_area, known_areas
from linli.foundation.places.services.areas import bump
from linli.foundation.places.services.places import search_tokens
from linli.foundation.sheets.permissions import may_administer
from linli.foundation.sheets.rules import decimal_text
from linli.foundation.sheets.services import pointing_at
from linli.foundation.sheets.services.removing import delete_rows
from linli.foundation.sheets.types import About, Column, Found, Hang, Made, Row, SheetKind, Type, Values

# Venues have a sheet of their own.
_KINDS = (Place.Kind.ESTATE, Place.Kind.BUILDING)
_CHUNK = 500

COLUMNS = (
    Column("id", gettext_lazy("编号"), longest=36, fixed=True, hint=gettext_lazy("新增的不填；导出再导入时请勿修改。")),
    Column("name", gettext_lazy("名称"), required=True, aliases=("小区名称", "楼幢", "楼幢名称"), longest=64,
           example=gettext_lazy("1号楼")),
    Column("kind", gettext_lazy("类型"), Type.CHOICE, required=True, example="building",
           choices=lambda: [(k.value, k.label) for k in _KINDS]),
    Column("address", gettext_lazy("地址"), example=gettext_lazy("长宁路488弄1号"),
           hint=gettext_lazy("楼幢必填，才能与其他小区的同名楼区分。")),
    Column("area", gettext_lazy("所属区域"), aliases=("居民区", "区域"), known=known_areas,
           example=gettext_lazy("陶家宅居民区"),
           hint=gettext_lazy("区域的名称或编码，重名时写全路径；不填而有坐标的，按坐标归入区域。")),
    Column("within", gettext_lazy("所属小区"), aliases=("小区",), longest=64, example=gettext_lazy("陶家宅小区"),
           hint=gettext_lazy("小区的名称；可以是同一张表里的小区。")),
    Column("aliases", gettext_lazy("别名"), Type.LIST, example=gettext_lazy("陶家宅一号楼")),
    Column("lat", gettext_lazy("纬度"), Type.DECIMAL, example="31.2205", hint=gettext_lazy("WGS-84 坐标，可不填。")),
    Column("lon", gettext_lazy("经度"), Type.DECIMAL, example="121.4237"),
)  # fmt: skip


def _names(about: About) -> AreaNames:
    found: AreaNames = about.once("areas", AreaNames)
    return found


def _found(place: Place, names: AreaNames) -> Found:
    values = {
        "id": str(place.uuid),
        "name": place.name,
        "kind": place.kind,
        "address": place.address,
        "area": names.words(place.area_id),
        "within": place.within.name if place.within else "",
        "aliases": "、".join(place.aliases),
        "lat": decimal_text(place.lat),
        "lon": decimal_text(place.lon),
    }
    return Found(str(place.uuid), place.name, values, place.pk, place.uuid)


def _find(rows: Sequence[Row], about: About) -> list[Found | None]:
    names = _names(about)
    for row in rows:
        row.data["key"] = normal_key(row.get("address"))[:200] if row.get("address") else ""
        _settle(row, names, about)
    near = Place.objects.select_related("within")
    ids = uuids_in([r.get("id") for r in rows if r.get("id")])
    by_id = {str(p.uuid): p for p in near.filter(uuid__in=ids)} if ids else {}
    # By the key of the address, which few share; a name such as 1号楼 stands in every estate.
    keyed = near.filter(key__in={k for r in rows if (k := r.data["key"])})
    bare = near.filter(key="", name__in={r.get("name") for r in rows if not r.data["key"]})
    by_name = {(p.name, p.key): p for p in (*keyed, *bare)}
    found: list[Found | None] = []
    for row in rows:
        place = by_id.get(row.get("id")) if row.get("id") else by_name.get((row.get("name"), row.data["key"]))
        twin = by_name.get((row.get("name"), row.data["key"]))
        row.data["twin"] = twin.pk if twin else None
        if place is not None and not row.get("id") and "id" in row.values:
            row.values["id"] = str(place.uuid)
        found.append(_found(place, names) if place else None)
    _find_estates(rows)
    return found


def _settle(row: Row, names: AreaNames, about: About) -> None:
    """Bring the area into the one way in which it is named; without one, find it by the point."""
    row.data["areas"] = []
    if row.get("area"):
        row.data["areas"] = names.find(row.get("area"))
    elif row.get("lat") and row.get("lon") and "area" in row.values and _on_earth(row):
        point = Point(float(row.get("lat")), float(row.get("lon")))
        area_id = selectors.locate(point, about.today).area_id
        row.data["areas"] = [names.areas[area_id]] if area_id in names.areas else []
    if len(row.data["areas"]) == 1:
        row.values["area"] = names.words(row.data["areas"][0].pk)


def _on_earth(row: Row) -> bool:
    return abs(float(row.get("lat"))) <= 90 and abs(float(row.get("lon"))) <= 180


def _find_estates(rows: Sequence[Row]) -> None:
    wanted = {r.get("within") for r in rows if r.get("within")}
    estates: dict[str, list[int]] = {}
    if wanted:
        for pk, name in Place.objects.filter(name__in=wanted, kind=Place.Kind.ESTATE).values_list("pk", "name"):
            estates.setdefault(name, []).append(pk)
    for row in rows:
        row.data["estates"] = estates.get(row.get("within"), []) if row.get("within") else []


def _check(rows: Sequence[Row], found: Sequence[Found | None], about: About) -> None:
    for row, there in zip(rows, found, strict=True):
        if "areas" not in row.data:  # values from before, to be written back
            _find([row], about)
        check_area(row)
        _check_estate(row, about)
        _check_point(row, there)
        kind = row.get("kind") or (there.values["kind"] if there else "")
        address = row.values.get("address", there.values["address"] if there else "")
        if kind == Place.Kind.BUILDING and not address:
            row.refuse("address", _("楼幢要有地址，才能与其他小区的同名楼区分。"))
        if there is not None and there.values["kind"] not in _KINDS:
            row.refuse("kind", _("这是场所，请在场所中维护。"))
        if row.get("id") and there is None:
            row.refuse("id", _("没有这个编号；新增的请不填编号。"))
        if row.data["twin"] is not None and there is not None and row.data["twin"] != there.data:
            row.refuse("name", _("已经有同名同址的另一处。"))


def _check_estate(row: Row, about: About) -> None:
    text, estates = row.get("within"), row.data["estates"]
    if text and len(estates) > 1:
        row.refuse("within", _("有 %(count)s 个小区叫“%(name)s”。") % {"count": len(estates), "name": text})
    elif text and not estates and text not in about.planned:
        row.refuse("within", _("没有“%(name)s”这个小区。") % {"name": text})


def _check_point(row: Row, there: Found | None) -> None:
    lat = row.values.get("lat", there.values["lat"] if there else "")
    lon = row.values.get("lon", there.values["lon"] if there else "")
    if bool(lat) != bool(lon):
        row.refuse("lat" if not lat else "lon", _("纬度和经度要一起填。"))
    elif lat and (not 3 <= float(lat) <= 54 or not 73 <= float(lon) <= 136):
        row.refuse("lat", _("坐标不在中国境内，请检查纬度和经度是否写反。"))


def _fields(row: Row) -> dict[str, Any]:
    """Return the columns of the row that a place keeps, those alone that the sheet has."""
    values = row.values
    found: dict[str, Any] = {n: values[n] for n in ("name", "kind") if n in values}
    if "aliases" in values:
        found["aliases"] = values["aliases"].split("、") if values["aliases"] else []
    for name in ("lat", "lon"):
        if name in values:
            found[name] = float(values[name]) if values[name] else None
    if "area" in values:
        found["area_id"] = row.data["areas"][0].pk if row.data["areas"] else None
    if "within" in values:
        found["within_id"] = row.data["estates"][0] if row.data["estates"] else None
    if "address" in values:
        parts = parse_address(values["address"])
        found |= {"address": values["address"], "key": row.data["key"], "road": parts.road[:64]}
        found |= {"lane": parts.lane[:32], "number": parts.number[:32]}
    return found


def _note(about: About, verb: str, entries: Sequence[tuple[Found | Place, Any, Any]]) -> None:
    journal.record_many(
        [
            EntryData(
                about.by, f"places.{verb}", "place", p.uuid, p.label if isinstance(p, Found) else p.name, about.now,
                before, after, about.reason,
            )
            for p, before, after in entries
        ]
    )  # fmt: skip


def _create(rows: Sequence[Row], about: About) -> list[Made]:
    places = [Place(**_fields(row)) for row in rows]
    insert(places)
    insert([PlaceToken(place_id=p.pk, token=t) for p in places for t in search_tokens(p)])
    _note(about, "add_place", [(p, None, _given(r)) for p, r in zip(places, rows, strict=True)])
    return [Made(str(p.uuid), p.name) for p in places]


def _given(row: Row) -> dict[str, str]:
    return {n: v for n, v in row.values.items() if v and n != "id"}


def _change(pairs: Sequence[tuple[Row, Found]], about: About) -> None:
    places = Place.objects.in_bulk([f.data for _r, f in pairs])
    changed: set[str] = set()
    for row, there in pairs:
        for name, value in _fields(row).items():
            setattr(places[there.data], name, value)
            changed.add(name)
    if changed:
        Place.objects.bulk_update(places.values(), sorted(n.removesuffix("_id") for n in changed), batch_size=100)
    renew = [places[f.data] for r, f in pairs if {"name", "aliases", "address"} & set(r.data["differs"])]
    delete_rows(PlaceToken, [p.pk for p in renew], by="place_id")
    insert([PlaceToken(place_id=p.pk, token=t) for p in renew for t in search_tokens(p)])
    bump()
    _note(about, "change_place", [(f, *_before_after(r, f)) for r, f in pairs])


def _before_after(row: Row, there: Found) -> tuple[dict[str, str], dict[str, str]]:
    names = row.data["differs"]
    return {n: there.values[n] for n in names}, {n: row.values[n] for n in names}


def _load(refs: Sequence[str]) -> Mapping[str, Found]:
    names, ids = AreaNames(), uuids_in(refs)
    found: dict[str, Found] = {}
    for begin in range(0, len(ids), _CHUNK):
        rows = Place.objects.select_related("within").filter(uuid__in=ids[begin : begin + _CHUNK])
        found |= {str(p.uuid): _found(p, names) for p in rows}
    return found


def _hanging(found: Sequence[Found], _about: About) -> list[Hang]:
    return pointing_at(Place, found, without={"places.PlaceToken"})


def _remove(found: Sequence[Found], about: About) -> None:
    ids = [f.data for f in found]
    delete_rows(PlaceToken, ids, by="place_id")
    delete_rows(Place, ids)
    bump()
    _note(about, "remove_place", [(f, {n: v for n, v in f.values.items() if v}, None) for f in found])


def _export(_about: About) -> Iterator[Values]:
    names = AreaNames()
    for kind in _KINDS:
        rows = Place.objects.filter(kind=kind).select_related("within").order_by("name", "pk")
        for place in rows.iterator(2000):
            yield _found(place, names).values


def _key(values: Values) -> str:
    return values.get("id") or f"{values.get('name', '')}|{normal_key(values.get('address', ''))}"


PLACES = SheetKind(
    code="places",
    title=gettext_lazy("小区与楼幢"),
    text=gettext_lazy("小区、楼幢的名称、地址和所属区域；居民上报时据此找到地点。"),
    icon="building-community",
    order=20,
    columns=COLUMNS,
    journal="place",
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
    names=lambda values: [values.get("name", "")] if values.get("kind") == Place.Kind.ESTATE else [],
    above=lambda values: [values.get("within", "")],
    stretch=1000,
)
