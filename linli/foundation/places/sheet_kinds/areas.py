"""Areas from a sheet: names alone, each below another; borders come later from a map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.places.models import Area, AreaKind, Layer
from linli.foundation.places.selectors.naming import AreaNames, name_parts
from linli.foundation.places.services.areas import add_areas, bump, end_area, rename_area
from linli.foundation.places.types import AreaData
from linli.foundation.sheets.permissions import may_administer
from linli.foundation.sheets.services import pointing_at
from linli.foundation.sheets.services.removing import delete_rows
from linli.foundation.sheets.types import About, Column, Found, Hang, Made, Row, SheetKind, Type, Values


def _kinds() -> list[tuple[str, Any]]:
    return list(AreaKind.objects.order_by("order").values_list("code", "name"))


def _layers() -> list[tuple[str, Any]]:
    return list(Layer.objects.order_by("code").values_list("code", "name"))


COLUMNS = (
    Column("code", gettext_lazy("区域编码"), aliases=("编码", "代码"), longest=48, fixed=True, example="HY-01",
           hint=gettext_lazy("不填则自动编号；导出再导入时请勿修改。")),
    Column("name", gettext_lazy("区域名称"), required=True, aliases=("名称", "区域"), longest=64,
           example=gettext_lazy("陶家宅居民区")),
    Column("kind", gettext_lazy("区域类型"), Type.CHOICE, required=True, aliases=("类型", "层级"), choices=_kinds,
           fixed=True, example="neighbourhood"),
    Column("parent", gettext_lazy("上级区域"), aliases=("上级", "所属区域"), fixed=True,
           example=gettext_lazy("华阳路街道/第一综合网格"),
           hint=gettext_lazy("上级的名称，重名时写全路径，用“/”分隔；最上层不填。可以是同一张表里的区域。")),
    Column("layer", gettext_lazy("图层"), Type.CHOICE, choices=_layers, fixed=True,
           hint=gettext_lazy("只用于跨越网格的街区、片区等；一般不填。")),
    Column("since", gettext_lazy("设立日期"), Type.DATE, aliases=("启用日期", "开始日期"), fixed=True,
           example="2026-01-01", hint=gettext_lazy("不填为今天。")),
    Column("until", gettext_lazy("撤销日期"), Type.DATE, aliases=("结束日期",),
           hint=gettext_lazy("自这一天起不再存在；仍在使用的不填。")),
)  # fmt: skip


def _names(about: About) -> AreaNames:
    found: AreaNames = about.once("areas", AreaNames)
    return found


def _above(values: Values) -> list[str]:
    parts = name_parts(values.get("parent", ""))
    whole = [values.get("parent", "").strip(), "/".join(parts), *("/".join(parts[-n:]) for n in (2, 1))]
    return [w for w in whole if w]


def _called(values: Values) -> list[str]:
    above, name = name_parts(values.get("parent", "")), values.get("name", "")
    ends = ["/".join([*above[-n:], name]) for n in range(1, len(above) + 1)]
    return [values.get("code", ""), name, *ends]


def _key(values: Values) -> str:
    return values.get("code") or f"{values.get('parent', '')}/{values.get('name', '')}"


def _found(area: Area, names: AreaNames) -> Found:
    values = {
        "code": area.code,
        "name": area.name,
        "kind": area.kind.code,
        "parent": names.words(area.parent_id),
        "layer": area.layer.code if area.layer else "",
        "since": area.valid_from.isoformat(),
        "until": area.valid_to.isoformat() if area.valid_to else "",
    }
    return Found(area.code, area.name, values, area.pk, area.uuid)


def _find(rows: Sequence[Row], about: About) -> list[Found | None]:
    names = _names(about)
    found: list[Found | None] = []
    for row in rows:
        parents = names.find(row.get("parent")) if row.get("parent") else []
        row.data["parents"] = parents
        if len(parents) == 1:
            row.values["parent"] = names.words(parents[0].pk)
        area = names.by_code.get(row.get("code")) if row.get("code") else _alike(row, names, parents)
        if area is not None:
            row.values.update({n: v for n, v in _settled(area, row).items() if n in row.values})
        found.append(_found(area, names) if area else None)
    return found


def _alike(row: Row, names: AreaNames, parents: Sequence[Area]) -> Area | None:
    """Return the area of that name below that parent, where the sheet gives no code."""
    if row.get("parent") and len(parents) != 1:
        return None
    parent_id = parents[0].pk if parents else None
    below = [a for a in names.areas.values() if a.name == row.get("name") and a.parent_id == parent_id]
    return next((a for a in below if a.valid_to is None and a.kind.code in {row.get("kind"), a.kind.code}), None)


def _settled(area: Area, row: Row) -> dict[str, str]:
    """Return what an empty cell leaves as it is: the code that was given, the first day."""
    settled = {} if row.get("code") else {"code": area.code}
    return settled if row.get("since") else settled | {"since": area.valid_from.isoformat()}


def _check(rows: Sequence[Row], found: Sequence[Found | None], about: About) -> None:
    kinds = about.once("area_kinds", lambda: {k.code: k for k in AreaKind.objects.all()})
    for row, there in zip(rows, found, strict=True):
        first, last = row.get("since") or about.today.isoformat(), row.get("until")
        if last and last <= (there.values["since"] if there else first):
            row.refuse("until", _("撤销日期应在设立日期之后。"))
        if there is None:
            _check_parent(row, kinds.get(row.get("kind")), about)


def _check_parent(row: Row, kind: AreaKind | None, about: About) -> None:
    if kind is None or row.get("layer"):
        return
    text, parents = row.get("parent"), row.data["parents"]
    if not text and "" not in kind.parents:
        row.refuse("parent", _("“%(kind)s”要有上级区域。") % {"kind": kind.name})
    elif len(parents) > 1:
        row.refuse("parent", _("有 %(count)s 个区域叫“%(name)s”，请写全路径。") % {"count": len(parents), "name": text})
    elif text and not parents and not any(n in about.planned for n in _above(row.values)):
        row.refuse("parent", _("没有“%(name)s”这个区域。") % {"name": text})
    elif parents and parents[0].kind.code not in kind.parents:
        words = {"kind": kind.name, "above": parents[0].kind.name}
        row.refuse("parent", _("%(kind)s不能直接放在%(above)s之下。") % words)


def _create(rows: Sequence[Row], about: About) -> list[Made]:
    names = _names(about)
    codes = _codes(rows, set(names.by_code))
    data = [
        AreaData(
            code=code,
            name=row.get("name"),
            kind=row.get("kind"),
            parent=row.data["parents"][0].code if row.data["parents"] else "",
            layer=row.get("layer"),
            valid_from=date.fromisoformat(row.get("since")) if row.get("since") else about.today,
        )
        for row, code in zip(rows, codes, strict=True)
    ]
    made = add_areas(by=about.by, now=about.now, areas=data)
    for row, code in zip(rows, codes, strict=True):
        if row.get("until"):
            last = date.fromisoformat(row.get("until"))
            end_area(by=about.by, now=about.now, area_id=made[code].pk, day=last, reason=about.reason)
    about.kept.pop("areas", None)
    return [Made(code, made[code].name) for code in codes]


def _codes(rows: Sequence[Row], taken: set[str]) -> list[str]:
    """Return a code for each row: its own, or its kind's with the next free number."""
    taken |= {r.get("code") for r in rows}
    found = []
    numbers = {kind: count(1) for kind in {r.get("kind") for r in rows}}
    for row in rows:
        code = row.get("code")
        while not code:
            proposed = f"{row.get('kind')}-{next(numbers[row.get('kind')]):03d}"
            code = "" if proposed in taken else proposed
        taken.add(code)
        found.append(code)
    return found


def _change(pairs: Sequence[tuple[Row, Found]], about: About) -> None:
    for row, there in pairs:
        differs = row.data["differs"]
        if "name" in differs:
            rename_area(by=about.by, now=about.now, area_id=there.data, name=row.values["name"])
        if "until" in differs:
            _set_end(there, row.values["until"], about)
    about.kept.pop("areas", None)


def _set_end(there: Found, until: str, about: About) -> None:
    """Let an area end, or end on another day, or live on."""
    if until and not there.values["until"]:
        end_area(by=about.by, now=about.now, area_id=there.data, day=date.fromisoformat(until), reason=about.reason)
        return
    day = date.fromisoformat(until) if until else None
    area = Area.objects.only("parent", "name", "valid_to").select_related("parent").get(pk=there.data)
    if area.parent is not None and area.parent.valid_to is not None and (day is None or day > area.parent.valid_to):
        raise InvalidError(_("上级区域已撤销，下级不能更晚。"), fields={"until": [_("上级区域已撤销，下级不能更晚。")]})
    Area.objects.filter(pk=there.data).update(valid_to=day)
    bump()
    journal.record(
        by=about.by, verb="places.end_area", kind="area", uuid=there.uuid, label=there.label, now=about.now,
        before={"valid_to": there.values["until"]}, after={"valid_to": until}, reason=about.reason,
    )  # fmt: skip


def _load(refs: Sequence[str]) -> Mapping[str, Found]:
    names = AreaNames()
    return {r: _found(names.by_code[r], names) for r in refs if r in names.by_code}


def _hanging(found: Sequence[Found], _about: About) -> list[Hang]:
    return pointing_at(Area, found)


def _remove(found: Sequence[Found], about: About) -> None:
    delete_rows(Area, [f.data for f in found])
    bump()
    about.kept.pop("areas", None)
    journal.record(
        by=about.by, verb="places.remove_areas", kind="area", uuid=None, now=about.now,
        label=_("%(count)s 个区域") % {"count": len(found)}, before={"codes": [f.ref for f in found]},
        after={}, reason=about.reason,
    )  # fmt: skip


def _export(_about: About) -> Iterator[Values]:
    names = AreaNames()
    for area in sorted(names.areas.values(), key=lambda a: (a.level, a.path)):
        yield {n: clean(v) for n, v in _found(area, names).values.items()}


AREAS = SheetKind(
    code="areas",
    title=gettext_lazy("区域"),
    text=gettext_lazy("街道、网格、居民区等的名称和上下级；边界以后从地图导入。"),
    icon="map-2",
    order=10,
    columns=COLUMNS,
    journal="area",
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
    names=_called,
    above=_above,
)
