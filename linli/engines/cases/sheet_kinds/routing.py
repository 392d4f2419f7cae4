"""Routing rules from a sheet. The whole list is put in force anew; rules that the sheet does not name stay in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.models import Category, RoutingRule
from linli.engines.cases.services.catalogue import save_rules
from linli.engines.cases.types import Source
from linli.engines.cases.workflow import Level
from linli.foundation.core.text import to_halfwidth
from linli.foundation.people import selectors as people
from linli.foundation.places.selectors.naming import AreaNames
from linli.foundation.sheets.permissions import may_administer
from linli.foundation.sheets.types import About, Column, Found, Hang, Made, Row, SheetKind, Type, Values

_HOURS = re.compile(r"(\d{1,2}:\d{2})\s*[-–—－~～至到]\s*(\d{1,2}:\d{2})")

COLUMNS = (
    Column("order", gettext_lazy("顺序"), Type.INTEGER, example="1", loose=True,
           hint=gettext_lazy("从 1 起，先符合的先用；不填则排在最后。")),
    Column("name", gettext_lazy("规则名称"), required=True, aliases=("名称", "规则"), longest=80, fixed=True,
           example=gettext_lazy("街面秩序交城管")),
    Column("categories", gettext_lazy("分类"), Type.LIST, longest=2000, example=gettext_lazy("跨门经营、乱设摊"),
           hint=gettext_lazy("分类的名称或代码，代码后加 * 表示同一开头的；不填为全部。")),
    Column("areas", gettext_lazy("区域"), Type.LIST, longest=2000,
           hint=gettext_lazy("区域的名称或全路径；不填为全部。")),
    Column("sources", gettext_lazy("来源"), Type.CHOICES, choices=lambda: Source.choices),
    Column("hours", gettext_lazy("时段"), longest=20, example="22:00-06:00",
           hint=gettext_lazy("可跨零点；不填为全天。")),
    Column("answers", gettext_lazy("问题答案"), longest=500, hint=gettext_lazy("写成 问题代码=答案，多个用分号分隔。")),
    Column("unit_kind", gettext_lazy("承办单位类型"), longest=80, example="enforcement",
           hint=gettext_lazy("管那个地方的这一类单位；科室写成“科室/简称”。与“承办单位”二选一。")),
    Column("unit", gettext_lazy("承办单位"), longest=128, hint=gettext_lazy("固定派到这个单位。")),
    Column("helpers", gettext_lazy("协办单位类型"), Type.LIST, longest=500),
    Column("level", gettext_lazy("级别"), Type.CHOICE, choices=lambda: Level.choices,
           hint=gettext_lazy("不填则按分类。")),
    Column("active", gettext_lazy("启用"), Type.YES_NO, example="yes", hint=gettext_lazy("不填为“是”。")),
    Column("note", gettext_lazy("备注"), longest=1000),
)  # fmt: skip


class _Names:
    """Categories, areas, units and kinds of units by what people call them, both ways."""

    def __init__(self) -> None:
        self.areas = AreaNames()
        self.category_names = dict(Category.objects.values_list("code", "name"))
        names = list(self.category_names.values())
        self.codes = {n: c for c, n in self.category_names.items() if names.count(n) == 1}
        self.units = {u.pk: u.name for u in people.active_units()}
        self.unit_ids = {n: pk for pk, n in self.units.items()}
        self.kinds = people.unit_kinds()
        self.kind_codes = {w: c for c, w in self.kinds.items()} | {c: c for c in self.kinds}

    def category(self, text: str) -> str:
        """Return the code of a category, or the pattern; nothing where there is none."""
        if text.endswith("*"):
            return text if any(c.startswith(text[:-1]) for c in self.category_names) else ""
        return text if text in self.category_names else self.codes.get(text, "")

    def category_words(self, code: str) -> str:
        name = self.category_names.get(code, "")
        return name if self.codes.get(name) == code else code

    def kind(self, text: str) -> str:
        """Return the code of a kind of units, with the short name behind a stroke; nothing where there is none."""
        kind, stroke, rest = text.replace("／", "/").partition("/")
        code = self.kind_codes.get(kind, "")
        return f"{code}{stroke}{rest}" if code else ""

    def kind_words(self, kind: str) -> str:
        code, stroke, rest = kind.partition("/")
        return f"{self.kinds.get(code, code)}{stroke}{rest}"

    def area_words(self, path: str) -> str:
        last = path.strip("/").rpartition("/")[2]
        return (self.areas.words(int(last)) if last.isdigit() else "") or path


def _names(about: About) -> _Names:
    found: _Names = about.once("names", _Names)
    return found


def _raw(row: RoutingRule) -> dict[str, Any]:
    return {
        "key": str(row.pk), "name": row.name, "conditions": row.conditions, "action": row.action,
        "active": row.active, "note": row.note,
    }  # fmt: skip


def _in_force() -> list[dict[str, Any]]:
    return [_raw(r) for r in RoutingRule.objects.order_by("order", "id")]


def _found(place: int, rule: Mapping[str, Any], names: _Names) -> Found:
    conditions, action = rule["conditions"], rule["action"]
    hours = conditions.get("hours")
    unit_id = action.get("unit_id")
    values = {
        "order": str(place),
        "name": rule["name"],
        "categories": "、".join(names.category_words(c) for c in conditions.get("categories") or ()),
        "areas": "、".join(names.area_words(p) for p in conditions.get("area_paths") or ()),
        "sources": "、".join(conditions.get("sources") or ()),
        "hours": f"{hours[0]}-{hours[1]}" if hours else "",
        "answers": "；".join(f"{k}={_said(v)}" for k, v in (conditions.get("answers") or {}).items()),
        "unit_kind": names.kind_words(action.get("unit_kind") or ""),
        "unit": names.units.get(unit_id, str(unit_id)) if unit_id is not None else "",
        "helpers": "、".join(names.kind_words(k) for k in action.get("helper_kinds") or ()),
        "level": action.get("level") or "",
        "active": "yes" if rule["active"] else "no",
        "note": rule["note"],
    }
    return Found(rule["name"], rule["name"], {n: " ".join(v.split()) for n, v in values.items()}, rule["key"])


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _find(rows: Sequence[Row], about: About) -> list[Found | None]:
    names = _names(about)
    there: dict[str, Found] = {}
    for place, rule in enumerate(_in_force(), start=1):
        there.setdefault(rule["name"], _found(place, rule, names))
    found = [there.get(row.get("name")) for row in rows]
    for row, held in zip(rows, found, strict=True):
        _read_conditions(row, names)
        _read_action(row, names)
        if "active" in row.values and not row.values["active"]:
            row.values["active"] = held.values["active"] if held else "yes"
        if held is not None and "order" in row.values and not row.values["order"]:
            row.values["order"] = held.values["order"]
    return found


def _entries(row: Row, name: str) -> list[str]:
    return [t for t in row.get(name).split("、") if t]


def _each(row: Row, name: str, look_up: Any) -> list[str]:
    """Return the codes of the entries of a list, refusing those that are not there."""
    found = []
    for text in _entries(row, name):
        if code := look_up(text):
            found.append(code)
        else:
            row.refuse(name, _("没有“%(name)s”。") % {"name": text[:40]})
    return found


def _area_path(names: _Names, text: str) -> str:
    areas = names.areas.find(text)
    return areas[0].path if len(areas) == 1 else ""


def _read_conditions(row: Row, names: _Names) -> None:
    read = row.data["conditions"] = {}
    if "categories" in row.values:
        read["categories"] = _each(row, "categories", names.category)
        _settle(row, "categories", [names.category_words(c) for c in read["categories"]])
    if "areas" in row.values:
        read["area_paths"] = _each(row, "areas", lambda text: _area_path(names, text))
        _settle(row, "areas", [names.area_words(p) for p in read["area_paths"]])
    if "sources" in row.values:
        read["sources"] = _entries(row, "sources")
    if "hours" in row.values:
        read["hours"] = _hours(row)
    if "answers" in row.values:
        read["answers"] = _answers(row)


def _settle(row: Row, name: str, words: Sequence[str]) -> None:
    if name not in row.faults:
        row.values[name] = "、".join(words)


def _hours(row: Row) -> list[str] | None:
    text = to_halfwidth(row.get("hours")).replace("：", ":")
    if not text:
        return None
    found = _HOURS.fullmatch(text)
    try:
        hours = [f"{time.fromisoformat(t.zfill(5)):%H:%M}" for t in found.groups()] if found else None
    except ValueError:
        hours = None
    if hours is None or hours[0] == hours[1]:
        row.refuse("hours", _("时段应写成 22:00-06:00。"))
        return None
    row.values["hours"] = f"{hours[0]}-{hours[1]}"
    return hours


def _answers(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in re.split(r"[；;]", row.get("answers")):
        if not part.strip():
            continue
        code, sign, text = part.partition("=")
        if not sign or not code.strip():
            row.refuse("answers", _("应写成 问题代码=答案，多个用分号分隔。"))
            continue
        try:
            found[code.strip()] = json.loads(text)
        except ValueError:
            found[code.strip()] = text.strip()
    if "answers" not in row.faults:
        row.values["answers"] = "；".join(f"{k}={_said(v)}" for k, v in found.items())
    return found


def _read_action(row: Row, names: _Names) -> None:
    read = row.data["action"] = {}
    if "unit_kind" in row.values:
        kinds = _each(row, "unit_kind", names.kind)
        read["unit_kind"] = kinds[0] if kinds else ""
        _settle(row, "unit_kind", [names.kind_words(k) for k in kinds])
    if "unit" in row.values:
        number = int(row.get("unit")) if row.get("unit").isdecimal() else None  # of a unit that works no more
        read["unit_id"] = names.unit_ids.get(row.get("unit"), number)
        if row.get("unit") and read["unit_id"] is None:
            row.refuse("unit", _("没有“%(name)s”这个单位。") % {"name": row.get("unit")})
    if "helpers" in row.values:
        read["helper_kinds"] = _each(row, "helpers", names.kind)
        _settle(row, "helpers", [names.kind_words(k) for k in read["helper_kinds"]])
    if "level" in row.values:
        read["level"] = row.get("level")


def _check(rows: Sequence[Row], found: Sequence[Found | None], about: About) -> None:
    for row, there in zip(rows, found, strict=True):
        if "conditions" not in row.data:  # values from before, to be written back
            _read_conditions(row, _names(about))
            _read_action(row, _names(about))
        values = {**(there.values if there else {}), **row.values}
        if bool(values.get("unit_kind")) == bool(values.get("unit")):
            row.refuse("unit_kind", _("“承办单位类型”和“承办单位”填且只填一个。"))
        if row.get("order") and not 1 <= int(row.get("order")) <= 100_000:
            row.refuse("order", _("顺序从 1 起。"))


def _merged(rule: Mapping[str, Any], row: Row) -> dict[str, Any]:
    """Return a rule with what the row says; conditions that a sheet does not know stay."""
    conditions = {**rule["conditions"], **row.data["conditions"]}
    action = {**rule["action"], **row.data["action"]}
    return {
        **rule,
        "name": row.values.get("name", rule["name"]),
        "conditions": {k: v for k, v in conditions.items() if v},
        "action": {k: v for k, v in action.items() if v not in ("", None, [])},
        "active": row.values.get("active", "yes" if rule["active"] else "no") != "no",
        "note": row.values.get("note", rule["note"]),
    }


def _put(rows: Mapping[str, Row], about: About) -> None:
    """Put the list in force with these rows (by name) changed or added, each in its place."""
    lines: list[tuple[int, int, dict[str, Any]]] = []
    there = _in_force()
    for place, rule in enumerate(there, start=1):
        row = rows.get(rule["name"])
        wanted = int(row.get("order") or place) if row else place
        lines.append((wanted, 1 if row is None else 0, _merged(rule, row) if row else rule))
    known = {r["name"] for r in there}
    fresh = {"conditions": {}, "action": {}, "active": True, "note": ""}
    for name, row in rows.items():
        if name not in known:
            lines.append((int(row.get("order") or 10**6), 0, _merged({**fresh, "name": name}, row)))
    _save([rule for _order, _new, rule in sorted(lines, key=lambda line: line[:2])], about)


def _save(rules: Sequence[Mapping[str, Any]], about: About) -> None:
    save_rules(by=about.by, now=about.now, rules=rules)


def _create(rows: Sequence[Row], about: About) -> list[Made]:
    _put({r.get("name"): r for r in rows}, about)
    return [Made(r.get("name"), r.get("name")) for r in rows]


def _change(pairs: Sequence[tuple[Row, Found]], about: About) -> None:
    _put({f.ref: r for r, f in pairs}, about)


def _load(refs: Sequence[str]) -> Mapping[str, Found]:
    names = _Names()
    found = {rule["name"]: _found(place, rule, names) for place, rule in enumerate(_in_force(), start=1)}
    return {r: found[r] for r in refs if r in found}


def _hanging(_found: Sequence[Found], _about: About) -> list[Hang]:
    return []  # no case stands on a rule: it keeps the unit that it was sent to


def _remove(found: Sequence[Found], about: About) -> None:
    going = {f.ref for f in found}
    _save([r for r in _in_force() if r["name"] not in going], about)


def _export(_about: About) -> Iterator[Values]:
    names = _Names()
    for place, rule in enumerate(_in_force(), start=1):
        yield _found(place, rule, names).values


ROUTING = SheetKind(
    code="routing",
    title=gettext_lazy("派遣规则"),
    text=gettext_lazy("什么问题派到哪个单位，按顺序取第一条符合的。"),
    icon="arrows-left-right",
    order=80,
    columns=COLUMNS,
    journal="routing",
    key=lambda values: values.get("name", ""),
    find=_find,
    check=_check,
    create=_create,
    change=_change,
    load=_load,
    hanging=_hanging,
    remove=_remove,
    export=_export,
    may=may_administer,
)
