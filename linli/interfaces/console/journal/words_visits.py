"""What the journal calls the acts of visits and of shared flats."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ROOMS: dict[str, Any] = {"visits": _("四百走访"), "housing": _("群租整治")}
KINDS: dict[str, Any] = {
    "visits_demand": _("走访需求"),
    "visits_condolence": _("慰问名单"),
    "visits_company_visit": _("企业走访"),
    "visits_wording": _("走访用语"),
    "visits_campaign": _("组建行动"),
    "visits_officer": _("体验官"),
    "housing_dossier": _("群租房屋"),
}
VERBS: dict[str, Any] = {
    "fieldwork.forget": _("删除走访中记下的个人情况"),
    "visits.register": _("登记需求"),
    "visits.assign": _("分派需求"),
    "visits.give_back": _("退回需求"),
    "visits.reply": _("答复需求"),
    "visits.tell": _("告知答复"),
    "visits.ask_again": _("需求继续办理"),
    "visits.drop": _("不予受理需求"),
    "visits.save_wording": _("修改走访用语"),
    "visits.enter_company_visit": _("登记企业走访"),
    "visits.change_company_visit": _("修改企业走访"),
    "visits.draw_up": _("拟定慰问名单"),
    "visits.add_person": _("添加慰问对象"),
    "visits.take_off": _("移出慰问对象"),
    "visits.confirm_list": _("确认慰问名单"),
    "visits.plan_visits": _("安排慰问走访"),
    "visits.hand_out": _("登记慰问送达"),
    "visits.close_list": _("办结慰问名单"),
    "visits.begin_campaign": _("登记组建行动"),
    "visits.appoint_officer": _("聘任体验官"),
    "housing.open": _("群租立案"),
    "housing.check": _("登记房屋检查"),
    "housing.no_consent": _("登记未获同意进入"),
    "housing.verify": _("两人核实认定"),
    "housing.clear": _("认定不构成群租"),
    "housing.paper": _("登记文书"),
    "housing.plan": _("制定整治方案"),
    "housing.act": _("登记联合整治"),
    "housing.educate": _("登记普法宣传"),
    "housing.watch": _("列入整治后监控"),
    "housing.report": _("登记零报告"),
    "housing.end_watch": _("监控期满"),
    "housing.drop": _("撤销群租立案"),
    "housing.open_papers": _("查看群租文书"),
}
