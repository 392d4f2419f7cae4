"""The page on which a 专报 is put together and looked at, and its two files."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.engines.indicators import selectors
from linli.engines.indicators.types import Dimension, Group
from linli.foundation.core import clock
from linli.foundation.exports import services
from linli.interfaces.desk import word as words
from linli.interfaces.desk.doors import actor_of, local
from linli.interfaces.desk.figures.asking import asked, choices, periods
from linli.interfaces.desk.figures.briefing import content, pdf, word
from linli.interfaces.desk.figures.briefing.telling import Brief
from linli.interfaces.desk.figures.views import chosen, readers
from linli.interfaces.web.sending import named

_OWN = ("title", "issue", "from", "rows")
FILES: dict[str, tuple[Callable[[Brief], bytes], str]] = {
    "docx": (word.written, words.MIME), "pdf": (pdf.written, pdf.MIME),
}  # fmt: skip


@never_cache
@require_GET
@readers
def page(request: HttpRequest) -> HttpResponse:
    """Show the paper as it would be, beside what it is made of."""
    now, actor, ask = clock.now(), actor_of(request), asked(request)
    figures = chosen(request)
    brief = content.made(request, ask, figures, now)
    typed = content.words_of(request, local(now).date())
    kept = {n: request.GET.get(n, "") for n in _OWN} | {"show": request.GET.getlist("show")}
    query = ask.query(**kept)
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
        "files": [(k, f"{reverse('desk:figures_brief_file', args=[k])}?{query}") for k in FILES],
        "nav_here": "figures",
    }
    return render(request, "desk/figures/brief.html", context)


@require_GET
@readers
def file(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the paper; that it was taken out is journalled."""
    if kind not in FILES:
        raise Http404
    now, ask = clock.now(), asked(request)
    brief = content.made(request, ask, chosen(request), now)
    write, mime = FILES[kind]
    services.note(
        by=actor_of(request), now=now, code="figures_brief", form=kind, rows=brief.rows, query=request.GET.urlencode()
    )
    answer = HttpResponse(write(brief), content_type=mime)
    return named(answer, f"{brief.title}{_('专报') if '专报' not in brief.title else ''}-{local(now):%Y%m%d}.{kind}")
