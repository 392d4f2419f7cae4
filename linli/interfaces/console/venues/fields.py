"""Words and fields of the venues' pages: a kind's questions as fields, verbs and fields of the journal in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.forms.types import Question, QuestionSet, QuestionType
from linli.interfaces.web.opening import label_of
from linli.interfaces.web.questions import INPUTS

LOG: dict[str, Any] = {
    "venues.add": gettext_lazy("登记"),
    "venues.change": gettext_lazy("修改资料"),
    "venues.set_state": gettext_lazy("改变状态"),
    "venues.review": gettext_lazy("复核"),
    "venues.add_photo": gettext_lazy("添加照片"),
    "venues.drop_photo": gettext_lazy("删除照片"),
    "venues.set_slots": gettext_lazy("核对建站标准"),
    "venues.add_item": gettext_lazy("登记物品、功能室或单位"),
    "venues.drop_item": gettext_lazy("删除物品、功能室或单位"),
    "venues.set_menu": gettext_lazy("更新菜单"),
    "venues.add_activity": gettext_lazy("发布活动"),
    "venues.cancel_activity": gettext_lazy("取消活动"),
}
FIELDS: dict[str, Any] = {
    "name": gettext_lazy("名称"),
    "aliases": gettext_lazy("别名"),
    "address": gettext_lazy("地址"),
    "lat": gettext_lazy("位置"),
    "lon": gettext_lazy("位置"),
    "area_id": gettext_lazy("区域"),
    "district": gettext_lazy("商圈、片区"),
    "level": gettext_lazy("层级"),
    "hours": gettext_lazy("开放时间"),
    "keeper_id": gettext_lazy("管理单位"),
    "keeper_post_id": gettext_lazy("负责岗位"),
    "phone": gettext_lazy("对外电话"),
    "facilities": gettext_lazy("设施"),
    "intro": gettext_lazy("公开介绍"),
    "partner": gettext_lazy("合作机构"),
    "offers": gettext_lazy("优惠与服务"),
    "plaque": gettext_lazy("铭牌编号"),
    "state": gettext_lazy("状态"),
    "valid_from": gettext_lazy("启用日期"),
    "valid_to": gettext_lazy("停用日期"),
    "review_on": gettext_lazy("下次复核日期"),
    "answers": gettext_lazy("补充信息"),
    "note": gettext_lazy("内部备注"),
    "present": gettext_lazy("已有项目"),
}


def question_fields(
    questions: QuestionSet, given: Mapping[str, Any], errors: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    """Return a kind's questions as the page's fields, with what was given and what is wrong with it."""
    left_out = {QuestionType.PHOTO, QuestionType.PLACE, QuestionType.NOTE}
    return [_field(q, given, errors) for q in questions.questions if q.type not in left_out]


def _field(q: Question, given: Mapping[str, Any], errors: Mapping[str, list[str]]) -> dict[str, Any]:
    options = [{"value": c.code, "label": label_of(c.label)} for c in q.choices]
    value = given.get(q.code, "")
    if q.type is QuestionType.YES_NO:
        options = [{"value": "yes", "label": _("是")}, {"value": "no", "label": _("否")}]
        value = {True: "yes", False: "no"}.get(value, value)
    return {
        "name": f"q_{q.code}",
        "kind": INPUTS.get(q.type, "text"),
        "label": label_of(q.label),
        "hint": label_of(q.hint),
        "required": "1" if q.required else "",
        "options": options,
        "value": value,
        "errors": errors.get(f"answers.{q.code}", []),
    }
