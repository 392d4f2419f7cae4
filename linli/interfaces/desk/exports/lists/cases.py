"""Cases and what hangs on them: the workbench's list, root causes, call-backs, tickets, signals, devices, figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases import selectors as cases
from linli.engines.cases.types import Source
from linli.engines.cases.workflow import Level, Outcome, State
from linli.engines.indicators.permissions import check_reader, figure_for
from linli.engines.signals import selectors as signals
from linli.engines.signals.permissions import check_read
from linli.engines.signals.types import DeviceKind
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.callbacks import views as callbacks
from linli.interfaces.desk.cases.boxes import BOXES
from linli.interfaces.desk.cases.forms import FIGURES, TABS, parse
from linli.interfaces.desk.consultations.views import decided_page
from linli.interfaces.desk.doors import actor_of, staff_who
from linli.interfaces.desk.exports.building import (
    Col,
    Told,
    area,
    dash,
    day,
    enter,
    label,
    moment,
    one_of,
    point_of,
    ticked,
    unit,
    yes,
)
from linli.interfaces.desk.figures.asking import asked
from linli.interfaces.desk.figures.views import opened_of
from linli.interfaces.desk.signals import devices

if TYPE_CHECKING:
    from linli.engines.cases.models import Case
    from linli.engines.cases.selectors import CaseLine

_Q = Told(gettext_lazy("搜索"))
_DUE = {"overdue": gettext_lazy("已超期"), "today": gettext_lazy("今天到期"), "rest": gettext_lazy("今天还将到期")}


def _category(code: str) -> str:
    found = cases.category(code)
    return found.spec.name if found else ""


def _cases(request: HttpRequest, cursor: str, size: int) -> Page[CaseLine]:
    now = clock.now()
    return cases.case_lines(actor_of(request), parse(request.GET, now)[1], now=now, cursor=cursor, size=size)


CASES = [
    Col(gettext_lazy("编号"), 20, lambda c: c.number),
    Col(gettext_lazy("事项"), 36, lambda c: c.title),
    Col(gettext_lazy("分类"), 14, lambda c: c.category),
    Col(gettext_lazy("级别"), 10, label("level", Level)),
    Col(gettext_lazy("状态"), 10, label("state", State)),
    Col(gettext_lazy("紧急"), 6, lambda c: yes(c.urgent)),
    Col(gettext_lazy("地点"), 30, lambda c: c.address),
    Col(gettext_lazy("区域"), 30, lambda c: c.area_label),
    Col(gettext_lazy("承办单位"), 22, lambda c: dash(c.unit)),
    Col(gettext_lazy("来源"), 12, label("source", Source)),
    Col(gettext_lazy("反映人数"), 8, lambda c: c.reporter_count),
    Col(gettext_lazy("上报时间"), 17, lambda c: moment(c.reported_at)),
    Col(gettext_lazy("时限"), 17, lambda c: moment(c.due_at) if c.due_at.year < 9000 else ""),
    Col(gettext_lazy("办结时间"), 17, lambda c: moment(c.closed_at)),
    Col(gettext_lazy("结果"), 10, label("outcome", Outcome)),
    Col(gettext_lazy("返潮"), 6, lambda c: yes(c.relapse_of)),
]
_CASES_TOLD = {
    "tab": Told(gettext_lazy("状态"), one_of(lambda: TABS)),
    "box": Told(gettext_lazy("待办"), one_of(lambda: BOXES)),
    "q": _Q,
    "state": Told(gettext_lazy("状态"), one_of(lambda: dict(State.choices))),
    "category": Told(gettext_lazy("类别"), _category),
    "level": Told(gettext_lazy("级别"), one_of(lambda: dict(Level.choices))),
    "source": Told(gettext_lazy("来源"), one_of(lambda: dict(Source.choices))),
    "area": Told(gettext_lazy("区域"), area),
    "unit": Told(gettext_lazy("承办单位"), unit),
    "due": Told(gettext_lazy("时限"), one_of(lambda: _DUE)),
    "urgent": Told(gettext_lazy("只看紧急"), ticked),
    "relapse": Told(gettext_lazy("只看返潮"), ticked),
    "figure": Told(gettext_lazy("企业指标"), one_of(lambda: FIGURES)),
    "since": Told(gettext_lazy("上报日期从")),
    "until": Told(gettext_lazy("上报日期到")),
    "closed_since": Told(gettext_lazy("办结日期从")),
}


def _place(case: CaseLine) -> tuple[float, float] | None:
    return point_of(case)


def _roots(request: HttpRequest, cursor: str, size: int) -> Page[Case]:
    return cases.root_rows(
        actor_of(request), is_open=request.GET.get("tab", "open") != "closed", cursor=cursor, size=size
    )


def _watched(case: Any) -> str:
    return day(case.root_cause.watch_until)


ROOTS = [
    Col(gettext_lazy("编号"), 20, lambda c: c.number),
    Col(gettext_lazy("根因"), 36, lambda c: c.title),
    Col(gettext_lazy("类别"), 14, lambda c: c.category.name),
    Col(gettext_lazy("承办单位"), 22, lambda c: dash(c.unit)),
    Col(gettext_lazy("关联案件"), 8, lambda c: c.child_count),
    Col(gettext_lazy("状态"), 10, lambda c: c.get_state_display()),
    Col(gettext_lazy("观察到"), 12, lambda c: "" if c.is_open else _watched(c)),
]


def _calls(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return cases.call_backs(
        actor_of(request), waiting=request.GET.get("tab", "waiting") != "made", cursor=cursor, size=size
    )


CALLS = [
    Col(gettext_lazy("编号"), 20, lambda c: c.case.number),
    Col(gettext_lazy("案件"), 36, lambda c: c.case.title),
    Col(gettext_lazy("类别"), 14, lambda c: c.case.category.name),
    Col(gettext_lazy("承办单位"), 22, lambda c: dash(c.case.unit)),
    Col(gettext_lazy("处置结论"), 12, lambda c: c.case.get_outcome_display()),
    Col(gettext_lazy("已尝试"), 8, lambda c: c.attempts),
    Col(gettext_lazy("是否解决"), 10, lambda c: c.get_solved_display()),
    Col(gettext_lazy("满意度"), 10, lambda c: str(callbacks.RATED.get(c.satisfied, ""))),
    Col(gettext_lazy("状态"), 10, lambda c: c.get_state_display()),
]


CONSULTATIONS = [
    Col(gettext_lazy("会商"), 36, lambda m: m.title),
    Col(gettext_lazy("级别"), 10, lambda m: m.get_level_display()),
    Col(gettext_lazy("召集时间"), 17, lambda m: moment(m.held_at)),
    Col(gettext_lazy("地点"), 24, lambda m: m.place),
    Col(gettext_lazy("决定时间"), 17, lambda m: moment(m.decided_at)),
]


def _tickets(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return cases.guidance_tickets(
        actor_of(request), asked=request.GET.get("box") != "received", cursor=cursor, size=size
    )


TICKETS = [
    Col(gettext_lazy("编号"), 20, lambda t: t.case.number),
    Col(gettext_lazy("事项"), 36, lambda t: t.case.title),
    Col(gettext_lazy("吹哨单位"), 22, lambda t: dash(t.case.asking_unit)),
    Col(gettext_lazy("承办单位"), 22, lambda t: dash(t.case.unit)),
    Col(gettext_lazy("吹哨时间"), 17, lambda t: moment(t.case.reported_at)),
    Col(gettext_lazy("状态"), 10, lambda t: t.case.get_state_display()),
    Col(gettext_lazy("答复时间"), 17, lambda t: moment(t.answered_at)),
    Col(gettext_lazy("答复"), 40, lambda t: t.answer),
]


def _device_state(device: Any) -> str:
    if not device.active:
        return _("停用")
    if device.flooding_since:
        return _("信号过多")
    if device.silent_since:
        return _("失联")
    if not device.program_id:
        return _("未接入")
    return _("正常") if device.heard_at else _("等待首次心跳")


DEVICES = [
    Col(gettext_lazy("设备"), 20, lambda d: d.number),
    Col(gettext_lazy("种类"), 14, lambda d: d.get_kind_display()),
    Col(gettext_lazy("位置"), 30, lambda d: d.place),
    Col(gettext_lazy("用途"), 36, lambda d: d.purpose),
    Col(gettext_lazy("维护单位"), 22, lambda d: d.unit.name),
    Col(gettext_lazy("告示牌"), 12, lambda d: day(d.notice_on) or _("未设")),
    Col(gettext_lazy("保存天数"), 8, lambda d: d.retention_days),
    Col(gettext_lazy("最近消息"), 17, lambda d: moment(d.heard_at)),
    Col(gettext_lazy("状态"), 12, _device_state),
]


def _decided(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return signals.decided(actor_of(request), text=request.GET.get("q", "")[:60], cursor=cursor, size=size)


DECIDED = [
    Col(gettext_lazy("信号"), 18, lambda d: d.get_kind_display()),
    Col(gettext_lazy("首次时间"), 17, lambda d: moment(d.first_at)),
    Col(gettext_lazy("设备"), 20, lambda d: d.device.number),
    Col(gettext_lazy("位置"), 30, lambda d: d.device.place),
    Col(gettext_lazy("次数"), 8, lambda d: d.count),
    Col(gettext_lazy("结果"), 20, lambda d: d.case_number or d.get_state_display()),
    Col(gettext_lazy("不立案的原因"), 36, lambda d: "" if d.case_number else d.reason),
    Col(gettext_lazy("办理人"), 18, lambda d: d.decided_label),
]


def _rows(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    code = figure_for(actor_of(request), request.GET.get("code", "")).code
    found: Page[Any] = opened_of(request, code, asked(request), cursor=cursor, size=size)
    return found


ROWS = [
    Col(gettext_lazy("编号"), 20, lambda r: r.number),
    Col(gettext_lazy("事项"), 36, lambda r: r.title),
    Col(gettext_lazy("分类"), 14, lambda r: r.category),
    Col(gettext_lazy("承办单位"), 22, lambda r: r.unit_name),
    Col(gettext_lazy("区域"), 30, lambda r: r.area),
    Col(gettext_lazy("状态"), 10, lambda r: str(r.state)),
    Col(gettext_lazy("计入日期"), 17, lambda r: moment(r.at)),
    Col(gettext_lazy("计入分子"), 10, lambda r: yes(r.in_part)),
    Col(gettext_lazy("用时（分钟）"), 12, lambda r: r.minutes),
]


def _figure_name(code: str) -> str:
    try:
        return str(figure_for(SYSTEM, code).name)
    except NotFoundError:
        return ""


def register() -> None:
    """Enter the lists of this module."""
    enter("cases", gettext_lazy("案件清单"), CASES, _cases, told=_CASES_TOLD, place=_place)
    told = {"tab": Told(gettext_lazy("状态"), one_of(_root_tabs))}
    enter("roots", gettext_lazy("根因案件"), ROOTS, _roots, told=told)
    told = {"tab": Told(gettext_lazy("状态"), one_of(_call_tabs))}
    enter("callbacks", gettext_lazy("电话回访"), CALLS, _calls, told=told, door=staff_who(callbacks.check_reader))
    enter("consultations", gettext_lazy("已决定的会商"), CONSULTATIONS, decided_page, told={})
    told = {"box": Told(gettext_lazy("分类"), one_of(_ticket_boxes))}
    enter("guidance", gettext_lazy("吹哨报到"), TICKETS, _tickets, told=told)
    told = {
        "q": _Q,
        "kind": Told(gettext_lazy("种类"), one_of(lambda: dict(DeviceKind.choices))),
        "state": Told(gettext_lazy("状态"), one_of(devices.state_labels)),
    }
    enter("devices", gettext_lazy("设备台账"), DEVICES, devices.page_of, told=told)
    enter("signals", gettext_lazy("已处理的感知信号"), DECIDED, _decided, told={"q": _Q}, door=staff_who(check_read))
    told = {
        "code": Told(gettext_lazy("指标"), _figure_name),
        "since": Told(gettext_lazy("从")),
        "until": Told(gettext_lazy("到")),
        "part": Told(gettext_lazy("只看计入分子的"), ticked),
        "unit": Told(gettext_lazy("承办单位"), unit),
        "level": Told(gettext_lazy("级别"), one_of(lambda: dict(Level.choices))),
        "source": Told(gettext_lazy("来源"), one_of(lambda: dict(Source.choices))),
    }
    enter("figure_rows", gettext_lazy("指标明细"), ROWS, _rows, told=told, door=staff_who(check_reader))


def _root_tabs() -> dict[str, str]:
    return {"open": _("在办"), "closed": _("已结案，观察中")}


def _call_tabs() -> dict[str, str]:
    return {"waiting": _("待回访"), "made": _("已回访")}


def _ticket_boxes() -> dict[str, str]:
    return {"received": _("向我们吹的哨")}
