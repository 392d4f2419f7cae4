"""The public part of the register of thanks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.engines.cases import selectors as cases
from linli.interfaces.web.access import public


@public
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show what residents thanked for; a name only where its owner agreed."""
    page = cases.public_praise(cursor=request.GET.get("cursor", ""))
    rows = [{"row": p, "giver": cases.public_giver(p)} for p in page.rows]
    return render(request, "portal/praise.html", {"page": page, "rows": rows})
