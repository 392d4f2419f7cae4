"""The units with their posts and who holds them, and what nobody answers for."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.foundation.people import selectors
from linli.foundation.people.types import ROLES, Role
from linli.interfaces.console.doors import may, only
from linli.interfaces.console.staff.views import today

SIZE = 25
_GAPS = 100


def _with_posts(units: list[Any], on: date) -> list[dict[str, Any]]:
    posts = selectors.posts_of_units([u.pk for u in units])
    holders = selectors.holders_of_posts([p.pk for rows in posts.values() for p in rows], on)
    return [
        {
            "unit": u,
            "posts": [
                {"post": p, "role": ROLES[Role(p.role)].name, "people": [a.user for a in holders.get(p.pk, [])]}
                for p in posts.get(u.pk, [])
            ],
        }
        for u in units
    ]


@require_GET
@only("people:manage_units", "people:appoint")
def listing(request: HttpRequest) -> HttpResponse:
    """Show the units by name, their posts and people; the gaps beside them."""
    on, text, state = today(), request.GET.get("q", "")[:64], request.GET.get("state", "")
    page = selectors.unit_page(on=on, text=text, state=state, cursor=request.GET.get("cursor", ""), size=SIZE)
    gaps = selectors.gaps(on)
    here = reverse("console:units")
    labels = (("", _("全部单位")), ("empty", _("没有在岗人员")), ("ended", _("已结束")))
    counts = {"empty": sum(g.kind != "area_without_head" for g in gaps)}
    context = {
        "nav_here": "console",
        "page": page,
        "units": _with_posts(page.rows, on),
        "q": text,
        "state": state,
        "base": f"?{urlencode({'q': text, 'state': state})}&",
        "tabs": [
            {
                "label": label,
                "url": f"{here}?state={code}" if code else here,
                "count": counts.get(code),
                "current": code == state,
            }
            for code, label in labels
        ],
        "area_gaps": [g for g in gaps if g.kind == "area_without_head"][:_GAPS],
        "area_gap_count": sum(g.kind == "area_without_head" for g in gaps),
        "may_appoint": may(request, "people:appoint"),
    }
    return render(request, "console/staff/units.html", context)
