"""What verbs and kinds of figures, judgement and signals are called in the journal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ROOMS: dict[str, Any] = {
    "indicators": _("指标"),
    "judgement": _("智能研判"),
    "signals": _("感知信号"),
    "mailbox": _("收件邮箱"),
    "alerts": _("灾害预警"),
}
KINDS: dict[str, Any] = {
    "watch": _("指标关注"),
    "outside_figure": _("外部平台数据"),
    "category_model": _("分类版本"),
    "signal": _("感知信号"),
    "device": _("感知设备"),
    "mailbox": _("收件邮箱"),
    "mail": _("邮件来信"),
    "alert": _("灾害预警"),
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
    "mailbox.add": _("登记收件邮箱"),
    "mailbox.change": _("修改收件邮箱"),
    "mailbox.look": _("要求立即收取来信"),
    "mailbox.fail": _("收件邮箱收取失败"),
    "mailbox.recover": _("收件邮箱恢复收取"),
    "mailbox.receive": _("收到来信"),
    "mailbox.case": _("来信立案"),
    "mailbox.answer": _("来信并入案件"),
    "mailbox.aside": _("来信转人工处理"),
    "mailbox.ignored": _("自动来信不处理"),
    "mailbox.make_case": _("人工将来信立案"),
    "mailbox.add_to_case": _("人工将来信并入案件"),
    "mailbox.discard": _("舍弃来信"),
    "mailbox.open": _("查看原信"),
    "alerts.take": _("收到预警"),
    "alerts.take_older": _("收到迟到的预警消息"),
    "alerts.change": _("预警变更"),
    "alerts.lift": _("解除预警"),
    "alerts.cancel_early": _("收到解除，原预警尚未收到"),
    "alerts.acknowledge": _("确认收到预警"),
    "alerts.remind": _("提醒无人确认的预警"),
}
