"""The words for what a category says, for its page, its forms and the differences of its versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.rules.describing import Difference
from linli.engines.cases.workflow import Level
from linli.foundation.deadlines.types import Duration
from linli.foundation.forms.types import QuestionType
from linli.foundation.people import selectors as people

FLAGS: dict[str, tuple[Any, Any]] = {
    "public_space": (
        gettext_lazy("公共空间"),
        gettext_lazy("在路上、绿地等公共地方：匿名显示在“附近的问题”里，邻居可以“我也关注”。不选就不公开。"),
    ),
    "guarded": (
        gettext_lazy("受保护"),
        gettext_lazy(
            "发生在户内、家庭、邻里纠纷，或涉及个人、单位：只有经办人员看得到，永不公开，不能同时选“公共空间”。"
        ),
    ),
    "verify": (
        gettext_lazy("先核实"),
        gettext_lazy("派遣前由监督员到现场核实，防止误报；入户须经同意或有法律文书。"),
    ),
    "urgent": (
        gettext_lazy("紧急"),
        gettext_lazy("一受理就是紧急件，按紧急时限办理，夜间也会提醒；只用于有人身危险的情况。"),
    ),
}
FIELDS: dict[str, Any] = {
    "code": gettext_lazy("代码"),
    "parent": gettext_lazy("大类"),
    "name": gettext_lazy("工作人员用的名称"),
    "resident_name": gettext_lazy("居民看到的名称"),
    "words": gettext_lazy("居民常用的说法"),
    "icon": gettext_lazy("图标"),
    "level": gettext_lazy("起始级别"),
    "unit_kinds": gettext_lazy("通常由谁办"),
    "law": gettext_lazy("办理依据（自己写）"),
    "laws": gettext_lazy("办理依据（条文库）"),
    "danger": gettext_lazy("危险提示（中文）"),
    "danger_en": gettext_lazy("危险提示（英文）"),
    "relapse_days": gettext_lazy("返潮天数"),
    "evidence.before": gettext_lazy("处置前照片"),
    "evidence.after": gettext_lazy("处置后照片"),
    "evidence.paper": gettext_lazy("文书"),
    "evidence.why": gettext_lazy("拍照理由"),
    "evidence.why_before": gettext_lazy("为什么要拍处置前"),
    "evidence.why_after": gettext_lazy("为什么要拍处置后"),
    "evidence.why_paper": gettext_lazy("为什么要文书"),
    "question": gettext_lazy("提问"),
    "question.label": gettext_lazy("问法"),
    "question.type": gettext_lazy("答案类型"),
    "question.hint": gettext_lazy("说明"),
    "question.required": gettext_lazy("必答"),
    "question.relevant": gettext_lazy("什么时候问"),
    "question.constraint": gettext_lazy("答案要求"),
    "question.constraint_message": gettext_lazy("答错时的提示"),
    "question.choices": gettext_lazy("选项"),
    "question.personal": gettext_lazy("涉及个人信息"),
    "question.order": gettext_lazy("提问顺序"),
    **{code: label for code, (label, _hint) in FLAGS.items()},
}
TYPES: dict[QuestionType, Any] = {
    QuestionType.TEXT: gettext_lazy("一行文字"),
    QuestionType.LONG_TEXT: gettext_lazy("多行文字"),
    QuestionType.INTEGER: gettext_lazy("整数"),
    QuestionType.DECIMAL: gettext_lazy("数字（可有小数）"),
    QuestionType.YES_NO: gettext_lazy("是或否"),
    QuestionType.CHOICE: gettext_lazy("单选"),
    QuestionType.CHOICES: gettext_lazy("多选"),
    QuestionType.DATE: gettext_lazy("日期"),
    QuestionType.TIME: gettext_lazy("时间"),
    QuestionType.DATETIME: gettext_lazy("日期和时间"),
    QuestionType.PHONE: gettext_lazy("电话号码"),
    QuestionType.PHOTO: gettext_lazy("照片"),
    QuestionType.PLACE: gettext_lazy("地点"),
    QuestionType.NOTE: gettext_lazy("只说明，不用回答"),
}


def label_of(field: str) -> str:
    """Return what people call a field of a category."""
    return str(FIELDS.get(field, field))


def _plain(value: Any) -> str:
    if value in (None, "", [], {}, ()):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Mapping):
        return str(value.get("zh-hans") or value.get("label") or "、".join(map(str, value.values())))
    if isinstance(value, (list, tuple)):
        return "、".join(_plain(v.get("label") if isinstance(v, Mapping) and "label" in v else v) for v in value)
    return str(value)


def value_of(field: str, value: Any, laws: Mapping[str, str] | None = None) -> str:
    """Return a value of a category in words; empty for nothing."""
    if field == "level" and value in Level.values:
        return str(Level(value).label)
    if field == "unit_kinds":
        names = people.unit_kinds()
        return "、".join(names.get(str(code), str(code)) for code in value or ())
    if field == "laws":
        return "、".join((laws or {}).get(str(code), _("（已删除的条文）")) for code in value or ())
    if field == "question.type" and value:
        return str(TYPES.get(QuestionType(value), value))
    return _plain(value)


def told(found: list[Difference], laws: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    """Return differences in words: what, of which question, before and after."""
    return [
        {
            "what": label_of(d.field),
            "subject": d.subject if d.field != "question" else "",
            "before": value_of(d.field, d.before, laws),
            "after": value_of(d.field, d.after, laws),
        }
        for d in found
    ]


_UNITS = {
    "natural_minutes": gettext_lazy("%(n)s 分钟"),
    "natural_hours": gettext_lazy("%(n)s 小时"),
    "natural_days": gettext_lazy("%(n)s 个自然日"),
    "work_hours": gettext_lazy("%(n)s 个工作小时"),
    "work_days": gettext_lazy("%(n)s 个工作日"),
}


def limit_of(limit: Duration) -> str:
    """Return a limit in words."""
    return str(_UNITS[limit.unit.value]) % {"n": limit.amount}
