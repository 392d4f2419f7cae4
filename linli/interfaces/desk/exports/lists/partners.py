"""The alliance: member units, claims, agreements."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as lazy

from linli.interfaces.desk.alliance import agreements, claims, members
from linli.interfaces.desk.doors import today
from linli.interfaces.desk.exports.building import Col, Told, day, enter, one_of
from linli.programmes.alliance import selectors
from linli.programmes.alliance.types import MemberKind, Standing
from linli.programmes.alliance.workflow import ClaimState

_Q = Told(lazy("搜索"))

MEMBERS = [
    Col(lazy("单位"), 36, lambda r: r[0].name),
    Col(lazy("类型"), 14, lambda r: r[0].get_kind_display()),
    Col(lazy("所在组织"), 30, lambda r: "、".join(s.body.name for s in r[1])),
    Col(lazy("能提供"), 40, lambda r: r[0].offers),
    Col(lazy("接纳"), 12, lambda r: day(r[0].admitted_on)),
    Col(lazy("状态"), 12, lambda r: str(selectors.standing_of(r[0], today()).label)),
]


def _members(_request: HttpRequest, found: list[Any]) -> list[tuple[Any, Any]]:
    seats = selectors.seats_of_many(found)
    return [(m, seats.get(m.pk, [])) for m in found]


CLAIMS = [
    Col(lazy("项目"), 40, lambda r: r["claim"].entry.title),
    Col(lazy("认领单位"), 30, lambda r: str(r["claim"].member)),
    Col(lazy("份额"), 12, lambda r: str(r["share"])),
    Col(lazy("承担"), 30, lambda r: r["claim"].role),
    Col(lazy("认领日期"), 12, lambda r: day(r["claim"].claimed_on)),
    Col(lazy("状态"), 12, lambda r: r["claim"].get_state_display()),
]
AGREEMENTS = [
    Col(lazy("编号"), 18, lambda r: r["row"].number),
    Col(lazy("协议"), 40, lambda r: r["row"].title),
    Col(lazy("签约方"), 44, lambda r: "、".join(r["parties"])),
    Col(lazy("签署"), 12, lambda r: day(r["row"].signed_on)),
    Col(lazy("起"), 12, lambda r: day(r["row"].starts_on)),
    Col(lazy("止"), 12, lambda r: day(r["row"].ends_on)),
    Col(lazy("状态"), 12, lambda r: str(r["state"].label)),
]


def register() -> None:
    """Enter the lists of this module."""
    told = {
        "q": _Q,
        "kind": Told(lazy("类型"), one_of(lambda: dict(MemberKind.choices))),
        "standing": Told(lazy("状态"), one_of(lambda: {s.value: s.label for s in Standing})),
        "year": Told(lazy("加入年份")),
    }
    enter("members", lazy("成员单位"), MEMBERS, members.page_of, told=told, prepare=_members)
    told = {"state": Told(lazy("状态"), one_of(lambda: {s.value: s.label for s in ClaimState})), "q": _Q}
    enter(
        "claims", lazy("认领清单"), CLAIMS, claims.page_of, told=told,
        prepare=lambda _request, found: [claims.row_of(c) for c in found],
    )  # fmt: skip
    enter(
        "agreements", lazy("共建协议"), AGREEMENTS, agreements.page_of, told={"q": _Q, "year": Told(lazy("签署年份"))},
        prepare=lambda _request, found: [agreements.row_of(a) for a in found],
    )  # fmt: skip
