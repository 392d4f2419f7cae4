"""Sentences by verb (快捷用语), to insert or to copy; a person's own are kept here too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.workflow import VERBS
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.interfaces.desk.doors import actor_of, staff


def _names() -> dict[str, Any]:
    names: dict[str, Any] = {"guidance": _("吹哨"), "shift": _("交接班"), **{c: v.label for c, v in VERBS.items()}}
    return {verb: names.get(verb, verb) for verb in services.phrase_verbs_known()}


@require_GET
@staff
def phrases(request: HttpRequest) -> HttpResponse:
    """Show the sentences by verb; with ``verb`` and ``target`` only the buttons that insert them into that field."""
    verb, target = request.GET.get("verb", ""), request.GET.get("target", "")
    if target:
        return render(request, "desk/phrases/_insert.html", {"phrases": cases.phrases(verb), "target": target})
    return _page(request, verb)


def _page(request: HttpRequest, verb: str = "", *, status: int = 200, **typed: Any) -> HttpResponse:
    names, user_id = _names(), actor_of(request).user_id
    context = {
        "groups": [
            {"label": names.get(v, v), "texts": cases.phrases(v)} for v in cases.phrase_verbs() if verb in {"", v}
        ],
        "own": [{"row": p, "verb": names.get(p.verb, p.verb)} for p in (cases.own_phrases(user_id) if user_id else [])],
        "verbs": [{"value": code, "label": label} for code, label in names.items()],
        "typed": {"text": "", "verb": "hand_in", "errors": {}, **typed},
    }
    return render(request, "desk/phrases/list.html", context, status=status)


@require_POST
@staff
def add(request: HttpRequest) -> HttpResponse:
    """Keep a sentence for oneself."""
    text, verb = request.POST.get("text", ""), request.POST.get("verb", "")[:24]
    try:
        services.save_phrase(by=actor_of(request), now=clock.now(), verb=verb, text=text, own=True)
    except DomainError as error:
        errors = error.fields or {"text": [str(error)]}
        return _page(request, status=error.status, text=text, verb=verb, errors=errors)
    messages.success(request, _("已存为自己的用语。"))
    return HttpResponseRedirect(reverse("desk:phrases"))


@require_POST
@staff
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete a sentence of one's own."""
    services.delete_phrase(by=actor_of(request), now=clock.now(), uuid=uuid, own=True)
    messages.success(request, _("已删除。"))
    return HttpResponseRedirect(reverse("desk:phrases"))
