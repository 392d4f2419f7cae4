"""Targets of guarded ledgers (households) from a sheet, for who works in their grid; never out again as a sheet.

What is personal goes sealed into the ledger; the rows of the sheet are deleted as soon as they are imported, and what
the import keeps of each row for undoing has nothing personal in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.models import Fact, Kind, Target
from linli.engines.fieldwork.permissions import guarded_roles, may_enter, readable
from linli.engines.fieldwork.rules.details import BadDetailError, from_cell, to_cell
from linli.engines.fieldwork.sheet_kinds.targets import (
    SOURCE,
    Names,
    check_tags,
    data_of,
    hanging,
    natural_key,
    settle,
)
from linli.foundation.core.actors import Actor
from linli.foundation.core.ids import uuids_in
from linli.foundation.places.selectors.naming import check_area, known_areas
from linli.foundation.sheets.services.removing import delete_rows
from linli.foundation.sheets.types import About, Column, Found, Made, Row, SheetKind, Type, Values

_WITH = ("kind", "parent")
FILLED = "*"


def _guarded() -> list[Kind]:
    return [k for k in selectors.kinds(active=False) if k.guarded]


def _kinds() -> list[tuple[str, Any]]:
    return [(k.code, k.name) for k in _guarded()]


COLUMNS = (
    Column("kind", gettext_lazy("台账"), Type.CHOICE, required=True, aliases=("类别",), choices=_kinds, fixed=True),
    Column("number", gettext_lazy("台账编号"), longest=40, hint=gettext_lazy("本台账里不重复的编号，可不填。")),
    Column("name", gettext_lazy("名称"), required=True, longest=100, example=gettext_lazy("302 室"),
           hint=gettext_lazy("写门牌，不写姓名。")),
    Column("address", gettext_lazy("地址"), required=True, longest=200, example=gettext_lazy("长宁路488弄12号302室")),
    Column("area", gettext_lazy("所属区域"), required=True, aliases=("居民区",), known=known_areas,
           hint=gettext_lazy("本网格内的区域，写名称或编码。")),
    Column("tags", gettext_lazy("标签"), Type.LIST, longest=400),
    Column("details", gettext_lazy("台账内容"), longest=4000, example=gettext_lazy("常住人数：3"),
           hint=gettext_lazy("写成“项目：内容”，多项用“；”分开。")),
    Column("private", gettext_lazy("个人信息"), longest=4000, personal=True, loose=True,
           example=gettext_lazy("联系电话：13800000000"),
           hint=gettext_lazy("写成“项目：内容”，加密保存；不填则保留已有的。只填本人同意登记的。")),
)  # fmt: skip


def _names(about: About) -> Names:
    found: Names = about.once("homes", lambda: Names(_guarded()))
    return found


def _found(target: Target, names: Names) -> Found:
    values = {
        "kind": target.kind.code,
        "number": target.number,
        "name": target.name,
        "address": target.address,
        "area": names.areas.words(target.area_id),
        "tags": "、".join(target.tags),
        "details": to_cell(names.asked(target.kind.code), target.facts),
        "private": "",
    }
    return Found(str(target.uuid), target.kind.name, values, target.pk, target.uuid)


def _find(rows: Sequence[Row], about: About) -> list[Found | None]:
    """Look among what this person reads alone; what is personal leaves the row here for its data."""
    names = _names(about)
    near = readable(about.by, guarded=True).filter(until=None).select_related(*_WITH)
    numbers = near.filter(number__in={r.get("number") for r in rows if r.get("number")})
    by_number = {(t.kind.code, t.number): t for t in numbers}
    at = near.filter(address__in={r.get("address") for r in rows})
    by_address = {(t.kind.code, t.name, t.address): t for t in at}
    found: list[Found | None] = []
    for row in rows:
        settle(row, names)
        _seal(row, names)
        key = row.get("kind"), row.get("name"), row.get("address")
        target = by_number.get((row.get("kind"), row.get("number"))) if row.get("number") else by_address.get(key)
        found.append(_found(target, names) if target else None)
    return found


def _seal(row: Row, names: Names) -> None:
    text, kind = row.get("private"), row.get("kind")
    if not text or text == FILLED or kind not in names.kinds:
        return
    asked = names.asked(kind)
    try:
        told = {code: value for code, value in from_cell(asked, text, personal=True).items() if value}
    except BadDetailError:
        row.data["bad_private"] = _("没看懂其中一项，请写成“项目：内容”，项目名称以台账为准。")
        return
    values, errors = services.looked_at(asked, {}, told)
    if errors:
        labels = {q.code: q.label.get("zh-hans", q.code) for q in asked.questions}
        row.data["bad_private"] = "；".join(f"{labels[code]}：{''.join(said)}" for code, said in errors.items())
        return
    row.data["facts"] = {**row.data.get("facts", {}), **values}
    row.values["private"] = FILLED


def _check(rows: Sequence[Row], found: Sequence[Found | None], about: About) -> None:
    names = _names(about)
    for row, there in zip(rows, found, strict=True):
        if "areas" not in row.data:
            settle(row, names, there)
        for name, said in (("details", "bad"), ("private", "bad_private")):
            if row.data.get(said):
                row.refuse(name, row.data[said])
        check_area(row)
        check_tags(row)
        kind, areas = names.kinds.get(row.get("kind")), row.data.get("areas") or []
        if kind and areas and not may_enter(about.by, kind, areas[0].path):
            row.refuse("area", _("不在您的网格内。"))


def _create(rows: Sequence[Row], about: About) -> list[Made]:
    names, made = _names(about), []
    for row in rows:
        data = data_of(row.values, row, names, None)
        target = services.add_target(by=about.by, now=about.now, data=data, double_ok=True, source=SOURCE)
        made.append(Made(str(target.uuid), target.kind.name))
    return made


def _change(pairs: Sequence[tuple[Row, Found]], about: About) -> None:
    names = _names(about)
    there = Target.objects.select_related(*_WITH).in_bulk([f.data for _r, f in pairs])
    for row, found in pairs:
        target = there[found.data]
        data = data_of({**found.values, **row.values}, row, names, target)
        services.change_target(
            by=about.by, now=about.now, uuid=target.uuid, data=data, expected=target.version,
            reason=about.reason, source=SOURCE,
        )  # fmt: skip


def _load(refs: Sequence[str]) -> Mapping[str, Found]:
    names = Names(_guarded())
    rows = Target.objects.select_related(*_WITH).filter(uuid__in=uuids_in(refs), kind__guarded=True)
    return {str(t.uuid): _found(t, names) for t in rows}


def _remove(found: Sequence[Found], about: About) -> None:
    ids = [f.data for f in found]
    delete_rows(Fact, ids, by="target_id")
    delete_rows(Target, ids)
    services.note_removed(by=about.by, now=about.now, reason=about.reason, found=[(f.uuid, f.label, {}) for f in found])


def _export(_about: About) -> Iterator[Values]:
    """Yield nothing: what is about people at home never leaves as a sheet."""
    return iter(())


def may(by: Actor) -> bool:
    """Return whether ``by`` brings in households: who works in a grid, as the rulebook names their posts."""
    return any(g.area_path and g.role in guarded_roles() for g in by.grants)


HOMES = SheetKind(
    code="homes",
    title=gettext_lazy("居民家庭台账"),
    text=gettext_lazy("本网格的居民家庭；个人信息加密保存，表格导入后即删除，不导出。"),
    icon="home",
    order=46,
    columns=COLUMNS,
    journal="target",
    key=natural_key,
    find=_find,
    check=_check,
    create=_create,
    change=_change,
    load=_load,
    hanging=hanging,
    remove=_remove,
    export=_export,
    may=may,
    stretch=100,
    fleeting=True,
)
