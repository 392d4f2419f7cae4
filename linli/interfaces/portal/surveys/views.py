"""One survey on a phone: a plain form that works without scripts, and thanks.

Nothing of who answers is kept: no session is begun, no address is counted, and the cookie that afterwards says "this
browser has answered" holds the same word for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.fieldwork.rules.sending import put
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError
from linli.foundation.forms import selectors as forms
from linli.foundation.forms.types import Group, Question, QuestionType, WholeForm
from linli.interfaces.portal import committee, limits
from linli.interfaces.web.access import public
from linli.interfaces.web.opening import label_of
from linli.interfaces.web.questions import INPUTS
from linli.interfaces.web.surveys import report
from linli.programmes.surveys import rules, selectors, services
from linli.programmes.surveys.workflow import Way

if TYPE_CHECKING:
    from linli.programmes.surveys.models import Survey

_DONE, _ANSWERED = "linli_survey_", "1"


def _fields(items: tuple[Question | Group, ...], form: WholeForm, data: Any, faults: Mapping[str, list[str]],
            above: str = "") -> Iterator[dict[str, Any]]:  # fmt: skip
    """Return what stands on the page, in order: headings, notes, questions."""
    for item in items:
        path = f"{above}/{item.code}" if above else item.code
        if isinstance(item, Group):
            yield {"kind": "heading", "label": label_of(item.label)}
            yield from _fields(item.items, form, data, faults, path)
        elif item.type is QuestionType.NOTE:
            yield {"kind": "note", "label": label_of(item.label)}
        else:
            several = item.type is QuestionType.CHOICES
            yield {
                "name": path, "label": label_of(item.label), "hint": label_of(item.hint),
                "kind": INPUTS.get(item.type, "text"), "errors": faults.get(path, []),
                "options": [{"value": c.code, "label": label_of(c.label)} for c in rules.options(form, item)],
                "value": data.getlist(path) if several else data.get(path, ""),
                # What hangs on another answer is asked without a script too, and passed over where it does not apply.
                "required": "1" if item.required and not item.relevant else "",
                "optional": "" if item.required or item.relevant else "1",
            }  # fmt: skip


def _answers(form: WholeForm, data: QueryDict) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, q in rules.questions(form.items):
        value: Any = data.getlist(path) if q.type is QuestionType.CHOICES else data.get(path, "").strip()
        if value not in ("", []):
            put(found, path.split("/"), value)
    return found


def _way(survey: Survey, asked: str) -> str:
    """Return by which way this page answers: the link's, where the survey has it, else the first one of its ways."""
    return asked if asked in survey.ways else str(survey.ways[0])


@public
@never_cache
@require_http_methods(["GET", "POST"])
def survey(request: HttpRequest, code: str) -> HttpResponse:
    """Show the questions; keep an answer and thank for it."""
    found = selectors.public_survey(code)
    form = forms.whole_form(found.form.code, found.form_version.number) if found.form_version else None
    data = request.POST if request.method == "POST" else request.GET
    way = _way(found, data.get("way", ""))
    error: DomainError | None = None
    try:
        services.check_open(found, committee.today())
    except ConflictError as closed:
        return _page(request, found, {"closed": closed}, 200 if request.method == "GET" else closed.status)
    if request.method == "POST" and form is not None:
        try:
            limits.check_trap(request)
            services.answer(
                now=clock.now(), survey=found, way=way, area_code=data.get("area", "")[:48],
                answers=_answers(form, request.POST), token=data.get("token", "")[:40],
            )  # fmt: skip
        except DomainError as refused:
            error = refused
        else:
            return _thanks(found)
    homes = [{"value": a.code, "label": a.name} for a in selectors.homes(found)]
    faults = error.fields if error else {}
    context = {
        "fields": list(_fields(form.items, form, data if request.method == "POST" else QueryDict(), faults))
        if form
        else [],
        "error": error, "way": way, "token": data.get("token", ""), "needs_token": way == Way.TOKEN,
        "token_errors": faults.get("token", []), "area": data.get("area", ""),
        "areas": [] if way == Way.TOKEN else [{"value": "", "label": _("不说")}, *homes],
        "again": request.COOKIES.get(_DONE + found.code) == _ANSWERED and way != Way.TOKEN, "trap": limits.TRAP,
    }  # fmt: skip
    return _page(request, found, context, error.status if error else 200)


def _page(request: HttpRequest, found: Survey, context: dict[str, Any], status: int) -> HttpResponse:
    answer = render(request, "portal/surveys/survey.html", {"survey": found, **context}, status=status)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _thanks(found: Survey) -> HttpResponse:
    answer = HttpResponseRedirect(reverse("portal:survey_thanks", args=[found.code]))
    # The same word for everybody, for this survey's pages alone: it says that this browser answered, not what.
    answer.set_cookie(
        _DONE + found.code, _ANSWERED, max_age=90 * 86_400, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE, path=reverse("portal:survey", args=[found.code]),
    )  # fmt: skip
    return answer


@public
@never_cache
@require_GET
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """Thank, and say what was kept."""
    return render(request, "portal/surveys/thanks.html", {"survey": selectors.public_survey(code)})


@public
@require_GET
def released(request: HttpRequest) -> HttpResponse:
    """Show the surveys whose results residents may read."""
    text = request.GET.get("q", "").strip()[:40]
    page = selectors.released(text=text, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "text": text, "base": f"?{urlencode({'q': text})}&" if text else "?"}
    return render(request, "portal/surveys/released.html", context)


@public
@require_GET
def results(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a survey found, once it is over and was released."""
    found = selectors.released_survey(code)
    context = {"survey": found, **report(found, screen=True, released=True)}
    return render(request, "portal/surveys/results.html", context)
