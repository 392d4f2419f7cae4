"""Pages that show every component and the workbench, from invented dictionaries."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from linli.foundation.core.errors import ConflictError
from linli.interfaces.web.gallery import drawing, samples


def _context(**more: Any) -> dict[str, Any]:
    return {
        "nav": samples.NAV + samples.BOTTOM,
        "shell": samples.SHELL,
        "now": samples.NOW,
        "nav_here": "cases",
        **more,
    }


def components(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    context = _context(
        case=samples.case("0038"),
        late=samples.case("0035"),
        rows=samples.rows(),
        tabs=samples.tabs(),
        form=samples.FORM,
        nav_here="home",
    )
    return render(request, "web/gallery/components.html", context)


def workbench(request: HttpRequest, number: str = "") -> HttpResponse:
    """Show the workbench; for htmx only the detail."""
    case = samples.case(number or "0038")
    if case is None:
        raise Http404
    view = "detail" if number else "map" if request.GET.get("view") == "map" else "list"
    context = _context(
        case=case,
        rows=samples.rows(),
        pins=samples.pins(),
        tabs=samples.tabs(),
        view=view,
        nav_here="map" if view == "map" else "cases",
        poll_url="/gallery/newer.json",
    )
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "web/gallery/_detail.html" if fragment else "web/gallery/workbench.html", context)


def public(request: HttpRequest) -> HttpResponse:
    """Show a resident's page."""
    return render(request, "web/gallery/public.html", _context(form=samples.FORM))


def plain(request: HttpRequest) -> HttpResponse:
    """Show a page without bars."""
    return render(request, "web/gallery/plain.html", _context())


def sheet(request: HttpRequest) -> HttpResponse:
    """Show a sheet for the printer."""
    return render(request, "web/gallery/print.html", _context(rows=samples.rows()))


def ground(_request: HttpRequest) -> JsonResponse:
    """Answer the drawing under the pins."""
    return JsonResponse(drawing.geojson())


def newer(_request: HttpRequest) -> JsonResponse:
    """Answer how many rows changed."""
    return JsonResponse({"count": 3})


@require_POST
def say(request: HttpRequest) -> HttpResponse:
    """Take a POST by htmx: shows that its token arrives."""
    return HttpResponse(
        '<p id="said" role="status">已收到</p>', headers={"HX-Trigger": '{"toast": {"text": "\\u5df2\\u50ac\\u529e"}}'}
    )


def refuse(_request: HttpRequest) -> HttpResponse:
    """Raise what a service raises."""
    raise ConflictError("案件已被他人修改。", code="cases.stale", hint="请刷新后重试。")
