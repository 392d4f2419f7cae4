"""Public advertising: the themes of each point, where one is missing, when what hangs there is replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.civility.common import NAV
from linli.interfaces.desk.doors import actor_of, staff, today
from linli.programmes.civility import permissions, selectors
from linli.programmes.civility.rules.advertising import ASKED, Shown
from linli.programmes.civility.types import ADS, KIND, Theme

if TYPE_CHECKING:
    from linli.programmes.civility.models import PointType

_WORDS = {
    Shown.GOOD: (gettext_lazy("完好"), "done"),
    Shown.LATE: (gettext_lazy("到期未换"), "late"),
    Shown.WORN: (gettext_lazy("破损"), "late"),
    Shown.LOOSE: (gettext_lazy("仅临时"), "check"),
    Shown.MISSING: (gettext_lazy("缺"), "late"),
    Shown.FREE: ("", ""),
}


def asked_of(request: HttpRequest) -> dict[str, str]:
    """Return to what the points are narrowed."""
    return {k: v for k in ("q", "type", "area") if (v := request.GET.get(k, "").strip()[:200])}


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[selectors.AdRow]:
    """Return a page of the points that the address asks for, each with how its themes stand."""
    query = asked_of(request)
    page, rows = selectors.advertising(
        actor_of(request), kind=query.get("type", ""), area_path=query.get("area", ""), text=query.get("q", ""),
        cursor=cursor, size=size,
    )  # fmt: skip
    return Page(rows, page.next, page.previous, page.size)


def rows_of(found: Sequence[selectors.AdRow], types: Sequence[PointType]) -> list[dict[str, Any]]:
    """Return points as the page shows them: their type, each theme in words, how many are to be put up."""
    names = {t.code: t.name for t in types}
    asked = {t.code: set(t.themes) for t in types}
    return [
        {
            "point": r.point,
            "type": names.get(r.kind, ""),
            "cells": [
                {"words": _WORDS[r.themes[t.value]][0], "tone": _WORDS[r.themes[t.value]][1], "theme": t.label}
                for t in Theme
            ],
            "missing": sum(r.themes[t] in ASKED for t in asked.get(r.kind, ())),
        }
        for r in found
    ]


@require_GET
@staff
def ads(request: HttpRequest) -> HttpResponse:
    """Show points by theme."""
    permissions.check_read(actor_of(request))
    query, page = asked_of(request), page_of(request, request.GET.get("cursor", ""))
    types = selectors.point_types()
    context = {
        "page": page,
        "rows": rows_of(page.rows, types),
        "themes": [t.label for t in Theme],
        "query": query,
        "narrowed": bool(query),
        "base": f"?{urlencode(query)}&",
        "types": [{"value": "", "label": _("全部类型")}] + [{"value": t.code, "label": t.name} for t in types],
        "areas": [{"value": "", "label": _("全部居民区")}]
        + [{"value": path, "label": name} for path, name in directory.neighbourhoods(today()).items()],
        "ledger": reverse("desk:ledger_list", args=[ADS]),
        "points": reverse("desk:ledger_list", args=[KIND]),
        "nav_here": NAV,
    }
    return render(request, "desk/civility/ads.html", context)
