"""What was said of sheets' columns for the next sheet: listed, changed, forgotten."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.sheets import permissions, selectors, services
from linli.foundation.sheets.types import KINDS
from linli.interfaces.console.doors import actor_of
from linli.interfaces.console.sheets.forms import LayoutForm
from linli.interfaces.console.sheets.views import administrators_only

SIZE = 20


def _layout(by: Actor, uuid: UUID) -> Any:
    """Return a layout of a kind that has pages here."""
    found = selectors.layout(by, uuid)
    if found.kind not in KINDS:
        raise NotFoundError(_("没有这份对应关系，可能已被删除。"), code="sheets.layout")
    return found


@never_cache
@require_GET
@administrators_only
def listing(request: HttpRequest) -> HttpResponse:
    """List what is kept, the last said first."""
    by = actor_of(request)
    kinds = {k.code: k for k in permissions.kinds_for(by)}
    kind, text = request.GET.get("kind", "")[:32], request.GET.get("q", "").strip()[:60]
    codes = [kind] if kind in kinds else list(kinds)
    page = selectors.layouts(by, codes, cursor=request.GET.get("cursor", ""), size=SIZE, text=text)
    query = urlencode({k: v for k, v in (("kind", kind), ("q", text)) if v})
    context = {
        "nav_here": "console", "kind": kind, "q": text, "page": page, "base": f"?{query}&" if query else "?",
        "options": [{"value": "", "label": _("全部种类")}, *({"value": c, "label": k.title} for c, k in kinds.items())],
        "lines": [
            {"row": row, "title": kinds[row.kind].title, "values": sum(len(v) for v in row.values.values())}
            for row in page.rows
        ],
    }  # fmt: skip
    return render(request, "console/sheets/layouts.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@administrators_only
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what was said of a layout, and take what is said anew."""
    by = actor_of(request)
    layout = _layout(by, uuid)
    kind, status = KINDS[layout.kind], 200
    form = LayoutForm(kind, layout)
    if request.method == "POST":
        form = LayoutForm(kind, layout, request.POST)
        status = form.attempt(
            lambda: services.change_layout(
                by=by, now=clock.now(), uuid=uuid, expected=form.cleaned_data["version"],
                title=form.cleaned_data["title"], mapping=form.mapping(), values=services.meanings(kind, form.values()),
            )
        )  # fmt: skip
        if not status:
            messages.success(request, _("已保存，下次同样表头的表格照此办理。"))
            return HttpResponseRedirect(reverse("console:sheet_layouts"))
    context = {"nav_here": "console", "layout": layout, "kind": kind, "form": form}
    return render(request, "console/sheets/layout.html", context, status=status)


@require_POST
@administrators_only
def forget(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete what was said of a layout."""
    by = actor_of(request)
    services.forget_layout(by=by, now=clock.now(), uuid=_layout(by, uuid).uuid)
    messages.success(request, _("已删除。下次这样的表格按表头识别。"))
    return HttpResponseRedirect(reverse("console:sheet_layouts"))
