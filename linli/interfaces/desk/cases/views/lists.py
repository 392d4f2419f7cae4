"""The list with its map, pins, the drawing under them, what changed, and saved filters."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.engines.cases import selectors, services
from linli.foundation.core import clock
from linli.foundation.core.errors import InvalidError
from linli.interfaces.desk import directory
from linli.interfaces.desk.cases import bench, rows
from linli.interfaces.desk.cases.forms import FilterForm, parse


@require_GET
def list_page(request: HttpRequest, view: str = "list") -> HttpResponse:
    """Show the workbench: list, map, no case opened. With ``part=list`` only the list, its tabs and the figures."""
    now = clock.now()
    context = bench.whole(request, now)
    if request.GET.get("part") == "list":
        return render(request, "desk/cases/_list_part.html", context)
    context |= {"view": view, "nav_here": "map" if view == "map" else "cases"}
    return render(request, "desk/cases/list.html", context)


@require_GET
def pins(request: HttpRequest) -> JsonResponse:
    """Answer the pins of the list's filters: one statement beside session and actor."""
    now = clock.now()
    _form, filters = parse(request.GET, now)
    found = selectors.map_pins(request.actor, filters, now=now)  # type: ignore[attr-defined]
    return JsonResponse([rows.pin(p) for p in found], safe=False, json_dumps_params={"ensure_ascii": False})


@require_GET
def ground(request: HttpRequest) -> HttpResponse:
    """Answer the drawing under the pins, kept by the browser until the map changes."""
    text = directory.ground(clock.now().date())
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'
    answer: HttpResponse = HttpResponseNotModified()
    if request.headers.get("If-None-Match") != etag:
        answer = HttpResponse(text, content_type="application/geo+json")
    answer["ETag"] = etag
    patch_cache_control(answer, private=True, max_age=300)
    return answer


@require_GET
def changed(request: HttpRequest) -> JsonResponse:
    """Answer how many visible cases changed since the list was shown."""
    since: datetime | None = None
    with suppress(ValueError):
        since = datetime.fromisoformat(request.GET.get("since", ""))
    if since is None or since.tzinfo is None:
        raise InvalidError(_("缺少起始时间。"), code="desk.since")
    since = max(since, clock.now() - timedelta(days=1))
    found = selectors.changed_since(request.actor, since)  # type: ignore[attr-defined]
    return JsonResponse({"count": len(found), "numbers": [number for _id, number in found]})


@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the list's filters under a name, or forget one."""
    now = clock.now()
    if request.POST.get("forget", "").isdecimal():
        services.delete_filter(by=request.actor, now=now, filter_id=int(request.POST["forget"][:18]))  # type: ignore[attr-defined]
        messages.success(request, _("已删除筛选。"))
        return HttpResponseRedirect(bench.link(_clean(request.POST.get("query", ""))))
    query = _clean(request.POST.get("query", ""))
    services.save_filter(by=request.actor, now=now, name=request.POST.get("name", ""), query=query)  # type: ignore[attr-defined]
    messages.success(request, _("已保存筛选。"))
    return HttpResponseRedirect(bench.link(query))


def _clean(query: str) -> str:
    """Return a query string of known filters only."""
    return urlencode([(k, v) for k, v in parse_qsl(query) if k in parse_fields()])


def parse_fields() -> frozenset[str]:
    """Return the names of the list's filters."""
    return frozenset(FilterForm.base_fields)
