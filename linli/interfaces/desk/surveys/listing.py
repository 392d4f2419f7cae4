"""The list of surveys."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.foundation.core.paging import Page
from linli.interfaces.desk.doors import actor_of, staff
from linli.programmes.surveys import permissions, selectors
from linli.programmes.surveys.workflow import State

NAV = "programmes"
STATUS = {State.DRAFT: "new", State.OPEN: "doing", State.CLOSED: "done", State.DROPPED: "idle"}


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Any]:
    """Return a page of the surveys that the address asks for."""
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()[:60]
    return selectors.page(actor_of(request), state=state, text=text, cursor=cursor, size=size)


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the surveys, the newest first, by state and words."""
    by = actor_of(request)
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()[:60]
    page = page_of(request, request.GET.get("cursor", "")[:300])
    tabs = [{"label": _("全部"), "url": "?", "current": not state, "count": None}]
    tabs += [
        {"label": label, "url": f"?state={value}", "current": state == value, "count": None}
        for value, label in State.choices
    ]
    query = urlencode([(k, v) for k, v in (("state", state), ("q", text)) if v])
    context = {
        "page": page, "rows": [{"row": r, "mark": STATUS[State(r.state)]} for r in page.rows], "tabs": tabs,
        "text": text, "state": state, "base": f"?{query}&" if query else "?", "filtered": bool(query),
        "may_begin": permissions.may_begin(by), "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/surveys/list.html", context)
