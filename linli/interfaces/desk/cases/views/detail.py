"""One case: the right column, or a page of its own; why it is due then; the whole history; the report as written."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.engines.cases import permissions, selectors, services
from linli.engines.cases.workflow import Stage
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.deadlines import selectors as deadlines
from linli.interfaces.desk.cases import bench
from linli.interfaces.desk.cases.presenters import detail as present
from linli.interfaces.desk.cases.presenters import timeline
from linli.interfaces.web import formats
from linli.interfaces.web.access import is_htmx


def fragment_wanted(request: HttpRequest) -> bool:
    """Return whether htmx asks for the right column alone (and not for a page to go back to)."""
    return (
        is_htmx(request)
        and "HX-History-Restore-Request" not in request.headers
        and request.headers.get("HX-Request-Type") != "full"
    )


@require_GET
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show one case; the list beside it is loaded afterwards."""
    now = clock.now()
    case = permissions.get_case_for(request.actor, number)  # type: ignore[attr-defined]
    context = present.context(request, case, now)
    if fragment_wanted(request):
        answer = render(request, "desk/cases/_detail.html", context)
    else:
        answer = render(request, "desk/cases/case.html", {**bench.frame(request, now), **context, "view": "detail"})
    patch_vary_headers(answer, ["HX-Request", "HX-Request-Type"])
    return answer


@require_GET
def due_page(request: HttpRequest, number: str) -> HttpResponse:
    """Say step by step why each running clock is due when it is."""
    case = permissions.get_case_for(request.actor, number)  # type: ignore[attr-defined]
    stages = dict(Stage.choices)
    found = []
    for running in deadlines.clocks_of("case", case.pk, open_only=True):
        try:
            lines = deadlines.explain_lines(running.pk)
        except DomainError as error:
            lines = [str(error)]
        found.append(
            {
                "stage": stages.get(running.stage, running.stage),
                "due": running.due_at,
                "lines": lines,
                "rule": timeline.rule_words(running.rule_code, running.started_at),
            }
        )
    context = {
        "case": case,
        "clocks": found,
        "title": _("时限是怎样算出来的"),
        "part": "desk/cases/_due.html",
        "nav_here": "cases",
    }
    return render(request, "desk/cases/_due.html" if is_htmx(request) else "desk/cases/side.html", context)


@require_GET
def history_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show the acts on a case below a number, newest first."""
    case = permissions.get_case_for(request.actor, number)  # type: ignore[attr-defined]
    now = clock.now()
    raw = request.GET.get("below", "")
    below = int(raw) if raw.isdecimal() and len(raw) < 10 else case.version + 1
    events = selectors.events_before(case, below)
    context = {
        "case": case,
        "entries": formats.fold_repeats(timeline.entry(e, now) for e in events),
        "title": _("办理过程"),
        "part": "desk/cases/_history.html",
        "below": events[-1].seq if events and events[-1].seq > 1 else 0,
        "nav_here": "cases",
    }
    return render(request, "desk/cases/side.html", context)


@require_POST
def text_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show the report as it was written, where parts of it are covered; the look is recorded with its purpose."""
    actor = request.actor  # type: ignore[attr-defined]
    case = permissions.get_case_for(actor, number)
    text = services.open_text(by=actor, now=clock.now(), case=case, purpose=request.POST.get("purpose", ""))
    context = {"case": case, "text": text, "title": _("原文"), "part": "desk/cases/_text.html", "nav_here": "cases"}
    answer = render(request, "desk/cases/_text.html" if is_htmx(request) else "desk/cases/side.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
