"""Parts of the form that change while one types; without scripts the form's own buttons do the same."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from linli.interfaces.portal.report import parts, views
from linli.interfaces.portal.report.draft import Draft
from linli.interfaces.web.access import public


@public
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """Answer the kinds and the advice that the text speaks of."""
    text = request.POST.get("text", "")[:5_000]
    draft = Draft(text=text[:500], category=request.POST.get("category", "")[:32])
    found = parts.suggestions(draft.text)
    context = {"suggested": found, "draft": draft, "dangers": views.dangers(draft, found), "heard": parts.heard(text)}
    return render(request, "portal/_suggest.html", {**context, "oob": True})


@public
@require_POST
def questions(request: HttpRequest) -> HttpResponse:
    """Answer the questions of the chosen kind."""
    code = request.POST.get("category", "")[:32]
    answers = parts.read_answers(code, request.POST)
    draft = Draft(category=code)
    text = parts.suggestions(request.POST.get("text", "")[:500])
    context = {
        "questions": parts.questions(code, answers, {}, every=True),
        "dangers": views.dangers(draft, []) if code not in {t.code for t in text} else [],
    }
    return render(request, "portal/_questions.html", context)


@public
@require_POST
def places_found(request: HttpRequest) -> HttpResponse:
    """Answer the places that fit the address."""
    found = parts.places_for(request.POST.get("address", ""))
    return render(request, "portal/_places.html", {"found": found, "looked": True})
