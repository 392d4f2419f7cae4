"""The library as a sheet: a whole edition comes in and goes out; rows that are wrong are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.selectors import catalogue
from linli.foundation.people import selectors as people
from linli.foundation.sheets.services.removing import delete_rows
from linli.foundation.sheets.types import About, Column, Found, Hang, Made, Row, SheetKind, Type, Values, register
from linli.programmes.civility import selectors, services
from linli.programmes.civility.models import Edition, Standard
from linli.programmes.civility.permissions import may_keep
from linli.programmes.civility.types import EditionState, StandardData, Way

_TEXTS = ("code", "project", "content", "text", "guide", "way")


def _types() -> list[tuple[str, Any]]:
    return [(t.code, t.name) for t in selectors.point_types()]


COLUMNS = (
    Column("code", gettext_lazy("代码"), longest=40, fixed=True,
           hint=gettext_lazy("新增的可以不填；同一标准在各版本里代码相同。")),
    Column("project", gettext_lazy("项目"), required=True, aliases=("测评项目",), longest=60,
           example=gettext_lazy("公共环境")),
    Column("content", gettext_lazy("内容"), required=True, aliases=("测评内容",), longest=100,
           example=gettext_lazy("市容环境卫生")),
    Column("text", gettext_lazy("标准"), required=True, aliases=("测评标准",), longest=300,
           example=gettext_lazy("路面整洁，无暴露垃圾")),
    Column("guide", gettext_lazy("标准全文"), aliases=("说明", "评分说明"), longest=4000),
    Column("way", gettext_lazy("采集方式"), Type.CHOICE, choices=lambda: Way.choices,
           hint=gettext_lazy("不填为实地考察。")),
    Column("point_type", gettext_lazy("点位类型"), Type.CHOICE, choices=_types),
    Column("unit", gettext_lazy("责任单位"), longest=128, known=people.known_units,
           hint=gettext_lazy("不填的由点位所属单位负责。")),
    Column("helpers", gettext_lazy("协同单位"), Type.LIST, longest=600),
    Column("full", gettext_lazy("分值"), Type.DECIMAL, example="1"),
    Column("weight", gettext_lazy("权重"), Type.DECIMAL, example="1"),
    Column("veto", gettext_lazy("一票否决"), Type.YES_NO),
    Column("photo", gettext_lazy("须拍照"), Type.YES_NO),
    Column("categories", gettext_lazy("案件分类代码"), Type.LIST, longest=400,
           hint=gettext_lazy("这些分类的日常案件计入本指标；不达标时按第一个立案。")),
)  # fmt: skip


def _draft() -> Edition | None:
    return Edition.objects.filter(state=EditionState.DRAFT).first()


def _names(about: About) -> dict[str, int]:
    found: dict[str, int] = about.once("civility.units", lambda: {u.name: u.pk for u in people.active_units()})
    return found


def _listed(text: str) -> list[str]:
    return [part for part in text.split("、") if part]


def _values(row: Standard, names: Mapping[int, str]) -> Values:
    data = selectors.data_of(row)
    return {name: str(getattr(data, name)) for name in _TEXTS} | {
        "point_type": data.point_type,
        "unit": names.get(data.unit_id or 0, ""),
        "helpers": "、".join(names.get(u, "") for u in data.helper_ids),
        "full": f"{data.full.normalize():f}",
        "weight": f"{data.weight.normalize():f}",
        "veto": "yes" if data.veto else "no",
        "photo": "yes" if data.photo else "no",
        "categories": "、".join(data.categories),
    }


def _rows(edition: Edition | None) -> list[Standard]:
    return selectors.all_standards(edition) if edition is not None else []


def _found(row: Standard, names: Mapping[int, str]) -> Found:
    return Found(row.code, row.text, _values(row, names), row.pk)


def _find(rows: Sequence[Row], about: About) -> list[Found | None]:
    names = {pk: name for name, pk in _names(about).items()}
    wanted = {r.get("code") for r in rows if r.get("code")}
    there = {s.code: s for s in _rows(_draft()) if s.code in wanted}
    for row in rows:
        for name in ("veto", "photo"):
            if name in row.values and not row.get(name):
                row.values[name] = "no"
        for name in ("full", "weight"):
            if name in row.values:
                row.values[name] = f"{Decimal(row.get(name) or 1).normalize():f}"
        if "way" in row.values and not row.get("way"):
            row.values["way"] = Way.FIELD
    return [_found(there[c], names) if (c := r.get("code")) in there else None for r in rows]


def _check(rows: Sequence[Row], _there: Sequence[Found | None], about: About) -> None:
    units = _names(about)
    known = {c.spec.code for c in catalogue.categories() if c.leaf}
    draft = _draft()
    for row in rows:
        if draft is None:
            row.refuse("", _("现在没有编制中的版本，请先在“指标库”新建一个版本。"))
        for column, names in (("unit", [row.get("unit")]), ("helpers", _listed(row.get("helpers")))):
            for name in filter(None, names):
                if name not in units:
                    row.refuse(column, _("没有“%(name)s”这个单位。") % {"name": name})
        for code in set(_listed(row.get("categories"))) - known:
            row.refuse("categories", _("没有“%(code)s”这个案件分类。") % {"code": code})
        if (row.get("way") or Way.FIELD) == Way.FIELD and not row.get("point_type"):
            row.refuse("point_type", _("实地考察的标准要写点位类型。"))


def _data(values: Mapping[str, str], about: About) -> StandardData:
    units = _names(about)
    texts: dict[str, Any] = {name: values.get(name, "") for name in _TEXTS}
    return StandardData(
        **{**texts, "way": texts["way"] or Way.FIELD}, point_type=values.get("point_type", ""),
        unit_id=units.get(values.get("unit", "")),
        helper_ids=tuple(units[n] for n in _listed(values.get("helpers", ""))),
        full=Decimal(values.get("full") or 1), weight=Decimal(values.get("weight") or 1),
        veto=values.get("veto") == "yes", photo=values.get("photo") == "yes",
        categories=tuple(_listed(values.get("categories", ""))),
    )  # fmt: skip


def _create(rows: Sequence[Row], about: About) -> list[Made]:
    made = []
    for row in rows:
        saved = services.save_standard(by=about.by, now=about.now, data=_data(row.values, about))
        made.append(Made(saved.code, saved.text))
    return made


def _change(pairs: Sequence[tuple[Row, Found]], about: About) -> None:
    for row, found in pairs:
        data = _data({**found.values, **row.values}, about)
        services.save_standard(by=about.by, now=about.now, data=data)


def _load(refs: Sequence[str]) -> Mapping[str, Found]:
    names = {u.pk: u.name for u in people.active_units()}
    return {s.code: _found(s, names) for s in _rows(_draft()) if s.code in set(refs)}


def _hanging(found: Sequence[Found], _about: About) -> list[Hang]:
    gone = {f.data for f in found} - set(
        Standard.objects.filter(pk__in=[f.data for f in found], edition__state=EditionState.DRAFT)
        .values_list("pk", flat=True)
    )  # fmt: skip
    return [Hang(f.label, _("所在版本已经发布。")) for f in found if f.data in gone]


def _remove(found: Sequence[Found], about: About) -> None:
    services.note_removed(by=about.by, now=about.now, reason=about.reason, found=found)
    delete_rows(Standard, [f.data for f in found])


def _export(_about: About) -> Iterator[Values]:
    names = {u.pk: u.name for u in people.active_units()}
    for row in _rows(_draft() or selectors.in_use()):
        yield _values(row, names)


LIBRARY = SheetKind(
    code="civility_standards",
    title=gettext_lazy("文明创建指标库"),
    text=gettext_lazy(
        "项目、内容、标准，采集方式、点位类型、责任和协同单位、分值、权重、一票否决；导入到编制中的版本。"
    ),
    icon="checklist",
    order=70,
    columns=COLUMNS,
    journal="civility_standard",
    key=lambda values: values.get("code") or "|".join(values.get(n, "") for n in ("point_type", "content", "text")),
    find=_find,
    check=_check,
    create=_create,
    change=_change,
    load=_load,
    hanging=_hanging,
    remove=_remove,
    export=_export,
    may=may_keep,
    stretch=200,
)


def enter() -> None:
    """Register it."""
    register(LIBRARY)
