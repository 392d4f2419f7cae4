"""What the parts of a form are called on its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.forms.rules import in_words
from linli.foundation.forms.types import Change, Group, Question, QuestionType, Score

T = QuestionType
KINDS: dict[str, Any] = {
    "visit": gettext_lazy("走访"),
    "condolence": gettext_lazy("上门慰问"),
    "check": gettext_lazy("文明创建检查"),
    "shared_flat": gettext_lazy("群租核查（逐户排查）"),
    "building_safety": gettext_lazy("房屋安全检查"),
    "housing": gettext_lazy("群租零报告等房屋报告"),
    "patrol": gettext_lazy("沿街与弄堂巡查"),
    "supervision": gettext_lazy("督查"),
    "experience": gettext_lazy("体验官报告"),
    "survey": gettext_lazy("问卷调查"),
    "flood": gettext_lazy("防汛与消防"),
    "other": gettext_lazy("其他"),
}
# type → (what people call it, an icon), in the order offered.
TYPES: dict[QuestionType, tuple[Any, str]] = {
    T.TEXT: (gettext_lazy("短文字"), "letter-case"),
    T.LONG_TEXT: (gettext_lazy("长文字"), "message"),
    T.INTEGER: (gettext_lazy("整数"), "chart-bar"),
    T.DECIMAL: (gettext_lazy("小数"), "chart-bar"),
    T.YES_NO: (gettext_lazy("是或否"), "circle-check"),
    T.CHOICE: (gettext_lazy("单选"), "circle-dot"),
    T.CHOICES: (gettext_lazy("多选"), "clipboard-list"),
    T.RANK: (gettext_lazy("排序"), "list"),
    T.RANGE: (gettext_lazy("打分"), "star"),
    T.DATE: (gettext_lazy("日期"), "calendar"),
    T.TIME: (gettext_lazy("时间"), "clock"),
    T.DATETIME: (gettext_lazy("日期和时间"), "calendar-event"),
    T.PHOTO: (gettext_lazy("照片"), "camera"),
    T.SIGNATURE: (gettext_lazy("签名"), "pencil"),
    T.PLACE: (gettext_lazy("地点"), "map-pin"),
    T.PHONE: (gettext_lazy("电话"), "phone"),
    T.BARCODE: (gettext_lazy("条码或二维码"), "qrcode"),
    T.AUDIO: (gettext_lazy("录音"), "microphone"),
    T.VIDEO: (gettext_lazy("视频"), "photo"),
    T.FILE: (gettext_lazy("附件"), "paperclip"),
    T.ACKNOWLEDGE: (gettext_lazy("确认知悉"), "check"),
    T.NOTE: (gettext_lazy("说明文字"), "info-circle"),
    T.CALCULATE: (gettext_lazy("计算"), "adjustments-horizontal"),
    T.HIDDEN: (gettext_lazy("隐藏"), "eye"),
    T.START: (gettext_lazy("开始时间"), "clock"),
    T.END: (gettext_lazy("结束时间"), "clock"),
    T.TODAY: (gettext_lazy("当天日期"), "calendar"),
}
GROUPS = {
    "group": (gettext_lazy("分组"), "stack-2"),
    "repeat": (gettext_lazy("重复组"), "copy"),
}
CHANGES: dict[str, Any] = {
    "added": gettext_lazy("新增"),
    "removed": gettext_lazy("删除"),
    "moved": gettext_lazy("换了位置"),
    "type": gettext_lazy("题型"),
    "label": gettext_lazy("题目文字"),
    "choices_added": gettext_lazy("增加选项"),
    "choices_removed": gettext_lazy("删除选项"),
    "choice_label": gettext_lazy("选项文字"),
    "condition": gettext_lazy("什么时候问"),
    "constraint": gettext_lazy("回答的要求"),
    "required": gettext_lazy("必答"),
    "score": gettext_lazy("计分"),
    "calculation": gettext_lazy("算式"),
    "repeat": gettext_lazy("重复次数"),
    "other": gettext_lazy("提示等其他设置"),
}


def type_of(item: Question | Group) -> tuple[str, str]:
    """Return what sort an item is, in words, and its icon."""
    if isinstance(item, Group):
        label, icon = GROUPS["repeat" if item.repeat else "group"]
    else:
        label, icon = TYPES[item.type]
    return str(label), icon


def label_of(item: Question | Group) -> str:
    """Return how an item is called: its label, else its hint, else its name."""
    return in_words(item.label) or (in_words(item.hint) if isinstance(item, Question) else "") or item.code


def _said(value: Any) -> str:
    if value in (None, "", (), [], {}):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Score):
        return _("满分 %(full)s，权重 %(weight)s") % {"full": value.full, "weight": value.weight}
    if isinstance(value, Mapping):
        if all(isinstance(v, str) for v in value.values()) and set(value) & {"zh-hans", "en"}:
            return in_words(value)
        return "、".join(f"{k}：{_said(v)}" for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return "、".join(map(_said, value))
    return {"group": _("分组"), "repeat": _("重复组")}.get(str(value)) or _kind(str(value))


def _kind(text: str) -> str:
    return str(TYPES[T(text)][0]) if text in T._value2member_map_ else text


def told(changes: list[Change], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return differences in words: what, of which question, before and after, whether kept answers are touched."""
    return [
        {
            "what": CHANGES.get(c.what, c.what), "subject": names.get(c.path, c.path), "before": _said(c.before),
            "after": _said(c.after), "matters": c.matters,
        }
        for c in changes
    ]  # fmt: skip
