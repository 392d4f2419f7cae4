"""The page on which a 专报 is put together and looked at; its files are taken out as lists are."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.engines.indicators import selectors
from linli.engines.indicators.types import Dimension, Group
from linli.foundation.core import clock
from linli.interfaces.desk.doors import actor_of, local
from linli.interfaces.desk.figures.asking import asked, choices, periods
from linli.interfaces.desk.figures.briefing import content
from linli.interfaces.desk.figures.views import chosen, readers


@never_cache
@require_GET
@readers
def page(request: HttpRequest) -> HttpResponse:
    """Show the paper as it would be, beside what it is made of."""
    now, actor, ask = clock.now(), actor_of(request), asked(request)
    figures = chosen(request)
    brief = content.read(content.made(request, ask, figures, now, origin=request.build_absolute_uri("/")))
    typed = content.words_of(request, local(now).date())
    kept = {
        "title": typed.title, "issue": typed.issue, "from": typed.unit, "rows": "1" if typed.rows else "",
        "show": request.GET.getlist("show"),
    }  # fmt: skip
    known = selectors.figures(actor)
    context: dict[str, Any] = {
        "brief": brief,
        "sections": [(s, b64encode(s.chart).decode()) for s in brief.sections],
        "urls": {n.number: n.url for n in brief.notes},
        "ask": ask,
        "typed": typed,
        "tabs": periods(ask, local(now).date(), reverse("desk:figures_brief"), **kept),
        "choices": choices(ask),
        "bys": [{"value": d.value, "label": d.label} for d in Dimension],
        "known": [(Group(g).label, [f for f in known if f.group == g]) for g in Group.values],
        "show": {f.code for f in figures},
        "most": content.MOST_FIGURES,
        "left_out": max(0, len(figures) - content.MOST_FIGURES),
        # The days stand in it, so that the file counts those that were looked at, whenever it is written.
        "query": ask.query(**kept),
        "nav_here": "figures",
    }
    return render(request, "desk/figures/brief.html", context)
