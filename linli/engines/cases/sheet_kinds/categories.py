"""Categories from a sheet. A change makes a new version; cases taken in before keep theirs.

Questions are not in the sheet; a category that is there keeps its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.models import Category, CategoryVersion, RoutingRule
from linli.engines.cases.rules.routing import category_fits
from linli.engines.cases.selectors.catalogue import to_spec
from linli.engines.cases.services.catalogue import renew, save_category
from linli.engines.cases.workflow import Level
from linli.foundation.journal import services as journal
from linli.foundation.sheets.permissions import may_administer
from linli.foundation.sheets.services import pointing_at
from linli.foundation.sheets.services.removing import delete_rows
from linli.foundation.sheets.types import About, Column, Found, Hang, Made, Row, SheetKind, Type, Values

_TEXTS = ("name", "resident_name", "law", "danger", "danger_en", "icon")
_LISTS = ("words", "unit_kinds")
_FLAGS = ("public_space", "guarded", "verify", "urgent")
_EVIDENCE = {"photos_before": "before", "photos_after": "after", "papers": "paper"}
# What an empty cell means in a row that has to say something.
_DEFAULTS = {
    "level": Level.GENERAL.value, "icon": "alert", "relapse_days": "0", "photos_before": "0", "photos_after": "1",
    "papers": "0", **dict.fromkeys(_FLAGS, "no"),
}  # fmt: skip

COLUMNS = (
    Column("code", gettext_lazy("分类代码"), required=True, aliases=("代码",), longest=32, fixed=True,
           example="lamp_out",
           hint=gettext_lazy("小写字母、数字和下划线；用过就不再改。")),
    Column("name", gettext_lazy("分类名称"), required=True, aliases=("名称", "分类"), longest=40,
           example=gettext_lazy("路灯不亮")),
    Column("resident_name", gettext_lazy("居民看到的名称"), longest=40, example=gettext_lazy("路灯坏了"),
           hint=gettext_lazy("不填则与名称相同。")),
    Column("parent", gettext_lazy("上级分类代码"), aliases=("上级分类", "大类"), longest=32, example="facilities",
           hint=gettext_lazy("大类不填；可以是同一张表里的分类。")),
    Column("order", gettext_lazy("顺序"), Type.INTEGER, example="10"),
    Column("words", gettext_lazy("近义词"), Type.LIST, longest=1000, example=gettext_lazy("路灯、灯不亮、黑")),
    Column("level", gettext_lazy("级别"), Type.CHOICE, choices=lambda: Level.choices, example="general"),
    Column("public_space", gettext_lazy("公共空间"), Type.YES_NO, example="yes",
           hint=gettext_lazy("填“是”的才可能在公开列表出现。")),
    Column("guarded", gettext_lazy("限制知悉"), Type.YES_NO, example="no",
           hint=gettext_lazy("家庭、纠纷、对人对单位的举报填“是”。")),
    Column("verify", gettext_lazy("先核实"), Type.YES_NO, example="no"),
    Column("urgent", gettext_lazy("紧急"), Type.YES_NO, example="no"),
    Column("photos_before", gettext_lazy("处置前照片数"), Type.INTEGER, example="1"),
    Column("photos_after", gettext_lazy("处置后照片数"), Type.INTEGER, example="1", hint=gettext_lazy("不填为 1。")),
    Column("papers", gettext_lazy("文书数"), Type.INTEGER, example="0"),
    Column("why", gettext_lazy("取证说明"), longest=500, example=gettext_lazy("证明灯已修好。")),
    Column("unit_kinds", gettext_lazy("通常承办的单位类型"), Type.LIST, longest=500,
           hint=gettext_lazy("单位类型的代码，供人参考；派到哪里由派遣规则决定。")),
    Column("law", gettext_lazy("法律依据"), longest=2000),
    Column("danger", gettext_lazy("危险提示"), longest=2000,
           hint=gettext_lazy("居民选这一类时立即看到，如“请先拨打 119”。")),
    Column("danger_en", gettext_lazy("危险提示（英文）"), longest=2000),
    Column("relapse_days", gettext_lazy("返潮天数"), Type.INTEGER, example="0", hint=gettext_lazy("0 按规则库。")),
    Column("icon", gettext_lazy("图标"), longest=40, example="bulb"),
)  # fmt: skip


def _values(row: Category) -> dict[str, str]:
    spec = to_spec(row.version.spec) if row.version else to_spec({"code": row.code, "name": row.name})
    values = {n: str(getattr(spec, n)) for n in _TEXTS}
    values |= {n: "、".join(getattr(spec, n)) for n in _LISTS}
    values |= {n: "yes" if getattr(spec, n) else "no" for n in _FLAGS}
    values |= {n: str(getattr(spec.evidence, field)) for n, field in _EVIDENCE.items()}
    values |= {
        "code": row.code,
        "parent": row.parent.code if row.parent else "",
        "order": str(row.order),
        "level": spec.level.value,
        "why": spec.evidence.why,
        "relapse_days": str(spec.relapse_days),
    }
    return {n: " ".join(v.split()) for n, v in values.items()}


def _found(row: Category) -> Found:
    return Found(row.code, row.name, _values(row), row.pk)


def _read(codes: Sequence[str]) -> dict[str, Category]:
    rows = Category.objects.select_related("parent", "version").filter(code__in=list(codes))
    return {r.code: r for r in rows}


def _find(rows: Sequence[Row], _about: About) -> list[Found | None]:
    there = _read([r.get("code") for r in rows])
    parents = set(Category.objects.filter(code__in={r.get("parent") for r in rows}).values_list("code", flat=True))
    found: list[Found | None] = []
    for row in rows:
        row.data["parent_there"] = row.get("parent") in parents
        category = there.get(row.get("code"))
        _fill_empty(row, category)
        found.append(_found(category) if category else None)
    return found


def _fill_empty(row: Row, category: Category | None) -> None:
    defaults = _DEFAULTS | {"order": str(category.order) if category else "0"}
    if row.get("name"):
        defaults["resident_name"] = row.get("name")
    for name, value in defaults.items():
        if name in row.values and not row.values[name]:
            row.values[name] = value


def _check(rows: Sequence[Row], found: Sequence[Found | None], about: About) -> None:
    for row, there in zip(rows, found, strict=True):
        parent = row.get("parent")
        if "parent_there" not in row.data:  # values from before, to be written back
            row.data["parent_there"] = Category.objects.filter(code=parent).exists()
        if parent and not row.data["parent_there"] and parent not in about.planned:
            row.refuse("parent", _("没有“%(name)s”这个分类。") % {"name": parent})
        if parent and (parent == row.get("code") or (there is not None and parent == there.ref)):
            row.refuse("parent", _("上级分类不能是自己。"))
        code = row.get("code")
        if code and not (code.isascii() and code.replace("_", "").isalnum() and code == code.lower()):
            row.refuse("code", _("分类代码只能用小写字母、数字和下划线。"))
        for name in (*_EVIDENCE, "relapse_days", "order"):
            if row.get(name).startswith("-") or len(row.get(name)) > 5:
                row.refuse(name, _("应为 0 至 99999 的整数。"))


def _spec(values: Values, names: Sequence[str], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with the fields of ``names`` as the row has them, each in the shape of a category's spec."""
    spec = dict(base)
    for name in names:
        value = values[name]
        if name in _TEXTS or name in {"code", "level"}:
            spec[name] = value
        elif name in _LISTS:
            spec[name] = value.split("、") if value else []
        elif name in _FLAGS:
            spec[name] = value == "yes"
        elif name == "relapse_days":
            spec[name] = int(value)
        elif name in _EVIDENCE or name == "why":
            evidence = dict(spec.get("evidence", {}))
            evidence[_EVIDENCE.get(name, name)] = value if name == "why" else int(value)
            spec["evidence"] = evidence
    return spec


def _create(rows: Sequence[Row], about: About) -> list[Made]:
    made = []
    for row in rows:
        said = [n for n, v in row.values.items() if v and v != _DEFAULTS.get(n)]
        category = save_category(
            by=about.by, now=about.now, spec=_spec(row.values, said, {}), parent=row.get("parent"),
            order=int(row.get("order") or 0),
        )  # fmt: skip
        made.append(Made(category.code, category.name))
    return made


def _change(pairs: Sequence[tuple[Row, Found]], about: About) -> None:
    there = _read([f.ref for _r, f in pairs])
    for row, found in pairs:
        category = there[found.ref]
        base = category.version.spec if category.version else {"code": category.code, "name": category.name}
        values = {**found.values, **row.values}
        save_category(
            by=about.by, now=about.now, spec=_spec(values, row.data["differs"], base), parent=values["parent"],
            order=int(values["order"] or 0),
        )  # fmt: skip


def _load(refs: Sequence[str]) -> Mapping[str, Found]:
    return {code: _found(row) for code, row in _read(refs).items()}


def _hanging(found: Sequence[Found], _about: About) -> list[Hang]:
    hangs = pointing_at(Category, found, without={"cases.CategoryVersion"})
    rules = list(RoutingRule.objects.values_list("name", "conditions"))
    for one in found:
        naming = [n for n, c in rules if category_fits(tuple(c.get("categories", ())), one.ref)]
        if naming:
            hangs.append(Hang(one.label, _("派遣规则“%(name)s”用到它。") % {"name": "”“".join(naming[:3])}))
    return hangs


def _remove(found: Sequence[Found], about: About) -> None:
    ids = [f.data for f in found]
    Category.objects.filter(pk__in=ids).update(version=None)
    delete_rows(CategoryVersion, ids, by="category_id")
    delete_rows(Category, ids)
    renew()
    for one in found:
        journal.record(
            by=about.by, verb="cases.remove_category", kind="category", uuid=None, label=f"{one.ref} {one.label}",
            now=about.now, before={n: v for n, v in one.values.items() if v}, reason=about.reason,
        )  # fmt: skip


def _export(_about: About) -> Iterator[Values]:
    rows = list(Category.objects.select_related("parent", "version").filter(active=True).order_by("order", "code"))
    for row in sorted(rows, key=lambda r: r.parent_id is not None):
        yield _values(row)


CATEGORIES = SheetKind(
    code="categories",
    title=gettext_lazy("分类"),
    text=gettext_lazy("问题的分类：名称、近义词、取证、提示。修改只影响以后的案件。"),
    icon="stack-2",
    order=60,
    columns=COLUMNS,
    journal="category",
    key=lambda values: values.get("code", ""),
    find=_find,
    check=_check,
    create=_create,
    change=_change,
    load=_load,
    hanging=_hanging,
    remove=_remove,
    export=_export,
    may=may_administer,
    names=lambda values: [values.get("code", "")],
    above=lambda values: [values.get("parent", "")],
)
