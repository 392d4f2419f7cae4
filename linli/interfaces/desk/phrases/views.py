"""Shipped sentences by verb (快捷用语), to insert or to copy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.cases import selectors as cases
from linli.engines.cases.workflow import VERBS
from linli.interfaces.desk.doors import staff


@require_GET
@staff
def phrases(request: HttpRequest) -> HttpResponse:
    """Show the sentences by verb; with ``verb`` and ``target`` only the buttons that insert them into that field."""
    verb, target = request.GET.get("verb", ""), request.GET.get("target", "")
    if target:
        return render(request, "desk/phrases/_insert.html", {"phrases": cases.phrases(verb), "target": target})
    names = {"guidance": _("吹哨"), "shift": _("交接班"), **{code: v.label for code, v in VERBS.items()}}
    groups = [{"label": names[v], "texts": cases.phrases(v)} for v in cases.phrase_verbs() if verb in {"", v}]
    return render(request, "desk/phrases/list.html", {"groups": groups})
