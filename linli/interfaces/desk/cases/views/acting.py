"""Doing something to a case: a small form in a dialog, or a page of its own without scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.engines.cases import permissions, selectors
from linli.engines.cases.workflow import VERBS, State
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, InvalidError, NotFoundError
from linli.interfaces.desk.cases.acts import ACTS, Act, Asked
from linli.interfaces.desk.cases.acts import building as build
from linli.interfaces.desk.cases.acts.fields import UploadField
from linli.interfaces.desk.cases.acts.table import Done
from linli.interfaces.desk.cases.presenters import detail as present
from linli.interfaces.desk.cases.presenters import timeline
from linli.interfaces.web.access import is_htmx

if TYPE_CHECKING:
    from linli.engines.cases.models import Case


STALE = "cases.stale"


def check_door(asked: Asked, act: Act) -> None:
    """Raise if this person may not do ``act`` to the case now; a reported case may be accepted and sent in one go."""
    door = act.door or act.code
    if door == "dispatch" and asked.case.state == State.REPORTED:
        door = "accept"
    permissions.check_verb(asked.actor, asked.case, VERBS[door])


def _version(request: HttpRequest) -> int | None:
    raw = request.POST.get("expected", "")
    return int(raw) if raw.isdecimal() and len(raw) < 10 else None


@require_http_methods(["GET", "POST"])
def act_page(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Show the form of one verb on one case, or do it."""
    act = ACTS.get(verb)
    case = permissions.get_case_for(request.actor, number)  # type: ignore[attr-defined]
    if act is None:
        raise NotFoundError(_("没有这个操作。"), code="desk.act")
    asked = Asked(request.actor, case, clock.now(), verb)  # type: ignore[attr-defined]
    expected = _version(request)
    if request.method == "GET" or expected is None or expected == case.version:
        check_door(asked, act)
    if request.method == "GET":
        return _form_page(request, act, asked, build.form_for(act, asked))
    return _do(request, act, asked, expected)


def _do(request: HttpRequest, act: Act, asked: Asked, expected: int | None) -> HttpResponse:
    form = build.form_for(act, asked, request.POST)
    kept = build.kept_files(request)
    try:
        kept = build.store_files(request, form, asked)
        if not form.is_valid():
            return _form_page(request, act, asked, form, kept=kept, status=422)
        data = {**form.cleaned_data, "point": build.point_of(request)}
        if expected is not None and expected != asked.case.version:
            raise ConflictError(
                _("这件事刚刚被他人处理过，您看到的不是最新情况。"),
                code=STALE,
                hint=_("请核对下面的变化后再决定；您填写的内容仍保留。"),
            )
        act.run(asked, Done(data, build.refs(kept), expected))
    except (InvalidError, ConflictError, ForbiddenError) as error:
        return _refused(request, act, asked, form, error, kept)
    return _done(request, act, asked.case.number)


def _refused(
    request: HttpRequest, act: Act, asked: Asked, form: forms.Form, error: DomainError, kept: list[tuple[int, str, str]]
) -> HttpResponse:
    rest = build.add_errors(form, error.fields) if error.fields else []
    more: dict[str, Any] = {"error": error, "rest": rest}
    if error.code == STALE:
        seen = _version(request) or asked.case.version
        asked.case = permissions.get_case_for(asked.actor, asked.case.number)
        more["since"] = [timeline.entry(e, asked.now) for e in selectors.events_after(asked.case, seen)]
        more["gone"] = _why_gone(act, asked)
    return _form_page(request, act, asked, form, kept=kept, status=error.status, **more)


def _why_gone(act: Act, asked: Asked) -> str:
    try:
        check_door(asked, act)
    except DomainError as error:
        return str(error)
    return ""


def _form_page(
    request: HttpRequest,
    act: Act,
    asked: Asked,
    form: forms.Form,
    *,
    kept: list[tuple[int, str, str]] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    case: Case = asked.case
    verb = VERBS.get(act.code)
    context = {
        "act": act,
        "case": case,
        "fields": build.drawn(form, act, asked),
        "kept": build.tokens(request, kept or []),
        "nav_here": "cases",
        "url": reverse("desk:act", args=[case.number, act.code]),
        "drastic": bool(verb and verb.drastic),
        "rule": verb.rule if verb else "",
        "files": any(isinstance(f, UploadField) for f in form.fields.values()),
        "route": present.route_of(act.code, asked),
        **more,
    }
    template = "desk/cases/_act.html" if is_htmx(request) else "desk/cases/act.html"
    return render(request, template, context, status=status)


def _done(request: HttpRequest, act: Act, number: str) -> HttpResponse:
    text = _("已完成：%(verb)s（%(number)s）") % {"verb": act.label, "number": number}
    try:
        case = permissions.get_case_for(request.actor, number)  # type: ignore[attr-defined]
    except NotFoundError:
        case = None
    if not is_htmx(request):
        messages.success(request, text)
        return HttpResponseRedirect(reverse("desk:case", args=[number]) if case else reverse("desk:list"))
    if case is None:
        answer = render(request, "desk/cases/_gone.html", {"number": number})
    else:
        answer = render(request, "desk/cases/_detail.html", present.context(request, case, clock.now(), acted=True))
    answer["HX-Retarget"] = "#detail"
    answer["HX-Reswap"] = "innerHTML"
    answer["HX-Trigger"] = json.dumps({"toast": {"text": text}, "acted": {"id": number}})
    return answer
