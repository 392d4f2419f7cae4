"""The history of a case in words: what, who, why, by which rule, and what changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases import selectors
from linli.engines.cases.types import NoteKind, Solved, Source
from linli.engines.cases.workflow import VERBS, Level, Outcome, Stage
from linli.foundation.rulebook import selectors as rulebook
from linli.interfaces.desk import directory

if TYPE_CHECKING:
    from linli.engines.cases.models import CaseEvent


_CODE = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")
_TIME_UNITS = {
    "work_days": gettext_lazy("个工作日"),
    "natural_days": gettext_lazy("个自然日"),
    "work_hours": gettext_lazy("个工作小时"),
    "natural_hours": gettext_lazy("个自然小时"),
}
_LEVELS, _OUTCOMES, _STAGES = dict(Level.choices), dict(Outcome.choices), dict(Stage.choices)


_RESULTS: dict[Any, Any] = {
    "reached": gettext_lazy("已联系上"),
    "no_answer": gettext_lazy("无人接听"),
    "wrong_number": gettext_lazy("号码有误"),
    "refused": gettext_lazy("拒绝接受"),
}
_RATED: dict[Any, Any] = {
    "satisfied": gettext_lazy("满意"),
    "mostly": gettext_lazy("基本满意"),
    "fair": gettext_lazy("一般"),
    "unsatisfied": gettext_lazy("不满意"),
}
_KEPT = {
    "audience": gettext_lazy("宣讲对象：%(what)s"),
    "law": gettext_lazy("宣讲条文：%(what)s"),
    "authority": gettext_lazy("移交：%(what)s"),
    "number": gettext_lazy("对方编号：%(what)s"),
}


def _title(event: CaseEvent) -> str:
    data = event.data
    if event.verb == "check":
        return _("核查通过") if data.get("passed") else _("核查未通过，退回重办")
    if event.verb == "verify":
        return _("核实属实") if data.get("confirmed") else _("核实不符")
    if event.verb in {"decide_extension", "decide_shelving"}:
        what = _("延期") if event.verb == "decide_extension" else _("挂账")
        return (_("同意%(what)s") if data.get("granted") else _("不同意%(what)s")) % {"what": what}
    if event.verb == "decide_return":
        return _("裁定：退单成立") if data.get("uphold") else _("裁定：签派办理，不得退单")
    if event.verb == "escalate" and data.get("stage"):
        return _("时限提醒：%(stage)s") % {"stage": _STAGES.get(data["stage"], data["stage"])}
    if event.verb == "raise_level" and data.get("timeout"):
        return _("超时自动升级")
    if event.verb == "note" and data.get("kind"):
        return str(dict(NoteKind.choices).get(data["kind"], VERBS["note"].past))
    verb = VERBS.get(event.verb)
    return str(verb.past) if verb else event.verb


def _contact(event: CaseEvent) -> str:
    ways = {
        "phone": _("电话"),
        "visit": _("上门"),
        "letter": _("书面"),
        "message": _("短信或站内消息"),
        "email": _("电子邮件"),
    }
    results = {
        "reached": _("已联系上"),
        "no_answer": _("无人接听"),
        "wrong_number": _("号码有误"),
        "refused": _("拒绝接受"),
    }
    way, result = event.data.get("way"), event.data.get("result")
    return "・".join(w for w in (ways.get(str(way), ""), results.get(str(result), "")) if w)


def _category(category_id: Any) -> str:
    return next((n.spec.name for n in selectors.categories() if n.id == category_id), "")


def _who_has_it(event: CaseEvent) -> list[str]:
    changes = event.changes
    if event.verb == "report":
        return []
    words = []
    if changes.get("unit_id"):
        words.append(_("承办单位 → %(unit)s") % {"unit": directory.unit_name(changes["unit_id"])})
    elif "unit_id" in changes and event.data.get("unit"):
        words.append(_("不再由%(unit)s承办") % {"unit": directory.unit_name(event.data["unit"])})
    if "level" in changes:
        words.append(_("级别 → %(level)s") % {"level": _LEVELS.get(changes["level"], changes["level"])})
    return words


def _corrected(event: CaseEvent) -> list[str]:
    changes = event.changes
    if event.verb != "correct":
        return []
    named = {"title": _("标题"), "address": _("地点"), "area_label": _("区域")}
    words = [f"{label} → {changes[name]}" for name, label in named.items() if changes.get(name)]
    if "category_id" in changes:
        words.append(_("类别 → %(name)s") % {"name": _category(changes["category_id"])})
    if changes.get("answers"):
        words.append(_("更正了对提问的回答"))
    for question, answer in event.data.get("old_answers", ()):
        words.append(_("原回答：%(question)s %(answer)s") % {"question": question, "answer": answer})
    if "urgent" in changes:
        words.append(_("改为紧急") if changes["urgent"] else _("改为普通"))
    return words


def _called(event: CaseEvent) -> list[str]:
    """Return what somebody said who was called back, or that they were not reached."""
    data = event.data
    if event.verb != "call_back":
        return []
    words = [_("第 %(n)s 次：%(result)s") % {"n": data.get("attempt"), "result": _RESULTS.get(data.get("result"), "")}]
    if data.get("solved"):
        words.append(str(dict(Solved.choices).get(data["solved"], "")))
    if data.get("satisfied"):
        words.append(str(_RATED.get(data["satisfied"], "")))
    return words


def _joint(event: CaseEvent) -> list[str]:
    """Return who was there when a case was handled together, and what each did."""
    return [f"{directory.unit_name(unit)}：{words}" for unit, words in event.data.get("did", [])]


def _said(event: CaseEvent) -> list[str]:
    data, words = event.data, []
    if event.changes.get("outcome") and event.verb in {"hand_in", "close"}:
        words.append(_("处置结论：%(outcome)s") % {"outcome": _OUTCOMES.get(event.changes["outcome"], "")})
    if event.verb == "share":
        words.append(_("协办：%(units)s") % {"units": "、".join(directory.unit_name(u) for u in data.get("units", []))})
    if data.get("outstanding"):
        units = "、".join(directory.unit_name(u) for u in data["outstanding"])
        words.append(_("尚未反馈的协办单位：%(units)s") % {"units": units})
    if data.get("amount"):
        unit = _TIME_UNITS.get(str(data.get("unit")), "")
        words.append(_("申请延长 %(n)s %(unit)s") % {"n": data["amount"], "unit": unit})
    if event.verb == "note":
        words += [pattern % {"what": data[name]} for name, pattern in _KEPT.items() if data.get(name)]
    for name, label in (("review_on", _("复查日期 %(day)s")), ("due_on", _("期限 %(day)s"))):
        if data.get(name):
            words.append(label % {"day": date.fromisoformat(data[name])})
    return words


def _changes(event: CaseEvent) -> list[str]:
    """Return what changed in words: unit, level, category, urgency, place, due date."""
    return [*_who_has_it(event), *_corrected(event), *_called(event), *_joint(event), *_said(event)]


def rule_words(rule: str, at: datetime) -> str:
    """Return the title and the source of a rule of the rulebook in force at ``at``; other words as they are."""
    if not _CODE.fullmatch(rule):
        return rule
    found = rulebook.find_rule(rule, on=timezone.localtime(at).date())
    return f"{found.title}：{found.source}" if found else ""


def entry(event: CaseEvent, now: datetime, photos: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return one act as the timeline shows it."""
    by = event.by_label + (_("（代 %(person)s）") % {"person": event.on_behalf_of} if event.on_behalf_of else "")
    unit = directory.unit_name(event.unit_id_by)
    source = dict(Source.choices).get(event.changes.get("source", ""), "") if event.verb == "report" else ""
    return {
        "title": _title(event),
        "at": event.at,
        "who": "・".join(str(w) for w in (by, unit, source, _contact(event)) if w),
        "text": "" if event.verb == "report" else event.text,
        "reason": event.reason,
        "rule": rule_words(event.rule, event.at),
        "changes": _changes(event),
        "photos": list(photos),
        "seq": event.seq,
        "public": event.public,
    }
