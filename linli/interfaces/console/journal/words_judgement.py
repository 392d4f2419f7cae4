"""What verbs and kinds of figures, judgement and signals are called in the journal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ROOMS: dict[str, Any] = {"indicators": _("指标"), "judgement": _("智能研判"), "signals": _("感知信号")}
KINDS: dict[str, Any] = {
    "watch": _("指标关注"),
    "outside_figure": _("外部平台数据"),
    "category_model": _("分类版本"),
    "signal": _("感知信号"),
    "device": _("感知设备"),
}
VERBS: dict[str, Any] = {
    "indicators.watch": _("关注指标"),
    "indicators.unwatch": _("取消关注指标"),
    "indicators.enter_outside": _("录入外部平台数据"),
    "indicators.withdraw_outside": _("撤回外部平台数据"),
    "judgement.category_taught": _("训练分类版本"),
    "judgement.category_used": _("切换分类版本"),
    "judgement.dismiss_duplicate": _("判定不是同一件"),
    "judgement.learn_duplicates": _("更新重复件权重"),
    "signals.add_device": _("登记感知设备"),
    "signals.change_device": _("修改感知设备"),
    "signals.draft": _("收到感知信号"),
    "signals.accept": _("采纳感知信号"),
    "signals.reject": _("不采纳感知信号"),
}
