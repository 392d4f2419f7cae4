"""Targets from a sheet: shops, companies, buildings, lanes, facilities; for guarded ledgers see ``homes``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.models import Fact, Kind, Target
from linli.engines.fieldwork.permissions import may_import
from linli.engines.fieldwork.rules.details import BadDetailError, from_cell, to_cell
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core.coordinates import Point
from linli.foundation.core.ids import uuids_in
from linli.foundation.forms.types import QuestionSet
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.foundation.places.selectors.naming import AreaNames, check_area, known_areas, settle_area
from linli.foundation.sheets.rules import decimal_text
from linli.foundation.sheets.services import pointing_at
from linli.foundation.sheets.services.removing import delete_rows
from linli.foundation.sheets.types import About, Column, Found, Hang, Made, Row, SheetKind, Type, Values

_CHUNK = 500
_WITH = ("kind", "parent")


def _open_kinds() -> list[Kind]:
    return [k for k in selectors.kinds(active=False) if not k.guarded]


def _kinds() -> list[tuple[str, Any]]:
    return [(k.code, k.name) for k in _open_kinds()]


COLUMNS = (
    Column("id", gettext_lazy("编号"), longest=36, fixed=True, hint=gettext_lazy("新增的不填；导出再导入时请勿修改。")),
    Column("kind", gettext_lazy("台账"), Type.CHOICE, required=True, aliases=("类别", "类型"), choices=_kinds,
           fixed=True),
    Column("number", gettext_lazy("台账编号"), aliases=("序号",), longest=40,
           hint=gettext_lazy("本台账里不重复的编号，可不填。")),
    Column("name", gettext_lazy("名称"), required=True, aliases=("店名", "单位名称"), longest=100,
           example=gettext_lazy("长宁路便利店")),
    Column("address", gettext_lazy("地址"), aliases=("详细地址",), longest=200, example=gettext_lazy("长宁路488弄1号")),
    Column("lat", gettext_lazy("纬度"), Type.DECIMAL, example="31.2205", hint=gettext_lazy("WGS-84 坐标，可不填。")),
    Column("lon", gettext_lazy("经度"), Type.DECIMAL, example="121.4237"),
    Column("area", gettext_lazy("所属区域"), aliases=("居民区", "区域"), known=known_areas,
           hint=gettext_lazy("区域的名称或编码，重名时写全路径；不填而有坐标的，按坐标归入区域。")),
    Column("unit", gettext_lazy("责任单位"), aliases=("管理单位",), longest=128, known=people.known_units),
    Column("tags", gettext_lazy("标签"), Type.LIST, longest=400, example=gettext_lazy("示范、夜间营业")),
    Column("details", gettext_lazy("台账内容"), longest=4000, example=gettext_lazy("业态：餐饮；商户联盟成员：是"),
           hint=gettext_lazy("写成“项目：内容”，多项用“；”分开；联系人、电话等个人信息不从表格导入。")),
)  # fmt: skip


class Names:
    """What the cells of a sheet may name: read once for all of its rows."""

    def __init__(self, kinds: Sequence[Kind] | None = None) -> None:
        self.areas = AreaNames()
        units = people.active_units()
        self.units = {u.name: u.pk for u in units}
        self.unit_names = {u.pk: u.name for u in units}
        self.kinds = {k.code: k for k in (_open_kinds() if kinds is None else kinds)}
        self._asked: dict[str, QuestionSet] = {}

    def asked(self, code: str) -> QuestionSet:
        """Return what is asked of a target of a kind."""
        if code not in self._asked:
            self._asked[code] = selectors.questions_of(self.kinds[code])
        return self._asked[code]


def _known(about: About) -> Names:
    found: Names = about.once("targets", Names)
    return found


def _found(target: Target, known: Names) -> Found:
    values = {
        "id": str(target.uuid),
        "kind": target.kind.code,
        "number": target.number,
        "name": target.name,
        "address": target.address,
        "lat": decimal_text(target.lat),
        "lon": decimal_text(target.lon),
        "area": known.areas.words(target.area_id),
        "unit": known.unit_names.get(target.unit_id or 0, ""),
        "tags": "、".join(target.tags),
        "details": to_cell(known.asked(target.kind.code), target.facts),
    }
    return Found(str(target.uuid), target.name, values, target.pk, target.uuid)


def _find(rows: Sequence[Row], about: About) -> list[Found | None]:
    known = _known(about)
    near = Target.objects.filter(until=None, kind__guarded=False).select_related(*_WITH)
    by_id = {str(t.uuid): t for t in near.filter(uuid__in=uuids_in([r.get("id") for r in rows if r.get("id")]))}
    numbers = {r.get("number") for r in rows if r.get("number")}
    by_number = {(t.kind.code, t.number): t for t in near.filter(number__in=numbers)}
    names = {r.get("name") for r in rows if not r.get("id")}
    by_name = {(t.kind.code, t.name, t.address): t for t in near.filter(name__in=names, number="")}
    found: list[Found | None] = []
    for row in rows:
        settle(row, known)
        row.data["numbered"] = by_number.get((row.get("kind"), row.get("number")))
        if row.get("id"):
            target = by_id.get(row.get("id"))
        elif row.get("number"):
            target = row.data["numbered"]
        else:
            target = by_name.get((row.get("kind"), row.get("name"), row.get("address")))
        if target is not None and not row.get("id") and "id" in row.values:
            row.values["id"] = str(target.uuid)
        found.append(_found(target, known) if target else None)
    return found


def settle(row: Row, known: Names, there: Found | None = None) -> None:
    """Bring area and details into the one way in which they are written; keep what the details say for writing."""
    settle_area(row, known.areas)
    kind = row.get("kind") or (there.values["kind"] if there else "")
    if "details" not in row.values or kind not in known.kinds:
        return
    asked = known.asked(kind)
    try:
        typed = from_cell(asked, row.get("details"))
    except BadDetailError as error:
        row.data["bad"] = _("没看懂“%(part)s”，请写成“项目：内容”，项目名称以台账为准。") % {"part": str(error)}
        return
    values, errors = services.looked_at(asked, {}, typed)
    if errors:
        labels = {q.code: q.label.get("zh-hans", q.code) for q in asked.questions}
        row.data["bad"] = "；".join(f"{labels[code]}：{''.join(said)}" for code, said in errors.items())
        return
    row.data["facts"] = values
    row.values["details"] = to_cell(asked, values)


def _check(rows: Sequence[Row], found: Sequence[Found | None], about: About) -> None:
    known = _known(about)
    for row, there in zip(rows, found, strict=True):
        if "areas" not in row.data:  # values from before, to be written back
            settle(row, known, there)
        if row.get("id") and there is None:
            row.refuse("id", _("没有这个编号，或已退出台账；新增的请不填编号。"))
        if row.data.get("bad"):
            row.refuse("details", row.data["bad"])
        numbered = row.data.get("numbered")
        if numbered is not None and there is not None and numbered.pk != there.data:
            row.refuse("number", _("这个台账里已经有编号“%(number)s”。") % {"number": row.get("number")})
        check_area(row)
        if row.get("unit") and row.get("unit") not in known.units:
            row.refuse("unit", _("没有“%(name)s”这个单位。") % {"name": row.get("unit")})
        check_tags(row)
        _check_point(row, there, about)
    _check_doubles(rows, found, known)


def check_tags(row: Row) -> None:
    """Refuse too many tags, and those that are too long."""
    tags = row.get("tags").split("、") if row.get("tags") else []
    if len(tags) > services.MOST_TAGS or any(len(t) > services.LONGEST_TAG for t in tags):
        row.refuse(
            "tags",
            _("最多 %(n)s 个标签，每个最多 %(most)s 个字。") % {"n": services.MOST_TAGS, "most": services.LONGEST_TAG},
        )


def _check_point(row: Row, there: Found | None, about: About) -> None:
    lat = row.values.get("lat", there.values["lat"] if there else "")
    lon = row.values.get("lon", there.values["lon"] if there else "")
    if bool(lat) != bool(lon):
        row.refuse("lat" if not lat else "lon", _("纬度和经度要一起填。"))
    elif lat and not row.faults:
        where = places.locate(Point(float(lat), float(lon)), about.today)
        if where.area_id is None:
            row.refuse("lat", _("这个位置不在本街道范围内，请重新选点。"))


def _check_doubles(rows: Sequence[Row], found: Sequence[Found | None], known: Names) -> None:
    """Refuse new rows that look the same as an entry: doubles are merged on the page, not imported."""
    new = [r for r, there in zip(rows, found, strict=True) if there is None and not r.faults]
    keys: dict[tuple[str, str], list[Row]] = {}
    for row in new:
        kind = known.kinds[row.get("kind")]
        facts = {k: v for k, v in row.data.get("facts", {}).items() if v is not None}
        target = Target(
            kind=kind, name=row.get("name"), number=row.get("number"), address=row.get("address"), facts=facts
        )
        services.index(target)
        if target.same_key:
            keys.setdefault((kind.code, target.same_key), []).append(row)
    same = Target.objects.filter(until=None, kind__guarded=False, same_key__in={key for _kind, key in keys})
    for code, key, name in same.values_list("kind__code", "same_key", "name") if keys else ():
        for row in keys.get((code, key), ()):
            row.refuse("name", _("台账里已有“%(name)s”，可能是同一个；请核对后填写它的编号。") % {"name": name})


def data_of(values: Mapping[str, str], row: Row, known: Names, before: Target | None) -> TargetData:
    """Return what a service takes: the sheet's columns, and of those it has not what is there."""
    areas = row.data["areas"]
    kept = before.area_id if before and "area" not in row.values else None
    return TargetData(
        kind=values["kind"],
        name=values["name"],
        number=values.get("number", ""),
        address=values.get("address", ""),
        lat=float(values["lat"]) if values.get("lat") else None,
        lon=float(values["lon"]) if values.get("lon") else None,
        area_id=areas[0].pk if areas else kept,
        parent=before.parent.uuid if before and before.parent else None,
        venue_id=before.venue_id if before else None,
        unit_id=known.units.get(values.get("unit", "")),
        tags=tuple(values["tags"].split("、")) if values.get("tags") else (),
        facts=row.data.get("facts", {}),
    )


def _create(rows: Sequence[Row], about: About) -> list[Made]:
    known, made = _known(about), []
    for row in rows:
        target = services.add_target(
            by=about.by, now=about.now, data=data_of(row.values, row, known, None), double_ok=True, source=SOURCE
        )
        made.append(Made(str(target.uuid), target.name))
    return made


def _change(pairs: Sequence[tuple[Row, Found]], about: About) -> None:
    known = _known(about)
    there = Target.objects.select_related(*_WITH).in_bulk([f.data for _r, f in pairs])
    for row, found in pairs:
        target = there[found.data]
        data = data_of({**found.values, **row.values}, row, known, target)
        services.change_target(
            by=about.by, now=about.now, uuid=target.uuid, data=data, expected=target.version,
            reason=about.reason, source=SOURCE,
        )  # fmt: skip


SOURCE = services.Source("import")


def _load(refs: Sequence[str]) -> Mapping[str, Found]:
    known, ids = Names(), uuids_in(refs)
    found: dict[str, Found] = {}
    for begin in range(0, len(ids), _CHUNK):
        rows = Target.objects.select_related(*_WITH).filter(uuid__in=ids[begin : begin + _CHUNK], kind__guarded=False)
        found |= {str(t.uuid): _found(t, known) for t in rows}
    return found


def hanging(found: Sequence[Found], _about: About) -> list[Hang]:
    """Return what hangs on entries, their facts apart."""
    return pointing_at(Target, found, without={"fieldwork.Fact"})


def _remove(found: Sequence[Found], about: About) -> None:
    ids = [f.data for f in found]
    delete_rows(Fact, ids, by="target_id")
    delete_rows(Target, ids)
    services.note_removed(
        by=about.by, now=about.now, reason=about.reason, found=[(f.uuid, f.label, f.values) for f in found]
    )


def _export(_about: About) -> Iterator[Values]:
    known = Names()
    rows = Target.objects.filter(until=None, kind__guarded=False).select_related(*_WITH)
    for target in rows.order_by("kind__order", "sort_key", "pk").iterator(2000):
        yield _found(target, known).values


def _key(values: Values) -> str:
    return values.get("id") or natural_key(values)


def natural_key(values: Values) -> str:
    """Return what names an entry that has no id: its number, else its name and address."""
    kind, number = values.get("kind", ""), values.get("number", "")
    return f"{kind}|{number}" if number else "|".join([kind, values.get("name", ""), values.get("address", "")])


TARGETS = SheetKind(
    code="targets",
    title=gettext_lazy("走访台账"),
    text=gettext_lazy("沿街商户、企业、楼栋、弄堂、设施等走访检查的对象；居民家庭另有表格。"),
    icon="list-check",
    order=45,
    columns=COLUMNS,
    journal="target",
    key=_key,
    find=_find,
    check=_check,
    create=_create,
    change=_change,
    load=_load,
    hanging=hanging,
    remove=_remove,
    export=_export,
    may=may_import,
    stretch=200,
)
