"""What the verbs and kinds of the journal are called; a verb without a word is shown by its code."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.workflow import VERBS

ROOMS: dict[str, Any] = {
    "cases": _("案件"),
    "accounts": _("账号"),
    "people": _("人员与岗位"),
    "places": _("地域"),
    "rulebook": _("规则"),
    "messages": _("消息"),
    "files": _("文件"),
    "jobs": _("后台任务"),
    "journal": _("日志"),
    "projects": _("任务"),
}
KINDS: dict[str, Any] = {
    "case": _("案件"),
    "user": _("账号"),
    "unit": _("单位"),
    "post": _("岗位"),
    "appointment": _("任职"),
    "absence": _("不在岗"),
    "screen": _("大屏"),
    "rule": _("规则"),
    "area": _("区域"),
    "message": _("消息"),
    "job": _("后台任务"),
    "journal": _("日志"),
    "duty_shift": _("值班"),
    "line_force": _("下沉力量"),
    "line_grid": _("条线网格"),
}
_OTHER: dict[str, Any] = {
    "accounts.login": _("登录"),
    "accounts.login_failed": _("登录失败"),
    "accounts.logout": _("退出登录"),
    "accounts.confirm": _("再次确认身份"),
    "accounts.create": _("新建账号"),
    "accounts.issue_password": _("发放初始密码"),
    "accounts.change_password": _("修改密码"),
    "accounts.set_active": _("停用或启用账号"),
    "accounts.set_phone": _("修改手机号"),
    "accounts.set_preferences": _("修改偏好"),
    "accounts.end_sessions": _("结束登录"),
    "accounts.enrol": _("开启动态验证码"),
    "accounts.remove_second_factor": _("关闭动态验证码"),
    "accounts.create_screen": _("发放大屏链接"),
    "accounts.revoke_screen": _("撤销大屏链接"),
    "people.create_unit": _("新设单位"),
    "people.close_unit": _("结束单位"),
    "people.create_post": _("新设岗位"),
    "people.appoint": _("任命"),
    "people.end_appointment": _("结束任职"),
    "people.record_absence": _("登记不在岗"),
    "people.end_absence": _("返岗"),
    "people.hand_over": _("离岗移交"),
    "people.see_as": _("开始以他人岗位查看"),
    "people.end_see_as": _("退出查看"),
    "people.plan_duty": _("排班"),
    "people.hand_over_duty": _("交接班"),
    "cases.open_contact": _("查看联系方式"),
    "jobs.discard": _("丢弃后台任务"),
    "jobs.retry": _("重发后台任务"),
    "journal.retire": _("清理到期日志"),
    "journal.forget": _("抹去个人信息"),
}


def verb_words(code: str) -> str:
    """Return what ``code`` is called, itself where it has no word."""
    if code in _OTHER:
        return str(_OTHER[code])
    room, _point, verb = code.partition(".")
    known = VERBS.get(verb) or VERBS.get(f"{verb}_")
    return str(known.label) if room == "cases" and known is not None else code


def verbs_named(text: str) -> list[str]:
    """Return the codes of the verbs that ``text`` is a part of, by word or by code; ``text`` itself among them."""
    wanted = text.strip()
    codes = [*_OTHER, *(f"cases.{code.rstrip('_')}" for code in VERBS)]
    return [wanted, *(code for code in codes if wanted in code or wanted in verb_words(code))]


def kind_words(code: str) -> str:
    """Return what a kind of object is called."""
    return str(KINDS.get(code, code))
