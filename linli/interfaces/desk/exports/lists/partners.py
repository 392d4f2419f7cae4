"""The alliance: member units, the three lists, claims, agreements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.interfaces.desk.alliance import agreements, claims, members
from linli.interfaces.desk.alliance import lists as lines
from linli.interfaces.desk.doors import today
from linli.interfaces.desk.exports.building import Col, Told, dash, day, enter, one_of
from linli.programmes.alliance import selectors
from linli.programmes.alliance.types import ListKind, MemberKind, Standing
from linli.programmes.alliance.workflow import ClaimState, EntryState

_Q = Told(gettext_lazy("搜索"))

MEMBERS = [
    Col(gettext_lazy("单位"), 36, lambda r: r[0].name),
    Col(gettext_lazy("类型"), 14, lambda r: r[0].get_kind_display()),
    Col(gettext_lazy("所在组织"), 30, lambda r: "、".join(s.body.name for s in r[1])),
    Col(gettext_lazy("能提供"), 40, lambda r: r[0].offers),
    Col(gettext_lazy("接纳"), 12, lambda r: day(r[0].admitted_on)),
    Col(gettext_lazy("状态"), 12, lambda r: str(selectors.standing_of(r[0], today()).label)),
]


def _members(_request: HttpRequest, found: list[Any]) -> list[tuple[Any, Any]]:
    seats = selectors.seats_of_many(found)
    return [(m, seats.get(m.pk, [])) for m in found]


CLAIMS = [
    Col(gettext_lazy("项目"), 40, lambda r: r["claim"].entry.title),
    Col(gettext_lazy("认领单位"), 30, lambda r: str(r["claim"].member)),
    Col(gettext_lazy("份额"), 12, lambda r: str(r["share"])),
    Col(gettext_lazy("承担"), 30, lambda r: r["claim"].role),
    Col(gettext_lazy("认领日期"), 12, lambda r: day(r["claim"].claimed_on)),
    Col(gettext_lazy("状态"), 12, lambda r: r["claim"].get_state_display()),
]
AGREEMENTS = [
    Col(gettext_lazy("编号"), 18, lambda r: r["row"].number),
    Col(gettext_lazy("协议"), 40, lambda r: r["row"].title),
    Col(gettext_lazy("签约方"), 44, lambda r: "、".join(r["parties"])),
    Col(gettext_lazy("签署"), 12, lambda r: day(r["row"].signed_on)),
    Col(gettext_lazy("起"), 12, lambda r: day(r["row"].starts_on)),
    Col(gettext_lazy("止"), 12, lambda r: day(r["row"].ends_on)),
    Col(gettext_lazy("状态"), 12, lambda r: str(r["state"].label)),
]


def _entry(cell: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda r: cell(r["entry"])


def _amount(name: str, *, least: str = "") -> Callable[[Any], Any]:
    def cell(r: Any) -> str:
        return f"{r[name] or least}{r['entry'].unit_word}" if r["quantity"] else ""

    return cell


def _line_columns(request: HttpRequest) -> Sequence[Col]:
    """Return the columns: those of the list that is asked for."""
    kind = lines.kind_of(request)
    begin = [
        Col(_("名称"), 40, _entry(lambda e: e.title)),
        Col(_("十大项目"), 22, _entry(_top)),
        Col(_("地点"), 24, _entry(lambda e: e.place)),
        Col(_("类别"), 16, _entry(lambda e: dash(e.category))),
    ]
    if kind == ListKind.PROJECT:
        own = [
            Col(_("牵头"), 26, _entry(lambda e: dash(e.body))),
            Col(_("认领"), 36, lambda r: "、".join(str(c.member.called) for c in r["claims"])),
            Col(_("还可认领"), 16, lambda r: r["left"]),
        ]
    else:
        own = [
            Col(_("提出单位"), 28, _entry(lambda e: dash(e.member) or _("街道"))),
            Col(_("数量"), 12, _amount("quantity")),
            Col(_("还差") if kind == ListKind.NEED else _("剩余"), 12, _amount("left", least="0")),
        ]
    if kind == ListKind.RESOURCE:
        own.append(Col(_("用过（次）"), 10, lambda r: r["used"]))
    return [*begin, *own, Col(_("状态"), 10, _entry(lambda e: e.get_state_display()))]


def _top(entry: Any) -> str:
    if not entry.top_year:
        return ""
    return _("%(year)s 年十大项目之 %(place)s") % {"year": entry.top_year, "place": entry.top_place}


def _lines(request: HttpRequest, found: list[Any]) -> list[dict[str, Any]]:
    return lines.rows_of(found, lines.kind_of(request))


def _category(code: str) -> str:
    return next((c.name for c in selectors.categories() if c.code == code), "")


def register() -> None:
    """Enter the lists of this module."""
    told = {
        "q": _Q,
        "kind": Told(gettext_lazy("类型"), one_of(lambda: dict(MemberKind.choices))),
        "standing": Told(gettext_lazy("状态"), one_of(lambda: {s.value: s.label for s in Standing})),
        "year": Told(gettext_lazy("加入年份")),
    }
    enter("members", gettext_lazy("成员单位"), MEMBERS, members.page_of, told=told, prepare=_members)
    told = {"state": Told(gettext_lazy("状态"), one_of(lambda: {s.value: s.label for s in ClaimState})), "q": _Q}
    enter(
        "claims", gettext_lazy("认领清单"), CLAIMS, claims.page_of, told=told,
        prepare=lambda _request, found: [claims.row_of(c) for c in found],
    )  # fmt: skip
    told = {
        "q": _Q,
        "state": Told(gettext_lazy("状态"), one_of(lambda: dict(EntryState.choices))),
        "category": Told(gettext_lazy("类别"), _category),
        "year": Told(gettext_lazy("发布年份")),
        "pitched": Told(gettext_lazy("推介年份")),
        "top": Told(gettext_lazy("十大项目年份")),
    }
    enter(
        "alliance_lists", gettext_lazy("三张清单"), _line_columns, lines.page_of, told=told, prepare=_lines,
        titled=lambda request: lines.kind_labels()[lines.kind_of(request)],
    )  # fmt: skip
    told = {"q": _Q, "year": Told(gettext_lazy("签署年份"))}
    enter(
        "agreements", gettext_lazy("共建协议"), AGREEMENTS, agreements.page_of, told=told,
        prepare=lambda _request, found: [agreements.row_of(a) for a in found],
    )  # fmt: skip
