"""Rounds, records and findings; needs heard at doors; the civilised-city lists; surveys."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.workflow import SubmissionState
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import NotFoundError
from linli.interfaces.desk.civility import lists as civility
from linli.interfaces.desk.doors import local, today, uuid_of
from linli.interfaces.desk.exports.building import Col, Told, area, dash, day, day_of, enter, one_of, ticked, unit, yes
from linli.interfaces.desk.fieldwork.records import findings, presenting
from linli.interfaces.desk.fieldwork.records import views as records
from linli.interfaces.desk.fieldwork.rounds import home as rounds
from linli.interfaces.desk.fieldwork.rounds.words import programmes
from linli.interfaces.desk.surveys import listing as surveys
from linli.interfaces.desk.visits import demands
from linli.interfaces.desk.visits.common import area_names
from linli.programmes.civility.types import Listed, TodoState
from linli.programmes.surveys.workflow import State as SurveyState
from linli.programmes.visits.types import Origin
from linli.programmes.visits.workflow import DemandState

_Q = Told(gettext_lazy("搜索"))

ROUNDS = [
    Col(gettext_lazy("轮次"), 36, lambda r: r["round"].title),
    Col(gettext_lazy("表单"), 26, lambda r: r["round"].form.title),
    Col(gettext_lazy("专项"), 16, lambda r: str(r["programme"])),
    Col(gettext_lazy("状态"), 10, lambda r: r["round"].get_state_display()),
    Col(gettext_lazy("计划"), 8, lambda r: r["round"].planned),
    Col(gettext_lazy("完成"), 8, lambda r: r["round"].done),
    Col(gettext_lazy("未遇"), 8, lambda r: r["round"].unreached),
    Col(gettext_lazy("进度（%）"), 8, lambda r: r["percent"] if r["round"].planned else ""),
    Col(gettext_lazy("组织单位"), 22, lambda r: dash(r["round"].unit)),
    Col(gettext_lazy("范围"), 18, lambda r: r["round"].area.name if r["round"].area else _("全街道")),
    Col(gettext_lazy("对象"), 14, lambda r: r["round"].kind.name if r["round"].kind else ""),
    Col(gettext_lazy("开始"), 12, lambda r: day(r["round"].starts_on)),
    Col(gettext_lazy("结束"), 12, lambda r: day(r["round"].ends_on)),
]
RECORDS = [
    Col(gettext_lazy("对象"), 30, presenting.name_of),
    Col(gettext_lazy("状态"), 12, lambda r: r.get_state_display()),
    Col(gettext_lazy("填写人"), 20, lambda r: r.by_label),
    Col(gettext_lazy("轮次"), 36, lambda r: r.round.title if r.round else ""),
    Col(gettext_lazy("得分"), 8, lambda r: float(r.marks) if r.marks is not None else ""),
    Col(gettext_lazy("满分"), 8, lambda r: float(r.full) if r.marks is not None else ""),
    Col(gettext_lazy("填写时间"), 17, lambda r: local(r.made_at)),
]


def _found_where(_request: HttpRequest, found: list[Any]) -> list[tuple[Any, str]]:
    names = rounds.area_names(today())
    return [(f, names.name(f.area_path)) for f in found]


FINDINGS = [
    Col(gettext_lazy("问题"), 44, lambda r: r[0].text),
    Col(gettext_lazy("反弹"), 6, lambda r: yes(r[0].relapse_of_id)),
    Col(gettext_lazy("轮次"), 30, lambda r: r[0].round.title if r[0].round else ""),
    Col(gettext_lazy("状态"), 12, lambda r: r[0].get_state_display()),
    Col(gettext_lazy("对象"), 30, lambda r: r[0].target.name if r[0].target else ""),
    Col(gettext_lazy("区域"), 18, lambda r: r[1]),
    Col(gettext_lazy("发现"), 12, lambda r: day_of(r[0].found_at)),
    Col(gettext_lazy("复核"), 12, lambda r: day(r[0].recheck_on)),
]
DEMANDS = [
    Col(gettext_lazy("编号"), 18, lambda r: r["row"].number),
    Col(gettext_lazy("需求"), 44, lambda r: r["text"]),
    Col(gettext_lazy("来源"), 12, lambda r: r["row"].get_origin_display()),
    Col(gettext_lazy("区域"), 18, lambda r: r["area"]),
    Col(gettext_lazy("谁的"), 22, lambda r: dash(r["who"])),
    Col(gettext_lazy("承办单位"), 22, lambda r: dash(r["row"].unit)),
    Col(gettext_lazy("答复期限"), 12, lambda r: day(r["row"].due_on)),
    Col(gettext_lazy("答复用时（天）"), 10, lambda r: r["days"]),
    Col(gettext_lazy("状态"), 14, lambda r: str(r["words"])),
]


def _demands(_request: HttpRequest, found: list[Any]) -> list[dict[str, Any]]:
    names = area_names()
    return [demands.row_of(r, names) for r in found]


TODOS = [
    Col(gettext_lazy("事项"), 40, lambda t: t.title),
    Col(gettext_lazy("类别"), 12, lambda t: t.get_work_display()),
    Col(gettext_lazy("责任单位"), 22, lambda t: t.unit.name),
    Col(gettext_lazy("地点"), 26, lambda t: t.target.name if t.target else (t.area.name if t.area else "")),
    Col(gettext_lazy("期限"), 12, lambda t: day(t.due_on)),
    Col(gettext_lazy("状态"), 12, lambda t: t.get_state_display()),
    Col(gettext_lazy("结果"), 40, lambda t: t.result),
]
SURVEYS = [
    Col(gettext_lazy("标题"), 40, lambda s: s.title),
    Col(gettext_lazy("次"), 6, lambda s: s.wave),
    Col(gettext_lazy("范围"), 18, lambda s: s.area.name if s.area else _("整个街道")),
    Col(gettext_lazy("单位"), 22, lambda s: dash(s.unit)),
    Col(gettext_lazy("开始"), 12, lambda s: day(s.opens_on)),
    Col(gettext_lazy("结束"), 12, lambda s: day(s.closes_on)),
    Col(gettext_lazy("状态"), 10, lambda s: s.get_state_display()),
]


def _round(text: str) -> str:
    wanted = uuid_of(text)
    try:
        return selectors.round_for(SYSTEM, wanted).title if wanted is not None else ""
    except NotFoundError:
        return ""


def register() -> None:
    """Enter the lists of this module."""
    told = {
        "box": Told(gettext_lazy("分类"), one_of(rounds.box_labels)),
        "q": _Q,
        "programme": Told(gettext_lazy("专项"), one_of(programmes)),
        "unit": Told(gettext_lazy("组织单位"), unit),
        "area": Told(gettext_lazy("区域"), area),
        "since": Told(gettext_lazy("从")),
        "until": Told(gettext_lazy("到")),
    }
    enter(
        "rounds", gettext_lazy("走访轮次"), ROUNDS, rounds.page_of, told=told,
        prepare=lambda _request, found: [rounds.row_of(r, today()) for r in found],
    )  # fmt: skip
    told = {
        "round": Told(gettext_lazy("轮次"), _round),
        "state": Told(gettext_lazy("状态"), one_of(lambda: dict(SubmissionState.choices))),
    }
    enter("records", gettext_lazy("走访记录"), RECORDS, records.page_of, told=told)
    told = {
        "box": Told(gettext_lazy("分类"), one_of(findings.box_labels)),
        "round": Told(gettext_lazy("轮次"), _round),
        "q": _Q,
        "item": Told(gettext_lazy("检查项")),
        "area": Told(gettext_lazy("区域"), area),
    }
    enter("findings", gettext_lazy("走访发现的问题"), FINDINGS, findings.page_of, told=told, prepare=_found_where)
    told = {
        "state": Told(gettext_lazy("状态"), one_of(lambda: dict(DemandState.choices))),
        "q": _Q,
        "origin": Told(gettext_lazy("来源"), one_of(lambda: dict(Origin.choices))),
        "unit": Told(gettext_lazy("承办单位"), unit),
        "area": Told(gettext_lazy("区域"), area),
        "late": Told(gettext_lazy("只看超期"), ticked),
    }
    enter("demands", gettext_lazy("需求登记册"), DEMANDS, demands.page_of, told=told, prepare=_demands)
    told = {
        "list": Told(gettext_lazy("清单"), one_of(lambda: dict(Listed.choices))),
        "q": _Q,
        "state": Told(gettext_lazy("状态"), one_of(lambda: dict(TodoState.choices))),
        "late": Told(gettext_lazy("只看已逾期"), ticked),
    }
    enter("todos", gettext_lazy("加减乘法清单"), TODOS, civility.page_of, told=told)
    told = {"state": Told(gettext_lazy("状态"), one_of(lambda: dict(SurveyState.choices))), "q": _Q}
    enter("surveys", gettext_lazy("问卷清单"), SURVEYS, surveys.page_of, told=told)
