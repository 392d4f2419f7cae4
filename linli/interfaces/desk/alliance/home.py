"""The first page of the alliance: what waits, who chairs, the ten projects, and the ways on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.interfaces.desk.alliance.claims import row_of
from linli.interfaces.desk.alliance.lists import rows_of
from linli.interfaces.desk.alliance.members import NAV
from linli.interfaces.desk.doors import actor_of, staff, today
from linli.programmes.alliance import permissions, selectors
from linli.programmes.alliance.types import Standing


def _stats(by: Any, keeps: bool) -> list[dict[str, Any]]:
    on = today()
    standing, claims = selectors.standing_counts(on), selectors.claim_counts(by)
    members, lists, rows = (reverse(f"desk:alliance_{n}") for n in ("members", "lists", "claims"))
    moving = sum(claims.get(s, 0) for s in ("claimed", "agreed", "delivering"))
    found = [
        {"label": _("在册成员单位"), "value": standing[Standing.CURRENT], "url": f"{members}?standing=current"},
        {"label": _("办理中的认领"), "value": moving, "url": rows},
        {"label": _("待确认"), "value": claims.get("delivered", 0), "url": f"{rows}?state=delivered"},
    ]
    if keeps:
        applying = standing[Standing.PROPOSED]
        found.append({"label": _("待接纳"), "value": applying, "url": f"{members}?standing=proposed"})
        url = f"{lists}?kind=resource&state=submitted"
        found.append({"label": _("待我审核"), "value": selectors.waiting(by), "url": url})
    return found


@require_GET
@staff
def home(request: HttpRequest) -> HttpResponse:
    """Show the alliance."""
    by, on = actor_of(request), today()
    keeps, own = permissions.may_keep(by), permissions.own_members(by)
    years = selectors.top_years()
    year = years[0] if years else on.year
    top = selectors.top_ten(year)
    context = {
        "stats": _stats(by, keeps),
        "chairs": [c for c in selectors.chairs_of_year(on.year) if c.handed_on is None],
        "top_year": year,
        "top": rows_of(top, "project"),
        "own": own,
        "own_claims": [row_of(c) for m in own for c in selectors.claims_of(m)][:20],
        "cards": cards(keeps),
        "may_keep": keeps,
        "nav_here": NAV,
    }
    return render(request, "desk/alliance/home.html", context)


def cards(keeps: bool) -> list[dict[str, Any]]:
    """Return the ways on."""
    found = [
        ("members", "users-group", _("成员单位"), _("类型、资源、需求，接纳程序，证书和铭牌。")),
        ("bodies", "building-community", _("组织与专委会"), _("联席会议、片区促进会、专委会，职务与轮值主席。")),
        ("lists", "list-details", _("三张清单"), _("需求、资源、项目；数量、审核、按理由匹配。")),
        ("claims", "hand-love-you", _("认领"), _("认领、签约、实施、确认、致谢。")),
        ("agreements", "file", _("共建协议"), _("签约方、期限、事项、续签。")),
        ("brands", "flag-2", _("党建品牌"), _("品牌和它的成员单位。")),
        ("review", "chart-bar", _("年度回顾"), _("从数据生成，每个数字都能点开。")),
    ]
    if keeps:
        found.insert(4, ("spot", "keyboard", _("现场认领登记"), _("会上喊一家记一家，全程键盘。")))
    return [
        {"url": reverse(f"desk:alliance_{code}"), "icon": icon, "title": title, "text": text}
        for code, icon, title, text in found
    ]
