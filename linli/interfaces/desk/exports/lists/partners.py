"""The alliance: member units, claims, agreements."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from linli.interfaces.desk.alliance import agreements, claims, members
from linli.interfaces.desk.doors import today
from linli.interfaces.desk.exports.building import Col, Told, day, enter, one_of
from linli.programmes.alliance import selectors
from linli.programmes.alliance.types import MemberKind, Standing
from linli.programmes.alliance.workflow import ClaimState

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
    told = {"q": _Q, "year": Told(gettext_lazy("签署年份"))}
    enter(
        "agreements", gettext_lazy("共建协议"), AGREEMENTS, agreements.page_of, told=told,
        prepare=lambda _request, found: [agreements.row_of(a) for a in found],
    )  # fmt: skip
