"""The streets: shops' matters, frontages, spots, lanes, shops together, sign-boards, contractors' work, officers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.errors import NotFoundError
from linli.interfaces.desk.doors import actor_of, uuid_of
from linli.interfaces.desk.exports.building import Col, Told, dash, enter, in_words, number, one_of, ticked, yes
from linli.interfaces.desk.streets import frontages, lanes, matters, shops, work
from linli.programmes.streets import selectors
from linli.programmes.streets.rules import shipped
from linli.programmes.streets.types import SpotKind


def _text(at: int) -> Callable[[Any], Any]:
    """Return what stands in a cell of the page."""
    return lambda line: line.cells[at].text


def _small(at: int) -> Callable[[Any], str]:
    """Return what stands below a cell of the page."""
    return lambda line: dash(line.cells[at].small)


def _tag(at: int) -> Callable[[Any], str]:
    return lambda line: str(line.cells[at].tag)


_STATE = gettext_lazy("状态")
_ADDRESS = gettext_lazy("地址")

MATTERS = [
    Col(gettext_lazy("商户"), 28, _text(0)),
    Col(_ADDRESS, 34, _small(0)),
    Col(gettext_lazy("问题"), 18, _text(1)),
    Col(gettext_lazy("近期第几次"), 10, lambda r: r.row.times),
    Col(gettext_lazy("发现"), 12, _text(2)),
    Col(gettext_lazy("改正期限"), 12, _text(3)),
    Col(gettext_lazy("已过期限"), 8, lambda r: yes(r.cells[3].late)),
    Col(_STATE, 12, _text(4)),
    Col(gettext_lazy("应办"), 14, _tag(4)),
]
DUTIES = [
    Col(gettext_lazy("门店"), 28, _text(0)),
    Col(_ADDRESS, 34, _small(0)),
    Col(gettext_lazy("范围"), 24, _text(1)),
    Col(gettext_lazy("告知日期"), 12, _text(2)),
    Col(_STATE, 12, _text(3)),
]
SPOTS = [
    Col(gettext_lazy("地点"), 34, _text(0)),
    Col(gettext_lazy("区域"), 18, _small(0)),
    Col(gettext_lazy("立即整改"), 8, lambda r: yes(r.cells[0].tag)),
    Col(gettext_lazy("类别"), 14, _text(1)),
    Col(gettext_lazy("责任单位"), 22, _text(2)),
    Col(gettext_lazy("期限"), 12, _text(3)),
    Col(gettext_lazy("已超期"), 8, lambda r: yes(r.cells[3].small)),
    Col(_STATE, 12, _text(4)),
]
LANES = [
    Col(gettext_lazy("弄堂"), 28, _text(0)),
    Col(_ADDRESS, 34, _small(0)),
    Col(gettext_lazy("责任单位"), 22, _text(1)),
    Col(gettext_lazy("期限"), 12, _text(2)),
    Col(gettext_lazy("已超期"), 8, lambda r: yes(r.cells[2].late)),
    Col(gettext_lazy("方案"), 12, _text(3)),
]
MEMBERS = [
    Col(gettext_lazy("商户"), 28, _text(0)),
    Col(_ADDRESS, 34, _small(0)),
    Col(gettext_lazy("加入"), 12, _text(1)),
    Col(gettext_lazy("互查次数"), 8, _text(2)),
    Col(gettext_lazy("最近互查"), 12, _text(3)),
    Col(_STATE, 14, _text(4)),
]
BOARDS = [
    Col(gettext_lazy("店招店牌"), 28, _text(0)),
    Col(_ADDRESS, 34, _small(0)),
    Col(gettext_lazy("形式"), 10, _text(1)),
    Col(gettext_lazy("面积"), 14, _small(1)),
    Col(gettext_lazy("许可或备案"), 20, _text(2)),
    Col(gettext_lazy("上次检查"), 12, _text(3)),
    Col(_STATE, 14, _text(4)),
    Col(gettext_lazy("整改期限"), 12, _small(4)),
]
FRIENDS = [
    Col(gettext_lazy("商户"), 28, _text(0)),
    Col(_ADDRESS, 34, _small(0)),
    Col(gettext_lazy("提供什么"), 30, _text(1)),
    Col(gettext_lazy("铭牌编号"), 14, _text(2)),
    Col(gettext_lazy("下次复核"), 12, _text(3)),
    Col(_STATE, 10, _text(4)),
]
LOGS = [
    Col(gettext_lazy("日期"), 12, _text(0)),
    Col(gettext_lazy("班次"), 10, _small(0)),
    Col(gettext_lazy("线路"), 28, _text(1)),
    Col(gettext_lazy("作业单位"), 24, _small(1)),
    Col(gettext_lazy("谁做的"), 12, _text(2)),
    Col(gettext_lazy("完成"), 8, lambda r: number(r.row.done)),
    Col(gettext_lazy("计划"), 8, lambda r: number(r.row.planned)),
    Col(gettext_lazy("单位"), 8, lambda r: r.row.unit_word),
    Col(gettext_lazy("通知单车企业（辆）"), 12, lambda r: r.row.told or ""),
    Col(gettext_lazy("清运（辆）"), 10, lambda r: r.row.removed or ""),
    Col(_STATE, 10, _text(4)),
]
QUALITIES = [
    Col(gettext_lazy("日期"), 12, _text(0)),
    Col(gettext_lazy("线路"), 28, _text(1)),
    Col(gettext_lazy("作业单位"), 24, _text(2)),
    Col(gettext_lazy("检查情况"), 48, _text(3)),
    Col(gettext_lazy("扣分"), 8, lambda r: "" if r.row.annulled_on else number(r.row.off)),
    Col(gettext_lazy("已撤销"), 8, lambda r: yes(r.row.annulled_on)),
]
CONTACTS = [
    Col(gettext_lazy("居民区"), 18, _text(0)),
    Col(gettext_lazy("执法人员"), 16, _text(1)),
    Col(gettext_lazy("单位"), 24, _small(1)),
    Col(gettext_lazy("每月次数"), 8, _text(2)),
    Col(gettext_lazy("到访日期"), 24, _text(3)),
    Col(_STATE, 14, _text(4)),
]


def _month(request: HttpRequest) -> Sequence[str]:
    """Return the month that the page shows, whether it was asked for or not."""
    return [f"{work.month_asked(request):%Y-%m}"]


def _shop(request: HttpRequest) -> Sequence[str]:
    """Return the shop to which the matters are narrowed, if its name is this reader's to see."""
    wanted = uuid_of(request.GET.get("shop", ""))
    if wanted is None:
        return []
    try:
        name = selectors.target_for(actor_of(request), wanted, matters.SHOPS).name
    except NotFoundError:
        return []
    return [in_words(_("商户"), name)]


def _faults() -> dict[str, Any]:
    return {f.code: f.name for f in shipped.faults().values()}


def _state(choices: Callable[[], dict[str, Any]]) -> Told:
    return Told(gettext_lazy("状态"), one_of(choices))


def register() -> None:
    """Enter the lists of this module."""
    named, shop = Told(gettext_lazy("名称或地址")), Told(gettext_lazy("商户或地址"))
    told = {
        "state": _state(matters.state_labels),
        "q": Told(gettext_lazy("商户或情况")),
        "fault": Told(gettext_lazy("问题"), one_of(_faults)),
        "due": Told(gettext_lazy("期限已到"), ticked),
    }
    enter("matters", gettext_lazy("商户提醒与责令"), MATTERS, matters.page_of, told=told, always=_shop)
    told = {"state": _state(lambda: frontages.SERVED), "q": named}
    enter("duties", gettext_lazy("门责"), DUTIES, frontages.duties_of, told=told)
    told = {
        "state": _state(frontages.spot_states),
        "kind": Told(gettext_lazy("类别"), one_of(lambda: dict(SpotKind.choices))),
        "q": Told(gettext_lazy("地点或情况")),
    }
    enter("spots", gettext_lazy("盲区死角"), SPOTS, frontages.spots_of, told=told)
    told = {"state": _state(lanes.state_labels), "q": Told(gettext_lazy("弄堂名或地址"))}
    enter("lanes", gettext_lazy("一弄一案"), LANES, lanes.page_of, told=told)
    told = {"state": _state(lambda: shops.MEMBER_STATES), "q": shop}
    enter("shop_members", gettext_lazy("商铺联盟"), MEMBERS, shops.members_of, told=told)
    told = {"state": _state(lambda: shops.BOARD_STATES), "q": Told(gettext_lazy("店名或地址"))}
    enter("sign_boards", gettext_lazy("店招店牌"), BOARDS, shops.boards_of, told=told)
    told = {"state": _state(lambda: shops.FRIEND_STATES), "q": shop}
    enter("friendly_shops", gettext_lazy("友好商户"), FRIENDS, shops.friends_of, told=told)
    route = Told(gettext_lazy("线路或单位"))
    told = {"work": Told(gettext_lazy("作业内容"), one_of(lambda: work.WORKS)), "q": route}
    enter("work_logs", gettext_lazy("作业记录"), LOGS, work.logs_of, told=told, always=_month)
    enter("qualities", gettext_lazy("作业质量"), QUALITIES, work.qualities_of, told={"q": route}, always=_month)
    told = {"state": _state(lambda: {"gaps": gettext_lazy("还差次数")}), "q": Told(gettext_lazy("居民区"))}
    enter("contacts", gettext_lazy("城管进社区"), CONTACTS, work.contacts_of, told=told, always=_month, short=True)
