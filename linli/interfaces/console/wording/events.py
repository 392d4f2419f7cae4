"""What each message template is for and who gets it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

RESIDENT, STAFF, LEADER, USER = "resident", "staff", "leader", "user"
GROUPS: dict[str, Any] = {
    RESIDENT: _("给居民"),
    STAFF: _("给承办和派遣人员"),
    LEADER: _("给领导和管理员"),
    USER: _("给账号本人"),
}
EVENTS: dict[str, tuple[str, Any]] = {
    "cases.accepted": (RESIDENT, _("已受理（附查询码）")),
    "cases.accepted_later": (RESIDENT, _("已受理（后来补留联系方式）")),
    "cases.danger_advice": (RESIDENT, _("危险提示")),
    "cases.question": (RESIDENT, _("请居民补充情况")),
    "cases.refused": (RESIDENT, _("不予受理")),
    "cases.transferred_elsewhere": (RESIDENT, _("转交其他部门")),
    "cases.merged": (RESIDENT, _("合并办理")),
    "cases.handled": (RESIDENT, _("已处置，正在核查")),
    "cases.closed_reply": (RESIDENT, _("已办结，答复结果")),
    "cases.rate_invitation": (RESIDENT, _("请居民评价")),
    "cases.review_kept": (RESIDENT, _("评价复核后维持结果")),
    "cases.project_moved": (RESIDENT, _("立为项目后的进展")),
    "cases.reopened": (RESIDENT, _("重新办理")),
    "cases.dispatched_to_unit": (STAFF, _("新派遣")),
    "cases.returned": (STAFF, _("退单")),
    "cases.due_soon": (STAFF, _("即将到期")),
    "cases.overdue": (STAFF, _("已超时")),
    "cases.urged": (STAFF, _("催办")),
    "cases.ordered": (STAFF, _("督办")),
    "cases.staff_update": (STAFF, _("案件有新情况")),
    "cases.task_assigned": (STAFF, _("新任务")),
    "cases.consultation_called": (STAFF, _("会商通知")),
    "cases.escalated": (LEADER, _("升级")),
    "cases.review_needed": (LEADER, _("待复核")),
    "cases.year_missing": (LEADER, _("节假日安排未录入")),
    "cases.routing_broken": (LEADER, _("派遣规则没有生效")),
    "projects.task_given": (STAFF, _("新任务（责任单位、配合单位）")),
    "projects.task_update": (STAFF, _("任务有新情况")),
    "projects.task_due_soon": (STAFF, _("任务即将到期")),
    "projects.task_overdue": (STAFF, _("任务已超期")),
    "projects.task_morning": (STAFF, _("每天早上：今天要完成的任务")),
    "projects.blocker_due": (STAFF, _("项目卡点今天该推进")),
    "activities.invited": (STAFF, _("会议通知")),
    "activities.changed": (STAFF, _("会议变更")),
    "activities.cancelled": (STAFF, _("会议取消")),
    "activities.to_correct": (STAFF, _("请核对会议记录")),
    "activities.topic_passed": (STAFF, _("难题转交")),
    "alliance.agreement_ends": (STAFF, _("共建协议即将到期")),
    "fieldwork.assigned": (STAFF, _("新的走访")),
    "fieldwork.proposal_ready": (STAFF, _("分派建议已算好")),
    "fieldwork.proposal_failed": (STAFF, _("分派建议没有算出")),
    "fieldwork.sent_back": (STAFF, _("走访记录退回")),
    "fieldwork.watch_alarm": (STAFF, _("整治后监控报警")),
    "publishing.to_review": (STAFF, _("宣传内容待审核")),
    "publishing.to_release": (STAFF, _("宣传内容审核通过，待发布")),
    "publishing.sent_back": (STAFF, _("宣传内容退回修改")),
    "publishing.released": (STAFF, _("宣传内容已发布")),
    "indicators.crossed": (STAFF, _("指标越过阈值")),
    "signals.device": (STAFF, _("感知设备失联或频繁报送")),
    "mailbox.state": (STAFF, _("收件邮箱收取失败或恢复")),
    "mailbox.receipt": (RESIDENT, _("收到来信的回执")),
    "alerts.told": (STAFF, _("预警发布、变更、解除和无人确认")),
    "hooks.paused": (STAFF, _("事件推送已暂停")),
    "exports.ready": (STAFF, _("导出已完成")),
    "exports.paper_ready": (STAFF, _("专报已完成")),
    "exports.failed": (STAFF, _("导出没有完成")),
    "accounts.one_time_code": (USER, _("登录验证码")),
    "messages.digest": (USER, _("每日汇总")),
}
PARAMS: dict[str, Any] = {
    "project": _("项目名称"),
    "news": _("进展"),
    "number": _("编号"),
    "names": _("名称"),
    "text": _("说明"),
    "main_number": _("主件编号"),
    "title": _("标题"),
    "place": _("地点"),
    "unit": _("单位"),
    "due": _("时限"),
    "link": _("网址"),
    "tracking_code": _("查询码"),
    "reply": _("答复"),
    "reason": _("理由"),
    "level": _("级别"),
    "stage": _("环节"),
    "person": _("经办人"),
    "outcome": _("结果"),
    "contact": _("联系方式"),
    "question": _("要补充的问题"),
    "advice": _("危险提示"),
    "what": _("发生了什么"),
    "by": _("谁提交"),
    "when": _("时间"),
    "where": _("在哪里"),
    "year": _("年份"),
    "code": _("验证码"),
    "minutes": _("有效分钟数"),
    "count": _("条数"),
    "left": _("没有安排的次数"),
    "lines": _("各条消息"),
    "day": _("日期"),
    "step": _("下一步"),
    "cause": _("卡在哪里"),
    "name": _("对接名称"),
    "failures": _("连续失败次数"),
    "error": _("最近一次的错误"),
    "figure": _("指标"),
    "value": _("现在的数"),
    "counted": _("分子和分母"),
    "threshold": _("阈值"),
    "days": _("最近几天"),
    "span": _("起止时间"),
}


def name_of(code: str) -> str:
    """Return what people call a template; its code where it is not known here."""
    found = EVENTS.get(code)
    return str(found[1]) if found else code


def group_of(code: str) -> str:
    """Return who gets it."""
    found = EVENTS.get(code)
    return found[0] if found else STAFF
