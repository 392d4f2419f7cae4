"""Units from a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.ids import uuids_in
from linli.foundation.people.models import Unit, UnitKind
from linli.foundation.people.selectors import local_day
from linli.foundation.people.services import create_unit
from linli.foundation.people.sheet_kinds.looking import (
    UnitNames,
    area_id,
    area_names,
    day,
    note_changes,
    note_removed,
    unit_names,
)
from linli.foundation.places.selectors.naming import AreaNames, check_area, settle_area
from linli.foundation.sheets.permissions import may_administer
from linli.foundation.sheets.rules import tidy
from linli.foundation.sheets.services import pointing_at
from linli.foundation.sheets.services.removing import delete_rows
from linli.foundation.sheets.types import About, Column, Found, Hang, Made, Row, SheetKind, Type, Values

COLUMNS = (
    Column("id", gettext_lazy("编号"), longest=36, fixed=True, hint=gettext_lazy("新增的不填；导出再导入时请勿修改。")),
    Column("name", gettext_lazy("单位名称"), required=True, aliases=("名称", "单位", "机构名称"), longest=128,
           example=gettext_lazy("街道社区管理办公室")),
    Column("short_name", gettext_lazy("简称"), longest=32, example=gettext_lazy("管理办")),
    Column("kind", gettext_lazy("单位类型"), Type.CHOICE, required=True, aliases=("类型", "性质"), example="department",
           choices=lambda: UnitKind.choices),
    Column("parent", gettext_lazy("上级单位"), aliases=("上级",), longest=128, example=gettext_lazy("华阳路街道办事处"),
           hint=gettext_lazy("可以是同一张表里的单位。")),
    Column("area", gettext_lazy("负责区域"), aliases=("区域", "所属区域", "辖区"), example=gettext_lazy("华阳路街道"),
           hint=gettext_lazy("区域的名称或编码，重名时写全路径；居委会填它的居民区。")),
    Column("phone", gettext_lazy("电话"), aliases=("联系电话", "单位电话"), longest=32, example="021-5555 0100"),
    Column("since", gettext_lazy("成立日期"), Type.DATE, aliases=("开始日期",), hint=gettext_lazy("不填为今天。"),
           example="2026-01-01"),
    Column("until", gettext_lazy("结束日期"), Type.DATE, hint=gettext_lazy("临时机构（专班）必填；最后一天。")),
    Column("active", gettext_lazy("在用"), Type.YES_NO, example="yes", hint=gettext_lazy("不填为“是”。")),
)  # fmt: skip


def _found(unit: Unit, areas: AreaNames) -> Found:
    values = {
        "id": str(unit.uuid),
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": unit.kind,
        "parent": unit.parent.name if unit.parent else "",
        "area": areas.words(unit.area_id),
        "phone": unit.phone,
        "since": unit.starts_on.isoformat(),
        "until": unit.ends_on.isoformat() if unit.ends_on else "",
        "active": "yes" if unit.active else "no",
    }
    return Found(str(unit.uuid), unit.name, values, unit.pk, unit.uuid)


def _find(rows: Sequence[Row], about: About) -> list[Found | None]:
    units, areas = unit_names(about), area_names(about)
    found: list[Found | None] = []
    for row in rows:
        settle_area(row, areas)
        parent = units.find(row.get("parent")) if row.get("parent") else None
        row.data["parent"] = parent
        if parent is not None:
            row.values["parent"] = tidy(parent.name)
        unit = units.by_uuid.get(row.get("id")) if row.get("id") else _named(units, row.get("name"))
        if unit is not None:
            _keep_what_is_empty(row, unit)
        found.append(_found(unit, areas) if unit else None)
    return found


def _named(units: UnitNames, name: str) -> Unit | None:
    return next((u for u in units.by_name.get(name, []) if tidy(u.name) == name), None)


def _keep_what_is_empty(row: Row, unit: Unit) -> None:
    """Let empty cells stand for what is there, in columns that cannot be empty."""
    there = {"id": str(unit.uuid), "since": unit.starts_on.isoformat(), "active": "yes" if unit.active else "no"}
    for name, value in there.items():
        if name in row.values and not row.values[name]:
            row.values[name] = value


def _check(rows: Sequence[Row], found: Sequence[Found | None], about: About) -> None:
    units = unit_names(about)
    for row, there in zip(rows, found, strict=True):
        if "areas" not in row.data:  # values from before, to be written back
            settle_area(row, area_names(about))
            row.data["parent"] = units.find(row.get("parent")) if row.get("parent") else None
        check_area(row)
        _check_parent(row, there, units, about)
        _check_days(row, there, about)
        if row.get("id") and there is None:
            row.refuse("id", _("没有这个编号；新增的请不填编号。"))
        twin = _named(units, row.get("name")) if row.get("name") else None
        renamed = there is not None and {"name", "active"} & set(row.data["differs"]) and row.get("active") != "no"
        if there is not None and renamed and twin is not None and twin.active and twin.pk != there.data:
            row.refuse("name", _("已经有一个同名的单位。"))


def _check_parent(row: Row, there: Found | None, units: UnitNames, about: About) -> None:
    parent, text = row.data["parent"], row.get("parent")
    if text and parent is None and text not in about.planned:
        row.refuse("parent", _("没有“%(name)s”这个单位。") % {"name": text})
    above = parent
    for _step in range(50):
        if above is None or there is None:
            return
        if above.pk == there.data:
            row.refuse("parent", _("上级单位不能是自己或自己的下级。"))
            return
        above = units.units.get(above.parent_id) if above.parent_id else None


def _check_days(row: Row, there: Found | None, about: About) -> None:
    values = dict(there.values) if there else {}
    values |= row.values
    first, last = values.get("since") or about.today.isoformat(), values.get("until", "")
    if last and last < first:
        row.refuse("until", _("结束日期不能早于开始日期。"))
    if values.get("kind") == UnitKind.TASK_FORCE and not last:
        row.refuse("until", _("临时机构必须有结束日期。"))


def _create(rows: Sequence[Row], about: About) -> list[Made]:
    made = []
    for row in rows:
        unit = create_unit(
            by=about.by, now=about.now, name=row.get("name"), kind=row.get("kind"), short_name=row.get("short_name"),
            parent=row.data["parent"], area_id=area_id(row), starts_on=day(row.get("since")),
            ends_on=day(row.get("until")), phone=row.get("phone"),
        )  # fmt: skip
        if row.get("active") == "no":
            Unit.objects.filter(pk=unit.pk).update(active=False)
        made.append(Made(str(unit.uuid), unit.name))
    about.kept.pop("units", None)
    return made


def _fields(row: Row, about: About) -> dict[str, object]:
    values = row.values
    found: dict[str, object] = {n: values[n] for n in ("name", "short_name", "kind", "phone") if n in values}
    if "parent" in values:
        found["parent_id"] = row.data["parent"].pk if row.data["parent"] else None
    if "area" in values:
        found["area_id"] = area_id(row)
    if "since" in values:
        found["starts_on"] = day(values["since"]) or local_day(about.now)
    if "until" in values:
        found["ends_on"] = day(values["until"])
    if "active" in values:
        found["active"] = values["active"] != "no"
    return found


def _change(pairs: Sequence[tuple[Row, Found]], about: About) -> None:
    for row, there in pairs:
        Unit.objects.filter(pk=there.data).update(**_fields(row, about))
    note_changes(about, "people.change_unit", "unit", pairs)
    about.kept.pop("units", None)


def _load(refs: Sequence[str]) -> Mapping[str, Found]:
    areas = AreaNames()
    rows = Unit.objects.select_related("parent").filter(uuid__in=uuids_in(refs))
    return {str(u.uuid): _found(u, areas) for u in rows}


def _hanging(found: Sequence[Found], _about: About) -> list[Hang]:
    return pointing_at(Unit, found)


def _remove(found: Sequence[Found], about: About) -> None:
    delete_rows(Unit, [f.data for f in found])
    note_removed(about, "people.remove_unit", "unit", found)
    about.kept.pop("units", None)


def _export(_about: About) -> Iterator[Values]:
    areas = AreaNames()
    for unit in Unit.objects.select_related("parent").order_by("-active", "kind", "name", "id"):
        yield _found(unit, areas).values


UNITS = SheetKind(
    code="units",
    title=gettext_lazy("单位"),
    text=gettext_lazy("科室、居委会、执法队、物业企业等，各自负责哪个区域。"),
    icon="building",
    order=30,
    columns=COLUMNS,
    journal="unit",
    key=lambda values: values.get("id") or values.get("name", ""),
    find=_find,
    check=_check,
    create=_create,
    change=_change,
    load=_load,
    hanging=_hanging,
    remove=_remove,
    export=_export,
    may=may_administer,
    names=lambda values: [values.get("name", ""), values.get("short_name", "")],
    above=lambda values: [values.get("parent", "")],
)
