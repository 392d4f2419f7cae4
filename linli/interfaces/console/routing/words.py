"""Routing rules as sentences that people read, and the choices of their form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from linli.engines.cases.rules.routing import Route, RuleSpec
from linli.engines.cases.rules.routing_checks import BLOCKING, Finding
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.types import Source
from linli.engines.cases.workflow import Level
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places

SHOWN_AREAS = ("district", "subdistrict", "grid", "neighbourhood")
MOST_NAMED = 6
Raw = Mapping[str, Any]

PARTS: dict[str, Any] = {
    "conditions": gettext_lazy("条件"),
    "categories": gettext_lazy("分类"),
    "area_paths": gettext_lazy("地域"),
    "sources": gettext_lazy("来源"),
    "hours": gettext_lazy("时段"),
    "answers": gettext_lazy("回答"),
    "exemptions": gettext_lazy("例外"),
    "action": gettext_lazy("去向"),
    "unit": gettext_lazy("主办单位"),
    "helper_kinds": gettext_lazy("协办单位"),
    "level": gettext_lazy("级别"),
}
WHY: dict[str, Any] = {
    "": gettext_lazy("全部条件符合"),
    "category": gettext_lazy("分类不符"),
    "area": gettext_lazy("不在所列地域"),
    "source": gettext_lazy("来源不符"),
    "hours": gettext_lazy("不在所列时段"),
    "answers": gettext_lazy("回答不符"),
    "exempt": gettext_lazy("落在例外的区域和时间内，本规则不适用"),
    "no_unit": gettext_lazy("条件符合，但这里没有可派的单位"),
    "subject": gettext_lazy("条件符合，但该单位正是被反映的单位"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes in rules are called, read once for a page."""

    categories: Mapping[str, str]
    areas: Mapping[str, str]
    units: Mapping[int, str]
    departments: tuple[str, ...]
    groups: Mapping[str, list[tuple[str, str]]] = field(default_factory=dict)
    tree: tuple[dict[str, Any], ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)


def names(on: date) -> Names:
    """Return the names in use on a day; four statements at most."""
    nodes = catalogue.categories()
    groups: dict[str, list[tuple[str, str]]] = {}
    for node in nodes:
        if node.leaf:
            groups.setdefault(node.group, []).append((node.spec.code, node.spec.name))
    areas = list(places.areas(on=on).select_related("kind", "layer").order_by("path"))
    units = people.active_units()
    shown = [a for a in areas if a.layer_id is not None or a.kind.code in SHOWN_AREAS]
    return Names(
        categories={n.spec.code: n.spec.name for n in nodes},
        areas={a.path: a.name for a in areas},
        units={u.pk: u.short_name or u.name for u in units},
        departments=tuple(u.short_name or u.name for u in units if u.kind == "department"),
        groups=groups,
        tree=tuple(
            {"path": a.path, "name": a.name, "depth": a.path.count("/") - 2, "layer": a.layer.name if a.layer else ""}
            for a in shown
        ),
        answers=_answers(nodes),
    )


def _answers(nodes: Iterable[catalogue.CategoryNode]) -> dict[str, str]:
    """Return ``question=answer`` → words for every question that is answered by choosing."""
    found: dict[str, str] = {}
    for node in nodes:
        for question in node.spec.questions.get("questions", ()):
            label = _label(question.get("label", {}))
            choices = [(c.get("code"), _label(c.get("label", {}))) for c in question.get("choices") or ()]
            if question.get("type") == "yes_no":
                choices = [("true", _("是")), ("false", _("否"))]
            for code, words in choices:
                found.setdefault(f"{question['code']}={code}", _("“%(q)s”答“%(a)s”") % {"q": label, "a": words})
    return found


def _label(texts: Any) -> str:
    if not isinstance(texts, Mapping):
        return str(texts)
    return str(texts.get(get_language() or "") or texts.get("zh-hans") or next(iter(texts.values()), ""))


def answer_key(code: str, value: Any) -> str:
    """Return the answer that a rule asks for as the form's choices name it."""
    return f"{code}={str(value).lower() if isinstance(value, bool) else value}"


def kind_name(kind: str, known: Names) -> str:
    """Return what a kind of unit, or a department by name, is called."""
    first, _slash, name = kind.partition("/")
    labels = dict(people.unit_kinds())
    return name or str(labels.get(first, first))


def _several(found: Sequence[str]) -> str:
    if len(found) <= MOST_NAMED:
        return "、".join(found)
    more = ngettext("等 %(count)s 项", "等 %(count)s 项", len(found)) % {"count": len(found)}
    return "、".join(found[:MOST_NAMED]) + more


def _conditions(raw: Raw, known: Names) -> list[str]:
    held: Mapping[str, Any] = raw.get("conditions") or {}
    parts = []
    if codes := held.get("categories"):
        parts.append(_("分类是%(what)s") % {"what": _several([known.categories.get(c, f"“{c}”") for c in codes])})
    if paths := held.get("area_paths"):
        parts.append(_("在%(where)s") % {"where": _several([_area(p, known) for p in paths])})
    if codes := held.get("sources"):
        labels: dict[str, Any] = dict(Source.choices)
        parts.append(_("来源是%(what)s") % {"what": _several([str(labels.get(c, c)) for c in codes])})
    if hours := held.get("hours"):
        parts.append(_("在 %(start)s–%(end)s 反映") % {"start": hours[0], "end": hours[1]})
    for code, value in (held.get("answers") or {}).items():
        key = answer_key(code, value)
        parts.append(known.answers.get(key) or _("“%(q)s”答“%(a)s”") % {"q": code, "a": value})
    return parts


def _area(path: str, known: Names) -> str:
    return known.areas.get(path) or _("已不存在的地域")


def _exemption(raw: Raw, known: Names) -> str:
    parts = []
    if paths := raw.get("area_paths"):
        parts.append("、".join(_area(p, known) for p in paths))
    if hours := raw.get("hours"):
        parts.append(_("%(start)s–%(end)s") % {"start": hours[0], "end": hours[1]})
    if raw.get("first") or raw.get("last"):
        parts.append(_("%(first)s 至 %(last)s") % {"first": raw.get("first") or "…", "last": raw.get("last") or "…"})
    basis = _("（%(basis)s）") % {"basis": raw["basis"]} if raw.get("basis") else ""
    return "，".join(parts) + basis


def _target(raw: Raw, known: Names) -> str:
    held: Mapping[str, Any] = raw.get("action") or {}
    if held.get("unit_id") is not None:
        main = known.units.get(held["unit_id"]) or _("已停用的单位")
    elif str(held.get("unit_kind", "")).startswith("department/"):
        main = kind_name(held["unit_kind"], known)
    else:
        main = _("当地的%(kind)s") % {"kind": kind_name(str(held.get("unit_kind", "")), known)}
    parts = [_("主办%(unit)s") % {"unit": main}]
    if helpers := held.get("helper_kinds"):
        parts.append(_("协办%(units)s") % {"units": "、".join(kind_name(k, known) for k in helpers)})
    if held.get("level"):
        parts.append(_("定为%(level)s") % {"level": Level(held["level"]).label})
    return "，".join(parts)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A rule in words: when, where to, and where it does not hold."""

    when: str
    then: str
    unless: tuple[str, ...] = ()


def sentence(raw: Raw, known: Names) -> Sentence:
    """Return ``raw`` in words; a rule that cannot be read says so instead of failing."""
    try:
        held = raw.get("conditions") or {}
        when = _("，且").join(_conditions(raw, known)) or _("任何诉求")
        return Sentence(when, _target(raw, known), tuple(_exemption(e, known) for e in held.get("exemptions") or ()))
    except (AttributeError, TypeError, ValueError, KeyError, IndexError):
        return Sentence(_("这条规则的内容已损坏"), _("不会匹配任何诉求"))


_FOUND: dict[str, Any] = {
    "covered": gettext_lazy(
        "前面的“%(other)s”已包含本规则的全部情形：只有它在当地找不到单位、或其单位被反映时才轮到本规则。"
    ),
    "conflict": gettext_lazy("与前面的“%(other)s”条件相同而去向不同：总是按前面的规则办。"),
    "covered_together": gettext_lazy("前面几条规则合起来已包含本规则的全部情形，正常情况下轮不到它。"),
    "no_category": gettext_lazy("分类“%(what)s”已不存在或已停用。"),
    "no_area": gettext_lazy("有一个地域已不存在。"),
    "no_unit": gettext_lazy("主办单位已不存在或已停用。"),
    "no_kind": gettext_lazy("没有在用的“%(what)s”单位。"),
    "no_helper": gettext_lazy("没有在用的“%(what)s”单位可以协办。"),
    "no_source": gettext_lazy("来源“%(what)s”不存在。"),
    "no_question": gettext_lazy("所列分类没有“%(what)s”这个问题，条件永远不符。"),
    "no_time": gettext_lazy("有一个时段起止相同，永远不会生效。"),
}


def finding_text(finding: Finding, by_place: Mapping[int, str], known: Names) -> str:
    """Return a finding in words."""
    what = finding.what
    if finding.code in {"no_kind", "no_helper"}:
        what = kind_name(what, known)
    return str(_FOUND[finding.code]) % {"other": by_place.get(finding.other_id, ""), "what": what}


def is_blocking(finding: Finding) -> bool:
    """Return whether a list with this finding cannot be put in force."""
    return finding.code in BLOCKING


@dataclass(frozen=True, slots=True)
class Line:
    """One rule of a trace, in words."""

    name: str
    fits: bool
    why: str
    looked: bool = True


def trace(rules: Sequence[RuleSpec], found: Route) -> list[Line]:
    """Return every rule of the list: those looked at with the reason, those behind the one that fitted without."""
    lines = [Line(t.name, t.fits, str(WHY.get(t.why, t.why))) for t in found.trace]
    unseen = _("前面已有规则匹配，未再查看")
    return lines + [Line(r.name, fits=False, why=unseen, looked=False) for r in rules[len(lines) :]]
