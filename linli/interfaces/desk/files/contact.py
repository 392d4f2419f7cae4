"""Opening what is covered, with a purpose: the reporters' names and numbers, the text as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.engines.cases import services
from linli.engines.cases.permissions import may_read_contact
from linli.foundation.core import clock
from linli.foundation.core.errors import ForbiddenError, InvalidError
from linli.interfaces.desk.doors import actor_of, get_case_for, problem, staff

if TYPE_CHECKING:
    from linli.engines.cases.models import Case


def purposes() -> list[dict[str, str]]:
    """Return the purposes one chooses from; the chosen words are journalled."""
    words = [_("先行联系"), _("核实情况"), _("预约上门"), _("反馈结果"), _("督查核实")]
    return [
        {"value": "", "label": _("请选择用途")},
        *({"value": w, "label": w} for w in words),
        {"value": "other", "label": _("其他（请写明）")},
    ]


def _purpose(request: HttpRequest) -> str:
    chosen, words = request.POST.get("purpose", "").strip(), request.POST.get("words", "").strip()
    if chosen in {"", "other"}:
        return words
    return f"{chosen}：{words}" if words else chosen


def _page(request: HttpRequest, case: Case, what: str, **extra: Any) -> HttpResponse:
    if not may_read_contact(actor_of(request), case):
        raise ForbiddenError(
            _("您不能查看反映人的联系方式和原文。"), code="cases.contact", hint=_("可请派单员代为联系。")
        )
    fragment = request.headers.get("HX-Request") == "true"
    template = "desk/files/_reveal.html" if fragment else "desk/files/reveal.html"
    context = {"case": case, "what": what, "purposes": purposes(), "typed": request.POST, "nav_here": "cases", **extra}
    return render(request, template, context, status=422 if extra.get("problem") else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the purpose, then show names and numbers; the look is journalled and the reporter can see it."""
    case = get_case_for(actor_of(request), number)
    if request.method == "GET":
        return _page(request, case, "contact")
    try:
        found = services.open_contacts(by=actor_of(request), now=clock.now(), case=case, purpose=_purpose(request))
    except InvalidError as error:
        return _page(request, case, "contact", problem=problem(error))
    return _page(request, case, "contact", contacts=found, opened=True)


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def original_text(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the purpose, then show the text as it was written, with what is covered elsewhere."""
    case = get_case_for(actor_of(request), number)
    if request.method == "GET":
        return _page(request, case, "text")
    try:
        text = services.open_text(by=actor_of(request), now=clock.now(), case=case, purpose=_purpose(request))
    except InvalidError as error:
        return _page(request, case, "text", problem=problem(error))
    return _page(request, case, "text", text=text, opened=True)
