"""The report form as a category's draft would make it, for whoever shapes the categories: shown in a frame, never sent.

It runs the very templates and checks of the real form. Nothing that is typed or chosen is kept:
uploads are not read, and no case is entered.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases.selectors import CategoryNode
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.forms import rules as forms
from linli.foundation.people import permissions
from linli.interfaces.portal import limits
from linli.interfaces.portal.faults import Faults
from linli.interfaces.portal.report import parts
from linli.interfaces.portal.report.draft import Draft
from linli.interfaces.portal.report.views import Errors, area_options, contact_ways
from linli.interfaces.web.preferences import MODES

LANGUAGES = ("zh-hans", "en")
SHOWN_TO = frozenset({"shift_leader", "street_leader", "supervisor"})


def _for_shapers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in who shapes the categories or reads them; in the language and size that the address asks for."""

    @wraps(view)
    def guarded(request: HttpRequest, code: str) -> HttpResponse:
        by: Actor = request.actor  # type: ignore[attr-defined]
        if not permissions.can(by, "console:configure") and not by.roles & SHOWN_TO:
            raise NotFoundError(_("没有找到这个页面。"))
        language = request.GET.get("language", "")
        with translation.override(language if language in LANGUAGES else LANGUAGES[0]):
            return view(request, cases.preview_node(code))

    return guarded


def _context(request: HttpRequest, node: CategoryNode, draft: Draft, errors: Errors) -> dict[str, Any]:
    mode = request.GET.get("mode", "")
    query = urlencode({k: request.GET[k] for k in ("language", "mode") if k in request.GET})
    tile = parts.tile(node)
    address = reverse("portal:preview", args=[node.spec.code])
    suggest = reverse("portal:preview_suggest", args=[node.spec.code])
    return {
        "draft": draft,
        "state": "",
        "errors": Faults(errors),
        "groups": [{"name": node.group, "tiles": [tile], "open": True}],
        "suggested": [],
        "areas": area_options(),
        "dangers": [d for d in [node.spec.advice()] if d],
        "chosen": node,
        "node": node,
        "questions": parts.questions_of(node, draft.answers, errors, every=True),
        "trap": limits.TRAP,
        "preview": {"url": f"{address}?{query}", "suggest": f"{suggest}?{query}"},
        "mode": mode if mode in MODES else "",
        "ways": contact_ways(),
        "way": "phone",
        "answers": parts.summary(node, draft.answers),
    }


def _checked(request: HttpRequest, node: CategoryNode) -> tuple[Draft, Errors]:
    """Return what was typed and what the real form would find wrong with it."""
    data = request.POST
    draft = Draft(
        text=clean(data.get("text", ""))[:5000],
        category=node.spec.code,
        address=clean(data.get("address", ""))[:200],
        answers=parts.answers_of(node, data),
    )
    errors: Errors = {} if draft.text else {"text": [_("请写一句话，或者录一段语音。")]}
    if node.spec.questions:
        asked = forms.from_json(dict(node.spec.questions))
        pictures = set(parts.photo_questions(node))
        found = forms.check(asked, draft.answers)
        errors |= {f"answers.{k}": v for k, v in found.errors.items() if k not in pictures}
    return draft, errors


@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
@require_http_methods(["GET", "POST"])
@_for_shapers
def page(request: HttpRequest, node: CategoryNode) -> HttpResponse:
    """Show the form of a draft; look over what is typed into it as the real form does, and end there."""
    if request.method != "POST" or request.POST.get("do") == "edit":
        return render(request, "portal/report.html", _context(request, node, Draft(category=node.spec.code), {}))
    if request.POST.get("do") == "send":
        context = _context(request, node, Draft(category=node.spec.code), {})
        context["preview"]["ended"] = True
        return render(request, "portal/report.html", context)
    draft, errors = _checked(request, node)
    if errors:
        return render(request, "portal/report.html", _context(request, node, draft, errors), status=422)
    return render(request, "portal/review.html", _context(request, node, draft, errors))


@never_cache
@require_POST
@_for_shapers
def suggest(request: HttpRequest, node: CategoryNode) -> HttpResponse:
    """Answer the draft as the suggestion where its words stand in the text."""
    text = request.POST.get("text", "")[:500]
    names = (node.spec.name, node.spec.resident_name, *node.spec.words)
    hit = any(w and w in text for w in names)
    draft = Draft(text=text, category=node.spec.code)
    context = _context(request, node, draft, {})
    return render(request, "portal/_suggest.html", {**context, "suggested": [parts.tile(node)] if hit else []})
