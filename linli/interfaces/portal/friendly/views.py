"""Shops that are friendly to riders and neighbours: those that wish to be named, and what they offer."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.interfaces.web.access import public
from linli.programmes.streets import selectors
from linli.programmes.streets.rules import shipped


@public
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show the friendly merchants that agreed to be shown."""
    text = request.GET.get("q", "").strip()[:40]
    page = selectors.public_friends(text, request.GET.get("cursor", "")[:300])
    context = {
        "page": page,
        "rows": [
            {
                "name": f.target.name,
                "address": f.target.address,
                "offers": shipped.names(f.offers, shipped.kindnesses()),
            }
            for f in page.rows
        ],
        "text": text,
        "base": f"?{urlencode({'q': text})}&" if text else "?",
    }
    return render(request, "portal/friendly/list.html", context)
